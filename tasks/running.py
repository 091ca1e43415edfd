"""How every task runs its job: claim, go on under a lease, end; a death at any point is a delay."""

from collections.abc import Callable

import structlog

from domain import jobs
from domain.errors import Refusal
from models import Job
from tasks.app import Worker

log = structlog.get_logger()


def run(worker: Worker, job_id: int, work: Callable[[Worker, Job], None]) -> None:
    """Do the work of a job unless somebody else has it, or it has ended.

    An expected failure of the whole job ends it; a lost lease or a wish to cancel stops the work.
    Anything else flies on: Celery logs it once, and the job waits for its next claim.
    """
    with worker.database.write() as session:
        job = jobs.claim(session, job_id)
    if job is None:
        return
    bound = log.bind(job_id=job_id, token=job.token)
    bound.info("job_claimed", kind=job.kind)
    try:
        work(worker, job)
        bound.info("job_finished")
    except jobs.LeaseLost:
        bound.warning("job_lease_lost")
    except jobs.CancelRequested:
        with worker.database.write() as session:
            jobs.end_cancelled(session, job_id, job.token)
        bound.info("job_cancelled")
    except Refusal as refusal:
        with worker.database.write() as session:
            jobs.fail(session, jobs.hold(session, job_id, job.token), refusal.code, refusal.facts)
        bound.info("job_failed", code=refusal.code)


def renew(worker: Worker, job: Job) -> None:
    """Keep the lease while the work goes on outside of a transaction."""
    with worker.database.write() as session:
        jobs.advance(session, jobs.hold(session, job.id, job.token))
