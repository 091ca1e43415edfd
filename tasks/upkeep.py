"""What keeps the house in order: jobs whose message or worker is gone, files past their date."""

import structlog

from domain import files, jobs
from domain.staffing import sessions
from models import JobKind
from tasks.app import app, worker

log = structlog.get_logger()
TASKS = {
    JobKind.BATCH: "batches.run",
    JobKind.IMPORT: "imports.run",
    JobKind.ROSTER: "rosters.run",
    JobKind.EXPORT: "exports.run",
    JobKind.OPERATORS: "hiring.run",
}


@app.task(name="upkeep.sweep")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Send lost jobs again. Safe to run twice: the claim lets only one worker in."""
    with worker().database.write() as session:
        lost = jobs.lost(session)
    for job_id, kind in lost:
        log.info("job_sent_again", job_id=job_id, kind=kind)
        app.send_task(TASKS[kind], (job_id,))


@app.task(name="upkeep.clean")  # type: ignore[untyped-decorator]  # Celery has no types
def clean() -> None:
    """Drop what has expired."""
    with worker().database.write() as session:
        files.delete_expired(session)
        sessions.delete_expired(session)
