"""What a dry run at several checkpoints has to imagine: the decisions of the checkpoints before."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, job_checkpoints
from domain.deciding.judgement import STATUS_OF
from domain.deciding.locked_states import Imagined
from models import Job, JobRow, Outcome


def statuses(session: Session, job: Job, part: int, student_ids: Collection[int]) -> Imagined:
    """Where these students would stand at the job's checkpoints before this one."""
    checkpoint_ids = job_checkpoints.of(session, job)
    rows = session.execute(
        sa.select(JobRow.student_id, JobRow.part, JobRow.act).where(
            JobRow.job_id == job.id,
            JobRow.part < part,
            JobRow.outcome == Outcome.APPLIED,
            arrays.any_of(JobRow.student_id, student_ids),
        )
    )
    return {
        (student_id, checkpoint_ids[place]): STATUS_OF[act]
        for student_id, place, act in rows
        if student_id is not None and act is not None
    }
