"""The brake of a feed: it does not turn very many passed students away before somebody looks."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, operators
from domain.deciding import decisions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision
from domain.errors import Code
from models import (
    Act,
    Channel,
    Clearance,
    ClearanceStatus,
    Entry,
    Feed,
    Job,
    Student,
)


@dataclass(frozen=True)
class Turning:
    """How many students a call turns away from PASSED, how many the calls before it have, and how
    many are PASSED still."""

    now: int
    before: int
    passed: int

    @property
    def count(self) -> int:
        """All that are turned away within the time."""
        return self.now + self.before

    @property
    def base(self) -> int:
        """All that would be passed without that."""
        return self.passed + self.before


def holds(feed: Feed, turning: Turning) -> bool:
    """More than the share and more than the number; a call that turns nobody away is harmless."""
    is_many = turning.count > feed.brake_count
    is_much = turning.count * 100 > feed.brake_percent * turning.base
    return turning.now > 0 and is_many and is_much


def problem(
    session: Session, feed: Feed, made: Sequence[Decision], origin: Origin
) -> dict[str, object] | None:
    """Why a call is held; None if it may go on. What it would do is tried under its locks, which
    it keeps, and the feed is locked, so that two calls at once are counted one after the other."""
    if all(decision.act is Act.PASS for decision in made):
        return None
    turning = _measure(session, feed, _would_leave(session, feed, made, origin))
    if not holds(feed, turning):
        return None
    facts = {
        "count": turning.count,
        "base": turning.base,
        "limit": feed.brake_count,
        "percent": feed.brake_percent,
        "hours": feed.brake_hours,
    }
    return {"code": Code.FEED_HELD, "facts": {name: str(value) for name, value in facts.items()}}


def _would_leave(
    session: Session, feed: Feed, made: Sequence[Decision], origin: Origin
) -> list[int]:
    """Whose clearance would be changed to something else than PASSED."""
    tried = decisions.apply(session, feed.checkpoint_id, made, decisions.without_writing(origin))
    return [
        decision.student_id
        for decision, verdict in zip(made, tried, strict=True)
        if verdict.after and verdict.after.status is not ClearanceStatus.PASSED
    ]


def _measure(session: Session, feed: Feed, leaving: Collection[int]) -> Turning:
    is_leaving = arrays.any_of(Clearance.student_id, leaving)
    of_scheme = sa.select(Student.id).where(
        Student.scheme_id == feed.scheme_id, operators.is_active()
    )
    row = session.execute(
        sa.select(
            sa.func.count().filter(is_leaving).label("now"), sa.func.count().label("passed")
        ).where(
            Clearance.checkpoint_id == feed.checkpoint_id,
            Clearance.student_id.in_(of_scheme),
            Clearance.status == ClearanceStatus.PASSED,
        )
    ).one()
    return Turning(row.now, _turned_before(session, feed), row.passed)


def _turned_before(session: Session, feed: Feed) -> int:
    """The students whom calls within the time turned away and who are still not PASSED: neither
    who is back, nor whom an administrator has let go by releasing the job."""
    hours = dt.timedelta(hours=feed.brake_hours)
    return session.scalars(
        sa.select(sa.func.count(sa.distinct(Entry.student_id)))
        .join(Job, Job.id == Entry.job_id)
        .join(
            Clearance,
            sa.and_(
                Clearance.student_id == Entry.student_id,
                Clearance.checkpoint_id == Entry.checkpoint_id,
            ),
        )
        .where(
            Job.operator_id == feed.operator_id,
            Job.created_at > sa.func.clock_timestamp() - hours,
            Job.released_at.is_(None),
            Entry.channel == Channel.FEED,
            Entry.old_status == ClearanceStatus.PASSED,
            Entry.new_status != ClearanceStatus.PASSED,
            Clearance.status != ClearanceStatus.PASSED,
        )
    ).one()
