"""Counters by group of students and by operator, of the students that a filter matches.

Each takes a constant number of statements; they agree with the lists and counters of the snapshot.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.days import Span
from domain.errors import Code, Refusal
from domain.ids import PublicId
from domain.lists.student_filters import StudentFilter
from domain.reports import counts
from domain.reports.counts import Changes, CheckpointCounts, Counted, Key
from domain.signed_in import SignedIn
from models import ClearanceStatus, Department, Entry, Operator, Student, Tally

# Groups x checkpoints; an export tells all.
LISTED = 5_000


class CountBy(enum.StrEnum):
    """What the students of a group have in common."""

    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    TRAINING_LEVEL = "TRAINING_LEVEL"


_KEYS: dict[CountBy, Key] = {
    CountBy.DEPARTMENT: Key(Student.department_id.expression, Tally.department_id.expression),
    CountBy.MAJOR: Key(sa.func.nullif(Student.major, "")),
    CountBy.CLASS: Key(sa.func.nullif(Student.class_name, "")),
    CountBy.TRAINING_LEVEL: Key(sa.func.nullif(Student.training_level, "")),
}


@dataclass(frozen=True)
class GroupCounts:
    """One group: its students, and where they stand. Who has no value is in that without label."""

    label: str | None
    department: Department | None
    students: int
    checkpoints: list[CheckpointCounts]


@dataclass(frozen=True, kw_only=True)
class OperatorCounts(Changes):
    """What one operator changed, of how many students, and when for the last time."""

    operator: Operator
    students: int
    last_at: dt.datetime


def by_group(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    by: CountBy,
    checkpoint: PublicId | None = None,
    *,
    most: int | None = LISTED,
) -> list[GroupCounts]:
    """Every group by its label, at all checkpoints or one; LIMIT_EXCEEDED beyond `most` numbers."""
    what = counts.counted(session, operator, where, checkpoint, _KEYS[by])
    groups = _groups(session, what, by, most and most // max(len(what.points), 1))
    tallied = counts.tallied(session, what)
    return [
        GroupCounts(
            department.name if department else key,
            department,
            size,
            [
                CheckpointCounts(checkpoint=point, **counts.named(tallied.get((key, point.id), {})))
                for point in what.points
            ],
        )
        for key, size, department in groups
    ]


def _groups(
    session: Session, what: Counted, by: CountBy, most: int | None
) -> Sequence[tuple[Any, int, Department | None]]:
    sized = what.sizes().limit(None if most is None else most + 1).subquery("sized")
    is_by_department = by is CountBy.DEPARTMENT
    found = session.execute(
        sa.select(sized.c.key, sized.c.students, Department)
        .outerjoin(Department, Department.id == sized.c.key if is_by_department else sa.false())
        .order_by(Department.name, sized.c.key.asc().nulls_last())
    ).all()
    if most is not None and len(found) > most:
        facts = {"name": "groups", "limit": most, "value": f"{most + 1} or more"}
        raise Refusal(Code.LIMIT_EXCEEDED, facts, path=("by",))
    return [(key, size, department) for key, size, department in found]


def by_operator(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    span: Span,
    checkpoint: PublicId | None = None,
) -> list[OperatorCounts]:
    """Everybody who changed a clearance of the students that match, by name."""
    what = counts.counted(session, operator, where, checkpoint)
    made = _made(what, span)
    led_to = [made.c[status] for status in ClearanceStatus]
    rows = session.execute(
        sa.select(Operator, made.c.students, made.c.last_at, *led_to)
        .join(made, made.c.operator_id == Operator.id)
        .order_by(Operator.name, Operator.id)
    )
    return [
        OperatorCounts(
            operator=who,
            students=students,
            last_at=last_at,
            **counts.changes(dict(zip(ClearanceStatus, tallies, strict=True))),
        )
        for who, students, last_at, *tallies in rows
    ]


def _made(what: Counted, span: Span) -> sa.Subquery:
    """What each operator changed, by where it led to."""
    return (
        sa.select(
            Entry.operator_id,
            sa.func.count(Entry.student_id.distinct()).label("students"),
            sa.func.max(Entry.at).label("last_at"),
            *(_led_to(status) for status in ClearanceStatus),
        )
        .join(what.students, what.among(Entry))
        .where(*_within(span))
        .group_by(Entry.operator_id)
        .subquery("made")
    )


def _led_to(status: ClearanceStatus) -> sa.Label[int]:
    return sa.func.count().filter(Entry.new_status == status).label(status)


def _within(span: Span) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if span.start:
        conditions.append(Entry.at >= span.start)
    if span.end:
        conditions.append(Entry.at < span.end)
    return conditions
