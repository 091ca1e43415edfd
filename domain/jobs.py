"""Jobs: the row is the truth. Claim with a lease and a fencing token, advance, finish, cancel.

A worker that lost its lease finds another token in the row and writes nothing more.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors, ids, job_queues, locks, operators
from domain import files as stored_files
from domain.errors import Code, Refusal
from domain.job_queues import Turn
from domain.signed_in import SignedIn
from models import Job, JobKind, JobPhase, JobRow, JobStatus, Outcome

# Only the time between two transactions counts, as a batch holds the lock of its job, or where
# several go on at once a thread renews. With the sweeps a dead worker costs about fifteen seconds.
LEASE = dt.timedelta(seconds=10)
# A message that is not picked up for so long is sent again: Redis may have lost it.
QUEUE_PATIENCE = dt.timedelta(seconds=30)
# The same for a job that was sent again after its worker died.
PICK_UP = dt.timedelta(seconds=10)
# A job that takes its worker down every time is given up.
MOST_CLAIMS = 10
UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)


class LeaseLost(Exception):  # noqa: N818 -- a fact, not a fault: another worker has the job
    """The job has another token, or has ended: whoever works on it must stop."""


class CancelRequested(Exception):  # noqa: N818 -- the operator's wish
    """The job is to stop after what was done."""


def queue(session: Session, job: Job) -> Job:
    """A new job, with what the database gives it; its id is sent once it is committed."""
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def claim_in_turn(session: Session, job_id: int, limit: int) -> Job | Turn | None:
    """Take a job if it is its turn, else say whose turn it is; what was being worked on already
    has had its turn. None if there is nothing to do."""
    queued = sa.select(Job.queue).where(Job.id == job_id, Job.status == JobStatus.QUEUED)
    queue = session.scalars(queued).one_or_none()
    if queue is None:
        return claim(session, job_id)
    job_queues.hold(session, queue)
    turn = job_queues.following(session, queue, limit)
    return claim(session, job_id) if turn and turn.id == job_id else turn


def claim(session: Session, job_id: int) -> Job | None:
    """Take a job that nobody works on; None if somebody does, or if it has ended."""
    free = sa.or_(Job.lease_until.is_(None), Job.lease_until < sa.func.clock_timestamp())
    return session.scalars(
        sa.update(Job)
        .where(Job.id == job_id, Job.status.in_(UNFINISHED), free)
        .values(
            status=JobStatus.RUNNING,
            token=Job.token + 1,
            lease_until=sa.func.clock_timestamp() + LEASE,
            started_at=sa.func.coalesce(Job.started_at, sa.func.clock_timestamp()),
        )
        .returning(Job)
    ).one_or_none()


def is_hopeless(job: Job) -> bool:
    """Every claim takes the next token: how many took one since the last progress."""
    return job.token - job.progress_token > MOST_CLAIMS


def hold(session: Session, job_id: int, token: int) -> Job:
    """Lock the job for one batch; LeaseLost if the token is no longer ours.

    This is the fence: it comes first in every transaction of a worker, but for those of which
    several go on at once. They `see` the job first, and hold it last.
    """
    _await_turn(session, job_id)
    return _ours(session, _running(job_id, token).with_for_update())


def see(session: Session, job_id: int, token: int) -> Job:
    """The job as it is now; LeaseLost or CancelRequested before anything is done in vain."""
    return _unless_cancelled(_ours(session, _running(job_id, token)))


def _running(job_id: int, token: int) -> sa.Select[Job]:
    of_token = (Job.id == job_id, Job.token == token, Job.status == JobStatus.RUNNING)
    return sa.select(Job).where(*of_token).execution_options(populate_existing=True)


def _ours(session: Session, running: sa.Select[Job]) -> Job:
    job = session.scalars(running).one_or_none()
    if job is None:
        raise LeaseLost
    return job


def _unless_cancelled(job: Job) -> Job:
    if job.cancel_requested_at:
        raise CancelRequested
    return job


def _await_turn(session: Session, job_id: int) -> None:
    """A free row goes to whoever comes first, and a worker comes again at once: a wish to cancel
    that waited for it would be passed over."""
    locks.hold(session, f"job.{job_id}")


def hold_unless_cancelled(session: Session, job_id: int, token: int) -> Job:
    """The fence, then the wish to cancel: what was done stays."""
    return _unless_cancelled(hold(session, job_id, token))


def advance(session: Session, job: Job, **progress: object) -> None:
    """Write progress and renew the lease, last in the transaction of a batch."""
    if progress:
        progress["progress_token"] = Job.token
    tell(session, job, **progress)


def tell(session: Session, job: Job, **told: object) -> None:
    """Renew the lease and show how far the work is. Unlike progress it is lost with the worker:
    counted as such, work that fails at its end would never be hopeless."""
    session.execute(
        sa.update(Job)
        .where(Job.id == job.id)
        .values(lease_until=sa.func.clock_timestamp() + LEASE, **told)
    )


def counted(outcomes: Counter[Outcome]) -> dict[str, object]:
    """So many more rows with these outcomes, as progress."""
    return {
        "applied": Job.applied + outcomes[Outcome.APPLIED],
        "unchanged": Job.unchanged + outcomes[Outcome.UNCHANGED],
        "failed": Job.failed + outcomes[Outcome.FAILED],
    }


def end(session: Session, job: Job, status: JobStatus, **last: object) -> None:
    """Finish, cancel or fail a job; nobody can claim it any more. Of a fault only a failed job
    tells. What ends a job is on the disk when it is told, and with it all the job has done."""
    session.execute(sa.text("SET LOCAL synchronous_commit = on"))
    has_stopped = status is not JobStatus.FINISHED
    session.execute(
        sa.update(Job)
        .where(Job.id == job.id)
        .values(
            status=status,
            phase=None,
            left_at=sa.func.coalesce(Job.left_at, Job.phase) if has_stopped else sa.null(),
            finished_at=sa.func.clock_timestamp(),
            lease_until=None,
            **{"problem": sa.null(), **last},
        )
    )
    if job.kind in operators.WITH_SECRETS and job.upload_id:
        stored_files.delete(session, job.upload_id)


def finish(session: Session, job_id: int, token: int) -> None:
    """Every row has an outcome and every file is there, whether all was done or the rest left.

    What was cancelled and not resumed stays so, though some of its rows were judged again.
    """
    job = hold(session, job_id, token)
    has_stopped = job.cancel_requested_at or job.left_at
    end(session, job, JobStatus.CANCELLED if has_stopped else JobStatus.FINISHED)


def leave_rest(session: Session, job_id: int, token: int) -> None:
    """A cancelled job goes on to its workbooks; they tell what was left alone."""
    job = hold(session, job_id, token)
    left = set_unprocessed(session, job.id)
    left_at = sa.func.coalesce(Job.left_at, Job.phase)
    unprocessed = Job.unprocessed + left
    start_phase(session, job, JobPhase.WRITING, unprocessed=unprocessed, left_at=left_at)


def end_cancelled(session: Session, job_id: int, token: int) -> None:
    """What was done stays; every other row is UNPROCESSED."""
    job = hold(session, job_id, token)
    unprocessed = Job.unprocessed + set_unprocessed(session, job.id)
    total = sa.func.coalesce(Job.total, Job.staged)
    end(session, job, JobStatus.CANCELLED, unprocessed=unprocessed, total=total)


def fail(session: Session, job: Job, code: Code, facts: Mapping[str, str]) -> None:
    """End a job that could not run as a whole; rows that were staged stay, unprocessed."""
    unprocessed = Job.unprocessed + set_unprocessed(session, job.id)
    problem = _problem(code, facts)
    end(session, job, JobStatus.FAILED, problem=problem, unprocessed=unprocessed)


def keep_fault(session: Session, job: Job, fault: str) -> None:
    """Should the job be given up, it leads to the last fault in the log."""
    held = hold(session, job.id, job.token)
    held.problem = _problem(Code.INTERNAL, {"id": fault})


def _problem(code: Code, facts: Mapping[str, str]) -> dict[str, object]:
    return {"code": code, "facts": {name: errors.shortened(text) for name, text in facts.items()}}


def set_unprocessed(session: Session, job_id: int) -> int:
    """Give every row without an outcome UNPROCESSED; how many they were."""
    changed = session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job_id, JobRow.outcome.is_(None))
        .values(outcome=Outcome.UNPROCESSED)
        .returning(JobRow.row_number)
    )
    return len(changed.all())


def cancel(session: Session, operator: SignedIn, public_id: str) -> Job:
    """Ask a job to stop. One that has not begun ends at once, any other after its batch, with
    workbooks that tell what was left alone."""
    job = get(session, operator, public_id)
    _await_turn(session, job.id)
    session.refresh(job, with_for_update=True)
    if job.status not in UNFINISHED:
        raise Refusal(Code.JOB_NOT_CANCELLABLE, {"status": job.status})
    if job.kind is not JobKind.EXPORT and job.phase is JobPhase.WRITING:
        facts = {"status": job.status, "phase": job.phase}
        raise Refusal(Code.JOB_NOT_CANCELLABLE, facts)
    if job.status is JobStatus.QUEUED and job.phase is None:
        end(session, job, JobStatus.CANCELLED)
    else:
        job.cancel_requested_at = session.scalars(sa.select(sa.func.clock_timestamp())).one()
        session.flush()
    session.refresh(job)
    return job


def lost(session: Session) -> Sequence[Turn]:
    """Jobs whose message or worker is gone; their queue time starts anew, so that two sweepers
    send them once. A locked job is being worked on, or is not free yet."""
    now = sa.func.clock_timestamp()
    is_waiting = sa.and_(Job.status == JobStatus.QUEUED, Job.queued_at < now - QUEUE_PATIENCE)
    is_left = sa.and_(
        Job.status == JobStatus.RUNNING, Job.lease_until < now, Job.queued_at < now - PICK_UP
    )
    free = (
        sa.select(Job.id)
        .where(sa.or_(is_waiting, is_left))
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    found = session.execute(
        sa.update(Job)
        .where(Job.id == free.c.id)
        .values(queued_at=now)
        .returning(Job.id, Job.kind, Job.queue),
        execution_options={"synchronize_session": False},
    )
    return [Turn(*row) for row in found]


def get(session: Session, operator: SignedIn, public_id: str) -> Job:
    """One job in sight; NOT_FOUND otherwise."""
    job_id = ids.decode(public_id, ids.Noun.JOB)
    job = by_ids(session, operator, [job_id]).get(job_id)
    if job is None:
        raise ids.not_found(ids.Noun.JOB)
    return job


def require(session: Session, operator: SignedIn, scheme_id: int, public_id: str) -> None:
    """NOT_FOUND unless it is a job in the scheme, in sight."""
    if get(session, operator, public_id).scheme_id != scheme_id:
        raise ids.not_found(ids.Noun.JOB)


def is_seen(operator: SignedIn, job_id: int) -> sa.ColumnElement[bool]:
    """Whether there is such a job in sight."""
    seen = sa.select(Job.id).where(Job.id == job_id, operators.jobs_seen(operator))
    return seen.correlate(None).exists()


def by_ids(session: Session, operator: SignedIn, job_ids: Sequence[int]) -> dict[int, Job]:
    """The jobs in sight among these."""
    statement = sa.select(Job).where(Job.id.in_(job_ids), operators.jobs_seen(operator))
    return {job.id: job for job in session.scalars(statement)}


def start_phase(session: Session, job: Job, phase: JobPhase, **progress: object) -> None:
    """Go on to the next phase; its cursor starts at zero."""
    advance(session, job, phase=phase, cursor=0, **progress)
