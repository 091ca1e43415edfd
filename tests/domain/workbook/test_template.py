"""The template as Excel shows it, and as it comes back when it is filled in."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from domain.workbook.read import Row, read
from domain.workbook.template import write_template
from tests import workbooks

HEADER = ["学号", "姓名", "办理结果", "备注"]
ROWS = [["0123", "张三", "", ""], ["2020010102", "=李四", "", "+1"]]
HINTS = ["提交毕业生登记表", "一行\n两行", "长" * 100]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    write_template(path, "培养单位学工审核", HINTS, HEADER, ROWS, (2, ["通过", "未通过"]))
    return path


@pytest.fixture
def sheet(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path).worksheets[0]


def test_it_is_read_back_as_it_was_written(path: Path) -> None:
    assert list(read(path, workbooks.first, file="f")) == [
        [
            Row(1, ("培养单位学工审核",)),
            *(Row(number, (hint,)) for number, hint in enumerate(HINTS, 2)),
            Row(5, ("学号", "姓名", "办理结果", "备注")),
            Row(6, ("0123", "张三")),
            Row(7, ("2020010102", "=李四", None, "+1")),
        ]
    ]


def test_title_and_hints_go_across_all_columns_and_are_high_enough(sheet: Worksheet) -> None:
    merged = sorted(str(area) for area in sheet.merged_cells.ranges)
    assert merged == ["A1:D1", "A2:D2", "A3:D3", "A4:D4"]
    assert [sheet.row_dimensions[row].height for row in range(1, 5)] == [30, 16, 32, 80]
    assert [sheet.cell(row, 1).alignment.wrap_text for row in range(2, 5)] == [True] * 3


def test_the_header_is_bold_filled_and_frozen(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == "A6"
    assert [cell.font.b for cell in sheet[5]] == [True] * 4
    assert {cell.fill.fgColor.rgb for cell in sheet[5]} == {"FFDDEBF7"}


def test_a_column_is_as_wide_as_its_longest_text(sheet: Worksheet) -> None:
    assert {letter: sheet.column_dimensions[letter].width for letter in "ABCD"} == {
        "A": 12, "B": 10, "C": 10, "D": 10,
    }  # fmt: skip


def test_the_result_is_chosen_from_a_list_in_spare_rows_too(sheet: Worksheet) -> None:
    (choice,) = sheet.data_validations.dataValidation
    assert (str(choice.sqref), choice.type, choice.formula1) == (
        "C6:C507", "list", '"通过,未通过"',
    )  # fmt: skip
    assert (choice.allowBlank, choice.showErrorMessage, choice.errorTitle, choice.error) == (
        True, True, "无法识别", "请选择：通过、未通过",
    )  # fmt: skip


def test_every_cell_is_text_also_where_nothing_stands_yet(sheet: Worksheet) -> None:
    assert sheet.column_dimensions["A"].number_format == "@"
    filled = [cell for row in sheet.iter_rows(min_row=6) for cell in row if cell.value]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}


def test_nothing_in_it_is_ever_a_formula(tmp_path: Path) -> None:
    wild = '=HYPERLINK("http://x")'
    write_template(tmp_path / "a.xlsx", wild, [wild], [wild, "@b"], [[wild, "-1"]], (0, ["1"]))

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert [sheet.cell(row, 1).value for row in range(1, 5)] == [wild] * 4


def test_control_characters_and_endless_texts_leave_a_file_that_excel_opens(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", "a\x00b", [], ["学号"], [["长" * 40_000]], (0, ["1"]))

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert (sheet["A1"].value, sheet["A3"].value) == ("ab", "长" * 32_767)


def test_without_hints_and_rows_it_can_still_be_filled_in(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", "图书/馆", [], ["学号"], [], (0, ["1"]))

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == ("图书 馆", "图书/馆", "学号")
    assert str(sheet.data_validations.dataValidation[0].sqref) == "A3:A502"


def test_twenty_thousand_rows_are_no_trouble(tmp_path: Path) -> None:
    rows = [[f"2020{n:06}", "张三", "", ""] for n in range(20_000)]
    write_template(tmp_path / "a.xlsx", "图书馆", HINTS, HEADER, rows, (2, ["通过"]))

    assert sum(map(len, read(tmp_path / "a.xlsx", workbooks.first, file="f"))) == 20_005
