"""What a feed sends: rows by student number, decided in one transaction, or held."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors, finished_jobs, identifiers, job_rows, operators
from domain.batches import LISTED
from domain.deciding import decisions, locked_states
from domain.deciding.decisions import Origin
from domain.deciding.judgement import STATUS_OF, Verdict
from domain.errors import Code, Refusal
from domain.feeding import brake, feeds, lines
from domain.feeding.lines import Line
from domain.lists import student_keys
from domain.signed_in import Right, SignedIn
from domain.words import office_word
from models import Act, Channel, Feed, Job, JobKind, JobStatus

TITLES = ("学号", "办理", "备注")


@dataclass(frozen=True)
class FeedRow:
    """One student, and what is decided."""

    number: str
    act: Act
    remark: str | None = None


def send(session: Session, operator: SignedIn, rows: Sequence[FeedRow]) -> Job:
    """Decide all rows and answer the finished job; one that turns too many away is HELD."""
    if len(rows) > LISTED:
        raise errors.exceeded(("rows",), LISTED, len(rows))
    feed = _hold(session, operator)
    # As it stands now that nobody changes the feed.
    operator = operators.load(session, operator.id)
    operators.require_deciding(operator, feed.scheme_id, feed.checkpoint_id)
    found = _lines(session, operator, feed, rows)
    sorted_ = lines.sort(found)
    job = finished_jobs.start(session, _job(feed))
    origin = Origin(operator, Channel.FEED, job.id)
    job.problem = brake.problem(session, feed, sorted_.decisions, origin)
    if job.problem:
        return _keep(session, job, found)
    decided = decisions.apply(session, feed.checkpoint_id, sorted_.decisions, origin)
    verdicts = lines.verdicts(found, sorted_, decided)
    job_rows.insert(session, [_record(job, *each) for each in zip(found, verdicts, strict=True)])
    return finished_jobs.count(session, job, verdicts)


def _hold(session: Session, operator: SignedIn) -> Feed:
    """The feed whose account it is, locked; FORBIDDEN for people."""
    statement = sa.select(Feed).where(Feed.operator_id == operator.id)
    feed = session.scalars(statement).one_or_none()
    if feed is None:
        raise Refusal(Code.FORBIDDEN, {"right": Right.SEND_AS_FEED})
    locked_states.lock_scheme(session, feed.checkpoint_id)
    feeds.lock(session, feed)
    return feed


def _lines(session: Session, operator: SignedIn, feed: Feed, rows: Sequence[FeedRow]) -> list[Line]:
    given = [
        Line(place, identifiers.clean(row.number), row.act, (row.remark or "").strip(), None)
        for place, row in enumerate(rows, 1)
    ]
    return find(session, operator, feed, given)


def find(session: Session, operator: SignedIn, feed: Feed, given: Sequence[Line]) -> list[Line]:
    """The same lines with the students whom they name, as far as these are in sight."""
    numbers = list({line.number for line in given if line.number})
    known = student_keys.by_keys(session, operator, feed.scheme_id, (numbers, [], [])).numbers
    return [
        Line(line.row_number, line.number, line.act, line.remark, known[line.number].id)
        if line.number in known
        else line
        for line in given
    ]


def _job(feed: Feed) -> Job:
    return Job(
        kind=JobKind.FEED,
        operator_id=feed.operator_id,
        scheme_id=feed.scheme_id,
        checkpoint_id=feed.checkpoint_id,
        # Not when the transaction began: what was decided while it waited was seen.
        created_at=sa.func.clock_timestamp(),
        header={"titles": TITLES},
    )


def _keep(session: Session, job: Job, found: Sequence[Line]) -> Job:
    """Nothing is changed, and the rows wait without an outcome."""
    job_rows.insert(session, [_record(job, line, None) for line in found])
    job.status, job.finished_at = JobStatus.HELD, None
    job.total = job.staged = len(found)
    session.flush()
    session.refresh(job)
    return job


def _record(job: Job, line: Line, verdict: Verdict | None) -> tuple[object, ...]:
    """The name is left out: a feed learns of nobody more than it has told."""
    number = errors.shortened(line.number)
    return (
        job.id,
        line.row_number,
        [number, office_word(STATUS_OF[line.act]), line.remark],
        number,
        "",
        line.student_id,
        line.act,
        line.remark,
        verdict.outcome if verdict else None,
        verdict.code if verdict else None,
        finished_jobs.problems(verdict) if verdict else [],
    )
