"""Runs a file of first passwords: stage, issue in batches, settle, write the workbooks."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.reading.sheets import Sheet
from domain.studying import password_batches, passwords
from domain.studying.passwords import Passwords, Source
from models import Job, JobPhase
from tasks import running, staged
from tasks.app import Worker, app, worker


@app.task(name="student_passwords.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the job with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _issue)


def _issue(here: Worker, job: Job) -> None:
    """Passwords were in the memory of a dead worker, so that the file is always read."""
    if job.phase is not JobPhase.WRITING:
        known = Passwords()
        staged.stage(here, job, _reading(known))
        apply = staged.repeated(partial(_apply, known))
        staged.apply_or_leave(here, job, [apply], passwords.settle)
    staged.write_workbooks(here, job)


def _reading(known: Passwords) -> staged.Reading[Source]:
    def stage(session: Session, job_id: int, token: int, sheet: Sheet[Any], _: Source) -> None:
        passwords.stage(session, job_id, token, sheet, known)

    def finish(session: Session, job_id: int, token: int) -> None:
        passwords.finish_staging(session, job_id, token, known)

    return staged.Reading(passwords.source, passwords.read_sheets, stage, finish)


def _apply(known: Passwords, here: Worker, job: Job) -> bool:
    """One batch; passwords are hashed between two transactions, as that is slow on purpose."""
    with here.database.write() as session:
        needed = password_batches.needed(session, job.id, job.token)
    with running.renewing(here, job):
        hashes = known.hashed(needed)
    with here.database.write() as session:
        return password_batches.apply(session, job.id, job.token, hashes)
