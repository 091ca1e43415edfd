"""What different programs make of the same workbook: it is read alike."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from domain.workbook.read import Head, Row, read
from tests import dialects, workbooks
from tests.workbooks import Value


def rows_of(path: Path) -> list[Row]:
    return [row for batch in read(path, workbooks.first, file="f") for row in batch]


def test_a_strict_workbook_is_read_like_any_other(tmp_path: Path) -> None:
    rows: list[list[Value]] = [["学号", "办理结果"], [2020010101, "通过"], ["=A1", True]]
    path = dialects.strict(workbooks.xlsx(tmp_path / "a.xlsx", rows))
    with zipfile.ZipFile(path) as archive:
        assert "purl.oclc.org/ooxml/spreadsheetml/main" in archive.read("xl/workbook.xml").decode()

    assert rows_of(path) == [
        Row(1, ("学号", "办理结果")), Row(2, (2020010101, "通过")), Row(3, ("=A1", True)),
    ]  # fmt: skip


@pytest.mark.parametrize("build", [dialects.old_macintosh, dialects.new_macintosh])
def test_dates_are_the_same_when_days_are_counted_from_1904(
    build: dialects.Make, tmp_path: Path
) -> None:
    assert rows_of(build(tmp_path / "a", [[dt.date(2020, 6, 1)]])) == [Row(1, ("2020-06-01",))]


def test_a_rich_text_is_its_runs_and_no_reading_aid(tmp_path: Path) -> None:
    runs = '<r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve">思 </t></r>'
    aid = '<rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/>'
    row = (
        f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}{aid}</is></c>'
        f'<c r="B1" t="inlineStr"><is><t>李</t>{aid}</is></c></row>'
    )
    inline = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(row))
    assert rows_of(inline) == [Row(1, ("张思 ", "李"))]

    book = openpyxl.Workbook()
    bold = TextBlock(InlineFont(b=True), "张")
    book.worksheets[0]["A1"] = CellRichText(bold, "思")
    book.save(tmp_path / "b.xlsx")
    assert rows_of(tmp_path / "b.xlsx") == [Row(1, ("张思",))]


def test_shared_strings_are_read_without_reading_aids(tmp_path: Path) -> None:
    path = workbooks.repeated_text(tmp_path / "a.xlsx", 1)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    aid = '<rPh sb="0" eb="1"><t>li</t></rPh><phoneticPr fontId="1"/>'
    text = f"<si><r><t>李</t></r><r><t>思</t></r>{aid}</si>"
    before, _, _ = parts["xl/sharedStrings.xml"].partition("<si>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/sharedStrings.xml": f"{before}{text}</sst>"}).items():
            archive.writestr(name, content)
    assert rows_of(path) == [Row(1, ("李思",))]


def test_old_workbooks_have_rich_texts_booleans_and_hidden_sheets_too(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    sheet.write_rich_text(0, 0, ["张", ("思", xlwt.easyfont("bold true"))])
    sheet.write(0, 1, True)
    sheet.row(1).hidden = True
    sheet.write(1, 0, "隐")
    sheet.write_merge(2, 2, 0, 2, "合并")
    book.add_sheet("隐").visibility = 2
    book.save(str(tmp_path / "a.xls"))
    assert rows_of(tmp_path / "a.xls") == [
        Row(1, ("张思", True)), Row(2, ("隐",)), Row(3, ("合并",)),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_what_is_hidden_is_there(state: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet("隐")
    page.append(["学号", "x"])
    page.append(["1", "y"])
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True
    page.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    seen: list[Head] = []

    def pick(heads: list[Head]) -> int:
        seen.extend(heads)
        return 1

    assert list(read(tmp_path / "a.xlsx", pick, file="f")) == [  # type: ignore[arg-type]  # a list
        [Row(1, ("学号", "x")), Row(2, ("1", "y"))]
    ]
    assert [head.name for head in seen] == ["Sheet", "隐"]


def test_merged_cells_have_their_text_in_the_first_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["A1"], page["C1"], page["A3"] = "合并", "x", "y"
    page.merge_cells("A1:B2")
    book.save(tmp_path / "a.xlsx")
    assert rows_of(tmp_path / "a.xlsx") == [Row(1, ("合并", None, "x")), Row(3, ("y",))]
