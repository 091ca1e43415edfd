"""Students: the one filter of lists, batches, counts and exports; pages; look-up by any key."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, identifiers, ids, operators, paging
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from models import Clearance, ClearanceStatus, Cohort, Gender, Student

LIST_LIMIT = 5_000
# Each is a condition of its own in the statement; a scheme has fewer checkpoints.
STATUS_LIMIT = 50


@dataclass(frozen=True)
class StatusAt:
    """Students whose clearance at a checkpoint has one of these statuses."""

    checkpoint: PublicId
    statuses: list[ClearanceStatus]


@dataclass(frozen=True)
class StudentFilter:
    """Which students of one scheme; every condition given must hold, a list means any of it."""

    scheme: PublicId
    numbers: list[str] | None = None
    candidate_numbers: list[str] | None = None
    id_numbers: list[str] | None = None
    name_prefix: str | None = None
    name_contains: str | None = None
    departments: list[PublicId] | None = None
    majors: list[str] | None = None
    classes: list[str] | None = None
    entry_years: list[int] | None = None
    genders: list[Gender] | None = None
    training_levels: list[str] | None = None
    categories: list[str] | None = None
    cohorts: list[Cohort] | None = None
    status_at: list[StatusAt] | None = None


@dataclass(frozen=True)
class StudentKey:
    """One of the keys people use, or the id; a number is looked up inside `scheme`."""

    id: PublicId | None = None
    number: str | None = None
    candidate_number: str | None = None
    id_number: str | None = None


class StudentOrder(enum.StrEnum):
    """How a list of students is sorted; the id breaks ties."""

    NUMBER_ASC = "NUMBER_ASC"
    NUMBER_DESC = "NUMBER_DESC"
    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"


def page(
    session: Session,
    operator: operators.SignedIn,
    where: StudentFilter,
    order: StudentOrder,
    window: paging.Window,
) -> paging.Page[Student]:
    """One page of the students that an operator sees."""
    statement = sa.select(Student).where(matching(operator, where))
    return paging.fetch(session, statement, _order(order), window)


def count(session: Session, operator: operators.SignedIn, where: StudentFilter) -> int:
    """How many students the filter matches."""
    statement = sa.select(sa.func.count()).select_from(Student).where(matching(operator, where))
    return session.scalars(statement).one()


def _order(order: StudentOrder) -> paging.Order:
    columns: dict[str, paging.Column] = {
        "NUMBER": sa.func.coalesce(Student.number, ""),
        "NAME": Student.name,
    }
    column, _, direction = order.partition("_")
    return paging.Order(order, (columns[column], Student.id), direction == "DESC")


def scheme_of(operator: operators.SignedIn, where: StudentFilter) -> int:
    """The scheme of a filter; NOT_FOUND if no grant reaches it."""
    scheme_id = ids.decode(where.scheme, Noun.SCHEME)
    if not operator.sees_scheme(scheme_id):
        raise ids.not_found(Noun.SCHEME)
    return scheme_id


def matching(
    operator: operators.SignedIn, where: StudentFilter, *, path: tuple[str, ...] = ("where",)
) -> sa.ColumnElement[bool]:
    """The filter inside the operator's scope, as one condition on students.

    `path` is where the caller was given the filter.
    """
    _check_sizes(where, path)
    scheme_id = scheme_of(operator, where)
    return sa.and_(
        operators.students_seen(operator, scheme_id),
        *_key_conditions(where),
        *_name_conditions(where),
        *_attribute_conditions(where),
        *(_status_condition(status_at) for status_at in where.status_at or ()),
    )


def _check_sizes(where: StudentFilter, path: tuple[str, ...]) -> None:
    for name, value in vars(where).items():
        limit = STATUS_LIMIT if name == "status_at" else LIST_LIMIT
        if isinstance(value, list) and len(value) > limit:
            raise Refusal(
                Code.LIMIT_EXCEEDED,
                {"name": name, "limit": limit, "value": len(value)},
                path=(*path, name),
            )


def _key_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    keys = (
        (Student.number, where.numbers),
        (Student.candidate_number, where.candidate_numbers),
        (Student.id_number, where.id_numbers),
    )
    return [
        _any(column, [identifiers.clean(value) for value in values])
        for column, values in keys
        if values is not None
    ]


def _name_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if where.name_prefix:
        # A range of text_pattern_ops: LIKE with a parameter cannot use the index.
        prefix = where.name_prefix.strip()
        conditions += [
            Student.name.op("~>=~", is_comparison=True)(prefix),
            Student.name.op("~<~", is_comparison=True)(prefix + chr(0x10FFFF)),
        ]
    if where.name_contains:
        conditions.append(sa.func.strpos(Student.name, where.name_contains.strip()) > 0)
    return conditions


def _attribute_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    department_ids = None
    if where.departments is not None:
        department_ids = [ids.decode(each, Noun.DEPARTMENT) for each in where.departments]
    attributes: tuple[tuple[paging.Column, Collection[Any] | None], ...] = (
        (Student.department_id, department_ids),
        (Student.major, where.majors),
        (Student.class_name, where.classes),
        (Student.entry_year, where.entry_years),
        (Student.gender, where.genders),
        (Student.training_level, where.training_levels),
        (Student.category, where.categories),
        (Student.cohort, where.cohorts),
    )
    return [_any(column, list(values)) for column, values in attributes if values is not None]


def _status_condition(status_at: StatusAt) -> sa.ColumnElement[bool]:
    return (
        sa.select(Clearance.student_id)
        .where(
            Clearance.student_id == Student.id,
            Clearance.checkpoint_id == ids.decode(status_at.checkpoint, Noun.CHECKPOINT),
            _any(Clearance.status, status_at.statuses),
        )
        .exists()
    )


def _any(column: paging.Column, values: list[Any]) -> sa.ColumnElement[bool]:
    """`= ANY(array)`: one parameter however long the list."""
    kind = sa.Text() if isinstance(column.type, sa.Enum) else column.type
    return column == sa.any_(arrays.array(kind, values))


def find(
    session: Session, operator: operators.SignedIn, scheme_id: int, key: StudentKey
) -> Student | None:
    """The student with a key, if there is one in sight."""
    columns = (
        (Student.number, key.number),
        (Student.candidate_number, key.candidate_number),
        (Student.id_number, key.id_number),
    )
    conditions = [column == identifiers.clean(value) for column, value in columns if value]
    if key.id:
        conditions.append(Student.id == ids.decode(key.id, Noun.STUDENT))
    statement = sa.select(Student).where(
        operators.students_seen(operator, scheme_id), *conditions or [sa.false()]
    )
    return session.scalars(statement).one_or_none()


def by_ids(
    session: Session, operator: operators.SignedIn, student_ids: Collection[int]
) -> dict[int, Student]:
    """The students in sight among these, whatever their scheme."""
    statement = sa.select(Student).where(
        Student.id == sa.any_(arrays.ids(student_ids)), operators.students_seen_anywhere(operator)
    )
    return {student.id: student for student in session.scalars(statement)}


class Known(NamedTuple):
    """What an import needs of a student: to match and to compare the name."""

    id: int
    name: str


@dataclass(frozen=True)
class Keys:
    """Students by each of the keys that a batch of rows holds."""

    numbers: dict[str, Known]
    candidate_numbers: dict[str, Known]
    id_numbers: dict[str, Known]


def by_keys(
    session: Session,
    operator: operators.SignedIn,
    scheme_id: int,
    values: tuple[Sequence[str], Sequence[str], Sequence[str]],
) -> Keys:
    """The students in sight that have one of these numbers, candidate numbers or ID numbers."""
    columns = (Student.number, Student.candidate_number, Student.id_number)
    found = (
        _by_key(session, operators.students_seen(operator, scheme_id), column, list(wanted))
        for column, wanted in zip(columns, values, strict=True)
    )
    return Keys(*found)


def _by_key(
    session: Session,
    seen: sa.ColumnElement[bool],
    column: paging.Column,
    wanted: list[str],
) -> dict[str, Known]:
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(column, Student.id, Student.name).where(seen, _any(column, wanted))
    )
    return {key: Known(student_id, name) for key, student_id, name in rows}
