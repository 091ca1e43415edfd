"""Writes the workbook that people fill in: title, hints, header, the rows known so far."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from domain.workbook.text import clean, letters, sheet_name, widths

_SPARE_ROWS = 500
_TITLE_HEIGHT = 30.0
_LINE_HEIGHT = 16.0
_TEXT = "@"
_EDGE = Side("thin", "FFBFBFBF")
_Line = tuple[Cell | None, ...]


def write_template(
    path: Path,
    title: str,
    hints: Sequence[str],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    choices: tuple[int, Sequence[str]],
) -> None:
    """Write the title, a line for each hint, the header and the rows, with a drop-down.

    `choices` are the index of a column and what may be chosen in it, also in the spare rows
    below. Every cell is text, so that a number typed in keeps its zeros and its last digits.
    """
    filled = [[clean(cell) for cell in row] for row in rows]
    keys = [clean(name) for name in header]
    above = [clean(title), *(clean(hint) for hint in hints)]
    top = len(above) + 1
    # Rows go to disk as they come, or the pending students of a whole school would not fit; so
    # all that is about columns and heights is told before the first of them.
    book = Workbook(write_only=True)
    # In this mode the sheet has what a Worksheet has, short of reaching cells; its stub lags.
    sheet = cast("Worksheet", book.create_sheet(sheet_name(title)))
    _set_columns(sheet, widths([keys, *filled]))
    _set_above(sheet, above, len(keys))
    sheet.freeze_panes = f"A{top + 1}"
    last = top + len(filled) + _SPARE_ROWS
    _offer(sheet, f"{get_column_letter(choices[0] + 1)}{top + 1}", last, choices[1])
    for line in chain(_above(sheet, above), [_header(sheet, keys)], _lines(sheet, filled)):
        sheet.append(line)
    book.save(path)


def _set_columns(sheet: Worksheet, wide: Sequence[float]) -> None:
    """Text is the format of the whole column: a number typed into an empty cell stays as it is."""
    for place, width in enumerate(wide, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        column.number_format = _TEXT


def _set_above(sheet: Worksheet, texts: Sequence[str], columns: int) -> None:
    """Title and hints, each across the table; Excel never fits the height of merged cells."""
    across = max(columns, 2)
    wide = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, across + 1))
    for row, text in enumerate(texts, 1):
        lines = sum(1 + int(letters(line) // wide) for line in text.split("\n"))
        sheet.row_dimensions[row].height = _LINE_HEIGHT * lines
        sheet.merged_cells.add(f"A{row}:{get_column_letter(across)}{row}")
    sheet.row_dimensions[1].height = _TITLE_HEIGHT


def _above(sheet: Worksheet, texts: Sequence[str]) -> Iterator[_Line]:
    for place, text in enumerate(texts):
        cell = _cell(sheet, text)
        cell.alignment = Alignment("left" if place else "center", "center", wrap_text=True)
        if not place:
            cell.font = Font(bold=True, size=16)
        yield (cell,)


def _header(sheet: Worksheet, keys: Sequence[str]) -> _Line:
    cells = [_cell(sheet, key) for key in keys]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", "FFDDEBF7")
        cell.border = Border(_EDGE, _EDGE, _EDGE, _EDGE)
    return tuple(cells)


def _lines(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> Iterator[_Line]:
    for row in rows:
        yield tuple(_cell(sheet, text) if text else None for text in row)


def _cell(sheet: Worksheet, text: str) -> Cell:
    """One cell as text, whatever it looks like: openpyxl makes a formula of a leading =."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    return cell


def _offer(sheet: Worksheet, first: str, last: int, choices: Sequence[str]) -> None:
    """A drop-down from a cell down to a row; anything else is refused as it is typed."""
    rule = DataValidation("list", f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle = "无法识别"
    rule.error = f"请选择：{'、'.join(choices)}"
    rule.add(f"{first}:{first.rstrip('0123456789')}{last}")
    sheet.data_validations.append(rule)
