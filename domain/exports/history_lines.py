"""The history as files print it: each entry as words."""

import zoneinfo
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from domain.exports.columns import moment
from domain.exports.table import Row, pages
from domain.reports import history
from domain.reports.history import EntryFilter
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Channel, Checkpoint, Department, Entry, Operator, Student

# In the others the number is only a place.
_FROM_FILES = {Channel.IMPORT, Channel.REPAIR, Channel.ROSTER}
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
    operator: SignedIn,
    where: EntryFilter,
    timezone: zoneinfo.ZoneInfo,
) -> Iterator[Line]:
    """Every line of the filter, the newest first; times as the office's clock shows them."""
    statement = (
        history.matching(session, operator, where)
        .join(Department, Department.id == Student.department_id)
        .join(Checkpoint, Checkpoint.id == Entry.checkpoint_id)
        .join(Operator, Operator.id == Entry.operator_id)
        .with_only_columns(*_COLUMNS)
        .order_by(*history.NEWEST.by())
    )
    for page in pages(session, statement):
        yield from (_line(row, timezone) for row in page)


_COLUMNS = (
    Entry.at,
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


def _line(row: Row, timezone: zoneinfo.ZoneInfo) -> Line:
    return Line(
        at=moment(row.at, timezone),
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
        row_number=str(row.row_number or "") if row.channel in _FROM_FILES else "",
    )
