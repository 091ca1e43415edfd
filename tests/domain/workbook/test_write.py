"""What is written is what two other libraries read, cell by cell."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
import psutil
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from domain.errors import Code, Refusal
from domain.workbook.write import write_table

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.y")', "http://x.y/z"]


def sheet_of(path: Path, number: int = 0) -> Worksheet:
    return openpyxl.load_workbook(path).worksheets[number]


class Named(NamedTuple):
    """A row whose cells have names."""

    number: str
    due: int
    remark: str | None
    text: str
    lines: str


def writers() -> list[psutil.Process]:
    """The processes that write long tables."""
    below = psutil.Process().children()
    return [each for each in below if "domain.workbook.bulk" in each.cmdline()]


def both_read(path: Path, number: int = 0) -> list[list[str]]:
    """The cells as calamine reads them, after openpyxl has read the same."""
    cells = CalamineWorkbook.from_path(path).get_sheet_by_index(number).to_python()
    seen = [[cell.value or "" for cell in row] for row in sheet_of(path, number).iter_rows()]
    assert seen == cells
    return [[str(cell) for cell in row] for row in cells]


def test_every_cell_is_the_text_it_was(tmp_path: Path) -> None:
    rows = [
        ["00123", "110101199601010017", "1e5"],
        DANGEROUS[:3],
        DANGEROUS[3:],
        [" 两端 ", "一\n二\t三", "<&>\"'"],
        ["𠮷😀", "\u3000全角\u3000", "TRUE"],
    ]
    write_table(tmp_path / "a.xlsx", "数据", ["学号", "姓名", "备注"], rows)

    assert both_read(tmp_path / "a.xlsx") == [["学号", "姓名", "备注"], *rows]
    cells = [cell for row in sheet_of(tmp_path / "a.xlsx").iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


def test_empty_cells_stay_empty_whatever_comes_first(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        [None, "b", ""],
        ["a", None, "c"],
        [None, None, None],
        ["", "", "=c"],
    ]
    write_table(tmp_path / "a.xlsx", "数据", ["A", "B", "C"], rows)

    assert both_read(tmp_path / "a.xlsx")[1:] == [
        ["", "b", ""], ["a", "", "c"], ["", "", ""], ["", "", "=c"],
    ]  # fmt: skip


def test_headers_may_repeat_and_be_empty(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "数据", ["备注", "", "备注", ""], [["1", "2", "3", "4"]])

    assert both_read(tmp_path / "a.xlsx") == [["备注", "", "备注", ""], ["1", "2", "3", "4"]]


def test_the_header_is_bold_frozen_and_filtered(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "数据", ["学号", "姓名"], [["1", "张三"], ["2", "李四"]])

    sheet = sheet_of(tmp_path / "a.xlsx")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("数据", "A2", "A1:B3")
    assert [cell.font.b for cell in sheet[1]] == [True, True]
    assert [cell.font.b for cell in sheet[2]] == [False, False]


def test_columns_are_as_wide_as_their_texts(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "数据", ["a", "院系" * 4, "c"], [["1", "2", "长" * 400]])

    widths = sheet_of(tmp_path / "a.xlsx").column_dimensions
    assert [int(widths[column].width) for column in "ABC"] == [10, 18, 50]


def test_a_table_without_rows_keeps_its_header(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "数据", ["学号", "姓名"], [])

    assert both_read(tmp_path / "a.xlsx") == [["学号", "姓名"]]


def test_what_it_is_about_stands_on_a_second_sheet(tmp_path: Path) -> None:
    about = [("任务", "17"), ("文件", "=名单.xlsx"), ("", "第一行\n第二行")]
    write_table(tmp_path / "a.xlsx", "数据", ["学号"], [["1"]], about)

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["数据", "说明"]
    assert both_read(tmp_path / "a.xlsx", 1) == [list(line) for line in about]
    assert book.worksheets[1].freeze_panes is None
    assert book.worksheets[0].sheet_view.tabSelected


def test_a_single_line_about_it_is_enough(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "数据", ["学号"], [["1"]], [("任务", "17")], "关于")

    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["数据", "关于"]
    assert both_read(tmp_path / "a.xlsx", 1) == [["任务", "17"]]


def test_what_excel_cannot_hold_is_taken_out(tmp_path: Path) -> None:
    row = ["a\x00b\x01\x0b\x1f\ufffe\uffff\ud800c", "一\r\n二\r三", "长" * 40_000, "😀" * 20_000]
    write_table(tmp_path / "a.xlsx", "数据", ["1", "2", "3", "4\x00"], [row])

    assert both_read(tmp_path / "a.xlsx") == [
        ["1", "2", "3", "4"],
        ["abc", "一\n二\n三", "长" * 32_767, "😀" * 16_383],
    ]


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("院/系: [研1] a*b?c\\d", "院 系   研1  a b c d"),
        ("长" * 40, "长" * 31),
        ("'引号'", "引号"),
        ("", "Sheet1"),
        ("///", "Sheet1"),
        ("😀" * 31, "😀" * 15),
    ],
)
def test_a_sheet_is_named_as_excel_allows(sheet: str, title: str, tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", sheet, ["学号"], [["1"]])

    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == [title]


def test_two_sheets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", "说明", ["学号"], [["1"]], [("任务", "17")])

    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["说明", "说明 2"]


@pytest.mark.parametrize("count", [500, 20_000])
def test_what_the_rows_raise_flies_and_leaves_no_file(count: int, tmp_path: Path) -> None:
    def rows() -> Iterator[list[str]]:
        yield from ([str(n)] for n in range(count))
        raise Refusal(Code.NO_ROWS)

    with pytest.raises(Refusal):
        write_table(tmp_path / "a.xlsx", "数据", ["学号"], rows())

    assert list(tmp_path.iterdir()) == []
    assert writers() == []


@pytest.mark.parametrize("count", [5, 3_000])
def test_a_long_table_is_written_like_a_short_one(count: int, tmp_path: Path) -> None:
    rows = [Named(f"00{n}", n, None, "=1+1", "甲\n乙") for n in range(count)]
    header = ["学号", "应办理", "备注", "", "备注"]
    write_table(tmp_path / "a.xlsx", "数据", header, iter(rows), [("任务", "17"), ("a", "b")])

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    [table, notes] = book.worksheets
    assert list(table.iter_rows(values_only=True)) == [
        ("学号", "应办理", "备注", None, "备注"),
        *((f"00{n}", n, None, "=1+1", "甲\n乙") for n in range(count)),
    ]
    assert (table.freeze_panes, table.auto_filter.ref) == ("A2", f"A1:E{count + 1}")
    assert [cell.number_format for cell in table[2]] == ["@", "General", "General", "@", "@"]
    assert list(notes.iter_rows(values_only=True)) == [("任务", "17"), ("a", "b")]


def test_a_writer_that_dies_is_a_fault_and_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[list[str]]:
        yield from ([str(n)] for n in range(5_000))
        [writer] = writers()
        writer.kill()
        yield from ([str(n)] for n in range(500_000))

    with pytest.raises(RuntimeError, match="ended with -9"):
        write_table(tmp_path / "a.xlsx", "数据", ["学号"], rows())

    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_writer_is_told(tmp_path: Path) -> None:
    rows = ([str(n)] if n < 4_000 else ["1", "2"] for n in range(5_000))
    with pytest.raises(RuntimeError, match="zip"):
        write_table(tmp_path / "a.xlsx", "数据", ["学号"], rows)


@pytest.mark.parametrize("row", [["1"], ["1", "2", "3"]])
def test_a_row_of_the_wrong_length_is_a_fault(row: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        write_table(tmp_path / "a.xlsx", "数据", ["学号", "姓名"], [["1", "2"], row])


def test_rows_are_taken_one_by_one(tmp_path: Path) -> None:
    alive = most = 0

    class Line(list[str]):
        def __init__(self, number: int) -> None:
            nonlocal alive, most
            super().__init__([str(number)])
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    write_table(tmp_path / "a.xlsx", "数据", ["学号"], (Line(n) for n in range(20_000)))

    # Those that decide whether a process is worth it, and those on their way to it.
    assert most <= 2_000 + 200
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<row ") == 20_001


def test_a_number_is_a_number_and_zero_is_one_too(tmp_path: Path) -> None:
    rows: list[list[str | int | None]] = [["图书馆", 6, 0], ["学工审核", 0, None]]
    write_table(tmp_path / "a.xlsx", "数据", ["离校环节", "应办理", "已通过"], rows)

    cells = list(sheet_of(tmp_path / "a.xlsx").iter_rows(min_row=2))
    assert [[cell.value for cell in row] for row in cells] == rows
    assert [cell.data_type for cell in cells[0]] == ["s", "n", "n"]
    assert [cell.number_format for cell in cells[0]] == ["@", "General", "General"]
