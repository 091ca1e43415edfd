"""The same list as different programs write it, under whatever name."""

import datetime as dt
import html
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests import workbooks

Cell = workbooks.Value | dt.date
Rows = Sequence[Sequence[Cell]]
Texts = Sequence[Sequence[str]]
Make = Callable[[Path, Rows], Path]

# Transitional names and what ISO 29500 Strict has for them.
_STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/": "http://purl.oclc.org/ooxml/"
    "spreadsheetml/",
    "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/"
    "officeDocument/",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
    '<workbook ': '<workbook conformance="strict" ',
}  # fmt: skip
# As Excel, and many a system of an office, begins a page.
OFFICE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312">
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet>
<x:Name>6月&amp;7月</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml>
<![endif]--><style><!-- td {mso-number-format:"\\@"} <table> --></style>
<script>document.write("<table><tr><td>x</td></tr></table>")</script></head><body>"""


def strict(path: Path) -> Path:
    """The same file as Excel saves a Strict Open XML Spreadsheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text if name == "[Content_Types].xml" else _renamed(text))
    return path


def _renamed(text: str) -> str:
    for transitional, other in _STRICT.items():
        text = text.replace(transitional, other)
    return text


def old_macintosh(path: Path, rows: Rows) -> Path:
    """An xls whose days are counted from 1904."""
    book = xlwt.Workbook()
    book.dates_1904 = True
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    page = book.add_sheet("1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write(number, column, cell, style)
    book.save(str(path))
    return path


def new_macintosh(path: Path, rows: Rows) -> Path:
    """An xlsx whose days are counted from 1904."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def page(rows: Texts, caption: str = "") -> str:
    """A table of a web page."""
    lines = (
        "<tr>" + "".join(f"<td x:str>{html.escape(text)}</td>\n" for text in row) + "</tr>"
        for row in rows
    )
    return f"<table border=1><caption>{caption}</caption>{''.join(lines)}</table>"


def xml_book(rows: Texts) -> str:
    """An XML Spreadsheet 2003."""
    lines = (
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{html.escape(text)}</Data></Cell>' for text in row)
        + "</Row>"
        for row in rows
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单">'
        f"<Table>{''.join(lines)}</Table></Worksheet></Workbook>"
    )


def rich(path: Path, rows: Texts) -> Path:
    """Every text in two runs of different looks, and every second row hidden."""
    book = openpyxl.Workbook()
    written = book.worksheets[0]
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            bold = TextBlock(InlineFont(b=True), text[:1])
            written.cell(number, column).value = CellRichText(bold, text[1:]) if text else None
        written.row_dimensions[number].hidden = number % 2 == 0
    book.save(path)
    return path


def calculated(path: Path, rows: Texts) -> Path:
    """Every cell a formula with its last value, as an office program saves it."""
    lines = (
        f'<row r="{number}">'
        + "".join(
            f'<c r="{letter}{number}" t="str"><f>源!{letter}{number}</f><v>{text}</v></c>'
            for letter, text in zip("ABCDEF", row, strict=False)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return workbooks.raw_xlsx(path, workbooks.worksheet("".join(lines)))


def grouped(path: Path, rows: Texts, group: str) -> Path:
    """Two rows of titles: 学号 and 姓名 are merged downwards, a group above 办理结果 and 备注."""
    book = openpyxl.Workbook()
    written = book.worksheets[0]
    header, *others = rows
    written.append([*header[:2], group])
    written.append([None, None, *header[2:]])
    for row in others:
        written.append(list(row))
    for merged in ("A1:A2", "B1:B2", "C1:D1"):
        written.merge_cells(merged)
    book.save(path)
    return path
