"""Cells that show an error, and formulas that were never calculated."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from domain.workbook.read import Broken, Head, Row, read
from tests import workbooks
from tests.workbooks import cell, raw_xlsx, worksheet


def rows_of(path: Path) -> list[Row]:
    return [row for batch in read(path, workbooks.first, file="f") for row in batch]


def last(heads: Sequence[Head]) -> int:
    return len(heads) - 1


def kinds(row: Row) -> list[type]:
    return [type(each) for each in row.cells]


def formulas(path: Path) -> Path:
    """As a program writes a file that nobody has opened yet."""
    return workbooks.sheets_xlsx(
        path, {"说明": [["读我"]], "名单": [["学号", "结果"], ["=A9&B9", "通过"], ["=A8", "=B8"]]}
    )


def test_a_formula_that_was_never_calculated_is_told_and_so_is_a_row_of_nothing_else(
    tmp_path: Path,
) -> None:
    path = formulas(tmp_path / "a.xlsx")
    rows = [row for batch in read(path, last, file="f") for row in batch]

    assert rows == [
        Row(1, ("学号", "结果")),
        Row(2, ("=A9&B9", "通过")),
        Row(3, ("=A8", "=B8")),
    ]
    assert [kinds(row) for row in rows] == [[str, str], [Broken, str], [Broken, Broken]]


def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    written = book.worksheets[0].cell(1, 1, "=1+1")
    written.data_type = "s"
    book.save(tmp_path / "a.xlsx")

    [row] = rows_of(tmp_path / "a.xlsx")
    assert (row.cells, kinds(row)) == (("=1+1",), [str])


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="e" r="B2" s="1"><f>VLOOKUP(A1,C:D,2,0)</f><v>#REF!</v></c>', "#REF!"),
        ('<x:c r="B2" t="e"><x:v>#NAME?</x:v></x:c>', "#NAME?"),
        ("<c r='B2' t='e'><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<c r="B2"><f>A1&amp;"x"</f></c>', '=A1&"x"'),
        ('<c r="B2"><f>A1</f><v/></c>', "=A1"),
        ('<c r="B2"><f>A1</f><v></v></c>', "=A1"),
        ('<c r="B2" t="n"> <f>A1</f> <v /> </c>', "=A1"),
        ('<c r="B2"><f t="shared" si="0"/></c>', "="),
        ('<c r="B2"><f t="shared" ref="B2:B9" si="0">A1</f></c>', "=A1"),
        ('<x:c r="B2"><x:f>A1</x:f></x:c>', "=A1"),
        ('<c r="B2"><f>' + "A" * 9_000 + "</f></c>", "=" + "A" * 500),
    ],
)
def test_a_cell_without_a_value_shows_its_error_or_its_formula(
    xml: str, shown: str, tmp_path: Path
) -> None:
    sheet = worksheet(f'<row r="1">{cell("A1", "x")}</row><row r="2">{xml}{cell("C2", "y")}</row>')
    sheet = sheet.replace("<worksheet ", '<worksheet xmlns:x="http://schemas.openxmlformats.org/'
                          'spreadsheetml/2006/main" ')  # fmt: skip
    [_, row] = rows_of(raw_xlsx(tmp_path / "a.xlsx", sheet))

    assert (row, kinds(row)) == (Row(2, (None, shown, "y")), [type(None), Broken, str])


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="B1" t="str"><f>IF(A1="","",A1)</f><v></v></c>',
        '<c r="B1" t="str"><f>IF(A1="","",A1)</f><v/></c>',
        '<c r="B1"/>',
        '<c r="B1" s="1"><v/></c>',
        '<c r="B1" t="inlineStr"><is><t></t></is></c>',
    ],
)
def test_a_formula_of_an_empty_text_and_an_empty_cell_are_empty(xml: str, tmp_path: Path) -> None:
    # The error makes that the sheet is looked through.
    error = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    sheet = worksheet(f'<row r="1">{cell("A1", "x")}{xml}</row>{error}')
    assert rows_of(raw_xlsx(tmp_path / "a.xlsx", sheet)) == [Row(1, ("x",)), Row(2, ("#N/A",))]


def test_rows_in_between_and_before_and_after_keep_their_places(tmp_path: Path) -> None:
    def error(number: int) -> str:
        return f'<row r="{number}"><c r="A{number}" t="e"><v>#N/A</v></c></row>'

    texts = "".join(f'<row r="{n}">{cell(f"B{n}", str(n))}</row>' for n in (3, 7))
    sheet = worksheet(error(1) + texts[: len(texts) // 2] + error(5) + texts[len(texts) // 2 :])
    sheet = sheet.replace("</sheetData>", error(9) + "</sheetData>")
    assert rows_of(raw_xlsx(tmp_path / "a.xlsx", sheet)) == [
        Row(1, ("#N/A",)), Row(3, (None, "3")), Row(5, ("#N/A",)), Row(7, (None, "7")),
        Row(9, ("#N/A",)),
    ]  # fmt: skip


def test_many_are_found_across_every_seam(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", ([f"=B{n}", "x"] for n in range(1, 12_001)))
    rows = rows_of(path)
    assert (len(rows), rows[-1]) == (12_000, Row(12_000, ("=B12000", "x")))
    assert {tuple(kinds(row)) for row in rows} == {(Broken, str)}


def test_the_header_is_looked_for_with_them(tmp_path: Path) -> None:
    seen: list[Head] = []

    def pick(heads: Sequence[Head]) -> int:
        seen.extend(heads)
        return 0

    list(read(formulas(tmp_path / "a.xlsx"), pick, file="f"))
    assert seen[1].rows[1] == Row(2, ("=A9&B9", "通过"))
