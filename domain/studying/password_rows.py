"""One row of a list of first passwords to a student's number and a password, pure."""

import enum
from dataclasses import dataclass, field

from domain.errors import Code, Refusal
from domain.reading import cells, sheets
from domain.reading.sheets import Headers, Problem
from domain.staffing import password_cells
from domain.workbook.read import Row
from models import MatchBy


class Column(enum.StrEnum):
    """What a column of a list of first passwords means."""

    NUMBER = "NUMBER"
    NAME = "NAME"
    PASSWORD = "PASSWORD"  # noqa: S105 -- not a password


Layout = sheets.Layout[Column]
Sheet = sheets.Sheet[Column]
# Number and name are headed as in files of decisions.
_SHARED = {each: cells.Column[each.name] for each in (Column.NUMBER, Column.NAME)}
_HEADERS = {each: cells.HEADERS[same] for each, same in _SHARED.items()} | {
    Column.PASSWORD: password_cells.TITLES
}
TITLES = {column: titles[0] for column, titles in _HEADERS.items()}
_MEANINGS = {sheets.folded(title): each for each, titles in _HEADERS.items() for title in titles}
HEADERS: Headers[Column] = Headers(_MEANINGS, cells.IGNORED, "学号、初始密码")


@dataclass(frozen=True)
class Parsed:
    """A row as it was understood: whom it names, the cells as they are kept, and the password."""

    named: cells.Parsed
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]
    password: str = field(repr=False)


def check(layout: Layout) -> Layout:
    """Refuse a header without a student number or without passwords."""
    if Column.NUMBER not in layout.columns:
        raise Refusal(Code.KEY_COLUMN_MISSING, {"columns": TITLES[Column.NUMBER]})
    if Column.PASSWORD not in layout.columns:
        raise Refusal(Code.COLUMN_MISSING, {"columns": TITLES[Column.PASSWORD]})
    return layout


def parse(row: Row, layout: Layout) -> Parsed:
    """Understand one row; every error of every cell is kept."""
    columns = {
        same: layout.columns[each] for each, same in _SHARED.items() if each in layout.columns
    }
    shared = sheets.Layout(layout.header_row, layout.titles, columns, layout.unknown)
    named = cells.parse(row, shared, MatchBy.STUDENT_NUMBER)
    cell = layout.cell(row, Column.PASSWORD)
    problem = password_cells.problem(cell, layout.letter(Column.PASSWORD))
    return Parsed(
        named,
        password_cells.masked(row, layout, HEADERS, Column.PASSWORD),
        (*named.problems, *([problem] if problem else ())),
        password_cells.password(cell),
    )
