"""Certificates of clearance: issued while every checkpoint is clear, found again.

That none is issued beside an open clearance, and that one is withdrawn when a clearance opens, is
held by triggers, whoever writes; here it is told before they have to.
"""

import secrets
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, ids, operators
from domain.deciding import gate
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.lists import students
from domain.signed_in import Right, SignedIn
from models import ClearanceCertificate, Scheme, SchemeStatus, Student

# 192 bits: nobody finds the code of a certificate by trying.
CODE_BYTES = 24


def issue_as(session: Session, operator: SignedIn, public_id: PublicId) -> ClearanceCertificate:
    """For an operator who hands out to the student's department."""
    known = students.get(session, operator, public_id)
    student = _lock(session, known.id)[1]
    if student.department_id not in operator.departments_seen(student.scheme_id):
        raise ids.not_found(Noun.STUDENT)
    departments = operators.require_handing(operator, student.scheme_id)
    if student.department_id not in departments:
        raise Refusal(Code.FORBIDDEN, {"right": Right.HAND_OUT})
    return issue(session, student.id, operator.id)


def issue(session: Session, student_id: int, issued_by: int | None) -> ClearanceCertificate:
    """The certificate that is valid, which is a new one if there was none.

    `issued_by` is None for the student. It changes no clearance, so a closed scheme will do.
    """
    scheme, student = _lock(session, student_id)
    if scheme.status is SchemeStatus.DRAFT:
        raise Refusal(Code.SCHEME_NOT_OPEN, {"scheme": scheme.name})
    titles = gate.open_checkpoints(session, [student.id]).get(student.id)
    if titles:
        raise Refusal(Code.CLEARANCE_INCOMPLETE, {"checkpoints": "、".join(titles)})
    return _valid(session, student.id) or _new(session, student.id, issued_by)


def _lock(session: Session, student_id: int) -> tuple[Scheme, Student]:
    """An active student whose clearances nobody changes meanwhile, as every hand-out locks them."""
    scheme = session.scalars(
        sa.select(Scheme)
        .join(Student, Student.scheme_id == Scheme.id)
        .where(Student.id == student_id)
        .with_for_update(read=True, of=Scheme),
        execution_options={"populate_existing": True},
    ).one_or_none()
    student = session.scalars(
        sa.select(Student).where(Student.id == student_id, operators.is_active()).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if scheme is None or student is None:
        raise ids.not_found(Noun.STUDENT)
    return scheme, student


def _valid(session: Session, student_id: int) -> ClearanceCertificate | None:
    return session.scalars(
        sa.select(ClearanceCertificate).where(
            ClearanceCertificate.student_id == student_id,
            ClearanceCertificate.withdrawn_at.is_(None),
        )
    ).one_or_none()


def _new(session: Session, student_id: int, issued_by: int | None) -> ClearanceCertificate:
    certificate = ClearanceCertificate(
        student_id=student_id,
        code=secrets.token_urlsafe(CODE_BYTES),
        issued_at=session.scalars(sa.select(sa.func.clock_timestamp())).one(),
        issued_by=issued_by,
    )
    session.add(certificate)
    session.flush()
    return certificate


def by_ids(
    session: Session, operator: SignedIn, certificate_ids: Collection[int]
) -> dict[int, ClearanceCertificate]:
    """The certificates of students in sight among these, withdrawn ones too."""
    statement = (
        sa.select(ClearanceCertificate)
        .join(Student, Student.id == ClearanceCertificate.student_id)
        .where(
            arrays.any_of(ClearanceCertificate.id, certificate_ids),
            operators.students_seen_anywhere(operator),
        )
    )
    return {each.id: each for each in session.scalars(statement)}


def get(session: Session, operator: SignedIn, public_id: str) -> ClearanceCertificate:
    """One of a student in sight; NOT_FOUND otherwise."""
    certificate_id = ids.decode(public_id, Noun.CLEARANCE_CERTIFICATE)
    found = by_ids(session, operator, [certificate_id]).get(certificate_id)
    if found is None:
        raise ids.not_found(Noun.CLEARANCE_CERTIFICATE)
    return found


def newest_of(session: Session, student_id: int) -> ClearanceCertificate | None:
    """The last one of a student; None if there never was one."""
    mine = sa.select(ClearanceCertificate).where(ClearanceCertificate.student_id == student_id)
    return session.scalars(mine.order_by(ClearanceCertificate.id.desc()).limit(1)).one_or_none()


def newest(
    session: Session, _operator: SignedIn, student_ids: Collection[int]
) -> dict[int, ClearanceCertificate]:
    """The last one of each of these students, who were seen already; none has no place here."""
    statement = (
        sa.select(ClearanceCertificate)
        .where(arrays.any_of(ClearanceCertificate.student_id, student_ids))
        .ext(postgresql.distinct_on(ClearanceCertificate.student_id))
        .order_by(ClearanceCertificate.student_id, ClearanceCertificate.id.desc())
    )
    return {each.student_id: each for each in session.scalars(statement)}
