"""Runs an import: stage, decide in batches, settle, write the workbooks."""

from domain.importing import import_batches, imports, rematching
from models import Job
from tasks import running, staged
from tasks.app import Worker, app, worker

READING = staged.Reading(imports.source, imports.read_sheets, imports.stage, imports.finish_staging)
STEPS = staged.Steps(
    READING,
    staged.with_statistics(staged.of_waiting(import_batches.decide)),
    import_batches.settle,
    staged.in_batches(rematching.match),
)


@app.task(name="imports.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the import with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _import)


def _import(here: Worker, job: Job) -> None:
    staged.run(here, job, STEPS)
