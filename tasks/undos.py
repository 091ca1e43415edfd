"""Runs an undo: a row for each clearance, taken back in batches, and the workbook."""

from domain import undos
from models import Job, JobPhase
from tasks import running, staged
from tasks.app import Worker, app, worker


@app.task(name="undos.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the undo with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _undo)


def _undo(here: Worker, job: Job) -> None:
    if job.phase in {None, JobPhase.STAGING}:
        with here.database.write() as session:
            undos.stage(session, job.id, job.token)
    if job.phase is not JobPhase.WRITING:
        staged.apply_or_leave(here, job, [staged.of_waiting(undos.apply)], undos.settle)
    staged.write_workbooks(here, job)
