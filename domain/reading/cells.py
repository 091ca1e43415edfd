"""One sheet row to a decision or cell errors, pure: headers, synonyms, original texts."""

import enum
import sys
from collections.abc import Sequence
from typing import NamedTuple

from domain import identifiers
from domain.deciding.judgement import REMARK_LENGTH
from domain.errors import Code
from domain.reading import sheets
from domain.reading.sheets import Problem, text_of
from domain.reading.vocabulary import Results
from domain.workbook.read import Broken, Cell, Row
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
Cells = Sequence[Cell]
# Where a column stands that a file does not have: behind the last one.
_NOWHERE = sys.maxsize
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


def parse(row: Row, layout: Layout, match_by: MatchBy) -> Parsed:
    """Understand one row, by what results usually mean."""
    return Parser(layout, match_by).parse(row)


class Parser:
    """Understands rows below a header, by what results mean; every error of every cell is kept.

    What the header says is looked up once: a file has as many rows as people have patience.
    """

    def __init__(self, layout: Layout, match_by: MatchBy, results: Results = RESULTS) -> None:
        wanted = KEY_COLUMNS[match_by]
        self._keys = [
            (place, _kind(column, match_by), sheets.letter(place))
            for place, column in layout.from_left
            if column in wanted
        ]
        self._name, self._result, self._remark = (
            layout.columns.get(column, _NOWHERE)
            for column in (Column.NAME, Column.RESULT, Column.REMARK)
        )
        self._results = results
        # As they are typed; a file has few of them.
        self._words: dict[str, Act | None] = {}

    def parse(self, row: Row) -> Parsed:
        """One row."""
        problems: list[Problem] = []
        keys = self._keys_of(row.cells, problems)
        name = _text(row.cells, self._name, problems)
        act = self._act(row.cells, problems)
        remark = _remark(row.cells, self._remark, problems)
        texts = tuple([each if type(each) is str else text_of(each) for each in row.cells])
        return Parsed(row.number, texts, keys, name, act, remark, tuple(problems))

    def _keys_of(self, row: Cells, problems: list[Problem]) -> tuple[Key, ...]:
        """The keys of a row from left to right."""
        keys = []
        masked = ""
        for place, kind, letter in self._keys:
            cell = row[place] if place < len(row) else None
            if type(cell) is str and identifiers.is_plain(cell):
                keys.append(Key(kind, identifiers.clean(cell), letter, cell))
                continue
            text = text_of(cell)
            value = identifiers.clean(text)
            if identifiers.is_masked(value):
                masked = masked or value
            elif value:
                problem = _unusable(cell, text, letter)
                if problem:
                    problems.append(problem)
                else:
                    keys.append(Key(kind, value, letter, text))
        if not keys and not problems:
            problems.append(sheets.key_missing(self._keys[0][2], masked))
        return tuple(keys)

    def _act(self, row: Cells, problems: list[Problem]) -> Act | None:
        cell = row[self._result] if self._result < len(row) else None
        if isinstance(cell, Broken) and cell.is_formula:
            _text(row, self._result, problems)
            return None
        text = text_of(cell)
        if text not in self._words:
            folded = sheets.folded(text)
            if folded not in self._results:
                place = sheets.letter(self._result)
                problems.append(Problem(Code.RESULT_UNKNOWN, place, text, {"value": text}))
                return None
            self._words[text] = self._results[folded]
        return self._words[text]


def _kind(column: Column, match_by: MatchBy) -> Column:
    """Under 学号/身份证号 the caller's choice decides; AUTO tries both."""
    if column is Column.NUMBER_OR_ID:
        chosen = {MatchBy.STUDENT_NUMBER: Column.NUMBER, MatchBy.ID_NUMBER: Column.ID_NUMBER}
        return chosen.get(match_by, column)
    return column


def _unusable(cell: Cell, text: str, letter: str) -> Problem | None:
    """Why a number cannot be looked up."""
    broken = sheets.broken(cell, letter)
    if not broken and identifiers.is_imprecise(cell):
        return Problem(Code.ID_PRECISION_LOST, letter, text, {"value": text})
    return broken


def _text(row: Cells, place: int, problems: list[Problem]) -> str:
    """What a cell says, if it can be told."""
    cell = row[place] if place < len(row) else None
    if isinstance(cell, Broken) and (broken := sheets.broken(cell, sheets.letter(place))):
        problems.append(broken)
        return ""
    return text_of(cell).strip()


def _remark(row: Cells, place: int, problems: list[Problem]) -> str:
    remark = _text(row, place, problems)
    if len(remark) > REMARK_LENGTH:
        facts = {"length": str(len(remark))}
        problems.append(Problem(Code.REMARK_TOO_LONG, sheets.letter(place), remark, facts))
        return ""
    return remark
