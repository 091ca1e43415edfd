"""The history as files print it: each entry as words, read page by page from one snapshot."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from domain.reports import history
from domain.reports.history import EntryFilter
from domain.words import office_word
from models import Checkpoint, Department, Entry, Operator, Student

PAGE = 2_000
# The fields of a line, in the order in which files print them.
HEADINGS = {
    "at": "时间",
    "number": "学号",
    "name": "姓名",
    "department": "院系",
    "checkpoint": "离校环节",
    "old_status": "原办理结果",
    "new_status": "办理结果",
    "old_remark": "原备注",
    "new_remark": "备注",
    "operator": "操作员",
    "login": "账号",
    "channel": "办理方式",
    "row_number": "文件行号",
}


class Line(NamedTuple):
    """One entry in words."""

    at: str
    number: str
    name: str
    department: str
    checkpoint: str
    old_status: str
    new_status: str
    old_remark: str
    new_remark: str
    operator: str
    login: str
    channel: str
    row_number: str


def rows(
    session: Session,
    operator: operators.SignedIn,
    where: EntryFilter,
    timezone: zoneinfo.ZoneInfo,
) -> Iterator[Line]:
    """Every line of the filter, the newest first; times as the office's clock shows them."""
    statement: _Statement = (
        history.matching(session, operator, where)
        .join(Department, Department.id == Student.department_id)
        .join(Checkpoint, Checkpoint.id == Entry.checkpoint_id)
        .join(Operator, Operator.id == Entry.operator_id)
        .with_only_columns(*_COLUMNS)
        .order_by(*(column.desc() for column in history.KEY))
        .limit(PAGE)
    )
    page = session.execute(statement).all()
    while page:
        yield from (_line(row, timezone) for row in page)
        page = session.execute(statement.where(_older_than(page[-1]))).all()


_Row = sa.Row[*tuple[Any, ...]]
_Statement = sa.Select[*tuple[Any, ...]]
_COLUMNS = (
    *history.KEY,
    Student.number,
    Student.name.label("student"),
    Department.name.label("department"),
    Checkpoint.title,
    Entry.old_status,
    Entry.new_status,
    Entry.old_remark,
    Entry.new_remark,
    Operator.name.label("operator"),
    Operator.login,
    Entry.channel,
    Entry.row_number,
)


def _older_than(row: _Row) -> sa.ColumnElement[bool]:
    last = [sa.literal(value, column.type) for value, column in zip(row, history.KEY, strict=False)]
    return sa.tuple_(*history.KEY) < sa.tuple_(*last)


def _line(row: _Row, timezone: zoneinfo.ZoneInfo) -> Line:
    return Line(
        at=_told(row.at, timezone),
        number=row.number or "",
        name=row.student,
        department=row.department,
        checkpoint=row.title,
        old_status=office_word(row.old_status),
        new_status=office_word(row.new_status),
        old_remark=row.old_remark,
        new_remark=row.new_remark,
        operator=row.operator,
        login=row.login,
        channel=office_word(row.channel),
        row_number="" if row.row_number is None else str(row.row_number),
    )


def _told(moment: dt.datetime, timezone: zoneinfo.ZoneInfo) -> str:
    return moment.astimezone(timezone).strftime("%Y-%m-%d %H:%M:%S")
