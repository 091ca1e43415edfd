"""Departments (院系), which belong to no scheme: made and listed by administrators."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, names, operators, paging
from domain.configuration import schemes
from domain.ids import Noun, PublicId
from models import Department

_ORDER = paging.Order("DEPARTMENTS", (Department.name, Department.id))


def page(
    session: Session, operator: operators.SignedIn, name_prefix: str, window: paging.Window
) -> paging.Page[Department]:
    """One page of all departments, by name."""
    operators.require_administering_any(operator)
    return paging.fetch(session, sa.select(Department).where(_begins(name_prefix)), _ORDER, window)


def count(session: Session, operator: operators.SignedIn, name_prefix: str) -> int:
    """How many there are."""
    operators.require_administering_any(operator)
    statement = sa.select(sa.func.count()).select_from(Department).where(_begins(name_prefix))
    return session.scalars(statement).one()


def _begins(name_prefix: str) -> sa.ColumnElement[bool]:
    return Department.name.startswith(name_prefix.strip(), autoescape=True)


def create(session: Session, operator: operators.SignedIn, name: str) -> Department:
    """A new one, without students."""
    operators.require_administering_all(operator)
    department = Department(name=names.name(name, ("name",)))
    session.add(department)
    with names.unique(Noun.DEPARTMENT, department.name):
        session.flush()
    return department


def rename(
    session: Session, operator: operators.SignedIn, public_id: PublicId, name: str
) -> Department:
    """Its students, grants and rules stay."""
    department = _get(session, operator, public_id)
    operators.require_administering_all(operator)
    department.name = names.name(name, ("name",))
    with names.unique(Noun.DEPARTMENT, department.name):
        session.flush()
    return department


def _get(session: Session, operator: operators.SignedIn, public_id: PublicId) -> Department:
    department_id = ids.decode(public_id, Noun.DEPARTMENT)
    department = schemes.departments_by_ids(session, operator, [department_id]).get(department_id)
    if department is None:
        raise ids.not_found(Noun.DEPARTMENT)
    return department
