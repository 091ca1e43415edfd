"""Counters day by day, as a chart draws them: the present taken back, change by change."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays
from domain.days import Span
from domain.ids import PublicId
from domain.lists.student_filters import StudentFilter
from domain.reports import counts
from domain.reports.counts import Changes, Counted, Standing, Tallies
from domain.signed_in import SignedIn
from models import Checkpoint, ClearanceStatus, Entry


@dataclass(frozen=True, kw_only=True)
class DayCounts(Standing, Changes):
    """Where the students stood at the end of a day, and what changed in it."""

    day: dt.date


@dataclass(frozen=True)
class CheckpointDays:
    """The days at one checkpoint, one after the other."""

    checkpoint: Checkpoint
    days: list[DayCounts]


class _Move(NamedTuple):
    """How many clearances went from one status to another on a day, by its place from 1 on.

    What came after the last day has the next place.
    """

    checkpoint_id: int
    place: int
    old: ClearanceStatus
    new: ClearanceStatus
    number: int


def by_day(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    span: Span,
    checkpoint: PublicId | None = None,
) -> list[CheckpointDays]:
    """The days of a span at every checkpoint or one, told of the students that match now."""
    days, bounds = span.days(), span.bounds()
    what = counts.counted(session, operator, where, checkpoint)
    present = counts.tallied(session, what)
    moves: dict[int, list[_Move]] = defaultdict(list)
    for move in _moves(session, what, bounds):
        moves[move.checkpoint_id].append(move)
    return [
        CheckpointDays(
            point,
            list(_back(days, present.get((None, point.id), Counter()), moves[point.id]))[::-1],
        )
        for point in what.points
    ]


def _moves(session: Session, what: Counted, bounds: Sequence[dt.datetime]) -> list[_Move]:
    # The bounds and no timezone: the server may know other ones than Python does.
    moments = arrays.array(sa.DateTime(timezone=True), bounds)
    place = sa.func.width_bucket(Entry.at, moments, type_=sa.Integer()).label("place")
    columns = (Entry.checkpoint_id, place, Entry.old_status, Entry.new_status)
    rows = session.execute(
        sa.select(*columns, sa.func.count())
        .join(what.students, what.among(Entry))
        .where(Entry.at >= bounds[0])
        .group_by(*columns)
    )
    return [_Move(*row) for row in rows]


def _back(days: Sequence[dt.date], present: Tallies, moves: Iterable[_Move]) -> Iterator[DayCounts]:
    """From the last day to the first."""
    moves_of: dict[int, list[_Move]] = defaultdict(list)
    for move in moves:
        moves_of[move.place].append(move)
    standing = _before(present, moves_of[len(days) + 1])
    for place, day in reversed(list(enumerate(days, 1))):
        changes = Counter[ClearanceStatus]()
        for move in moves_of[place]:
            changes[move.new] += move.number
        yield DayCounts(day=day, **counts.named(standing), **counts.changes(changes))
        standing = _before(standing, moves_of[place])


def _before(standing: Tallies, moves: Iterable[_Move]) -> Tallies:
    """Where the students stood before they moved."""
    earlier = Counter(standing)
    for move in moves:
        earlier[move.new] -= move.number
        earlier[move.old] += move.number
    return earlier
