"""At which checkpoints a job decides: the one on its row, or several in their order."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays
from domain.signed_in import SignedIn
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


def of_jobs(session: Session, _operator: SignedIn, job_ids: Sequence[int]) -> dict[int, list[int]]:
    """Those of jobs at several checkpoints that were seen already."""
    found: dict[int, list[int]] = {job_id: [] for job_id in job_ids}
    rows = session.execute(
        sa.select(JobCheckpoint.job_id, JobCheckpoint.checkpoint_id)
        .where(arrays.any_of(JobCheckpoint.job_id, job_ids))
        .order_by(JobCheckpoint.part)
    )
    for job_id, checkpoint_id in rows:
        found[job_id].append(checkpoint_id)
    return found
