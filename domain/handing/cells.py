"""One row of a list of hand-outs to what is given to whom, or cell errors, pure.

A row is one student: a number under a certificate gives it, 是 under 毕业材料 gives them.
"""

import datetime as dt
import enum
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code, Refusal
from domain.handing.judgement import Item
from domain.handing.requests import LONGEST_NAME, LONGEST_NUMBER
from domain.reading import cells, sheets
from domain.reading.sheets import Headers, Problem, text_of
from domain.workbook.read import Row
from models import HandOutKind, MatchBy, Receiver

# What the signing sheet says where nothing is to be received.
NOT_ENTITLED = "—"


class Column(enum.StrEnum):
    """What a column of a list of hand-outs means."""

    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NUMBER_OR_ID = "NUMBER_OR_ID"
    NAME = "NAME"
    REMARK = "REMARK"
    GRADUATION = "GRADUATION"
    DEGREE = "DEGREE"
    MATERIALS = "MATERIALS"
    RECEIVER = "RECEIVER"
    PROXY_NAME = "PROXY_NAME"
    PROXY_ID_NUMBER = "PROXY_ID_NUMBER"
    DATE = "DATE"


Layout = sheets.Layout[Column]
Sheet = sheets.Sheet[Column]
# The first of each is the one that the service itself writes.
_OWN_HEADERS: dict[Column, tuple[str, ...]] = {
    Column.GRADUATION: ("毕业证书编号", "毕业证编号", "毕业证书号", "毕业证号", "毕业证"),
    Column.DEGREE: ("学位证书编号", "学位证编号", "学位证书号", "学位证号", "学位证"),
    Column.MATERIALS: ("毕业材料",),
    Column.RECEIVER: ("领取方式",),
    Column.PROXY_NAME: ("代领人", "代领人姓名"),
    Column.PROXY_ID_NUMBER: ("代领人证件号", "代领人身份证号", "代领人证件号码"),
    Column.DATE: ("发放日期", "领取日期", "发放时间", "领取时间"),
}
# Keys, name and remark are headed as in files of decisions.
_SHARED = {
    Column[each.name]: cells.HEADERS[each]
    for each in cells.Column
    if each.name in Column.__members__
}
_HEADERS = _SHARED | _OWN_HEADERS
TITLES = {column: titles[0] for column, titles in _HEADERS.items()}
_MEANINGS = {sheets.folded(title): each for each, titles in _HEADERS.items() for title in titles}
_IGNORED = cells.IGNORED | {"应领项目", "签名", "领取人签名", "本人签名"}
HEADERS: Headers[Column] = Headers(
    _MEANINGS, _IGNORED, "学号、毕业证书编号（或学位证书编号、毕业材料）"
)
_KEYS = tuple(Column[each.name] for each in cells.KEY_COLUMNS[MatchBy.AUTO])
_ITEMS = {
    Column.GRADUATION: HandOutKind.GRADUATION_CERTIFICATE,
    Column.DEGREE: HandOutKind.DEGREE_CERTIFICATE,
}
_YES_NO = {
    **dict.fromkeys(("是", "√", "1", "有", "已领", "yes", "true"), True),
    **dict.fromkeys(("", NOT_ENTITLED, "否", "×", "0", "无", "no", "false"), False),
}
_RECEIVERS = {
    **dict.fromkeys(("本人领取", "本人"), Receiver.IN_PERSON),
    **dict.fromkeys(("他人代领", "代领"), Receiver.PROXY),
    **dict.fromkeys(("邮寄", "快递"), Receiver.MAIL),
    **dict.fromkeys(("单位领取", "单位"), Receiver.EMPLOYER),
}
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?)?"
)


class Given(NamedTuple):
    """What a row gives, and who takes it."""

    items: tuple[Item, ...]
    receiver: Receiver
    proxy_name: str | None
    proxy_id_number: str | None
    handed_out_at: dt.datetime | None


class Parsed(NamedTuple):
    """A row as it was understood: whom it names, and what it gives; nothing with problems."""

    row: cells.Parsed
    given: Given | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Clock:
    """In which timezone the dates of a file are, and until when they can be."""

    timezone: zoneinfo.ZoneInfo
    now: dt.datetime


def check(layout: Layout) -> Layout:
    """Refuse a header without a key, or with nothing to give."""
    if not any(each in layout.columns for each in _KEYS):
        keys = cells.KEY_HEADERS[MatchBy.AUTO]
        raise Refusal(Code.KEY_COLUMN_MISSING, {"columns": keys})
    if not any(each in layout.columns for each in (*_ITEMS, Column.MATERIALS)):
        titles = (TITLES[each] for each in (*_ITEMS, Column.MATERIALS))
        raise Refusal(Code.COLUMN_MISSING, {"columns": "、".join(titles)})
    return layout


def parse(row: Row, layout: Layout, clock: Clock) -> Parsed:
    """Understand one row; every error of every cell is kept."""
    named = cells.parse(row, _shared(layout), MatchBy.AUTO)
    own = _Cells(row, layout)
    given = Given(
        _items(own), _receiver(own), _proxy_name(own), _proxy_id_number(own), _moment(own, clock)
    )
    _check_proxy(own, given)
    problems = (*named.problems, *own.problems)
    return Parsed(named, None if problems else given, problems)


