"""One sheet row to a decision or cell errors, pure: headers, synonyms, original texts."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code, Refusal
from domain.judgement import REMARK_LENGTH
from domain.workbook.read import Cell, Row
from models import Act, MatchBy


class Column(enum.StrEnum):
    """What a column of an import file means."""

    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NUMBER_OR_ID = "NUMBER_OR_ID"
    NAME = "NAME"
    RESULT = "RESULT"
    REMARK = "REMARK"
    IGNORED = "IGNORED"


RESULT_HEADERS = ("原行号", "导入结果", "错误代码", "错误原因")
_HEADERS: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("学号", "学生学号", "studentnumber"),
    Column.CANDIDATE_NUMBER: ("考生号", "candidatenumber"),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "身份证", "证件号", "证件号码", "idnumber"),
    Column.NUMBER_OR_ID: ("学号/身份证号", "身份证号/学号", "学号或身份证号"),
    Column.NAME: ("姓名", "学生姓名", "name"),
    Column.RESULT: ("办理结果", "审核结果", "办理状态", "审核状态", "result"),
    Column.REMARK: ("备注", "未通过备注", "审核记录", "审核备注", "办理备注", "remark"),
    Column.IGNORED: (
        *RESULT_HEADERS,
        *("序号", "性别", "年级", "院系", "专业", "班级", "学生类别", "培养层次", "学生范围"),
        *("是否户口迁移", "住宿信息"),
    ),
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers}
_KEY_COLUMNS: dict[MatchBy, tuple[Column, ...]] = {
    MatchBy.AUTO: (
        Column.NUMBER,
        Column.CANDIDATE_NUMBER,
        Column.ID_NUMBER,
        Column.NUMBER_OR_ID,
    ),
    MatchBy.STUDENT_NUMBER: (Column.NUMBER, Column.NUMBER_OR_ID),
    MatchBy.ID_NUMBER: (Column.ID_NUMBER, Column.NUMBER_OR_ID),
}
_KEY_HEADERS = {
    MatchBy.AUTO: "学号、身份证号、考生号",
    MatchBy.STUDENT_NUMBER: "学号",
    MatchBy.ID_NUMBER: "身份证号",
}
_RESULTS: dict[str, Act | None] = {
    **dict.fromkeys(("通过", "已通过", "合格", "是", "√", "1", "pass"), Act.PASS),
    **dict.fromkeys(("未通过", "不通过", "不合格", "否", "×", "0", "fail"), Act.REFUSE),
    **dict.fromkeys(("", "未办理", "无需办理"), None),
}


@dataclass(frozen=True)
class Layout:
    """Where the header stands, and which column means what (index 0 = column A)."""

    header_row: int
    titles: tuple[str, ...]
    columns: Mapping[Column, int]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell, or with the row as a whole (no column)."""

    code: Code
    column: str | None = None
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Key(NamedTuple):
    """One key cell, normalised, with the original text for messages."""

    kind: Column
    value: str
    letter: str
    text: str


class Parsed(NamedTuple):
    """A row as it was understood; `problems` are cell errors, and no decision is made with them."""

    number: int
    cells: tuple[str, ...]
    keys: tuple[Key, ...]
    name: str
    act: Act | None
    remark: str
    problems: tuple[Problem, ...]


