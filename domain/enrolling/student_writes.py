"""The only statements that change a student: the data, the lines that tell of it, the clearances.

Whoever calls holds the scheme (`schemes.hold`), so nobody else does, and nobody decides meanwhile.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays
from domain.deciding import requirements
from domain.deciding.requirements import Cause
from domain.reading.student_records import KEYS, Difference, Record, Value, differences, told
from domain.studying import student_accounts
from models import (
    Checkpoint,
    Clearance,
    Department,
    Student,
    StudentChange,
    StudentField,
    StudentStatus,
)

COLUMNS = {
    StudentField.STATUS: Student.status,
    StudentField.NUMBER: Student.number,
    StudentField.CANDIDATE_NUMBER: Student.candidate_number,
    StudentField.ID_NUMBER: Student.id_number,
    StudentField.NAME: Student.name,
    StudentField.GENDER: Student.gender,
    StudentField.ENTRY_YEAR: Student.entry_year,
    StudentField.COHORT: Student.cohort,
    StudentField.DEPARTMENT: Student.department_id,
    StudentField.MAJOR: Student.major,
    StudentField.CLASS: Student.class_name,
    StudentField.CATEGORY: Student.category,
    StudentField.TRAINING_LEVEL: Student.training_level,
    StudentField.HOUSEHOLD_TRANSFER: Student.household_transfer,
    StudentField.DORMITORY: Student.dormitory,
}
_LINE = ("scheme_id", "student_id", "field", "old", "new")
_BY = ("operator_id", "job_id")


@dataclass(frozen=True)
class Edit:
    """What one student becomes; without an id and a record before it is a new one."""

    after: Record
    before: Record | None = None
    student_id: int | None = None
    row_number: int | None = None

    @property
    def differences(self) -> list[Difference]:
        """What it changes."""
        return differences(self.before, self.after)

    @property
    def number_given(self) -> str | None:
        """The student number, if it was not this student's a moment ago."""
        new = self.after.get(StudentField.NUMBER)
        is_new = self.before is None or self.before.get(StudentField.NUMBER) != new
        return str(new) if new and is_new else None

    @property
    def restores(self) -> bool:
        """Whether an archived student comes back."""
        before = self.before or {}
        return before.get(StudentField.STATUS) == StudentStatus.ARCHIVED


def departments(
    session: Session, wanted: Iterable[Record], *, create: bool = False
) -> dict[str, int]:
    """The departments that records name and that there are, by name; or made where unknown."""
    found = {str(each[StudentField.DEPARTMENT]) for each in wanted if _has_department(each)}
    if create and found:
        # In order, or two rosters at once might wait for each other.
        new = [{"name": name} for name in sorted(found)]
        session.execute(postgresql.insert(Department).values(new).on_conflict_do_nothing())
    rows = session.execute(
        sa.select(Department.name, Department.id).where(arrays.any_of(Department.name, found))
    )
    return {row.name: row.id for row in rows}


def _has_department(record: Record) -> bool:
    return bool(record.get(StudentField.DEPARTMENT))


def write(session: Session, scheme_id: int, edits: Sequence[Edit], cause: Cause) -> list[int]:
    """Write edits of different students whose departments there are; their ids, in order.

    A constant number of statements, and some for each checkpoint that has a rule.
    """
    if not edits:
        return []
    new = [edit.after for edit in edits if edit.before is None]
    added = iter(insert(session, scheme_id, new))
    placed = [edit if edit.before else replace(edit, student_id=next(added)) for edit in edits]
    _update(session, [edit for edit in placed if edit.before])
    student_ids = [edit.student_id for edit in placed if edit.student_id]
    add_clearances(session, student_ids)
    _add_lines(session, scheme_id, placed, cause)
    _close_accounts(session, scheme_id, placed)
    rows = {
        edit.student_id: edit.row_number for edit in placed if edit.student_id and edit.row_number
    }
    restored = [edit.student_id for edit in placed if edit.student_id and edit.restores]
    _judge(session, scheme_id, student_ids, restored, replace(cause, rows=rows))
    return student_ids


def insert(session: Session, scheme_id: int, new: Sequence[Record]) -> list[int]:
    """New students, each with a key; their ids, in order."""
    if not new:
        return []
    values = _values(session, new)
    keys = [COLUMNS[field] for field in KEYS]
    rows = session.execute(
        sa.insert(Student)
        .from_select(
            ["scheme_id", *values.c.keys()],
            sa.select(sa.literal(scheme_id, sa.BigInteger), *values.c),
            include_defaults=False,
        )
        .returning(Student.id, *keys)
    )
    found = {(field, key): row[0] for row in rows for field, key in zip(KEYS, row[1:], strict=True)}
    return [found[_first_key(record)] for record in new]


def _first_key(record: Record) -> tuple[StudentField, Value]:
    return next((field, record[field]) for field in KEYS if record.get(field))


