"""One row of a roster to what it says of a student, or cell errors, pure."""

import re
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code, Refusal
from domain.reading import sheets, student_records
from domain.reading.sheets import WARNINGS, Headers, Problem, text_of
from domain.reading.student_records import KEYS, REQUIRED, TITLES, YEARS, Fault, Value
from domain.words import office_word
from domain.workbook.read import Cell, Row
from models import Cohort, Gender, StudentField

Layout = sheets.Layout[StudentField]
Sheet = sheets.Sheet[StudentField]

CHANGES_HEADER = "变更"
_OTHER_HEADERS: dict[StudentField, tuple[str, ...]] = {
    StudentField.NUMBER: ("学生学号", "studentnumber"),
    StudentField.CANDIDATE_NUMBER: ("candidatenumber",),
    StudentField.ID_NUMBER: ("身份证号码", "身份证", "证件号", "证件号码", "idnumber"),
    StudentField.NAME: ("学生姓名", "name"),
    # The manual heads the column so, and prints the year of entry under it.
    StudentField.ENTRY_YEAR: ("年龄", "入学年份"),
    StudentField.DEPARTMENT: ("培养单位", "学院"),
    StudentField.HOUSEHOLD_TRANSFER: ("户口迁移",),
    StudentField.DORMITORY: ("住宿",),
}
_MEANINGS = {
    sheets.folded(header): field
    for field, title in TITLES.items()
    if field is not StudentField.STATUS
    for header in (title, *_OTHER_HEADERS.get(field, ()))
}
_IGNORED = frozenset({"序号", CHANGES_HEADER})
HEADERS: Headers[StudentField] = Headers(_MEANINGS, _IGNORED, "学号（或身份证号、考生号）")
_LEVELS = ("专科", "本科", "硕士", "博士")
_YEAR = re.compile(r"(\d{4})级?")
_WORDS: dict[StudentField, dict[str, Value]] = {
    StudentField.GENDER: {office_word(each): each for each in Gender},
    StudentField.COHORT: {office_word(each): each for each in Cohort},
    StudentField.HOUSEHOLD_TRANSFER: {"是": True, "否": False},
}


class Parsed(NamedTuple):
    """A row as it was understood: what it says, and what is wrong with it, warnings too."""

    number: int
    cells: tuple[str, ...]
    record: dict[StudentField, Value]
    problems: list[Problem]
    faulty: set[StudentField]


def check(layout: Layout) -> Layout:
    """Refuse a header without a key."""
    if not any(each in layout.columns for each in KEYS):
        raise Refusal(
            Code.KEY_COLUMN_MISSING, {"columns": "、".join(TITLES[each] for each in KEYS)}
        )
    return layout


def parse(row: Row, layout: Layout) -> Parsed:
    """Understand one row; a cell that says nothing of its field is not in the record."""
    texts = tuple(text_of(cell) for cell in row.cells)
    parsed = Parsed(row.number, texts, {}, [], set())
    _take_keys(row, layout, parsed)
    for field in layout.columns:
        if field not in KEYS:
            _take(field, row, layout, parsed)
    return parsed


def _take_keys(row: Row, layout: Layout, parsed: Parsed) -> None:
    """The keys of a row; an empty cell and a masked number say nothing."""
    masked = ""
    for field in (each for each in KEYS if each in layout.columns):
        cell = layout.cell(row, field)
        value = identifiers.clean(text_of(cell))
        masked = masked or (value if identifiers.is_masked(value) else "")
        if not value or identifiers.is_masked(value):
            continue
        problem = _key_problem(field, cell, value)
        if problem:
            place, text = layout.letter(field), text_of(cell)
            parsed.problems.append(Problem(problem.code, place, text, problem.facts))
        if problem is None or problem.code in WARNINGS:
            parsed.record[field] = value
    if not parsed.record and not parsed.problems:
        first = min(layout.columns[each] for each in KEYS if each in layout.columns)
        parsed.problems.append(sheets.key_missing(sheets.letter(first), masked))


def _key_problem(field: StudentField, cell: Cell, value: str) -> Fault | None:
    broken = sheets.broken(cell, "")
    if broken:
        return Fault(broken.code, broken.facts)
    if identifiers.is_imprecise(cell):
        return Fault(Code.ID_PRECISION_LOST, {"value": text_of(cell)})
    fault = student_records.fault(field, value)
    if (
        fault is None
        and field is StudentField.ID_NUMBER
        and identifiers.has_wrong_check_digit(value)
    ):
        return Fault(Code.ID_CHECK_DIGIT, {"value": value})
    return fault


def _take(field: StudentField, row: Row, layout: Layout, parsed: Parsed) -> None:
    """What a cell says; an empty one empties the field, but not what everybody has."""
    cell = layout.cell(row, field)
    text = identifiers.tidy(text_of(cell))
    if not text:
        if field not in REQUIRED:
            parsed.record[field] = None
        return
    broken = sheets.broken(cell, "")
    value, fault = (None, Fault(broken.code, broken.facts)) if broken else _read(field, text)
    if fault:
        parsed.problems.append(Problem(fault.code, layout.letter(field), text, fault.facts))
    if fault and fault.code not in WARNINGS:
        parsed.faulty.add(field)
    else:
        parsed.record[field] = value


def _read(field: StudentField, text: str) -> tuple[Value, Fault | None]:
    if field is StudentField.ENTRY_YEAR:
        year = _YEAR.fullmatch(identifiers.clean(text))
        if year and int(year[1]) in YEARS:
            return int(year[1]), None
        return None, _unknown(field, text, "四位年份，如 2020")
    if field in _WORDS:
        words = _WORDS[field]
        word = identifiers.visible(text)
        known = None if word in words else _unknown(field, text, "、".join(words))
        return words.get(word), known
    if field is StudentField.TRAINING_LEVEL and text not in _LEVELS:
        return text, student_records.fault(field, text) or _unusual(field, text)
    return text, student_records.fault(field, text)


def _unusual(field: StudentField, text: str) -> Fault:
    """A rule that asks for 硕士 lets 硕土 off; but a university may have other levels too."""
    facts = {"column": TITLES[field], "value": text, "expected": "、".join(_LEVELS)}
    return Fault(Code.VALUE_UNUSUAL, facts)


def _unknown(field: StudentField, text: str, expected: str) -> Fault:
    facts = {"column": TITLES[field], "value": text, "expected": expected}
    return Fault(Code.VALUE_UNKNOWN, facts)
