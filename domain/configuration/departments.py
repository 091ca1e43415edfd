"""Departments (院系), which belong to no scheme: made and listed by administrators."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, jobs, names, operators, paging
from domain.configuration import schemes
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Checkpoint, Department, Grant, Job, JobKind, Student

_LISTS = (JobKind.ROSTER, JobKind.OPERATORS)
_ORDER = paging.Order("DEPARTMENTS", (Department.name, Department.id))


def page(
    session: Session, operator: SignedIn, name_prefix: str, window: paging.Window
) -> paging.Page[Department]:
    """One page of all departments, by name."""
    operators.require_administering_any(operator)
    return paging.fetch(session, sa.select(Department).where(_begins(name_prefix)), _ORDER, window)


def count(session: Session, operator: SignedIn, name_prefix: str) -> int:
    """How many there are."""
    operators.require_administering_any(operator)
    statement = sa.select(sa.func.count()).select_from(Department).where(_begins(name_prefix))
    return session.scalars(statement).one()


def _begins(name_prefix: str) -> sa.ColumnElement[bool]:
    return Department.name.startswith(name_prefix.strip(), autoescape=True)


def create(session: Session, operator: SignedIn, name: str) -> Department:
    """A new one, without students."""
    operators.require_administering_all(operator)
    department = Department(name=names.name(name, ("name",)))
    session.add(department)
    with names.unique(Noun.DEPARTMENT, department.name):
        session.flush()
    return department


def rename(session: Session, operator: SignedIn, public_id: PublicId, name: str) -> Department:
    """Its students, grants and rules stay."""
    department = _get(session, operator, public_id)
    operators.require_administering_all(operator)
    department.name = names.name(name, ("name",))
    with names.unique(Noun.DEPARTMENT, department.name):
        session.flush()
    return department


def delete(session: Session, operator: SignedIn, public_id: PublicId) -> Department:
    """Take away one that nothing is of, e.g. a misspelt name; DEPARTMENT_IN_USE otherwise."""
    department = _get(session, operator, public_id)
    operators.require_administering_all(operator)
    _lock(session, department)
    _require_unused(session, department)
    session.delete(department)
    session.flush()
    return department


def _lock(session: Session, department: Department) -> None:
    """Whoever enrols or grants there waits, and then does not find it; NOT_FOUND if it is gone."""
    found = sa.select(Department.id).where(Department.id == department.id).with_for_update()
    if session.scalars(found).one_or_none() is None:
        raise ids.not_found(Noun.DEPARTMENT)


def _require_unused(session: Session, department: Department) -> None:
    named = [ids.encode(Noun.DEPARTMENT, department.id)]
    rule = Checkpoint.applicability
    uses = {
        Noun.STUDENT: Student.department_id == department.id,
        Noun.GRANT: Grant.department_id == department.id,
        Noun.CHECKPOINT: sa.or_(
            *(rule[side]["departments"].contains(named) for side in ("only", "not_for"))
        ),
        # A list that is still read may have found it already.
        Noun.JOB: sa.and_(Job.kind.in_(_LISTS), Job.status.in_(jobs.UNFINISHED)),
    }
    told = sa.select(*(sa.exists().where(use).label(noun) for noun, use in uses.items()))
    for noun, is_used in session.execute(told).one()._asdict().items():
        if is_used:
            facts = {"department": department.name, "noun": noun}
            raise Refusal(Code.DEPARTMENT_IN_USE, facts)


def _get(session: Session, operator: SignedIn, public_id: PublicId) -> Department:
    department_id = ids.decode(public_id, Noun.DEPARTMENT)
    department = schemes.departments_by_ids(session, operator, [department_id]).get(department_id)
    if department is None:
        raise ids.not_found(Noun.DEPARTMENT)
    return department