def _update(session: Session, edits: Sequence[Edit]) -> None:
    if not edits:
        return
    student_ids = (sa.BigInteger(), [edit.student_id for edit in edits])
    values = _values(session, [edit.after for edit in edits], id=student_ids)
    session.execute(
        sa.update(Student)
        .where(Student.id == values.c.id)
        .values({name: column for name, column in values.c.items() if name != "id"}),
        execution_options={"synchronize_session": False},
    )


def _values(
    session: Session, records: Sequence[Record], **more: tuple[arrays.Kind, Iterable[object]]
) -> sa.TableValuedAlias:
    """The columns of these students as a table."""
    names = departments(session, records)
    columns: dict[str, tuple[arrays.Kind, Iterable[object]]] = {
        COLUMNS[field].key: (_kind(field), [record.get(field) for record in records])
        for field in StudentField
    }
    of_record = [names[str(record[StudentField.DEPARTMENT])] for record in records]
    status = [record.get(StudentField.STATUS, StudentStatus.ACTIVE) for record in records]
    columns["department_id"] = (sa.BigInteger(), of_record)
    columns["status"] = (sa.Text(), status)
    return arrays.rows("new", **columns, **more)


def _kind(field: StudentField) -> arrays.Kind:
    kind = COLUMNS[field].type
    return sa.Text() if isinstance(kind, sa.Enum) else kind


def add_clearances(session: Session, student_ids: Collection[int]) -> None:
    """A clearance at every checkpoint of the scheme for those of the students who lack one."""
    session.execute(
        postgresql.insert(Clearance)
        .from_select(
            ["student_id", "checkpoint_id"],
            sa.select(Student.id, Checkpoint.id)
            .join(Checkpoint, Checkpoint.scheme_id == Student.scheme_id)
            .where(Student.id == sa.any_(arrays.ids(student_ids)))
            .order_by(Student.id, Checkpoint.position),
            include_defaults=False,
        )
        .on_conflict_do_nothing()
    )


def _add_lines(session: Session, scheme_id: int, edits: Sequence[Edit], cause: Cause) -> None:
    made = [(edit, each) for edit in edits for each in edit.differences]
    text, number = sa.Text(), sa.BigInteger()
    lines = arrays.rows(
        "lines",
        student_id=(number, [edit.student_id for edit, _ in made]),
        field=(text, [each.field for _, each in made]),
        old=(text, [each.old for _, each in made]),
        new=(text, [each.new for _, each in made]),
        row_number=(sa.Integer(), [edit.row_number for edit, _ in made]),
    )
    session.execute(
        sa.insert(StudentChange).from_select(
            ["scheme_id", *lines.c.keys(), *_BY],
            sa.select(sa.literal(scheme_id, number), *lines.c, *_by(cause)),
            include_defaults=False,
        )
    )


def _close_accounts(session: Session, scheme_id: int, edits: Sequence[Edit]) -> None:
    """Of numbers that were another student's before, who could sign in as whose they are now."""
    given = {edit.number_given: edit.student_id for edit in edits if edit.number_given}
    accounts = student_accounts.by_numbers(session, given)
    if not accounts:
        return
    before = session.execute(
        sa.select(StudentChange.old, StudentChange.student_id).where(
            StudentChange.scheme_id == scheme_id,
            StudentChange.field == StudentField.NUMBER,
            arrays.any_of(StudentChange.old, accounts),
        )
    )
    passed_on = {number for number, student_id in before if given[number] != student_id}
    student_accounts.close(session, passed_on)


def _by(cause: Cause) -> list[sa.ColumnElement[Any]]:
    number = sa.BigInteger()
    return [sa.literal(cause.operator.id, number), sa.literal(cause.job_id, number)]


def archive(session: Session, which: sa.ColumnElement[bool], cause: Cause) -> int:
    """Take these active students out of every list; how many they were."""
    archived = (
        sa.update(Student)
        .where(which, Student.status == StudentStatus.ACTIVE)
        .values(status=StudentStatus.ARCHIVED)
        .returning(Student.scheme_id, Student.id)
        .cte("archived")
    )
    active, away = (told(StudentField.STATUS, each) for each in StudentStatus)
    same = (StudentField.STATUS.value, active, away)
    lines = sa.select(*archived.c, *(sa.literal(each, sa.Text) for each in same), *_by(cause))
    made = session.execute(
        sa.insert(StudentChange)
        .from_select([*_LINE, *_BY], lines, include_defaults=False)
        .returning(StudentChange.id),
    )
    return len(made.all())


def _judge(
    session: Session, scheme_id: int, student_ids: list[int], restored: list[int], cause: Cause
) -> None:
    """By the rules of the scheme. A checkpoint without one lets nobody off, but a student who was
    archived may have been let off by a rule that is gone."""
    checkpoints = session.scalars(
        sa.select(Checkpoint).where(Checkpoint.scheme_id == scheme_id).order_by(Checkpoint.id)
    )
    for checkpoint in checkpoints:
        judged = student_ids if checkpoint.applicability else restored
        if judged:
            requirements.apply_at(session, checkpoint, cause, judged)
