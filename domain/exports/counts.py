"""The numbers of the students (各环节办理情况统计): by checkpoint, group, day or operator."""

import datetime as dt
import enum
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain import errors
from domain.configuration import schemes
from domain.days import Span
from domain.exports import notes, points
from domain.exports.columns import cells, chosen, moment
from domain.exports.notes import Asker
from domain.exports.table import Line, Place, Subject, Table
from domain.ids import PublicId
from domain.lists import student_filters
from domain.reports import counts, day_counts, statistics
from domain.reports.counts import Changes, Standing
from domain.reports.statistics import CountBy
from domain.signed_in import SignedIn
from domain.words import MISSING


class ExportedCounts(enum.StrEnum):
    """What a line of the numbers is about."""

    CHECKPOINT = "CHECKPOINT"
    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    TRAINING_LEVEL = "TRAINING_LEVEL"
    DAY = "DAY"
    OPERATOR = "OPERATOR"


class CountsColumn(enum.StrEnum):
    """A column of the numbers; which of them there are depends on what a line is about."""

    GROUP = "GROUP"
    DAY = "DAY"
    LOGIN = "LOGIN"
    NAME = "NAME"
    STUDENTS = "STUDENTS"
    CHECKPOINT = "CHECKPOINT"
    DUE = "DUE"
    PASSED = "PASSED"
    PENDING = "PENDING"
    REFUSED = "REFUSED"
    NOT_REQUIRED = "NOT_REQUIRED"
    TO_PASSED = "TO_PASSED"
    TO_PENDING = "TO_PENDING"
    TO_REFUSED = "TO_REFUSED"
    TO_NOT_REQUIRED = "TO_NOT_REQUIRED"
    LAST_AT = "LAST_AT"


_Headings = dict[CountsColumn, str]
_CHECKPOINT: _Headings = {CountsColumn.CHECKPOINT: "离校环节"}
_STUDENTS: _Headings = {CountsColumn.STUDENTS: "学生数"}
_STANDING: _Headings = {
    CountsColumn.DUE: "应办理",
    CountsColumn.PASSED: "已通过",
    CountsColumn.PENDING: "未办理",
    CountsColumn.REFUSED: "未通过",
    CountsColumn.NOT_REQUIRED: "无需办理",
}
_CHANGES: _Headings = {
    CountsColumn.TO_PASSED: "办理为已通过",
    CountsColumn.TO_PENDING: "办理为未办理",
    CountsColumn.TO_REFUSED: "办理为未通过",
    CountsColumn.TO_NOT_REQUIRED: "办理为无需办理",
}


@dataclass(frozen=True)
class CountsRequest:
    """Which students, by what, at which checkpoint; the days of DAY and OPERATOR; which columns."""

    where: student_filters.StudentFilter
    by: ExportedCounts
    checkpoint: PublicId | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    columns: list[CountsColumn] | None = None


@dataclass(frozen=True)
class _Asked:
    """A request, by whom, and where the days begin."""

    session: Session
    operator: SignedIn
    request: CountsRequest
    timezone: zoneinfo.ZoneInfo

    @property
    def span(self) -> Span:
        return Span(self.timezone, self.request.first, self.request.last)


@dataclass(frozen=True)
class _Kind:
    """What a line is about, the columns it has in their order, and the lines with all of them."""

    heading: str
    columns: _Headings
    rows: Callable[[_Asked], Iterator[Line]]


def _place(session: Session, operator: SignedIn, request: CountsRequest) -> Place:
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    student_filters.matching(session, operator, request.where)
    _check_days(request)
    _check_columns(request)
    if request.checkpoint is None:
        return Place(scheme_id)
    [point] = points.chosen(session, operator, scheme_id, [request.checkpoint])
    return Place(scheme_id, point.id)


def _check_days(request: CountsRequest) -> None:
    """DAY needs both, OPERATOR may have them; the rest is of no day."""
    given = {"from": request.first, "until": request.last}
    for name, day in given.items():
        if request.by is ExportedCounts.DAY and day is None:
            raise errors.invalid((name,), "", "a day, with DAY")
        if request.by not in {ExportedCounts.DAY, ExportedCounts.OPERATOR} and day is not None:
            raise errors.invalid((name,), str(day), "only with DAY and OPERATOR")
    span = Span(zoneinfo.ZoneInfo("UTC"), request.first, request.last)
    if request.by is ExportedCounts.DAY:
        span.days()


def _check_columns(request: CountsRequest) -> None:
    for column in request.columns or ():
        if column not in _KINDS[request.by].columns:
            raise errors.invalid(("columns",), column, "a column that `by` has")


