"""Writes the workbook that people fill in: title, hints, header, the rows known so far."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
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
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheet_name(title)
    _set_columns(sheet, widths([keys, *filled]))
    _write_above(sheet, clean(title), [clean(hint) for hint in hints], len(keys))
    top = len(hints) + 2
    _write_header(sheet, top, keys)
    _write_rows(sheet, top + 1, filled)
    last = top + len(filled) + _SPARE_ROWS
    _offer(sheet, f"{get_column_letter(choices[0] + 1)}{top + 1}", last, choices[1])
    book.save(path)


def _set_columns(sheet: Worksheet, wide: Sequence[float]) -> None:
    """Text is the format of the whole column: a number typed into an empty cell stays as it is."""
    for place, width in enumerate(wide, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        column.number_format = _TEXT


def _write_above(sheet: Worksheet, title: str, hints: Sequence[str], columns: int) -> None:
    """Title and hints, each across the table; Excel never fits the height of merged cells."""
    across = max(columns, 2)
    wide = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, across + 1))
    for row, text in enumerate([title, *hints], 1):
        cell = _write(sheet, row, 1, text)
        cell.alignment = Alignment("left", "center", wrap_text=True)
        lines = sum(1 + int(letters(line) // wide) for line in text.split("\n"))
        sheet.row_dimensions[row].height = _LINE_HEIGHT * lines
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=across)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment("center", "center", wrap_text=True)
    sheet.row_dimensions[1].height = _TITLE_HEIGHT


def _write_header(sheet: Worksheet, row: int, keys: Sequence[str]) -> None:
    for place, key in enumerate(keys, 1):
        cell = _write(sheet, row, place, key)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", "FFDDEBF7")
        cell.border = Border(_EDGE, _EDGE, _EDGE, _EDGE)
    sheet.freeze_panes = f"A{row + 1}"


def _write_rows(sheet: Worksheet, first: int, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows, first):
        for place, text in enumerate(row, 1):
            if text:
                _write(sheet, number, place, text)


def _write(sheet: Worksheet, row: int, place: int, text: str) -> Cell:
    """One cell as text, whatever it looks like: openpyxl makes a formula of a leading =."""
    cell = sheet.cell(row, place, text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    return cell


def _offer(sheet: Worksheet, first: str, last: int, choices: Sequence[str]) -> None:
    """A drop-down from a cell down to a row; anything else is refused as it is typed."""
    rule = DataValidation("list", f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle = "无法识别"
    rule.error = f"请选择：{'、'.join(choices)}"
    rule.add(f"{first}:{first.rstrip('0123456789')}{last}")
    sheet.add_data_validation(rule)
