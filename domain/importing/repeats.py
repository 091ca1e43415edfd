"""The same bytes for the same checkpoints with the same options: one import, not two."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from domain import job_checkpoints
from models import File, Job, JobKind, JobStatus, Operator

# What failed or was cancelled did not do what it was asked for.
_STANDING = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FINISHED)
_OPTIONS = (Job.match_by, Job.dry_run, Job.if_newer)


def find(session: Session, new: Job, upload: File, checkpoint_ids: Sequence[int]) -> Job | None:
    """The newest import of the operator that is as the new one would be, and was not undone.

    Of two requests at once the second waits for the first, and finds what it made.
    """
    session.execute(
        sa.select(Operator.id).where(Operator.id == new.operator_id).with_for_update(key_share=True)
    )
    undo = orm.aliased(Job)
    was_undone = sa.exists().where(
        undo.undoes_id == Job.id, ~undo.dry_run, undo.status != JobStatus.FAILED
    )
    found = session.scalars(
        sa.select(Job)
        .join(File, File.id == Job.upload_id)
        .where(
            Job.kind == JobKind.IMPORT,
            Job.operator_id == new.operator_id,
            Job.scheme_id == new.scheme_id,
            Job.status.in_(_STANDING),
            Job.cancel_requested_at.is_(None),
            File.sha256 == upload.sha256,
            ~was_undone,
            *(column == getattr(new, column.key) for column in _OPTIONS),
            Job.options["sheet"].astext.is_not_distinct_from(new.options["sheet"]),
        )
        .order_by(Job.id.desc())
    )
    wanted = list(checkpoint_ids)
    return next((job for job in found if job_checkpoints.of(session, job) == wanted), None)
