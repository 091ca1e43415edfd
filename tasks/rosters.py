"""Runs a roster: stage, apply in batches, settle, write the workbooks."""

from domain.enrolling import rosters
from models import Job
from tasks import running, staged
from tasks.app import Worker, app, worker

READING = staged.Reading(rosters.source, rosters.read_sheets, rosters.stage, rosters.finish_staging)
STEPS = staged.Steps(READING, staged.in_batches(rosters.apply), rosters.settle)


@app.task(name="rosters.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the roster with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _enrol)


def _enrol(here: Worker, job: Job) -> None:
    staged.run(here, job, STEPS)
