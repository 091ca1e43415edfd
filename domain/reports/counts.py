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
from domain.lists import student_filters
from domain.signed_in import SignedIn
from models import Checkpoint, Clearance, ClearanceStatus, Entry, Student, Tally

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
class Key:
    """What the students of a group have in common; of a tally, if it tells that."""

    of_student: sa.ColumnElement[Any]
    of_tally: sa.ColumnElement[Any] | None = None


TOGETHER = Key(sa.null(), sa.null())


@dataclass(frozen=True)
class Counted:
    """What is counted: at these checkpoints, of these students (`id`, and the `key` of a group).

    `sums` holds the numbers of the same students, by key, checkpoint and status, where they are
    kept; without a checkpoint, those of the students themselves.
    """

    points: list[Checkpoint]
    students: sa.Subquery
    sums: sa.Subquery | None

    def among(self, table: type[Clearance | Entry]) -> sa.ColumnElement[bool]:
        """The rows that are counted, of a table that is joined with the students."""
        return sa.and_(table.student_id == self.students.c.id, self._here(table.checkpoint_id))

    def standing(self) -> sa.Select[Any, int, ClearanceStatus, int]:
        """How many stand where now, by key, checkpoint and status."""
        if self.sums is not None:
            sums = self.sums.c
            return sa.select(sums.key, sums.checkpoint_id, sums.status, sums.number).where(
                self._here(sums.checkpoint_id)
            )
        columns = (self.students.c.key, Clearance.checkpoint_id, Clearance.status)
        return (
            sa.select(*columns, sa.func.count())
            .join(self.students, self.among(Clearance))
            .group_by(*columns)
        )

    def sizes(self) -> sa.Select[Any, int]:
        """How many students each group has."""
        if self.sums is not None:
            number = self.sums.c.number.label("students")
            return sa.select(self.sums.c.key, number).where(self.sums.c.checkpoint_id.is_(None))
        key = self.students.c.key
        return sa.select(key, sa.func.count().label("students")).group_by(key)

    def _here(self, column: arrays.Column) -> sa.ColumnElement[bool]:
        return arrays.any_of(column, [point.id for point in self.points])


def by_checkpoint(
    session: Session, operator: SignedIn, where: student_filters.StudentFilter
) -> list[CheckpointCounts]:
    """The counters of every checkpoint of the scheme, in order, over the students that match."""
    what = counted(session, operator, where, None)
    found = tallied(session, what)
    return [
        CheckpointCounts(checkpoint=point, **named(found.get((None, point.id), {})))
        for point in what.points
    ]


def counted(
    session: Session,
    operator: SignedIn,
    where: student_filters.StudentFilter,
    checkpoint: PublicId | None,
    key: Key = TOGETHER,
) -> Counted:
    """The students that match, at all checkpoints or one; NOT_FOUND for one of another scheme."""
    scheme_id = schemes.id_of(session, operator, where.scheme)
    points = checkpoints.of_schemes(session, operator, [scheme_id])[scheme_id]
    if checkpoint is not None:
        checkpoint_id = ids.decode(checkpoint, Noun.CHECKPOINT)
        points = [point for point in points if point.id == checkpoint_id]
        if not points:
            raise ids.not_found(Noun.CHECKPOINT)
    columns = (Student.id, key.of_student.label("key"))
    matching = sa.select(*columns).where(student_filters.matching(session, operator, where))
    return Counted(points, matching.subquery("matching"), _sums(operator, where, key))


def _sums(operator: SignedIn, where: student_filters.StudentFilter, key: Key) -> sa.Subquery | None:
    lines = student_filters.tally_lines(operator, where)
    if lines is None or key.of_tally is None:
        return None
    parts = (key.of_tally.label("key"), Tally.checkpoint_id, Tally.status, Tally.number)
    told = sa.select(*parts).where(lines).subquery("told").c
    number = sa.cast(sa.func.sum(told.number), sa.BigInteger)
    columns = (told.key, told.checkpoint_id, told.status)
    summed = sa.select(*columns, number.label("number")).group_by(*columns)
    # Where nobody stands any more may still have lines.
    return summed.having(number != 0).subquery("sums")


def tallied(session: Session, what: Counted) -> Mapping[tuple[Any, int], Tallies]:
    """How many stand where now, by key and checkpoint."""
    found: dict[tuple[Any, int], Tallies] = defaultdict(Counter)
    for key, checkpoint_id, status, number in session.execute(what.standing()):
        found[key, checkpoint_id][status] = number
    return found


def named(tallies: Mapping[ClearanceStatus, int]) -> dict[str, int]:
    """A number for every status, under the name of its field."""
    return {status.lower(): tallies.get(status, 0) for status in ClearanceStatus}


def changes(tallies: Mapping[ClearanceStatus, int]) -> dict[str, int]:
    """The same for what changes led to."""
    return {f"to_{name}": number for name, number in named(tallies).items()}
