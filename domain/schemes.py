"""Schemes and departments in an operator's sight."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from models import Department, Scheme, Student


def seen(session: Session, operator: operators.SignedIn) -> Sequence[Scheme]:
    """Every scheme that a grant reaches, the newest first."""
    return session.scalars(
        sa.select(Scheme)
        .where(operators.schemes_seen(operator, Scheme.id))
        .order_by(Scheme.id.desc())
    ).all()


def by_ids(
    session: Session, operator: operators.SignedIn, scheme_ids: Collection[int]
) -> dict[int, Scheme]:
    """The schemes in sight among these."""
    statement = sa.select(Scheme).where(
        Scheme.id.in_(scheme_ids), operators.schemes_seen(operator, Scheme.id)
    )
    return {scheme.id: scheme for scheme in session.scalars(statement)}


def departments(
    session: Session, operator: operators.SignedIn, scheme_ids: Collection[int]
) -> dict[int, list[Department]]:
    """The departments with students in sight in each of these schemes, by name."""
    found: dict[int, list[Department]] = {scheme_id: [] for scheme_id in scheme_ids}
    with_students = (
        sa.select(Student.scheme_id, Student.department_id)
        .where(
            Student.scheme_id.in_(scheme_ids),
            sa.or_(*(operators.students_seen(operator, each) for each in scheme_ids)),
        )
        .distinct()
        .subquery()
    )
    rows = session.execute(
        sa.select(with_students.c.scheme_id, Department)
        .join(Department, Department.id == with_students.c.department_id)
        .order_by(Department.name)
    )
    for scheme_id, department in rows:
        found[scheme_id].append(department)
    return found


def departments_by_ids(
    session: Session, operator: operators.SignedIn, department_ids: Collection[int]
) -> dict[int, Department]:
    """The departments in sight among these."""
    statement = sa.select(Department).where(
        Department.id.in_(department_ids), operators.departments_seen(operator)
    )
    return {department.id: department for department in session.scalars(statement)}
