"""Students by the keys people use: number, candidate number, ID number; one, or a file's worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, identifiers, ids, operators
from domain.ids import Noun, PublicId
from domain.paging import Column
from domain.signed_in import SignedIn
from models import Student


@dataclass(frozen=True)
class StudentKey:
    """One of the keys people use, or the id; a number is looked up inside `scheme`."""

    id: PublicId | None = None
    number: str | None = None
    candidate_number: str | None = None
    id_number: str | None = None


def find(session: Session, operator: SignedIn, scheme: PublicId, key: StudentKey) -> Student | None:
    """The student with a key, if there is one in sight."""
    values = values_of(key)
    return session.scalars(having(operator, scheme, values), values).one_or_none()


def values_of(key: StudentKey) -> dict[str, str | int]:
    """What is looked for in which column."""
    numbers = {
        "number": key.number,
        "candidate_number": key.candidate_number,
        "id_number": key.id_number,
    }
    values: dict[str, str | int] = {
        name: identifiers.clean(number) for name, number in numbers.items() if number
    }
    return values | ({"id": ids.decode(key.id, Noun.STUDENT)} if key.id else {})


def having(operator: SignedIn, scheme: PublicId, names: Collection[str]) -> sa.Select[Student]:
    """The student in sight with a value in each of these columns: parameters of their names."""
    columns = Student.__table__.c
    given = {name: sa.bindparam(name, type_=columns[name].type, required=False) for name in names}
    conditions = [columns[name] == value for name, value in given.items()]
    return sa.select(Student).where(
        operators.students_seen(operator, ids.decode(scheme, Noun.SCHEME)),
        *conditions or [sa.false()],
    )


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
    operator: SignedIn,
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
    column: Column,
    wanted: list[str],
) -> dict[str, Known]:
    if not wanted:
        return {}
    # By the connection: a session goes through all of the rows once more.
    rows = session.connection().execute(
        sa.select(column, Student.id, Student.name).where(seen, arrays.any_of(column, wanted))
    )
    return {key: Known(student_id, name) for key, student_id, name in rows.all()}
