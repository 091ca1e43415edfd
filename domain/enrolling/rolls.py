"""The roll of a scheme as far as records name it: students as they stand, and whose each key is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays
from domain.enrolling.student_writes import COLUMNS
from domain.reading.student_records import KEYS, Record, Value
from models import Department, Student, StudentField


@dataclass(frozen=True)
class Roll:
    """Students of a scheme as they stand, archived ones too, and whose each of their keys is."""

    records: Mapping[int, Record]
    owners: Mapping[tuple[StudentField, Value], int]

    def named(self, record: Record) -> dict[StudentField, int]:
        """The students whom the keys of a record name, key by key."""
        found = {field: self.owners.get((field, record.get(field))) for field in KEYS}
        return {field: student_id for field, student_id in found.items() if student_id}


def roll_of(session: Session, scheme_id: int, wanted: Sequence[Record]) -> Roll:
    """The students that the keys of these records name."""
    named = (
        _named(scheme_id, field, [each[field] for each in wanted if each.get(field)])
        for field in KEYS
    )
    return _roll(session, Student.id.in_(sa.union(*named)))


def _named(scheme_id: int, field: StudentField, values: list[Value]) -> sa.Select[int]:
    """As a join: thousands of numbers in an array would be compared with every student."""
    keys = arrays.rows("keys", key=(sa.Text(), values))
    return (
        sa.select(Student.id)
        .join(keys, keys.c.key == COLUMNS[field])
        .where(Student.scheme_id == scheme_id)
    )


def record_of(session: Session, student_id: int) -> Record:
    """One student as it stands."""
    return _roll(session, Student.id == student_id).records[student_id]


def _roll(session: Session, which: sa.ColumnElement[bool]) -> Roll:
    named = {**COLUMNS, StudentField.DEPARTMENT: Department.name}
    rows = session.execute(
        sa.select(Student.id, *named.values())
        .join(Department, Department.id == Student.department_id)
        .where(which)
    )
    records = {row[0]: dict(zip(named, row[1:], strict=True)) for row in rows}
    owners = {
        (field, record[field]): student_id
        for student_id, record in records.items()
        for field in KEYS
        # Two without a number are not the same student.
        if record[field] is not None
    }
    return Roll(records, owners)
