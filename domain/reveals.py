"""A look at a full ID number: by right, with a reason, and with a line that stays."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, names, operators
from domain.errors import Code, Refusal
from domain.signed_in import Right, SignedIn
from models import Reveal, Student


def reveal(session: Session, operator: SignedIn, student_public_id: str, reason: str) -> Student:
    """Leave the access line and answer the student, whose number may then be shown."""
    student_id = ids.decode(student_public_id, ids.Noun.STUDENT)
    student = session.scalars(
        sa.select(Student).where(
            Student.id == student_id, operators.students_seen_anywhere(operator)
        )
    ).one_or_none()
    if student is None:
        raise ids.not_found(ids.Noun.STUDENT)
    if student.department_id not in operator.departments_unmasked(student.scheme_id):
        raise Refusal(Code.FORBIDDEN, {"right": Right.SEE_ID_NUMBERS})
    session.add(Reveal(operator_id=operator.id, student_id=student_id, reason=names.reason(reason)))
    return student
