"""Archived students, who are outside every other list: pages for administrators of the scheme."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, identifiers, operators, paging
from domain.configuration import schemes
from domain.ids import PublicId
from domain.signed_in import SignedIn
from models import Student, StudentStatus

_MOST_NUMBERS = 5_000
_ORDER = paging.Order("ARCHIVED_STUDENTS", (sa.func.coalesce(Student.number, ""), Student.id))


@dataclass(frozen=True)
class ArchivedFilter:
    """Which of the archived students of a scheme."""

    scheme: PublicId
    numbers: list[str] | None = None
    name_prefix: str | None = None


def page(
    session: Session, operator: SignedIn, where: ArchivedFilter, window: paging.Window
) -> paging.Page[Student]:
    """One page of them, by number."""
    statement = sa.select(Student).where(_matching(session, operator, where))
    return paging.fetch(session, statement, _ORDER, window)


def count(session: Session, operator: SignedIn, where: ArchivedFilter) -> int:
    """How many there are."""
    matching = _matching(session, operator, where)
    statement = sa.select(sa.func.count()).select_from(Student).where(matching)
    return session.scalars(statement).one()


def _matching(
    session: Session, operator: SignedIn, where: ArchivedFilter
) -> sa.ColumnElement[bool]:
    scheme = schemes.get(session, operator, where.scheme)
    operators.require_administering(operator, scheme.id)
    conditions = [Student.scheme_id == scheme.id, Student.status == StudentStatus.ARCHIVED]
    if where.numbers is not None:
        conditions.append(arrays.any_of(Student.number, _cleaned(where.numbers)))
    if where.name_prefix:
        prefix = where.name_prefix.strip()
        conditions.append(Student.name.startswith(prefix, autoescape=True))
    return sa.and_(*conditions)


def _cleaned(numbers: list[str]) -> list[str]:
    if len(numbers) > _MOST_NUMBERS:
        raise errors.exceeded(("numbers",), _MOST_NUMBERS, len(numbers))
    return [identifiers.clean(each) for each in numbers]
