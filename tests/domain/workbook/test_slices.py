"""A large sheet is read in slices: the same rows as at once, and never much of it in memory."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from domain.errors import Code, Refusal
from domain.workbook import write
from domain.workbook.limits import Limits
from domain.workbook.read import Broken, Row, read
from tests import workbooks

SMALL = Limits(slice_bytes=300)
AT_ONCE = Limits(slice_bytes=1024**3)


def rows_of(path: Path, limits: Limits) -> list[Row]:
    return [row for batch in read(path, workbooks.first, limits, file="f") for row in batch]


def kinds(rows: list[Row]) -> list[list[type]]:
    return [[type(each) for each in row.cells] for row in rows]


def mixed(path: Path) -> Path:
    """Everything that a cell can hold, with gaps of rows and columns."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    values: list[workbooks.Value | dt.date | dt.time] = [
        "学号",
        7,
        2.5,
        True,
        dt.date(2026, 6, 20),
        dt.time(8, 30),
        "=A1",
        "a<b>&c</row>",
        None,
    ]
    for number in range(3, 90, 2):
        for place in range(number % 5 + 1):
            sheet.cell(number, place + 2, values[(number + place) % len(values)])
    sheet.cell(40, 1, "#N/A").data_type = "e"
    sheet.cell(60, 3, "=B1+1")
    book.create_sheet("别的").append(["不读"])
    book.save(path)
    return path


def test_the_same_rows_come_in_slices_and_at_once(tmp_path: Path) -> None:
    path = mixed(tmp_path / "a.xlsx")
    at_once, in_slices = rows_of(path, AT_ONCE), rows_of(path, SMALL)
    assert in_slices == at_once
    assert kinds(in_slices) == kinds(at_once)
    assert [row.number for row in at_once if any(type(each) is Broken for each in row.cells)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("<row><c><v>1</v></c></row>" * 40, id="without numbers"),
        pytest.param(
            '<row r="2"><c><v>1</v></c></row>' + "<row><c><v>2</v></c></row>" * 40,
            id="with one number",
        ),
        pytest.param(
            '<row r="2"><c><v>1</v></c></row><!-- </row><row r="9"> --><row><c><v>3</v></c></row>'
            + '<row r="4"><c><v>2</v></c></row>' * 1,
            id="with a comment",
        ),
        pytest.param(
            "".join(
                f'<row r="{2 * n}"><c r="C{2 * n}" t="inlineStr"><is><t>'
                f"<![CDATA[</row><row r='1'>]]></t></is></c></row>"
                for n in range(1, 40)
            ),
            id="with CDATA",
        ),
        pytest.param(
            "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 40))
            + "<row><c><v>1</v></c></row>" * 2_000,
            id="with numbers at first",
        ),
        pytest.param("", id="none"),
        pytest.param('<row r="5"/>' * 60, id="empty ones"),
    ],
)
def test_what_cannot_be_cut_safely_is_not_cut(rows: str, tmp_path: Path) -> None:
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(rows))
    assert rows_of(path, SMALL) == rows_of(path, AT_ONCE)


def test_prefixed_tags_are_cut_too(tmp_path: Path) -> None:
    sheet = workbooks.worksheet(
        "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(2, 60))
    )
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        sheet = sheet.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", sheet.replace("xmlns=", "xmlns:x="))
    assert rows_of(path, SMALL) == [Row(n, (None, n)) for n in range(2, 60)]


def test_a_large_sheet_whose_rows_are_out_of_order_is_damaged(tmp_path: Path) -> None:
    numbers = [*range(50, 90), *range(2, 40)]
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in numbers)
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(rows))
    with pytest.raises(Refusal) as refused:
        rows_of(path, SMALL)
    assert refused.value.code is Code.FILE_DAMAGED


def test_three_hundred_thousand_rows_need_a_third_of_the_memory(tmp_path: Path) -> None:
    """The bound is one of the address space, of which an interpreter takes a part itself."""
    path = tmp_path / "a.xlsx"
    rows = ((f"2020{n:06}", "赵思文", "未通过", "图书未还") for n in range(300_000))
    write.write_table(path, "名单", ("学号", "姓名", "办理结果", "备注"), rows)
    bound = 130 * 1024**2
    assert len(rows_of(path, Limits(memory_bytes=bound))) == 300_001
    with pytest.raises(Refusal) as refused:
        rows_of(path, Limits(memory_bytes=bound, slice_bytes=1024**3))
    assert (refused.value.code, refused.value.facts["name"]) == (
        Code.FILE_TOO_LARGE,
        "bytes of memory",
    )
