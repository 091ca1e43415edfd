"""The files that jobs made."""

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import files, jobs, operators
from domain.signed_in import SignedIn
from models import File, FileKind, Job, JobFile


def of_jobs(session: Session, operator: SignedIn, job_ids: Sequence[int]) -> dict[int, list[File]]:
    """The files in sight that each of these jobs made and that have not expired."""
    found: dict[int, list[File]] = {job_id: [] for job_id in job_ids}
    result = session.execute(
        sa.select(JobFile.job_id, File)
        .join(File, File.id == JobFile.file_id)
        .where(
            JobFile.job_id.in_(job_ids),
            File.expires_at > sa.func.now(),
            operators.files_seen(operator),
        )
        .order_by(File.id)
    )
    for job_id, file in result:
        found[job_id].append(file)
    return found


def keep(
    session: Session, job: Job, kind: FileKind, name: str, path: Path, keep_for: dt.timedelta
) -> None:
    """Store what a job made, in place of what it made before: before a death, or a repair."""
    _drop(session, JobFile.job_id == job.id, JobFile.kind == kind)
    with path.open("rb") as content:
        file = files.store(session, files.NewFile(job.operator_id, kind, name, keep_for), content)
    session.add(JobFile(job_id=job.id, kind=kind, file_id=file.id))
    jobs.advance(session, job)


def drop_others(session: Session, job: Job, kinds: Collection[FileKind]) -> None:
    """Only files of these kinds are made any more."""
    _drop(session, JobFile.job_id == job.id, JobFile.kind.not_in(kinds))


def _drop(session: Session, *which: sa.ColumnElement[bool]) -> None:
    made = sa.select(JobFile.file_id).where(*which)
    session.execute(
        sa.delete(File).where(File.id.in_(made)),
        execution_options={"synchronize_session": False},
    )
