"""One sheet row to a decision or cell errors, pure: headers, synonyms, original texts."""

import enum
from typing import NamedTuple

from domain import identifiers
from domain.deciding.judgement import REMARK_LENGTH
from domain.errors import Code
from domain.reading import sheets
from domain.reading.sheets import Problem, text_of
from domain.reading.vocabulary import Results
from domain.workbook.read import Broken, Row
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


Layout = sheets.Layout[Column]
# The first of each is the one that the service itself writes.
HEADERS: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("学号", "学生学号", "studentnumber"),
    Column.CANDIDATE_NUMBER: ("考生号", "candidatenumber"),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "身份证", "证件号", "证件号码", "idnumber"),
    Column.NUMBER_OR_ID: ("学号/身份证号", "身份证号/学号", "学号或身份证号"),
    Column.NAME: ("姓名", "学生姓名", "name"),
    Column.RESULT: ("办理结果", "审核结果", "办理状态", "审核状态", "result"),
    Column.REMARK: ("备注", "未通过备注", "审核记录", "审核备注", "办理备注", "remark"),
}
# What a list of clearances tells behind the decision; an import leaves it alone.
DECIDED_HEADERS = ("办理人", "办理时间")
# A list of all checkpoints has it: what one office passed would be taken for what another did.
CHECKPOINT_HEADER = "离校环节"
IGNORED = frozenset(
    {
        *("序号", "性别", "年级", "院系", "专业", "班级", "学生类别", "培养层次", "学生范围"),
        *("是否户口迁移", "住宿信息", *DECIDED_HEADERS),
    }
)
COLUMN_OF = {header: column for column, headers in HEADERS.items() for header in headers}
KEY_COLUMNS: dict[MatchBy, tuple[Column, ...]] = {
    MatchBy.AUTO: (
        Column.NUMBER,
        Column.CANDIDATE_NUMBER,
        Column.ID_NUMBER,
        Column.NUMBER_OR_ID,
    ),
    MatchBy.STUDENT_NUMBER: (Column.NUMBER, Column.NUMBER_OR_ID),
    MatchBy.ID_NUMBER: (Column.ID_NUMBER, Column.NUMBER_OR_ID),
}
KEY_HEADERS = {
    MatchBy.AUTO: "学号、身份证号、考生号",
    MatchBy.STUDENT_NUMBER: "学号",
    MatchBy.ID_NUMBER: "身份证号",
}
RESULTS: Results = {
    **dict.fromkeys(("通过", "已通过", "合格", "是", "√", "1", "pass"), Act.PASS),
    **dict.fromkeys(("未通过", "不通过", "不合格", "否", "×", "0", "fail"), Act.REFUSE),
    **dict.fromkeys(("", "未办理", "无需办理"), None),
}


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


def parse(row: Row, layout: Layout, match_by: MatchBy, results: Results = RESULTS) -> Parsed:
    """Understand one row, by what these results mean; every error of every cell is kept."""
    problems: list[Problem] = []
    keys = _keys(row, layout, match_by, problems)
    name = _text(row, layout, Column.NAME, problems)
    act = _act(row, layout, results, problems)
    remark = _remark(row, layout, problems)
    return Parsed(
        number=row.number,
        cells=tuple(map(text_of, row.cells)),
        keys=keys,
        name=name,
        act=act,
        remark=remark,
        problems=tuple(problems),
    )


def _keys(row: Row, layout: Layout, match_by: MatchBy, problems: list[Problem]) -> tuple[Key, ...]:
    """The keys of a row from left to right."""
    wanted = KEY_COLUMNS[match_by]
    places = [(index, column) for index, column in layout.from_left if column in wanted]
    keys = []
    masked = ""
    for index, column in places:
        cell = layout.cell(row, column)
        text = text_of(cell)
        value = identifiers.clean(text)
        if identifiers.is_masked(value):
            masked = masked or value
            continue
        if not value:
            continue
        place = sheets.letter(index)
        broken = sheets.broken(cell, place)
        if broken:
            problems.append(broken)
        elif identifiers.is_imprecise(cell):
            problems.append(Problem(Code.ID_PRECISION_LOST, place, text, {"value": text}))
        else:
            keys.append(Key(_kind(column, match_by), value, place, text))
    if not keys and not problems:
        problems.append(sheets.key_missing(sheets.letter(places[0][0]), masked))
    return tuple(keys)


def _kind(column: Column, match_by: MatchBy) -> Column:
    """Under 学号/身份证号 the caller's choice decides; AUTO tries both."""
    if column is Column.NUMBER_OR_ID:
        chosen = {MatchBy.STUDENT_NUMBER: Column.NUMBER, MatchBy.ID_NUMBER: Column.ID_NUMBER}
        return chosen.get(match_by, column)
    return column


def _act(row: Row, layout: Layout, results: Results, problems: list[Problem]) -> Act | None:
    cell = layout.cell(row, Column.RESULT)
    if isinstance(cell, Broken) and cell.is_formula:
        _text(row, layout, Column.RESULT, problems)
        return None
    text = text_of(cell)
    folded = sheets.folded(text)
    if folded not in results:
        place = layout.letter(Column.RESULT)
        problems.append(Problem(Code.RESULT_UNKNOWN, place, text, {"value": text}))
        return None
    return results[folded]


def _text(row: Row, layout: Layout, column: Column, problems: list[Problem]) -> str:
    """What a cell says, if it can be told."""
    cell = layout.cell(row, column)
    if isinstance(cell, Broken) and (broken := sheets.broken(cell, layout.letter(column))):
        problems.append(broken)
        return ""
    return text_of(cell).strip()


def _remark(row: Row, layout: Layout, problems: list[Problem]) -> str:
    remark = _text(row, layout, Column.REMARK, problems)
    if len(remark) > REMARK_LENGTH:
        place = layout.letter(Column.REMARK)
        facts = {"length": str(len(remark))}
        problems.append(Problem(Code.REMARK_TOO_LONG, place, remark, facts))
        return ""
    return remark
