"""Workbooks of XML Spreadsheet 2003, which bear the name of an xls."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import Code, Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import Head, Row, read

BEFORE = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
 <Styles><Style ss:ID="s1"><Alignment/></Style></Styles>"""
ROWS = """
   <Row><Cell ss:MergeAcross="2"><Data ss:Type="String">名单</Data></Cell></Row>
   <Row ss:Index="3"><Cell><Data ss:Type="String">学号</Data></Cell>
    <Cell ss:Index="3"><Data ss:Type="String">办理&#10;结果</Data></Cell>
    <Cell ss:StyleID="s1"/></Row>
   <Row><Cell><Data ss:Type="Number">2020010101</Data></Cell>
    <Cell ss:MergeDown="1" /><Cell><ss:Data ss:Type="String"><B>通</B>过 </ss:Data>
     <Comment ss:Author="x"><ss:Data>不是</ss:Data></Comment></Cell></Row>
   <Row><Cell><Data ss:Type="Number">110101199601010001</Data></Cell>
    <Cell ss:Formula="=A1"><Data ss:Type="Error">#N/A</Data></Cell>
    <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Boolean">0</Data></Cell>
    <Cell><Data ss:Type="DateTime">2020-06-01T00:00:00.000</Data></Cell>
    <Cell><Data ss:Type="Number">1.5</Data></Cell><Cell><Data ss:Type="Number">0</Data></Cell></Row>
   <Row/><Row ss:StyleID="s1"></Row>"""
SHEET = '<Worksheet ss:Name="{}"><Table>{}</Table></Worksheet>'
AFTER = "</Workbook>"


def heads_of(path: Path, content: str, limits: Limits | None = None) -> Sequence[Head]:
    path.write_text(content, "utf-8")
    seen: list[Head] = []

    def pick(heads: Sequence[Head]) -> int:
        seen.extend(heads)
        return 0

    list(read(path, pick, limits or Limits(), file="f"))
    return seen


@pytest.mark.parametrize("prefix", ["", "ss:"])
def test_cells_stand_where_excel_shows_them_with_their_types(prefix: str, tmp_path: Path) -> None:
    content = BEFORE + SHEET.format("一", "") + SHEET.format("甲&amp;乙", ROWS) + AFTER
    for name in ("Workbook", "Worksheet", "Row", "Cell"):
        content = content.replace(f"<{name}", f"<{prefix}{name}")
        content = content.replace(f"</{name}", f"</{prefix}{name}")

    assert heads_of(tmp_path / "a.xls", content) == [
        Head("一", ()),
        Head(
            "甲&乙",
            (
                Row(1, ("名单",)),
                Row(3, ("学号", None, "办理\n结果")),
                Row(4, (2020010101, None, "通过 ")),
                Row(5, (1.10101199601010001e17, None, "#N/A", True, False, "2020-06-01", 1.5, 0)),
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BEFORE + AFTER, Code.FILE_DAMAGED),
        (BEFORE + SHEET.format("一", ROWS)[:-20], Code.FILE_DAMAGED),
        (BEFORE + '<Worksheet ss:Name="a">' * 100_000, Code.FILE_DAMAGED),
        (BEFORE + SHEET.format("一", "") * 10_001 + AFTER, Code.FILE_HOSTILE),
        (BEFORE + "<!ENTITY a 'b'>" + SHEET.format("一", ROWS) + AFTER, Code.FILE_HOSTILE),
        (
            BEFORE + SHEET.format("一", ROWS.replace('Index="3"', 'Index="9999999"')) + AFTER,
            Code.FILE_TOO_LARGE,
        ),
        (
            BEFORE + SHEET.format("一", ROWS.replace('Across="2"', 'Across="999999"')) + AFTER,
            Code.FILE_TOO_LARGE,
        ),
    ],
)
def test_a_crooked_book_ends_with_its_code(content: str, code: Code, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        heads_of(tmp_path / "a.xls", content)
    assert caught.value.code is code


def test_the_limits_are_those_of_workbooks(tmp_path: Path) -> None:
    content = BEFORE + SHEET.format("一", ROWS) + AFTER
    for limits in (Limits(rows=4), Limits(cells=9), Limits(columns=6)):
        with pytest.raises(Refusal) as caught:
            heads_of(tmp_path / "a.xls", content, limits)
        assert caught.value.code is Code.FILE_TOO_LARGE


def test_a_row_may_go_on_below_the_one_before_only(tmp_path: Path) -> None:
    again = '<Row ss:Index="5"><Cell><Data>1</Data></Cell></Row>' * 2
    [head] = heads_of(tmp_path / "a.xls", BEFORE + SHEET.format("一", again) + AFTER)
    assert head.rows == (Row(5, ("1",)), Row(6, ("1",)))