def _count(_session: Session, _operator: SignedIn, _request: CountsRequest) -> None:
    """How many lines there are is known when they are counted."""


def _table(
    session: Session,
    operator: SignedIn,
    request: CountsRequest,
    timezone: zoneinfo.ZoneInfo,
) -> Table:
    kind = _KINDS[request.by]
    columns = chosen(request.columns, kind.columns)
    lines = kind.rows(_Asked(session, operator, request, timezone))
    return Table(
        title=f"办理情况统计-按{kind.heading}",
        header=[kind.columns[column] for column in columns],
        rows=cells(lines, kind.columns, columns),
        about=[
            *_days(request),
            *_checkpoint(session, operator, request),
            *notes.conditions(Asker(session, operator, timezone), request.where),
        ],
    )


def _days(request: CountsRequest) -> list[tuple[str, str]]:
    days = (("开始日期", request.first), ("结束日期", request.last))
    return [(name, str(day)) for name, day in days if day]


def _checkpoint(
    session: Session, operator: SignedIn, request: CountsRequest
) -> list[tuple[str, str]]:
    if request.checkpoint is None:
        return []
    scheme_id = schemes.id_of(session, operator, request.where.scheme)
    return [
        ("离校环节", each.title)
        for each in points.chosen(session, operator, scheme_id, [request.checkpoint])
    ]


def _by_checkpoint(asked: _Asked) -> Iterator[Line]:
    where, only = asked.request.where, asked.request.checkpoint
    scheme_id = schemes.id_of(asked.session, asked.operator, where.scheme)
    wanted = [only] if only else None
    shown = {each.id for each in points.chosen(asked.session, asked.operator, scheme_id, wanted)}
    for each in counts.by_checkpoint(asked.session, asked.operator, where):
        if each.checkpoint.id in shown:
            yield [each.checkpoint.title, *_standing(each)]


def _by_group(by: CountBy) -> Callable[[_Asked], Iterator[Line]]:
    def rows(asked: _Asked) -> Iterator[Line]:
        request = asked.request
        for group in statistics.by_group(
            asked.session, asked.operator, request.where, by, request.checkpoint, most=None
        ):
            label = MISSING[0] if group.label is None else group.label
            for each in group.checkpoints:
                yield [label, group.students, each.checkpoint.title, *_standing(each)]

    return rows


def _by_day(asked: _Asked) -> Iterator[Line]:
    request = asked.request
    for point in day_counts.by_day(
        asked.session, asked.operator, request.where, asked.span, request.checkpoint
    ):
        for each in point.days:
            yield [str(each.day), point.checkpoint.title, *_standing(each), *_changes(each)]


def _by_operator(asked: _Asked) -> Iterator[Line]:
    request = asked.request
    for each in statistics.by_operator(
        asked.session, asked.operator, request.where, asked.span, request.checkpoint
    ):
        last_at = moment(each.last_at, asked.timezone)
        operator = each.operator
        yield [operator.login, operator.name, each.students, *_changes(each), last_at]


def _standing(each: Standing) -> list[int]:
    return [each.due, each.passed, each.pending, each.refused, each.not_required]


def _changes(each: Changes) -> list[int]:
    return [each.to_passed, each.to_pending, each.to_refused, each.to_not_required]


def _groups(heading: str, by: CountBy) -> _Kind:
    columns = {CountsColumn.GROUP: heading, **_STUDENTS, **_CHECKPOINT, **_STANDING}
    return _Kind(heading, columns, _by_group(by))


_KINDS: dict[ExportedCounts, _Kind] = {
    ExportedCounts.CHECKPOINT: _Kind("离校环节", _CHECKPOINT | _STANDING, _by_checkpoint),
    ExportedCounts.DEPARTMENT: _groups("院系", CountBy.DEPARTMENT),
    ExportedCounts.MAJOR: _groups("专业", CountBy.MAJOR),
    ExportedCounts.CLASS: _groups("班级", CountBy.CLASS),
    ExportedCounts.TRAINING_LEVEL: _groups("培养层次", CountBy.TRAINING_LEVEL),
    ExportedCounts.DAY: _Kind(
        "日", {CountsColumn.DAY: "日期", **_CHECKPOINT, **_STANDING, **_CHANGES}, _by_day
    ),
    ExportedCounts.OPERATOR: _Kind(
        "操作员",
        {
            CountsColumn.LOGIN: "账号",
            CountsColumn.NAME: "姓名",
            **_STUDENTS,
            **_CHANGES,
            CountsColumn.LAST_AT: "最后办理时间",
        },
        _by_operator,
    ),
}
SUBJECT = Subject(CountsRequest, _place, _count, _table)
