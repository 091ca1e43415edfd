"""Clearances, read: listed at checkpoints, below their students, and the last entry of each."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, operators, paging
from domain.configuration import checkpoints, schemes
from domain.ids import Noun, PublicId
from domain.lists import standing, student_filters, students, tallies
from domain.lists.student_filters import StudentFilter
from domain.lists.students import StudentOrder
from domain.signed_in import SignedIn
from models import Checkpoint, Clearance, ClearanceStatus, Entry, Student

Key = tuple[int, int]


@dataclass(frozen=True)
class ClearanceFilter:
    """The clearances of some students: at all checkpoints or one, in any status or some."""

    where: StudentFilter
    checkpoint: PublicId | None = None
    statuses: list[ClearanceStatus] | None = None


def page(
    session: Session,
    operator: SignedIn,
    which: ClearanceFilter,
    order: StudentOrder,
    window: paging.Window,
) -> paging.Page[Clearance]:
    """One page of them: the students in their order, each one's in checkpoint order."""
    statement = _of(matching(session, operator, which))
    return paging.fetch(session, statement, _placed(operator, which, order), window)


def listing(
    operator: SignedIn, which: ClearanceFilter, order: StudentOrder, window: paging.Window
) -> paging.Listing[Clearance]:
    """The same as a statement; it finds nothing where `page` says NOT_FOUND."""
    statement, placed = _of(in_sight(operator, which)), _placed(operator, which, order)
    return paging.Listing(statement, placed, window, _length(operator, which))


def _placed(operator: SignedIn, which: ClearanceFilter, order: StudentOrder) -> paging.Order:
    first = students.first(operator, which.where, order)
    if order not in students.BY_CHANGE:
        return replace(ordering(order), leading=2, first=first)
    # At one checkpoint, or in a status, there may be none at all among the newest.
    is_whole = which.checkpoint is None and which.statuses is None
    return replace(ordering(order), first=first if is_whole else None)


def _of(matching: sa.ColumnElement[bool]) -> sa.Select[Clearance]:
    return (
        sa.select(Clearance)
        .join(Student, Student.id == Clearance.student_id)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(matching)
    )


def count(session: Session, operator: SignedIn, which: ClearanceFilter) -> int:
    """How many there are."""
    statement = _length(operator, which)
    _require_names(session, operator, which)
    return session.scalars(statement).one()


def _length(operator: SignedIn, which: ClearanceFilter) -> sa.Select[int]:
    lines = student_filters.tally_lines(operator, which.where)
    if lines is not None:
        at = which.checkpoint and ids.decode(which.checkpoint, Noun.CHECKPOINT)
        return tallies.clearances(lines, at or None, which.statuses)
    return (
        sa.select(sa.func.count())
        .select_from(Clearance)
        .join(Student, Student.id == Clearance.student_id)
        .where(in_sight(operator, which))
    )


def matching(
    session: Session, operator: SignedIn, which: ClearanceFilter
) -> sa.ColumnElement[bool]:
    """The filter inside the operator's scope, as one condition on students and clearances.

    What it names must be of its scheme and in sight: NOT_FOUND, rather than nothing.
    """
    condition = in_sight(operator, which)
    _require_names(session, operator, which)
    return condition


def _require_names(session: Session, operator: SignedIn, which: ClearanceFilter) -> None:
    student_filters.require_names(session, operator, which.where)
    if which.checkpoint is not None:
        scheme_id = schemes.id_of(session, operator, which.where.scheme)
        checkpoints.require(session, operator, scheme_id, [which.checkpoint])


def in_sight(operator: SignedIn, which: ClearanceFilter) -> sa.ColumnElement[bool]:
    """The same without a look at what it names: what is not in sight matches nothing."""
    conditions = [student_filters.in_sight(operator, which.where)]
    if which.checkpoint is not None:
        checkpoint_id = ids.decode(which.checkpoint, Noun.CHECKPOINT)
        conditions.append(Clearance.checkpoint_id == checkpoint_id)
    if which.statuses is not None:
        conditions.append(arrays.any_of(Clearance.status, which.statuses))
    return sa.and_(*conditions)


def ordering(order: StudentOrder) -> paging.Order:
    """As students are sorted; by change means that of the clearance itself."""
    by_student = students.ordering(order)
    first, *ties = by_student.columns
    if order in students.BY_CHANGE:
        first = sa.func.coalesce(Clearance.decided_at, standing.NEVER)
    # All columns have one direction, and the checkpoints come in their order in both.
    place = -Checkpoint.position if by_student.descending else Checkpoint.position
    return paging.Order(f"CLEARANCES_{order}", (first, *ties, place), by_student.descending)


def of_students(
    session: Session, operator: SignedIn, student_ids: Collection[int]
) -> dict[int, list[Clearance]]:
    """Every clearance of each student, in checkpoint order. The students were seen already."""
    found: dict[int, list[Clearance]] = {student_id: [] for student_id in student_ids}
    statement = below(operator, sa.any_(arrays.ids(student_ids))).order_by(
        *checkpoints.IN_ORDER.by()
    )
    for clearance in session.scalars(statement):
        found[clearance.student_id].append(clearance)
    return found


def below(_operator: SignedIn, student_id: arrays.Key) -> sa.Select[Clearance]:
    """Every clearance of a student, or of an array of them, who was seen already."""
    return (
        sa.select(Clearance)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(Clearance.student_id == student_id)
    )


def by_keys(session: Session, operator: SignedIn, keys: Collection[Key]) -> dict[Key, Clearance]:
    """The clearances in sight among these (student, checkpoint) pairs."""
    statement = (
        sa.select(Clearance)
        .join(Student, Student.id == Clearance.student_id)
        .where(
            sa.tuple_(Clearance.student_id, Clearance.checkpoint_id).in_(list(keys)),
            operators.students_seen_anywhere(operator),
        )
    )
    return {(row.student_id, row.checkpoint_id): row for row in session.scalars(statement)}


def last_entries(
    session: Session, _operator: SignedIn, clearances: Collection[tuple[int, int, int]]
) -> dict[tuple[int, int, int], Entry]:
    """The entry that led to each (student, checkpoint, version), if it was ever changed."""
    students, checkpoints, versions = zip(*clearances, strict=True)
    wanted = arrays.rows(
        "wanted",
        student_id=(sa.BigInteger(), students),
        checkpoint_id=(sa.BigInteger(), checkpoints),
        version=(sa.Integer(), versions),
    )
    statement = sa.select(Entry).join(
        wanted,
        sa.and_(
            Entry.student_id == wanted.c.student_id,
            Entry.checkpoint_id == wanted.c.checkpoint_id,
            Entry.version == wanted.c.version,
        ),
    )
    rows = session.scalars(statement)
    return {(row.student_id, row.checkpoint_id, row.version): row for row in rows}
