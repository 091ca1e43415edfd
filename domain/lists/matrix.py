"""The matrix of students and checkpoints (学生离校信息查询): a student, a row of statuses."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from domain import arrays, paging
from domain.lists import students
from domain.lists.student_filters import StudentFilter
from domain.lists.students import StudentOrder
from domain.signed_in import SignedIn
from models import Checkpoint, Clearance, ClearanceStatus, Student

# What `below` tells.
COLUMNS: Mapping[str, sa.ColumnElement[Any]] = {
    "statuses": sa.column("statuses", postgresql.ARRAY(Clearance.__table__.c["status"].type)),
    "changed_at": sa.column("changed_at", sa.DateTime(timezone=True)),
}
Standing = tuple[tuple[ClearanceStatus, ...], dt.datetime | None]


@dataclass(frozen=True)
class MatrixRow:
    """Where a student stands at each checkpoint, in their order, and the last change of it."""

    student: Student
    statuses: tuple[ClearanceStatus, ...]
    changed_at: dt.datetime | None


def page(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    order: StudentOrder,
    window: paging.Window,
) -> paging.Page[MatrixRow]:
    """One page of the matrix; two statements however large it is."""
    found = students.page(session, operator, where, order, window)
    standings = _standings(session, operator, [student.id for student in found.rows])
    rows = (MatrixRow(each, *standings.get(each.id, ((), None))) for each in found.rows)
    return found.with_rows(rows)


def below(
    _operator: SignedIn, student_id: arrays.Key
) -> sa.Select[Sequence[str], dt.datetime | None]:
    """Where a student stands: `statuses` in the order of the checkpoints, and `changed_at`. The
    student was seen already."""
    status = sa.cast(Clearance.status, sa.Text)
    return (
        sa.select(
            sa.func.array_agg(aggregate_order_by(status, Checkpoint.position)).label("statuses"),
            sa.func.max(Clearance.decided_at).label("changed_at"),
        )
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(Clearance.student_id == student_id)
        .group_by(Clearance.student_id)
    )


def _standings(
    session: Session, operator: SignedIn, student_ids: Collection[int]
) -> dict[int, Standing]:
    of_students = below(operator, sa.any_(arrays.ids(student_ids)))
    rows = session.execute(
        of_students.with_only_columns(Clearance.student_id, *of_students.selected_columns)
    )
    return {
        student_id: (tuple(map(ClearanceStatus, statuses)), changed_at)
        for student_id, statuses, changed_at in rows
    }
