"""Runs a file of operators: stage, apply in batches, settle, write the workbooks."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.reading.sheets import Sheet
from domain.staffing import hiring, hiring_batches
from domain.staffing.hiring import Passwords, Source
from models import Job, JobPhase
from tasks import running, staged
from tasks.app import Worker, app, worker


@app.task(name="hiring.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the job with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _hire)


def _hire(here: Worker, job: Job) -> None:
    """Passwords were in the memory of a dead worker, so that the file is always read."""
    if job.phase is not JobPhase.WRITING:
        passwords = Passwords()
        staged.stage(here, job, _reading(passwords))
        apply = staged.repeated(partial(_apply, passwords))
        staged.apply_or_leave(here, job, [apply], hiring.settle)
    staged.write_workbooks(here, job)


def _reading(passwords: Passwords) -> staged.Reading[Source]:
    def stage(session: Session, job_id: int, token: int, sheet: Sheet[Any], _: Source) -> None:
        hiring.stage(session, job_id, token, sheet, passwords)

    return staged.Reading(hiring.source, hiring.read_sheets, stage, hiring.finish_staging)


def _apply(passwords: Passwords, here: Worker, job: Job) -> bool:
    """One batch; passwords are hashed between two transactions, as that is slow on purpose."""
    with here.database.write() as session:
        needed = hiring_batches.passwords_needed(session, job.id, job.token)
    with running.renewing(here, job):
        hashes = passwords.hashed(needed)
    with here.database.write() as session:
        return hiring_batches.apply(session, job.id, job.token, passwords, hashes)
