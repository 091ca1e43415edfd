"""The students with a column for each checkpoint (学生离校信息查询)."""

import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays
from domain.configuration import schemes
from domain.exports import notes, points
from domain.exports.columns import StudentColumn, StudentPart, check_full, student_part
from domain.exports.notes import Asker
from domain.exports.table import Line, Place, Statement, Subject, Table, pages, sorted_by
from domain.ids import PublicId
from domain.lists import students
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Clearance


@dataclass(frozen=True)
class MatrixRequest:
    """Which students, which of their columns, which checkpoints, in which order; None means all."""

    where: students.StudentFilter
    columns: list[StudentColumn] | None = None
    checkpoints: list[PublicId] | None = None
    order_by: students.StudentOrder = students.StudentOrder.NUMBER_ASC
    full_id_numbers: bool = False


def _place(session: Session, operator: SignedIn, request: MatrixRequest) -> Place:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    check_full(operator, scheme_id, full=request.full_id_numbers)
    points.chosen(session, operator, scheme_id, request.checkpoints)
    return Place(scheme_id)


def _count(session: Session, operator: SignedIn, request: MatrixRequest) -> int:
    return students.count(session, operator, request.where)


def _table(
    session: Session,
    operator: SignedIn,
    request: MatrixRequest,
    timezone: zoneinfo.ZoneInfo,
) -> Table:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    at = points.chosen(session, operator, scheme_id, request.checkpoints)
    part = student_part(operator, scheme_id, request.columns, full=request.full_id_numbers)
    statement = (
        part.select()
        .where(students.matching(session, operator, request.where))
        .order_by(*sorted_by(students.ordering(request.order_by)))
    )
    return Table(
        title="学生列表",
        header=[*part.header, *(each.title for each in at)],
        rows=_rows(session, statement, part, [each.id for each in at]),
        about=[
            *part.about,
            *notes.conditions(Asker(session, operator, timezone), request.where),
        ],
    )


def _rows(
    session: Session, statement: Statement, part: StudentPart, checkpoint_ids: Sequence[int]
) -> Iterator[Line]:
    for page in pages(session, statement):
        statuses = _statuses(session, [row.id for row in page], checkpoint_ids)
        for row in page:
            of = statuses.get(row.id, {})
            yield [*part.tell(row), *(of.get(each, "") for each in checkpoint_ids)]


def _statuses(
    session: Session, student_ids: Sequence[int], checkpoint_ids: Sequence[int]
) -> dict[int, dict[int, str]]:
    """The office's word for where each student stands at each checkpoint."""
    if not checkpoint_ids:
        return {}
    rows = session.execute(
        sa.select(
            Clearance.student_id,
            sa.func.array_agg(Clearance.checkpoint_id),
            sa.func.array_agg(sa.cast(Clearance.status, sa.Text)),
        )
        .where(
            Clearance.student_id == sa.any_(arrays.ids(student_ids)),
            Clearance.checkpoint_id == sa.any_(arrays.ids(checkpoint_ids)),
        )
        .group_by(Clearance.student_id)
    )
    return {
        student: dict(zip(at, map(office_word, statuses), strict=True))
        for student, at, statuses in rows
    }


SUBJECT = Subject(MatrixRequest, _place, _count, _table)
