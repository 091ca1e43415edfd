"""The students with a column for each checkpoint (学生离校信息查询)."""

import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays
from domain.configuration import schemes
from domain.exports import notes, points
from domain.exports.columns import StudentColumn, StudentPart, check_full, student_part
from domain.exports.notes import Asker
from domain.exports.table import Line, Place, Statement, Subject, Table, pages
from domain.ids import PublicId
from domain.lists import student_filters, students
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Clearance, ClearanceStatus


@dataclass(frozen=True)
class MatrixRequest:
    """Which students, which of their columns, which checkpoints, in which order; None means all."""

    where: student_filters.StudentFilter
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
        .where(student_filters.matching(session, operator, request.where))
        .order_by(*students.ordering(request.order_by).by())
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
        statuses = _statuses(session, [row[0] for row in page], checkpoint_ids)
        for row in page:
            yield part.tell(row) + [_WORDS[each] for each in statuses.get(row[0], ())]


def _statuses(
    session: Session, student_ids: Sequence[int], checkpoint_ids: Sequence[int]
) -> dict[int, list[str]]:
    """Where each student stands at each of these checkpoints, of which they all have one.

    As one text, which is taken apart faster than an array.
    """
    at = Clearance.checkpoint_id
    place = sa.func.array_position(arrays.ids(checkpoint_ids), at)
    comma = postgresql.aggregate_order_by(sa.literal(","), place)
    statuses = sa.func.string_agg(sa.cast(Clearance.status, sa.Text), comma)
    rows = session.execute(
        sa.select(Clearance.student_id, statuses)
        .where(
            Clearance.student_id == sa.any_(arrays.ids(student_ids)),
            at == sa.any_(arrays.ids(checkpoint_ids)),
        )
        .group_by(Clearance.student_id)
    )
    return {student: text.split(",") for student, text in rows}


_WORDS = {str(status): office_word(status) for status in ClearanceStatus}
SUBJECT = Subject(MatrixRequest, _place, _count, _table)
