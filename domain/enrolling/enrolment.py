"""Students one by one: created, edited, archived, restored by administrators of their scheme."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, ids, operators
from domain.configuration import schemes
from domain.deciding.requirements import Cause
from domain.enrolling import rolls, student_inputs, student_writes
from domain.enrolling.student_inputs import StudentEdit, StudentInput
from domain.enrolling.student_writes import Edit
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.lists import students
from domain.reading.student_records import KEYS, TITLES, Record, told
from domain.signed_in import SignedIn
from models import Channel, Student, StudentField, StudentStatus


def create(session: Session, operator: SignedIn, scheme: PublicId, new: StudentInput) -> Student:
    """A new student with a clearance at every checkpoint, judged by the rules."""
    found = schemes.get(session, operator, scheme)
    scheme_id = schemes.hold(session, operator, found.id).id
    record = student_inputs.given(session, operator, new)
    _require_free_keys(session, scheme_id, record)
    cause = Cause(operator, Channel.ROSTER)
    [student_id] = student_writes.write(session, scheme_id, [Edit(record)], cause)
    return session.get_one(Student, student_id)


def update(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    edit: StudentEdit,
    clear: Collection[StudentField],
) -> Student:
    """Other data; decisions stay, and the rules judge anew."""
    student = _hold(session, operator, public_id)
    given = student_inputs.given(session, operator, edit)
    changes = given | student_inputs.cleared(clear, given)
    return _become(session, operator, student, changes)


def restore(session: Session, operator: SignedIn, public_id: PublicId) -> Student:
    """Back into every list, with the decisions of before."""
    student = _hold(session, operator, public_id)
    return _become(session, operator, student, {StudentField.STATUS: StudentStatus.ACTIVE})


def archive(session: Session, operator: SignedIn, public_id: PublicId) -> Student:
    """Out of every list and every sum; nothing is deleted."""
    student = _hold(session, operator, public_id)
    cause = Cause(operator, Channel.ROSTER)
    student_writes.archive(session, Student.id == student.id, cause)
    session.refresh(student)
    return student


def _become(session: Session, operator: SignedIn, student: Student, changes: Record) -> Student:
    before = rolls.record_of(session, student.id)
    edit = Edit({**before, **changes}, before, student.id)
    if not edit.differences:
        return student
    _require_free_keys(session, student.scheme_id, edit.after, student.id)
    cause = Cause(operator, Channel.ROSTER)
    student_writes.write(session, student.scheme_id, [edit], cause)
    session.refresh(student)
    return student


def _hold(session: Session, operator: SignedIn, public_id: PublicId) -> Student:
    """A student in sight, or archived in a scheme that is administered; with the scheme's lock."""
    student_id = ids.decode(public_id, Noun.STUDENT)
    student = by_ids(session, operator, [student_id]).get(student_id)
    if student is None:
        student = students.by_ids(session, operator, [student_id]).get(student_id)
    if student is None:
        raise ids.not_found(Noun.STUDENT)
    schemes.hold(session, operator, student.scheme_id)
    return student


def by_ids(
    session: Session, operator: SignedIn, student_ids: Collection[int]
) -> dict[int, Student]:
    """The students of administered schemes among these, archived ones too."""
    statement = sa.select(Student).where(
        Student.id == sa.any_(arrays.ids(student_ids)), operators.students_administered(operator)
    )
    return {student.id: student for student in session.scalars(statement)}


def _require_free_keys(
    session: Session, scheme_id: int, record: Record, but: int | None = None
) -> None:
    """At least one key, and each of them nobody else's."""
    if not any(record.get(field) for field in KEYS):
        raise errors.invalid(("input", "number"), "", "at least one of the three numbers")
    roll = rolls.roll_of(session, scheme_id, [record])
    for field, owner in roll.named(record).items():
        if owner != but:
            facts = {
                "column": TITLES[field],
                "value": told(field, record[field]),
                "student": _called(roll.records[owner]),
            }
            raise Refusal(Code.KEY_TAKEN, facts, path=("input", field.lower()))


def _called(record: Record) -> str:
    """A student by name, and by number if there is one."""
    name, number = record[StudentField.NAME], record[StudentField.NUMBER]
    return f"{number} {name}" if number else str(name)
