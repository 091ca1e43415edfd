"""The signing sheet (签收表): who is to receive what, to be printed, signed and handed in again."""

import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors, identifiers, operators
from domain.configuration import schemes
from domain.deciding import gate
from domain.exports import notes
from domain.exports.columns import moment
from domain.exports.notes import Asker
from domain.exports.table import Line, Place, Row, Statement, Subject, Table, pages
from domain.handing import lists
from domain.handing.cells import NOT_ENTITLED, TITLES, Column
from domain.lists import student_filters
from domain.lists.student_filters import StudentFilter
from domain.signed_in import SignedIn
from domain.words import office_word
from domain.workbook.print_sheet import write_print_sheet
from models import Department, HandOut, HandOutKind, Scheme, Student

# So many are still one pile of paper.
MOST = 5_000
_TITLE = "发放签收表"
# What stands over each column, and how wide it is.
_COLUMNS: tuple[tuple[str, float], ...] = (
    ("序号", 6),
    (TITLES[Column.NUMBER], 14),
    (TITLES[Column.NAME], 12),
    ("院系", 18),
    ("班级", 14),
    (TITLES[Column.GRADUATION], 21),
    (TITLES[Column.DEGREE], 21),
    (TITLES[Column.MATERIALS], 9),
    (TITLES[Column.RECEIVER], 10),
    (TITLES[Column.PROXY_NAME], 10),
    (TITLES[Column.PROXY_ID_NUMBER], 20),
    (TITLES[Column.DATE], 12),
    ("签名", 14),
)
_DEPARTMENT = 3
_NUMBERED = (HandOutKind.GRADUATION_CERTIFICATE, HandOutKind.DEGREE_CERTIFICATE)
_Given = Mapping[HandOutKind, HandOut]


@dataclass(frozen=True)
class SigningRequest:
    """Which students; without a condition on hand-outs, those who may receive something now."""

    where: StudentFilter

    @property
    def which(self) -> StudentFilter:
        """Who stands on the sheet."""
        if self.where.may_receive is not None or self.where.has_received is not None:
            return self.where
        return replace(self.where, may_receive=list(HandOutKind))


def _place(session: Session, operator: SignedIn, request: SigningRequest) -> Place:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    operators.require_handing(operator, scheme_id)
    return Place(scheme_id)


def _count(session: Session, operator: SignedIn, request: SigningRequest) -> int:
    statement = sa.select(sa.func.count()).select_from(Student)
    count = session.scalars(statement.where(_matching(session, operator, request))).one()
    if count > MOST:
        raise errors.exceeded(("where",), MOST, count)
    return count


def _matching(
    session: Session, operator: SignedIn, request: SigningRequest
) -> sa.ColumnElement[bool]:
    """Only of the departments that one hands out to."""
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    own = operator.departments_handing(scheme_id).clause(Student.department_id)
    return sa.and_(student_filters.matching(session, operator, request.which), own)


def _table(
    session: Session, operator: SignedIn, request: SigningRequest, timezone: zoneinfo.ZoneInfo
) -> Table:
    place = _place(session, operator, request)
    scheme = session.get_one(Scheme, place.scheme_id)
    asked = replace(request.which, scheme=request.where.scheme)
    return Table(
        title=_TITLE,
        header=[title for title, _ in _COLUMNS],
        rows=_rows(session, operator, _statement(session, operator, request), timezone),
        about=[
            ("离校方案", scheme.name),
            *notes.conditions(Asker(session, operator, timezone), asked),
        ],
    )


def _statement(session: Session, operator: SignedIn, request: SigningRequest) -> Statement:
    number, class_name = (
        sa.func.coalesce(column, "") for column in (Student.number, Student.class_name)
    )
    return (
        sa.select(Student.id, number, Student.name, Department.name, class_name, gate.entitled())
        .join(Department, Department.id == Student.department_id)
        .where(_matching(session, operator, request))
        .order_by(Department.name, class_name, number, Student.id)
    )


def _rows(
    session: Session, operator: SignedIn, statement: Statement, timezone: zoneinfo.ZoneInfo
) -> Iterator[Line]:
    place = 0
    for page in pages(session, statement):
        given = lists.of_students(session, operator, [row[0] for row in page])
        for row in page:
            place += 1
            alive = {each.kind: each for each in given[row[0]] if each.revoked_at is None}
            yield [str(place), *row[1:5], *_items(row, alive), *_taken(alive, timezone), ""]


def _items(row: Row, given: _Given) -> list[str]:
    """What was given, room for what is to be given, and a mark where nothing is."""
    entitled: Sequence[str] = row[5]
    cells = []
    for kind in HandOutKind:
        if kind in given:
            cells.append(given[kind].certificate_number or "是")
        else:
            cells.append("" if kind in entitled else NOT_ENTITLED)
    return cells


def _taken(given: _Given, timezone: zoneinfo.ZoneInfo) -> list[str]:
    """Of the last thing; the number of who came instead is masked."""
    if not given:
        return [""] * 4
    last = max(given.values(), key=lambda each: each.id)
    day = moment(last.handed_out_at, timezone)[:10]
    proxy = identifiers.mask(last.proxy_id_number or "")
    return [office_word(last.receiver), last.proxy_name or "", proxy, day]


def _write(path: Path, table: Table) -> None:
    note = "；".join(f"{name}：{value}" for name, value in table.about)
    rows = ([str(cell or "") for cell in row] for row in table.rows)
    write_print_sheet(path, table.title, note, _COLUMNS, rows, break_at=_DEPARTMENT)


SUBJECT = Subject(SigningRequest, _place, _count, _table, _write)
