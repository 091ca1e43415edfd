"""Lists of students: orders, pages and counts of whom a filter matches; single ones."""

import enum
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, operators, paging
from domain.ids import Noun, PublicId
from domain.lists import departments, standing, student_filters, tallies
from domain.lists.latest import Latest
from domain.lists.student_filters import StudentFilter
from domain.signed_in import SignedIn
from models import Student

# Conditions that are met by few, who are found by an index of their own and sorted then.
_FEW = {"numbers", "candidate_numbers", "id_numbers", "name_prefix", "decided_by"}


class StudentOrder(enum.StrEnum):
    """How a list of students is sorted; the id breaks ties."""

    NUMBER_ASC = "NUMBER_ASC"
    NUMBER_DESC = "NUMBER_DESC"
    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"
    CLASS_ASC = "CLASS_ASC"
    CLASS_DESC = "CLASS_DESC"
    CHANGED_ASC = "CHANGED_ASC"
    CHANGED_DESC = "CHANGED_DESC"


BY_CHANGE = {StudentOrder.CHANGED_ASC, StudentOrder.CHANGED_DESC}


def page(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    order: StudentOrder,
    window: paging.Window,
) -> paging.Page[Student]:
    """One page of the students that an operator sees."""
    statement = sa.select(Student).where(student_filters.matching(session, operator, where))
    return paging.fetch(session, statement, _placed(operator, where, order), window)


def listing(
    operator: SignedIn, where: StudentFilter, order: StudentOrder, window: paging.Window
) -> paging.Listing[Student]:
    """The same as a statement; it finds nobody where `page` says NOT_FOUND."""
    statement = sa.select(Student).where(student_filters.in_sight(operator, where))
    placed = _placed(operator, where, order)
    return paging.Listing(statement, placed, window, _length(operator, where))


def _placed(operator: SignedIn, where: StudentFilter, order: StudentOrder) -> paging.Order:
    return replace(ordering(order), first=first(operator, where, order))


def first(operator: SignedIn, where: StudentFilter, order: StudentOrder) -> paging.First | None:
    """What tells the first students of a list, or of what hangs on them."""
    scheme_id = ids.decode(where.scheme, Noun.SCHEME)
    seen, asked = operator.departments_seen(scheme_id), student_filters.asked(where)
    if order in BY_CHANGE:
        is_known = seen.are_all and asked <= {"changed_since"}
        return Latest(scheme_id, student_filters.since(where)) if is_known else None
    return None if asked & _FEW else departments.parts(seen, student_filters.departments_of(where))


def count(session: Session, operator: SignedIn, where: StudentFilter) -> int:
    """How many students the filter matches."""
    statement = _length(operator, where)
    student_filters.require_names(session, operator, where)
    return session.scalars(statement).one()


def _length(operator: SignedIn, where: StudentFilter) -> sa.Select[int]:
    lines = student_filters.tally_lines(operator, where)
    if lines is not None:
        return tallies.students(lines)
    return (
        sa.select(sa.func.count())
        .select_from(Student)
        .where(student_filters.in_sight(operator, where))
    )


def ordering(order: StudentOrder) -> paging.Order:
    """The columns that students are sorted by; CHANGED is the last change of any clearance."""
    columns: dict[str, paging.Column] = {
        "NUMBER": sa.func.coalesce(Student.number, ""),
        "NAME": Student.name,
        "CLASS": sa.func.coalesce(Student.class_name, ""),
        "CHANGED": standing.last_change(),
    }
    column, _, direction = order.partition("_")
    return paging.Order(order, (columns[column], Student.id), direction == "DESC")


def by_ids(
    session: Session, operator: SignedIn, student_ids: Collection[int]
) -> dict[int, Student]:
    """The students in sight among these, whatever their scheme."""
    found = session.scalars(with_id(operator, sa.any_(arrays.ids(student_ids))))
    return {student.id: student for student in found}


def with_id(operator: SignedIn, student_id: arrays.Key) -> sa.Select[Student]:
    """A student in sight, or any of an array of them."""
    return sa.select(Student).where(
        Student.id == student_id, operators.students_seen_anywhere(operator)
    )


def get(session: Session, operator: SignedIn, public_id: PublicId) -> Student:
    """One student in sight; NOT_FOUND otherwise."""
    student_id = ids.decode(public_id, Noun.STUDENT)
    student = by_ids(session, operator, [student_id]).get(student_id)
    if student is None:
        raise ids.not_found(Noun.STUDENT)
    return student


def require(session: Session, operator: SignedIn, scheme_id: int, public_id: PublicId) -> None:
    """NOT_FOUND unless it is a student of the scheme, in sight."""
    if get(session, operator, public_id).scheme_id != scheme_id:
        raise ids.not_found(Noun.STUDENT)
