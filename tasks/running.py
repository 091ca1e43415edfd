"""How every task runs its job: claim, go on under a lease, end; a death at any point is a delay."""

import contextlib
import secrets
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from domain import job_queues, jobs
from domain.errors import Code, Refusal
from models import Job, JobQueue
from tasks import logs, sending
from tasks.app import Worker

T = TypeVar("T")
log = structlog.get_logger()
RENEW_SECONDS = jobs.LEASE.total_seconds() / 4


def run(worker: Worker, job_id: int, work: Callable[[Worker, Job], None]) -> None:
    """Do the work of a job unless somebody else has it, or it has ended.

    An expected failure of the whole job ends it; a lost lease or a wish to cancel stops the work.
    Anything else is logged once, with an id, and the job waits for its next claim.
    """
    job = _claim(worker, job_id)
    if job is None:
        return
    bound = log.bind(job_id=job_id, token=job.token)
    bound.info("job_claimed", kind=job.kind)
    try:
        _work_to_an_end(worker, job, _give_up if jobs.is_hopeless(job) else work, bound)
    except jobs.LeaseLost:
        bound.warning("job_lease_lost")
    except Exception as error:  # noqa: BLE001 -- logged; the sweeper brings the job back
        fault = logs.fault(error, job_id=job_id, token=job.token)
        _keep_fault(worker, job, fault.facts["id"])
    else:
        _send_next(worker, job.queue)


def _claim(worker: Worker, job_id: int) -> Job | None:
    """A job whose message comes before its turn waits for another one."""
    with worker.database.write() as session:
        found = jobs.claim_in_turn(session, job_id, worker.jobs_per_operator)
    if isinstance(found, Job) or found is None:
        return found
    sending.send(found)
    return None


def _send_next(worker: Worker, queue: JobQueue) -> None:
    """The message of the next one may have come while it was not its turn."""
    with worker.database.write() as session:
        turn = job_queues.following(session, queue, worker.jobs_per_operator)
    if turn:
        sending.send(turn)


def _keep_fault(worker: Worker, job: Job, fault: str) -> None:
    # The database itself may be away, or the job another's by now.
    with contextlib.suppress(jobs.LeaseLost, SQLAlchemyError), worker.database.write() as session:
        jobs.keep_fault(session, job, fault)


def _work_to_an_end(
    worker: Worker,
    job: Job,
    work: Callable[[Worker, Job], None],
    bound: structlog.stdlib.BoundLogger,
) -> None:
    try:
        work(worker, job)
        bound.info("job_finished")
    except jobs.CancelRequested:
        with worker.database.write() as session:
            jobs.end_cancelled(session, job.id, job.token)
        bound.info("job_cancelled")
    except Refusal as refusal:
        with worker.database.write() as session:
            jobs.fail(session, jobs.hold(session, job.id, job.token), refusal.code, refusal.facts)
        bound.info("job_failed", code=refusal.code)


def _give_up(_worker: Worker, job: Job) -> None:
    """Every claim before ended in a death or a fault; the id leads from the job to the log."""
    fault = job.problem["facts"]["id"] if job.problem else secrets.token_hex(8)
    log.error("job_given_up", id=fault, job_id=job.id, claims=job.token - 1)
    raise Refusal(Code.INTERNAL, {"id": fault})


def renew(worker: Worker, job: Job) -> None:
    """Keep the lease while the work waits outside of a transaction; CancelRequested ends it."""
    with worker.database.write() as session:
        jobs.advance(session, jobs.hold_unless_cancelled(session, job.id, job.token))


@contextlib.contextmanager
def renewing(worker: Worker, job: Job) -> Iterator[None]:
    """Keep the lease while a library writes a whole workbook and calls nobody."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(ended, worker, job))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew_until(ended: threading.Event, worker: Worker, job: Job) -> None:
    # The next transaction of the work itself meets a lost lease or a lost database.
    with contextlib.suppress(jobs.LeaseLost, SQLAlchemyError):
        while not ended.wait(RENEW_SECONDS):
            with worker.database.write() as session:
                jobs.advance(session, jobs.hold(session, job.id, job.token))


@contextlib.contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Have something done by another thread meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        done = pool.submit(work)
        yield
        done.result()


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Each item is made by another thread while the one before it is written; close it to leave
    early, before what the items come from."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def two_at_once(work: Callable[[T], None], items: Iterable[T]) -> None:
    """The work of each item, begun in their order while that of the one before it goes on; all of
    it has ended at the end. After a failure none is begun."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        before = None
        for item in items:
            current = pool.submit(work, item)
            if before:
                before.result()
            before = current
        if before:
            before.result()
