"""Jobs of feeds that are held: an administrator lets them go, or drops them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import finished_jobs, job_rows, jobs, operators
from domain.deciding import decisions, locked_states
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Since, Verdict
from domain.errors import Code, Refusal
from domain.feeding import feeds, lines, sending
from domain.feeding.lines import Line
from domain.signed_in import SignedIn
from models import Channel, Feed, Job, JobRow, JobStatus

_JUDGED = ("job_id", "row_number", "part", "student_id", "outcome", "code", "problems")


def release(session: Session, asker: SignedIn, public_id: str) -> Job:
    """Decide the rows now, as the feed and whatever its brake says; what was decided since they
    were sent, by whomever, is newer: STALE_STATE."""
    job, feed = _hold(session, asker, public_id)
    operator = operators.load(session, feed.operator_id)
    if not operator.grants:
        raise Refusal(Code.FEED_DISABLED, {"feed": feed.name})
    found = sending.find(session, operator, feed, _lines(session, job))
    sorted_ = lines.sort(found)
    origin = Origin(operator, Channel.FEED, job.id, Since(job.created_at))
    decided = decisions.apply(session, feed.checkpoint_id, sorted_.decisions, origin)
    verdicts = lines.verdicts(found, sorted_, decided)
    _write(session, job, found, verdicts)
    _end(job, asker, JobStatus.FINISHED)
    return finished_jobs.count(session, job, verdicts)


def drop(session: Session, asker: SignedIn, public_id: str) -> Job:
    """Nothing is decided; the rows stay, UNPROCESSED."""
    job, _ = _hold(session, asker, public_id)
    job.unprocessed = jobs.set_unprocessed(session, job.id)
    _end(job, asker, JobStatus.CANCELLED)
    session.flush()
    session.refresh(job)
    return job


def _hold(session: Session, asker: SignedIn, public_id: str) -> tuple[Job, Feed]:
    """Lock as a call of the feed does, then the job; JOB_NOT_HELD if somebody was here before."""
    job = jobs.get(session, asker, public_id)
    operators.require_administering(asker, job.scheme_id)
    statement = sa.select(Feed).where(Feed.operator_id == job.operator_id)
    feed = session.scalars(statement).one_or_none()
    if feed is None:
        raise _not_held(job)
    locked_states.lock_scheme(session, feed.checkpoint_id)
    feeds.lock(session, feed)
    session.refresh(job, with_for_update=True)
    if job.status is not JobStatus.HELD:
        raise _not_held(job)
    return job, feed


def _not_held(job: Job) -> Refusal:
    return Refusal(Code.JOB_NOT_HELD, {"kind": job.kind, "status": job.status})


def _lines(session: Session, job: Job) -> list[Line]:
    rows = session.scalars(
        sa.select(JobRow).where(JobRow.job_id == job.id).order_by(JobRow.row_number)
    )
    return [Line(row.row_number, row.key, row.act, row.remark, None) for row in rows if row.act]


def _write(session: Session, job: Job, found: Sequence[Line], verdicts: Sequence[Verdict]) -> None:
    judged = [
        (
            *(job.id, line.row_number, 0, line.student_id),
            *(verdict.outcome, verdict.code, finished_jobs.problems(verdict)),
        )
        for line, verdict in zip(found, verdicts, strict=True)
    ]
    job_rows.update(session, judged, _JUDGED)


def _end(job: Job, asker: SignedIn, status: JobStatus) -> None:
    now = sa.func.clock_timestamp()
    job.status, job.released_by = status, asker.id
    job.finished_at = job.released_at = now
    job.problem = None