def text_of(cell: Cell) -> str:
    """A cell as a person would read it; 1.10101199601010E+17 shows that digits were lost."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float) and identifiers.is_imprecise(cell):
        return f"{cell:.14E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def letter(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _folded(text: str) -> str:
    return identifiers.visible(text).strip("*:").casefold()


def is_result_header(title: str) -> bool:
    """Whether a column was appended by an earlier import."""
    return _folded(title) in RESULT_HEADERS


def header_score(row: Row, checkpoint_title: str) -> int:
    """How many cells of a row are headers that an import uses."""
    found = (_column_of(text_of(cell), checkpoint_title) for cell in row.cells)
    return sum(column not in {None, Column.IGNORED} for column in found)


def find_layout(rows: Sequence[Row], checkpoint_title: str, match_by: MatchBy) -> Layout:
    """The header among the first rows of a sheet, whatever titles stand above it."""
    best = max(rows, key=lambda row: header_score(row, checkpoint_title), default=None)
    if best is None or header_score(best, checkpoint_title) == 0:
        raise Refusal(Code.HEADER_MISSING)
    titles = tuple(text_of(cell).strip() for cell in best.cells)
    columns = _columns(titles, checkpoint_title)
    keys = {column: columns[column] for column in _KEY_COLUMNS[match_by] if column in columns}
    if not keys:
        raise Refusal(Code.KEY_COLUMN_MISSING, {"columns": _KEY_HEADERS[match_by]})
    if Column.RESULT not in columns:
        raise Refusal(Code.RESULT_COLUMN_MISSING)
    others = (Column.NAME, Column.RESULT, Column.REMARK)
    used = keys | {column: columns[column] for column in others if column in columns}
    unknown = tuple(t for t in titles if t and _column_of(t, checkpoint_title) is None)
    return Layout(best.number, titles, used, unknown)


def _column_of(title: str, checkpoint_title: str) -> Column | None:
    folded = _folded(title)
    if folded and folded == _folded(checkpoint_title):
        return Column.RESULT
    return _COLUMN_OF.get(folded)


def _columns(titles: Sequence[str], checkpoint_title: str) -> dict[Column, int]:
    places: dict[Column, list[int]] = {}
    for index, title in enumerate(titles):
        column = _column_of(title, checkpoint_title)
        if column not in {None, Column.IGNORED}:
            places.setdefault(Column(column), []).append(index)
    for indexes in places.values():
        if len(indexes) > 1:
            facts = {"header": titles[indexes[0]], "columns": "、".join(map(letter, indexes))}
            raise Refusal(Code.HEADER_DUPLICATE, facts)
    return {column: indexes[0] for column, indexes in places.items()}


def parse(row: Row, layout: Layout, match_by: MatchBy) -> Parsed:
    """Understand one row; every error of every cell is kept."""
    problems: list[Problem] = []
    keys = _keys(row, layout, match_by, problems)
    act = _act(row, layout, problems)
    remark = _remark(row, layout, problems)
    return Parsed(
        number=row.number,
        cells=tuple(text_of(cell) for cell in row.cells),
        keys=keys,
        name=text_of(_cell(row, layout, Column.NAME)).strip(),
        act=act,
        remark=remark,
        problems=tuple(problems),
    )


def _cell(row: Row, layout: Layout, column: Column) -> Cell:
    index = layout.columns.get(column)
    return None if index is None or index >= len(row.cells) else row.cells[index]


def _keys(row: Row, layout: Layout, match_by: MatchBy, problems: list[Problem]) -> tuple[Key, ...]:
    """The keys of a row from left to right."""
    places = sorted((layout.columns[c], c) for c in _KEY_COLUMNS[match_by] if c in layout.columns)
    keys = []
    for index, column in places:
        cell = _cell(row, layout, column)
        text = text_of(cell)
        value = identifiers.clean(text)
        if not value or identifiers.is_masked(value):
            continue
        place = letter(index)
        if identifiers.is_imprecise(cell):
            problems.append(Problem(Code.ID_PRECISION_LOST, place, text, {"value": text}))
        else:
            keys.append(Key(_kind(column, match_by), value, place, text))
    if not keys and not problems:
        problems.append(Problem(Code.KEY_MISSING, letter(places[0][0])))
    return tuple(keys)


def _kind(column: Column, match_by: MatchBy) -> Column:
    """Under 学号/身份证号 the caller's choice decides; AUTO tries both."""
    if column is Column.NUMBER_OR_ID:
        chosen = {MatchBy.STUDENT_NUMBER: Column.NUMBER, MatchBy.ID_NUMBER: Column.ID_NUMBER}
        return chosen.get(match_by, column)
    return column


def _act(row: Row, layout: Layout, problems: list[Problem]) -> Act | None:
    text = text_of(_cell(row, layout, Column.RESULT))
    folded = _folded(text)
    if folded not in _RESULTS:
        place = letter(layout.columns[Column.RESULT])
        problems.append(Problem(Code.RESULT_UNKNOWN, place, text, {"value": text}))
        return None
    return _RESULTS[folded]


def _remark(row: Row, layout: Layout, problems: list[Problem]) -> str:
    remark = text_of(_cell(row, layout, Column.REMARK)).strip()
    if len(remark) > REMARK_LENGTH:
        place = letter(layout.columns[Column.REMARK])
        facts = {"length": str(len(remark))}
        problems.append(Problem(Code.REMARK_TOO_LONG, place, remark, facts))
        return ""
    return remark