def _shared(layout: Layout) -> cells.Layout:
    """What a file of decisions has too."""
    columns = {
        cells.Column[column.name]: place
        for column, place in layout.columns.items()
        if column in _SHARED
    }
    return cells.Layout(layout.header_row, layout.titles, columns, layout.unknown)


class _Cells:
    """The texts of a row by what they mean, and the problems that are found with them."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self.row, self.layout = row, layout
        found = {
            each: sheets.broken(layout.cell(row, each), layout.letter(each))
            for each in _OWN_HEADERS
            if each in layout.columns
        }
        self._broken = {column: problem for column, problem in found.items() if problem}
        self.problems = list(self._broken.values())

    def text(self, column: Column) -> str:
        """What a cell says; a formula without a value says nothing."""
        if column in self._broken:
            return ""
        return identifiers.tidy(text_of(self.layout.cell(self.row, column)))

    def is_imprecise(self, column: Column) -> bool:
        """Whether Excel has cut the last digits of a number."""
        return identifiers.is_imprecise(self.layout.cell(self.row, column))

    def refuse(self, column: Column, code: Code, text: str = "", **facts: object) -> None:
        told = {"column": TITLES[column]} | {name: str(value) for name, value in facts.items()}
        letter = self.layout.letter(column) if column in self.layout.columns else None
        self.problems.append(Problem(code, letter, text, told))

    def one_of(self, column: Column, known: Mapping[str, object], expected: str) -> object:
        """What a word means; VALUE_UNKNOWN for another one."""
        text = self.text(column)
        folded = sheets.folded(text)
        if folded not in known:
            self.refuse(column, Code.VALUE_UNKNOWN, text, value=text, expected=expected)
        return known.get(folded)

    def number(self, column: Column) -> str:
        """A number as people write one, all of it; empty with a problem."""
        text = self.text(column)
        number = "" if text == NOT_ENTITLED else identifiers.clean(text)
        if self.is_imprecise(column):
            self.refuse(column, Code.NUMBER_PRECISION_LOST, text, value=text)
        elif len(number) > LONGEST_NUMBER:
            facts = {"length": len(number), "limit": LONGEST_NUMBER}
            self.refuse(column, Code.VALUE_TOO_LONG, text, **facts)
        else:
            return number
        return ""

    def certificate_number(self, column: Column) -> str:
        """The same of a certificate: a word (无, 已领) is none, and would be handed out as one."""
        number = self.number(column)
        if not number or any(map(str.isdigit, number)):
            return number
        text, expected = self.text(column), "完整的证书编号，不发放则留空"
        self.refuse(column, Code.VALUE_UNKNOWN, text, value=text, expected=expected)
        return ""


def _items(own: _Cells) -> tuple[Item, ...]:
    numbered = ((kind, own.certificate_number(column)) for column, kind in _ITEMS.items())
    items = tuple(Item(kind, number) for kind, number in numbered if number)
    if own.one_of(Column.MATERIALS, _YES_NO, "是、否"):
        return (*items, Item(HandOutKind.GRADUATION_MATERIALS))
    return items


def _receiver(own: _Cells) -> Receiver:
    """Who names somebody else is not there in person."""
    if not own.text(Column.RECEIVER):
        has_proxy = own.text(Column.PROXY_NAME)
        return Receiver.PROXY if has_proxy else Receiver.IN_PERSON
    words = "本人领取、他人代领、邮寄、单位领取"
    known = own.one_of(Column.RECEIVER, _RECEIVERS, words)
    return known if isinstance(known, Receiver) else Receiver.IN_PERSON


def _proxy_name(own: _Cells) -> str | None:
    name = own.text(Column.PROXY_NAME)
    if len(name) > LONGEST_NAME:
        facts = {"length": len(name), "limit": LONGEST_NAME}
        own.refuse(Column.PROXY_NAME, Code.VALUE_TOO_LONG, name, **facts)
    return name or None


def _proxy_id_number(own: _Cells) -> str | None:
    """A masked one names nobody."""
    number = own.number(Column.PROXY_ID_NUMBER)
    return None if identifiers.is_masked(number) else number or None


def _check_proxy(own: _Cells, given: Given) -> None:
    """Who comes in person is nobody else."""
    told = {Column.PROXY_NAME: given.proxy_name, Column.PROXY_ID_NUMBER: given.proxy_id_number}
    for column, value in told.items():
        if given.receiver is Receiver.IN_PERSON and value:
            shown = identifiers.masked(value)
            own.refuse(column, Code.VALUE_UNKNOWN, shown, value=shown, expected="空（本人领取）")


def _moment(own: _Cells, clock: Clock) -> dt.datetime | None:
    text = own.text(Column.DATE)
    if not text:
        return None
    at = _read_moment(text, clock.timezone)
    if at is None or at > clock.now:
        expected = "不晚于今天的日期，如 2026-06-20"
        own.refuse(Column.DATE, Code.VALUE_UNKNOWN, text, value=text, expected=expected)
        return None
    return at


def _read_moment(text: str, timezone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(each or 0) for each in found.groups())
    try:
        return dt.datetime(year, month, day, hour, minute, tzinfo=timezone).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
