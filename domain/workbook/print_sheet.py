"""Writes a list that is printed and signed: A4 across, a header on every page, room to write."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from domain.workbook.text import clean, sheet_name

_ROW_HEIGHT, _TITLE_HEIGHT = 26.0, 32.0
_TEXT = "@"
_EDGE = Side("thin")
_FRAME = Border(_EDGE, _EDGE, _EDGE, _EDGE)
_MIDDLE = Alignment("center", "center", wrap_text=True)
_HEADER_ROW = 3


def write_print_sheet(
    path: Path,
    title: str,
    note: str,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
    *,
    break_at: int,
) -> None:
    """Title, note, header and rows; `columns` are titles with widths in characters.

    A new page begins where the text of the column `break_at` changes. Every cell is text.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheet_name(title)
    _write_above(sheet, title, note, len(columns))
    for place, (name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        _put(sheet, _HEADER_ROW, place, name).font = Font(bold=True)
    _write_rows(sheet, rows, break_at)
    _set_up_page(sheet)
    book.save(path)


def _write_above(sheet: Worksheet, title: str, note: str, across: int) -> None:
    for row, text in enumerate((title, note), 1):
        cell = sheet.cell(row, 1)
        _set(cell, text)
        cell.alignment = Alignment("left" if row > 1 else "center", "center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=across)
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.row_dimensions[1].height = _TITLE_HEIGHT


def _write_rows(sheet: Worksheet, rows: Iterable[Sequence[str]], break_at: int) -> None:
    before = None
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        if before not in {None, row[break_at]}:
            sheet.row_breaks.append(Break(id=number - 1))
        before = row[break_at]
        for place, text in enumerate(row, 1):
            _put(sheet, number, place, text)
        sheet.row_dimensions[number].height = _ROW_HEIGHT


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    _set(cell, text)
    cell.alignment, cell.border = _MIDDLE, _FRAME
    return cell  # type: ignore[return-value]  # no cell of a row is a merged one


def _set(cell: object, text: str) -> None:
    """As text, whatever it looks like: openpyxl makes a formula of a leading =."""
    cell.value = clean(text) or None  # type: ignore[attr-defined]  # a cell
    if text:
        cell.data_type = "s"  # type: ignore[attr-defined]  # a cell
    cell.number_format = _TEXT  # type: ignore[attr-defined]  # a cell


def _set_up_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # always there
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    sheet.oddFooter.center.text = "第 &P 页 / 共 &N 页"  # type: ignore[union-attr]  # always there
    sheet.print_options.horizontalCentered = True
