"""What keeps the house in order: jobs whose message or worker is gone, what has expired."""

import structlog

from domain import files, idempotency, jobs
from domain.staffing import sessions
from tasks import sending
from tasks.app import app, worker

log = structlog.get_logger()


@app.task(name="upkeep.sweep")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Send lost jobs again. Safe to run twice: the claim lets only one worker in."""
    with worker().database.write() as session:
        lost = jobs.lost(session)
    for job in lost:
        log.info("job_sent_again", job_id=job.id, kind=job.kind)
        sending.send(job)


@app.task(name="upkeep.clean")  # type: ignore[untyped-decorator]  # Celery has no types
def clean() -> None:
    """Drop what has expired."""
    with worker().database.write() as session:
        files.delete_expired(session)
        sessions.delete_expired(session)
        idempotency.delete_expired(session)
