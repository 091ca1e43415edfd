"""What the operator does in Excel: fills in the template, and makes every common mistake."""

import io
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("学号", "姓名", "办理结果", "备注")
ID_HEADER = "身份证号"
# By 学号; whoever is not here keeps an empty 办理结果, which decides nothing.
FILLED = {
    "2020010103": ("通过", ""),
    "2020010104": ("通过", ""),
    "2020010105": ("通过", ""),
    "2020010106": ("通过", ""),
    "2020010107": ("不通过", "毕业生登记表缺少导师签字"),
    "2020010108": ("已办理", ""),
    "2020010109": ("通过", ""),
    "2020010111": ("通过", ""),
    "2020010113": ("通过", ""),
}
# How some cells have been typed over: the first two mean the same, the last is another name.
TYPED: dict[str, tuple[object, object]] = {
    "2020010105": (2020010105, "孙思"),
    "2020010106": (" ２０２００１０１０６", "周 思"),
    "2020010109": ("2020010109", "马思"),
}
# They come again below, by ID number.
REMOVED = ("2020010110", "2020010112")
# 学号, 姓名, 办理结果, 备注, 身份证号
ADDED: tuple[tuple[object, ...], ...] = (
    (None, "陈思", "通过", None, "110101199701010010"),
    (None, "周思", "通过", None, 110101199701010012),
    (None, "郑思", "通过", None, "110101199713010014"),
    ("2020019999", "钱思", "通过", None, None),
    (None, "褚思", "通过", None, None),
    ("2020010111", "林思", "未通过", "登记表未交", None),
)


def fill(template: bytes) -> bytes:
    """The filled template with a column of ID numbers and some rows more."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    top = _header_row(sheet)
    sheet.cell(top, len(HEADER) + 1, ID_HEADER)
    for number in range(sheet.max_row, top, -1):
        _fill_row(sheet, number)
    below = _last_row(sheet) + 1
    for number, values in enumerate(ADDED, below):
        for place, value in enumerate(values, 1):
            sheet.cell(number, place).value = value  # type: ignore[assignment]  # str, int or None
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def count_rows(path: Path) -> int:
    """The rows of the first sheet below its header, be it in the first row or lower."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return _last_row(sheet) - _header_row(sheet)


def _fill_row(sheet: Worksheet, row: int) -> None:
    number = str(sheet.cell(row, 1).value)
    if number in REMOVED:
        sheet.delete_rows(row)
    if number in TYPED:
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = TYPED[number]  # type: ignore[assignment]  # str or int
    if number in FILLED:
        sheet.cell(row, 3).value, sheet.cell(row, 4).value = FILLED[number]


def _header_row(sheet: Worksheet) -> int:
    return next(
        row
        for row in range(1, sheet.max_row + 1)
        if HEADER[0] in {cell.value for cell in sheet[row]}
    )


def _last_row(sheet: Worksheet) -> int:
    """The last row with a student; formatted empty cells may follow."""
    rows = range(sheet.max_row, 0, -1)
    return next(row for row in rows if any(cell.value for cell in sheet[row]))
