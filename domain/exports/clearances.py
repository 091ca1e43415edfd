"""Where the students stand (各环节信息数据): at one checkpoint, for imports too, or at all."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

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
from domain.exports.table import Line, Place, Statement, Subject, Table, pages
from domain.ids import PublicId
from domain.lists import clearances
from domain.lists.clearances import ClearanceFilter
from domain.lists.student_filters import StudentFilter
from domain.lists.students import StudentOrder
from domain.reading.cells import CHECKPOINT_HEADER, DECIDED_HEADERS, HEADERS, Column
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Checkpoint, Clearance, ClearanceStatus, Operator, Student

_HEADER = (HEADERS[Column.RESULT][0], HEADERS[Column.REMARK][0], *DECIDED_HEADERS)


@dataclass(frozen=True)
class ClearancesRequest:
    """Which students, at which checkpoint or all, in which statuses; what of them, in which order.

    None means all.
    """

    where: StudentFilter
    checkpoint: PublicId | None = None
    statuses: list[ClearanceStatus] | None = None
    columns: list[StudentColumn] | None = None
    order_by: StudentOrder = StudentOrder.NUMBER_ASC
    full_id_numbers: bool = False

    @property
    def which(self) -> ClearanceFilter:
        """What the list of the same clearances is asked for with."""
        return ClearanceFilter(self.where, self.checkpoint, self.statuses)


def _place(session: Session, operator: SignedIn, request: ClearancesRequest) -> Place:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    check_full(operator, scheme_id, full=request.full_id_numbers)
    only = _only(session, operator, scheme_id, request)
    return Place(scheme_id, only.id if only else None)


def _only(
    session: Session,
    operator: SignedIn,
    scheme_id: int,
    request: ClearancesRequest,
) -> Checkpoint | None:
    """The one checkpoint that was asked for; None for all of them."""
    if request.checkpoint is None:
        return None
    [only] = points.chosen(session, operator, scheme_id, [request.checkpoint])
    return only


def _count(session: Session, operator: SignedIn, request: ClearancesRequest) -> int:
    return clearances.count(session, operator, request.which)


def _table(
    session: Session,
    operator: SignedIn,
    request: ClearancesRequest,
    timezone: zoneinfo.ZoneInfo,
) -> Table:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    only = _only(session, operator, scheme_id, request)
    part = student_part(operator, scheme_id, request.columns, full=request.full_id_numbers)
    statement = _statement(session, operator, request, part)
    at = [] if only else [CHECKPOINT_HEADER]
    return Table(
        title=f"办理情况-{only.title}" if only else "办理情况",
        header=[*part.header, *at, *_HEADER],
        rows=_rows(session, statement, part, timezone, are_at_all=only is None),
        about=[
            *part.about,
            *([(CHECKPOINT_HEADER, only.title)] if only else []),
            *_statuses(request),
            *notes.conditions(Asker(session, operator, timezone), request.where),
        ],
    )


def _statement(
    session: Session, operator: SignedIn, request: ClearancesRequest, part: StudentPart
) -> Statement:
    decided = (Clearance.status, Clearance.remark, Operator.name, Clearance.decided_at)
    return (
        part.select(Checkpoint.title, *decided)
        .join(Clearance, Clearance.student_id == Student.id)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .outerjoin(Operator, Operator.id == Clearance.operator_id)
        .where(clearances.matching(session, operator, request.which))
        .order_by(*clearances.ordering(request.order_by).by())
    )


def _statuses(request: ClearancesRequest) -> list[tuple[str, str]]:
    if request.statuses is None:
        return []
    return [("筛选：办理结果", "、".join(map(office_word, request.statuses)))]


def _rows(
    session: Session,
    statement: Statement,
    part: StudentPart,
    timezone: zoneinfo.ZoneInfo,
    *,
    are_at_all: bool,
) -> Iterator[Line]:
    for page in pages(session, statement):
        for row in page:
            title, status, remark, name, decided_at = row[-5:]
            at = [title] if are_at_all else []
            decided = (word(status), remark, name, moment(decided_at, timezone))
            yield [*part.tell(row), *at, *decided]


SUBJECT = Subject(ClearancesRequest, _place, _count, _table)
