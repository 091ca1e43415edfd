"""At which checkpoints a job decides: the one on its row, or several in their order."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Job, JobCheckpoint


def of(session: Session, job: Job) -> list[int]:
    """The ids; the place of each is the `part` of its job rows."""
    if job.checkpoint_id is not None:
        return [job.checkpoint_id]
    statement = sa.select(JobCheckpoint.checkpoint_id).where(JobCheckpoint.job_id == job.id)
    return list(session.scalars(statement.order_by(JobCheckpoint.part)))


def put(session: Session, job: Job, checkpoint_ids: Sequence[int]) -> None:
    """Say where a queued job decides."""
    if len(checkpoint_ids) == 1:
        [job.checkpoint_id] = checkpoint_ids
    else:
        session.add_all(
            JobCheckpoint(job_id=job.id, part=part, checkpoint_id=checkpoint_id)
            for part, checkpoint_id in enumerate(checkpoint_ids)
        )
    session.flush()
