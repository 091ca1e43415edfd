"""Schemes and departments in an operator's sight."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, operators, paging
from domain.errors import Code, Refusal
from domain.ids import Noun
from domain.signed_in import SignedIn
from models import Department, Scheme, SchemeStatus, Student

NEWEST = paging.Order("SCHEMES", (Scheme.id,), descending=True)
CHANGEABLE = frozenset({SchemeStatus.DRAFT, SchemeStatus.OPEN})
SHOWN = frozenset(SchemeStatus) - {SchemeStatus.ARCHIVED}


def seen(
    session: Session,
    operator: SignedIn,
    statuses: Collection[SchemeStatus] = SHOWN,
) -> Sequence[Scheme]:
    """Every scheme with one of these statuses that a grant reaches, the newest first."""
    return session.scalars(with_status(operator, statuses).order_by(*NEWEST.by())).all()


def with_status(operator: SignedIn, statuses: Collection[SchemeStatus]) -> sa.Select[Scheme]:
    """The same as a statement, in no order."""
    return sa.select(Scheme).where(
        operators.schemes_seen(operator, Scheme.id), Scheme.status.in_(statuses)
    )


def by_ids(session: Session, operator: SignedIn, scheme_ids: Collection[int]) -> dict[int, Scheme]:
    """The schemes in sight among these."""
    found = session.scalars(with_id(operator, sa.any_(arrays.ids(scheme_ids))))
    return {scheme.id: scheme for scheme in found}


def with_id(operator: SignedIn, scheme_id: arrays.Key) -> sa.Select[Scheme]:
    """A scheme in sight, or any of an array of them."""
    return sa.select(Scheme).where(
        Scheme.id == scheme_id, operators.schemes_seen(operator, Scheme.id)
    )


def id_of(session: Session, operator: SignedIn, public_id: str) -> int:
    """The id of a scheme in sight; NOT_FOUND otherwise.

    A grant names only schemes that there are: it is looked for only by who sees all of them.
    """
    scheme_id = ids.decode(public_id, Noun.SCHEME)
    if operator.schemes is None:
        return get(session, operator, public_id).id
    if scheme_id not in operator.schemes:
        raise ids.not_found(Noun.SCHEME)
    return scheme_id


def get(session: Session, operator: SignedIn, public_id: str) -> Scheme:
    """One scheme in sight; NOT_FOUND otherwise."""
    scheme_id = ids.decode(public_id, Noun.SCHEME)
    scheme = by_ids(session, operator, [scheme_id]).get(scheme_id)
    if scheme is None:
        raise ids.not_found(Noun.SCHEME)
    return scheme


def hold(session: Session, operator: SignedIn, scheme_id: int) -> Scheme:
    """Lock a scheme that is to be changed, first in the transaction, and read it anew.

    Who decides in it waits, and so does who changes it too. FORBIDDEN unless it is administered,
    SCHEME_READ_ONLY once it is closed.
    """
    operators.require_administering(operator, scheme_id)
    scheme = lock(session, scheme_id)
    require_changeable(scheme)
    return scheme


def require_changeable(scheme: Scheme) -> None:
    """SCHEME_READ_ONLY once it is closed."""
    if scheme.status not in CHANGEABLE:
        raise Refusal(Code.SCHEME_READ_ONLY, {"scheme": scheme.name, "status": scheme.status})


def lock(session: Session, scheme_id: int) -> Scheme:
    """The same, whatever its status, for who asked for the right already."""
    statement = sa.select(Scheme).where(Scheme.id == scheme_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def departments(
    session: Session, operator: SignedIn, scheme_ids: Collection[int]
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
    session: Session, operator: SignedIn, department_ids: Collection[int]
) -> dict[int, Department]:
    """The departments in sight among these."""
    found = session.scalars(department_with_id(operator, sa.any_(arrays.ids(department_ids))))
    return {department.id: department for department in found}


def department_with_id(operator: SignedIn, department_id: arrays.Key) -> sa.Select[Department]:
    """A department in sight, or any of an array of them."""
    return sa.select(Department).where(
        Department.id == department_id, operators.departments_seen(operator)
    )
