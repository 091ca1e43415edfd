"""Counters per checkpoint under a filter: due = passed + pending + refused, in every answer."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids
from domain.configuration import checkpoints, schemes
from domain.ids import Noun, PublicId
from domain.lists import students
from domain.signed_in import SignedIn
from models import Checkpoint, Clearance, ClearanceStatus, Entry, Student

Tallies = Counter[ClearanceStatus]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many students stand where."""

    passed: int
    pending: int
    refused: int
    not_required: int

    @property
    def due(self) -> int:
        """应办理."""
        return self.passed + self.pending + self.refused


@dataclass(frozen=True, kw_only=True)
class CheckpointCounts(Standing):
    """How many students stand where at one checkpoint."""

    checkpoint: Checkpoint


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many changes led to which status."""

    to_passed: int
    to_pending: int
    to_refused: int
    to_not_required: int


@dataclass(frozen=True)
class Counted:
    """What is counted: at these checkpoints, of these students (`id`, and the `key` of a group)."""

    points: list[Checkpoint]
    students: sa.Subquery

    def among(self, table: type[Clearance | Entry]) -> sa.ColumnElement[bool]:
        """The rows that are counted, of a table that is joined with the students."""
        return sa.and_(
            table.student_id == self.students.c.id,
            arrays.any_of(table.checkpoint_id, [point.id for point in self.points]),
        )


def by_checkpoint(
    session: Session, operator: SignedIn, where: students.StudentFilter
) -> list[CheckpointCounts]:
    """The counters of every checkpoint of the scheme, in order, over the students that match."""
    scheme_id = schemes.id_of(session, operator, where.scheme)
    matching = sa.select(Student.id).where(students.matching(session, operator, where)).subquery()
    tallied = (
        sa.select(Clearance.checkpoint_id, *(_tally(status) for status in ClearanceStatus))
        .join(matching, matching.c.id == Clearance.student_id)
        .group_by(Clearance.checkpoint_id)
        .subquery()
    )
    numbers = [sa.func.coalesce(tallied.c[status], 0) for status in ClearanceStatus]
    rows = session.execute(
        sa.select(Checkpoint, *numbers)
        .outerjoin(tallied, tallied.c.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.scheme_id == scheme_id)
        .order_by(Checkpoint.position)
    )
    return [
        CheckpointCounts(
            checkpoint=checkpoint, **named(dict(zip(ClearanceStatus, tallies, strict=True)))
        )
        for checkpoint, *tallies in rows
    ]


def counted(
    session: Session,
    operator: SignedIn,
    where: students.StudentFilter,
    checkpoint: PublicId | None,
    key: sa.ColumnElement[Any] | None = None,
) -> Counted:
    """The students that match, at all checkpoints or one; NOT_FOUND for one of another scheme."""
    scheme_id = schemes.id_of(session, operator, where.scheme)
    points = checkpoints.of_schemes(session, operator, [scheme_id])[scheme_id]
    if checkpoint is not None:
        checkpoint_id = ids.decode(checkpoint, Noun.CHECKPOINT)
        points = [point for point in points if point.id == checkpoint_id]
        if not points:
            raise ids.not_found(Noun.CHECKPOINT)
    columns = (Student.id, sa.label("key", sa.null() if key is None else key))
    matching = sa.select(*columns).where(students.matching(session, operator, where))
    return Counted(points, matching.subquery("matching"))


def tallied(session: Session, what: Counted) -> Mapping[tuple[Any, int], Tallies]:
    """How many stand where now, by key and checkpoint."""
    columns = (what.students.c.key, Clearance.checkpoint_id, Clearance.status)
    rows = session.execute(
        sa.select(*columns, sa.func.count())
        .join(what.students, what.among(Clearance))
        .group_by(*columns)
    )
    found: dict[tuple[Any, int], Tallies] = defaultdict(Counter)
    for key, checkpoint_id, status, number in rows:
        found[key, checkpoint_id][status] = number
    return found


def named(tallies: Mapping[ClearanceStatus, int]) -> dict[str, int]:
    """A number for every status, under the name of its field."""
    return {status.lower(): tallies.get(status, 0) for status in ClearanceStatus}


def changes(tallies: Mapping[ClearanceStatus, int]) -> dict[str, int]:
    """The same for what changes led to."""
    return {f"to_{name}": number for name, number in named(tallies).items()}


def _tally(status: ClearanceStatus) -> sa.Label[int]:
    return sa.func.count().filter(Clearance.status == status).label(status)
