"""What a dry run at several checkpoints has to imagine: the decisions of the checkpoints before."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, job_checkpoints
from domain.deciding.judgement import STATUS_OF
from domain.deciding.locked_states import Imagined
from domain.job_batches import Batch
from models import Job, JobRow, Outcome


def statuses(session: Session, job: Job, batch: Batch) -> Imagined:
    """Where the students of a batch would stand at the job's checkpoints before its own."""
    checkpoint_ids = job_checkpoints.of(session, job)
    rows = session.execute(
        sa.select(JobRow.student_id, JobRow.part, JobRow.act).where(
            JobRow.job_id == job.id,
            JobRow.part < batch.part,
            JobRow.outcome == Outcome.APPLIED,
            arrays.any_of(JobRow.student_id, {row.student_id for row in batch.rows}),
        )
    )
    return {
        (student_id, checkpoint_ids[place]): STATUS_OF[act]
        for student_id, place, act in rows
        if student_id is not None and act is not None
    }
