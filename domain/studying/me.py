"""A student's own way out: their row in one scheme, and where they stand at its checkpoints."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased

from domain import identifiers, operators
from domain.deciding import gate
from domain.handing import entitlements
from domain.studying.student_accounts import SignedInStudent
from models import (
    Checkpoint,
    Clearance,
    ClearanceStatus,
    Cohort,
    Department,
    HandOutKind,
    NotRequiredBy,
    Prerequisite,
    Scheme,
    SchemeStatus,
    Student,
)

SHOWN = (SchemeStatus.OPEN, SchemeStatus.CLOSED)


@dataclass(frozen=True)
class OwnRecord:
    """What the roster knows of a student, the ID number masked, and the scheme that it is of."""

    student_id: int
    name: str
    id_number: str | None
    scheme_name: str
    scheme_status: SchemeStatus
    cohort: Cohort
    department: str
    major: str | None
    class_name: str | None
    training_level: str | None


@dataclass(frozen=True)
class OwnClearance:
    """Where a student stands at one checkpoint; `remark` is the reason of a refusal only, since
    offices write the others for each other."""

    title: str
    requirement: str
    place: str
    contact: str
    hours: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    status: ClearanceStatus
    not_required_by: NotRequiredBy | None
    remark: str
    open_prerequisites: Sequence[str]
    last_change: dt.datetime | None


@dataclass(frozen=True)
class Me:
    """All that a student sees, as it was at one moment; no record: they are in no scheme."""

    account: SignedInStudent
    at: dt.datetime
    record: OwnRecord | None
    clearances: Sequence[OwnClearance] = ()
    # What is to be received, and of that what may be received now.
    to_receive: Sequence[HandOutKind] = ()
    may_receive: Sequence[HandOutKind] = ()


def find(session: Session, student: SignedInStudent) -> Me:
    """Four statements, whatever there is; nothing but the number of the session is looked for."""
    row = session.execute(_newest(student.number)).one_or_none()
    if row is None:
        return Me(student, session.scalars(sa.select(sa.func.now())).one(), None)
    record = OwnRecord(
        row.Student.id,
        row.Student.name,
        row.Student.id_number and identifiers.mask(row.Student.id_number),
        row.scheme_name,
        row.status,
        row.Student.cohort,
        row.department,
        row.Student.major,
        row.Student.class_name,
        row.Student.training_level,
    )
    student_id = record.student_id
    due = entitlements.of_student(session, student_id)
    clearances = _clearances(session, student_id)
    return Me(student, row.at, record, clearances, due.kinds, due.may_receive)


def _newest(number: str) -> sa.Select[Student, str, SchemeStatus, str, dt.datetime]:
    """Where an active student has the number: the newest open scheme, else the newest closed."""
    return (
        sa.select(
            Student,
            Scheme.name.label("scheme_name"),
            Scheme.status,
            Department.name.label("department"),
            sa.func.now().label("at"),
        )
        .join(Scheme, Scheme.id == Student.scheme_id)
        .join(Department, Department.id == Student.department_id)
        .where(Student.number == number, operators.is_active(), Scheme.status.in_(SHOWN))
        .order_by((Scheme.status == SchemeStatus.OPEN).desc(), Scheme.id.desc())
        .limit(1)
    )


def _clearances(session: Session, student_id: int) -> list[OwnClearance]:
    rows = session.execute(
        sa.select(Clearance, Checkpoint)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(Clearance.student_id == student_id)
        .order_by(Checkpoint.position)
    )
    unmet = _open_prerequisites(session, student_id)
    return [_own(clearance, checkpoint, unmet) for clearance, checkpoint in rows]


def _own(
    clearance: Clearance, checkpoint: Checkpoint, unmet: Mapping[int, Sequence[str]]
) -> OwnClearance:
    is_refused = clearance.status is ClearanceStatus.REFUSED
    return OwnClearance(
        checkpoint.title,
        checkpoint.requirement,
        checkpoint.place,
        checkpoint.contact,
        checkpoint.hours,
        checkpoint.opens_at,
        checkpoint.closes_at,
        clearance.status,
        clearance.not_required_by,
        clearance.remark if is_refused else "",
        unmet.get(checkpoint.id, ()) if clearance.status in gate.OPEN else (),
        clearance.decided_at,
    )


def _open_prerequisites(session: Session, student_id: int) -> dict[int, Sequence[str]]:
    """The titles, in checkpoint order, of what must be passed before each checkpoint and is not."""
    required = aliased(Checkpoint)
    titles = postgresql.aggregate_order_by(required.title, required.position)
    rows = session.execute(
        sa.select(Prerequisite.checkpoint_id, sa.func.array_agg(titles))
        .join(required, required.id == Prerequisite.required_id)
        .join(Clearance, Clearance.checkpoint_id == required.id)
        .where(Clearance.student_id == student_id, Clearance.status.in_(gate.OPEN))
        .group_by(Prerequisite.checkpoint_id)
    )
    return {checkpoint_id: tuple(found) for checkpoint_id, found in rows}
