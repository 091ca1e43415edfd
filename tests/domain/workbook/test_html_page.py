"""Pages with tables, as office systems save them under the name of a workbook."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import Cell, Head, read
from tests import workbooks

MANY = 200_000


def page(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "名单.xls"
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(path: Path, limits: Limits | None = None) -> list[tuple[int, tuple[Cell, ...]]]:
    reading = read(path, workbooks.first, limits or Limits(), file="名单.xls")
    return [(row.number, row.cells) for batch in reading for row in batch]


def names_of(path: Path) -> list[str]:
    heads: list[Head] = []

    def pick(found: Sequence[Head]) -> int:
        heads.extend(found)
        return 0

    list(read(path, pick, file="名单.xls"))
    return [head.name for head in heads]


PLAIN = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<style>td {mso-number-format:"\\@";}</style><script>var a = "<td>";</script></head><body>
<!-- 名单 --><table border=1><tr><th>学号</th><th>姓名</th><th>办理结果</th></tr>
<tr><td x:str>2020010101&nbsp;</td><td>欧阳&middot;<b>娜</b>娜</td><td>通<span>过</span></td></tr>
<tr><td>0012<td>a<br>b &amp; c<td></table></body></html>"""
READ = [
    (1, ("学号", "姓名", "办理结果")),
    (2, ("2020010101", "欧阳·娜娜", "通过")),
    (3, ("0012", "a\nb & c")),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_as_a_sheet_whatever_its_encoding(encoding: str, tmp_path: Path) -> None:
    assert rows_of(page(tmp_path, PLAIN, encoding)) == READ


def test_cells_that_span_leave_their_places_empty(tmp_path: Path) -> None:
    path = page(
        tmp_path,
        "<table><tr><td rowspan=2>学号<td colspan=2>图书馆<td>末</tr>"
        "<tr><td>办理结果<td>备注<td>x</tr><tr><td>1<td>2<td>3<td>4</table>",
    )
    assert rows_of(path) == [
        (1, ("学号", "图书馆", None, "末")),
        (2, (None, "办理结果", "备注", "x")),
        (3, ("1", "2", "3", "4")),
    ]


def test_each_table_is_a_sheet_and_a_table_in_a_cell_is_its_text(tmp_path: Path) -> None:
    path = page(
        tmp_path,
        "<table><caption>一班</caption><tr><td>a<table><tr><td>b</table></td></tr></table>"
        "<table></table><table><tr><td>c</table>",
    )
    assert names_of(path) == ["一班", "表2"]
    assert rows_of(path) == [(1, ("ab",))]


def test_the_xml_of_excel_2003_is_read_too(tmp_path: Path) -> None:
    path = page(
        tmp_path,
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="图书馆"><Table><Row><Cell><Data ss:Type="String">学号</Data></Cell>'
        '<Cell ss:Index="3"><Data>办理结果</Data></Cell></Row><Row ss:Index="5"><Cell>'
        '<Data ss:Type="Number">2020010101</Data></Cell></Row></Table></Worksheet></Workbook>',
    )
    assert names_of(path) == ["图书馆"]
    assert rows_of(path) == [(1, ("学号", None, "办理结果")), (5, ("2020010101",))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<html><p>没有表格</p></html>", "NOT_A_WORKBOOK"),
        ("<table><tr><td>" * MANY, "FILE_HOSTILE"),
        ("<table><tr><td>" + "<" * 5_000_000, "FILE_HOSTILE"),
        ("<table><tr><td>" + "<a " * 1_000_000, "FILE_HOSTILE"),
        ("<table><tr><td>" + "&" * 5_000_000, "FILE_HOSTILE"),
        ("<table><tr><td>a</table>" + "<!--" * 1_000_000, "FILE_HOSTILE"),
        ("<table><tr><td>a</table>" + "<!--> " * MANY, "FILE_HOSTILE"),
        ("<table><tr><td>a</table>" + "<![CDATA[>" * MANY, "FILE_HOSTILE"),
        ("<table><tr><td>" + "x<i>" * MANY, "FILE_TOO_LARGE"),
        ("<table>" + "<tr><td colspan=1000>a<td>b" * 20_000, "FILE_TOO_LARGE"),
        ("<table><tr>" + "<td colspan=1000>a" * 20, "FILE_TOO_LARGE"),
    ],
)
def test_a_page_that_means_harm_ends_with_a_code(text: str, code: str, tmp_path: Path) -> None:
    path = page(tmp_path, text)
    with pytest.raises(Refusal) as refused:
        rows_of(path)
    assert refused.value.code == code
