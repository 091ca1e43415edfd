"""Runs hand-outs by file: stage, hand out in batches, settle, write the workbooks."""

from domain.handing import file_batches, files
from models import Job
from tasks import running, staged
from tasks.app import Worker, app, worker

READING = staged.Reading(files.source, files.read_sheets, files.stage, files.finish_staging)
STEPS = staged.Steps(READING, staged.in_batches(file_batches.apply), file_batches.settle)


@app.task(name="hand_outs.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the job with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _hand_out)


def _hand_out(here: Worker, job: Job) -> None:
    staged.run(here, job, STEPS)
