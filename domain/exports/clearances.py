"""Where the students stand at one checkpoint (各环节信息数据); an import reads it again."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, operators
from domain.configuration import schemes
from domain.exports import notes, points
from domain.exports.columns import (
    StudentColumn,
    StudentPart,
    check_full,
    moment,
    student_part,
    word,
)
from domain.exports.notes import Asker
from domain.exports.table import Line, Place, Statement, Subject, Table, pages, sorted_by
from domain.ids import PublicId
from domain.lists import students
from domain.reading.cells import DECIDED_HEADERS, HEADERS, Column
from domain.words import office_word
from models import Checkpoint, Clearance, ClearanceStatus, Operator, Student

_HEADER = (HEADERS[Column.RESULT][0], HEADERS[Column.REMARK][0], *DECIDED_HEADERS)


@dataclass(frozen=True)
class ClearancesRequest:
    """Which students, at which checkpoint, in which statuses, which of their columns."""

    where: students.StudentFilter
    checkpoint: PublicId
    statuses: list[ClearanceStatus] | None = None
    columns: list[StudentColumn] | None = None
    full_id_numbers: bool = False


def _place(session: Session, operator: operators.SignedIn, request: ClearancesRequest) -> Place:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    check_full(operator, scheme_id, full=request.full_id_numbers)
    return Place(scheme_id, _checkpoint(session, operator, scheme_id, request).id)


def _checkpoint(
    session: Session,
    operator: operators.SignedIn,
    scheme_id: int,
    request: ClearancesRequest,
) -> Checkpoint:
    [only] = points.chosen(session, operator, scheme_id, [request.checkpoint])
    return only


def _found(
    session: Session,
    operator: operators.SignedIn,
    request: ClearancesRequest,
    checkpoint: Checkpoint,
) -> sa.ColumnElement[bool]:
    statuses = list(ClearanceStatus) if request.statuses is None else request.statuses
    return sa.and_(
        students.matching(session, operator, request.where),
        Clearance.checkpoint_id == checkpoint.id,
        Clearance.status == sa.any_(arrays.array(sa.Text(), statuses)),
    )


def _count(session: Session, operator: operators.SignedIn, request: ClearancesRequest) -> int:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    checkpoint = _checkpoint(session, operator, scheme_id, request)
    statement = (
        sa.select(sa.func.count())
        .select_from(Clearance)
        .join(Student, Student.id == Clearance.student_id)
        .where(_found(session, operator, request, checkpoint))
    )
    return session.scalars(statement).one()


def _table(
    session: Session,
    operator: operators.SignedIn,
    request: ClearancesRequest,
    timezone: zoneinfo.ZoneInfo,
) -> Table:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    checkpoint = _checkpoint(session, operator, scheme_id, request)
    part = student_part(operator, scheme_id, request.columns, full=request.full_id_numbers)
    statement = (
        part.select(Clearance.status, Clearance.remark, Operator.name, Clearance.decided_at)
        .join(Clearance, Clearance.student_id == Student.id)
        .outerjoin(Operator, Operator.id == Clearance.operator_id)
        .where(_found(session, operator, request, checkpoint))
        .order_by(*sorted_by(students.ordering(students.StudentOrder.NUMBER_ASC)))
    )
    return Table(
        title=f"办理情况-{checkpoint.title}",
        header=[*part.header, *_HEADER],
        rows=_rows(session, statement, part, timezone),
        about=[
            *part.about,
            ("离校环节", checkpoint.title),
            *_statuses(request),
            *notes.conditions(Asker(session, operator, timezone), request.where),
        ],
    )


def _statuses(request: ClearancesRequest) -> list[tuple[str, str]]:
    if request.statuses is None:
        return []
    return [("筛选：办理结果", "、".join(map(office_word, request.statuses)))]


def _rows(
    session: Session, statement: Statement, part: StudentPart, timezone: zoneinfo.ZoneInfo
) -> Iterator[Line]:
    for page in pages(session, statement):
        for row in page:
            status, remark, name, decided_at = row[-4:]
            yield [*part.tell(row), word(status), remark, name, moment(decided_at, timezone)]


SUBJECT = Subject(ClearancesRequest, _place, _count, _table)
