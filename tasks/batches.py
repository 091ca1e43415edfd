"""Goes on with a batch: its failed rows, or those that were left alone, are decided again."""

from domain import jobs
from domain.importing import import_batches
from models import Job
from tasks import running, staged
from tasks.app import Worker, app, worker


@app.task(name="batches.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Go on with the batch with this id."""
    running.run(worker(), job_id, _decide)


def _decide(here: Worker, job: Job) -> None:
    staged.of_waiting(import_batches.decide)(here, job)
    with here.database.write() as session:
        jobs.finish(session, job.id, job.token)
