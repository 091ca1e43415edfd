"""Web pages under the name of a workbook: their tables, cells and names, and crooked ones."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import Code, Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import Cell, Head, read
from tests import workbooks
from tests.dialects import OFFICE

Rows = list[tuple[int, tuple[Cell, ...]]]


def page(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def table(rows: str) -> str:
    return f"<table>{rows}</table>"


def heads_of(path: Path) -> Sequence[Head]:
    seen: list[Head] = []

    def pick(heads: Sequence[Head]) -> int:
        seen.extend(heads)
        return 0

    list(read(path, pick, file="f"))
    return seen


def rows_of(path: Path, limits: Limits | None = None) -> Rows:
    reading = read(path, workbooks.first, limits or Limits(), file="名单.xls")
    return [(row.number, row.cells) for batch in reading for row in batch]


def refusal_of(path: Path, limits: Limits | None = None) -> tuple[Code, dict[str, str]]:
    before = workbooks.reader_seconds()
    with pytest.raises(Refusal) as caught:
        rows_of(path, limits)
    assert workbooks.reader_seconds() - before < workbooks.SOON
    facts = dict(caught.value.facts)
    assert facts.pop("file") == "名单.xls"
    return caught.value.code, facts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "before",
    [
        "",
        " \r\n\t",
        "<!-- 名单 -->",
        "<!DOCTYPE html><html>",
        '<?xml version="1.0" encoding="gb2312"?><html>',
        "<meta charset=gb2312>",
        OFFICE,
    ],
)
def test_a_page_is_read_whatever_it_begins_with(encoding: str, before: str, tmp_path: Path) -> None:
    rows = "<tr><th>学号<th>姓名</tr>\n<TR class=x><TD x:num='1'>0012</TD><td>张思</td></TR>"
    path = page(tmp_path / "a.xls", f"{before}<p>标题</p>{table(rows)}<p>共 1 人</p>", encoding)

    assert rows_of(path) == [(1, ("学号", "姓名")), (2, ("0012", "张思"))]


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        ("110101199601010001", "110101199601010001"),
        ("1.10E+17", "1.10E+17"),
        ("\n  张   思\n ", "张 思"),
        ("两<br>行<br/>三<BR clear=all>四", "两\n行\n三\n四"),
        ("<p>两</p><p>行</p>", "两\n行"),
        ("<font color=red><b>张</b>思</font>", "张思"),
        ("a&lt;b&amp;c&#24352;&#x601D;&nbsp;&middot;d", "a<b&c张思\xa0·d"),
        ("&nbsp;", None),
        ("<img src='a>b' alt=\"<td>\">书", "书"),
        ("<span title=5\">书</span>", "书"),
        ("张<!-- 李 --><![if x]>思<![endif]>", "张思"),
        ("<![CDATA[a<b]]>", "a<b"),
        ("张<script>x = '</td>'</script>思<style>b</style>", "张思"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("=1+1", "=1+1"),
        ("'0012", "'0012"),
        ("&#0;&#xD800;&#1;a", "\ufffd\ufffda"),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_that_a_browser_shows(content: str, cell: Cell, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", table(f"<tr><td>{content}</td><td>末</td></tr>"))

    assert rows_of(path) == [(1, (cell, "末"))]


def test_a_cell_that_reaches_over_others_stands_in_the_first_of_them(tmp_path: Path) -> None:
    rows = """
      <tr><td colspan=4>名单</td></tr>
      <tr><th rowspan="2">学号</th><th colspan="2">图书馆</th><th rowspan='2'>备注</th></tr>
      <tr><th>办理结果</th><th>备注</th></tr>
      <tr><td>1</td><td colspan=0 rowspan=x>通过</td><td></td><td>a</td></tr>
      <tr></tr>
      <tr><td rowspan=2>2</td><td colspan="99999999">b</td></tr>
      <tr><td>c</td></tr>
    """
    path = page(tmp_path / "a.xls", table(rows))

    assert rows_of(path) == [
        (1, ("名单",)),
        (2, ("学号", "图书馆", None, "备注")),
        (3, (None, "办理结果", "备注")),
        (4, ("1", "通过", None, "a")),
        (6, ("2", "b")),
        (7, (None, "c")),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>1<td>2<tr><td>3",
        "<td>1<td>2</tr><tr><td>3",
        "<thead><tr><td>1</td><td>2</td></tr></thead><tbody><tr><td>3</td></tbody>",
    ],
)
def test_a_row_or_cell_need_not_be_ended(rows: str, tmp_path: Path) -> None:
    assert rows_of(page(tmp_path / "a.xls", table(rows))) == [(1, ("1", "2")), (2, ("3",))]


def test_each_table_with_cells_is_a_sheet_that_is_named_as_the_page_names_it(
    tmp_path: Path,
) -> None:
    one = "<tr><td>{}</td></tr>"
    tables = [
        f"<table id=menu>{one.format(1)}</table>",
        "<table><tr></tr></table>",
        f"<table id=list><caption> 一班 <b>/</b></caption>{one.format(2)}</table>",
        f"<table>{one.format(3)}</table>",
    ]
    path = page(tmp_path / "a.xls", OFFICE + "".join(tables) + "</body></html>")
    assert [(head.name, head.rows[0].cells) for head in heads_of(path)] == [
        ("6月&7月", ("1",)),
        ("一班", ("2",)),
        ("表3", ("3",)),
    ]
    [[row]] = read(path, lambda heads: len(heads) - 1, file="f")
    assert row == (1, ("3",))


def test_a_table_within_another_is_a_sheet_of_its_own(tmp_path: Path) -> None:
    inner = table("<tr><td>学号</td></tr><tr><td>1</td></tr>")
    path = page(tmp_path / "a.xls", table(f"<tr><td>前{inner}后</td><td>b</td></tr>"))

    assert [[row.cells for row in head.rows] for head in heads_of(path)] == [
        [("前后", "b")],
        [("学号",), ("1",)],
    ]


@pytest.mark.parametrize("end", ["", "</tr>", "</td></tr><tr", "<!-- ", "<script>", "<td a='"])
def test_a_page_that_stops_within_its_table_was_cut_off(end: str, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", f"<table><tr><td>1</td>{end}")
    assert refusal_of(path) == (Code.FILE_DAMAGED, {})


def test_a_page_that_ends_ends_its_table_too(tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", "<html><table><tr><td>1<td>2</html>")
    assert rows_of(path) == [(1, ("1", "2"))]


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        ("<!ENTITY a 'b'>" + table("<tr><td>1"), Code.FILE_HOSTILE, {"reason": "DOCTYPE"}),
        (
            "<!doctype html [<!entity a 'b'>]>" + table("<tr><td>1"),
            Code.FILE_HOSTILE,
            {"reason": "DOCTYPE"},
        ),
        ("<table>" * 100_000, Code.FILE_HOSTILE, {"reason": "markup"}),
        (table("<tr><td>1") * 10_001, Code.FILE_HOSTILE, {"reason": "markup"}),
        (
            table("<tr><td colspan=1000>" + "<td colspan=1000>" * 100_000),
            Code.FILE_TOO_LARGE,
            {"name": "columns", "limit": "16379", "row": "1"},
        ),
        (
            table("<tr><td>" + "长" * 32_768),
            Code.FILE_TOO_LARGE,
            {"name": "characters in one cell", "limit": "32767", "row": "1"},
        ),
        (table(f"<tr><td>&#{'9' * 5_000};"), Code.FILE_DAMAGED, {}),
        ("<table><tr><td>" + "<!--" * 500_000, Code.FILE_DAMAGED, {}),
        ("<table><tr><td " + "<td a='" * 300_000, Code.FILE_DAMAGED, {}),
        ("<table><tr><td>" + "<![CDATA[" * 200_000, Code.FILE_DAMAGED, {}),
        ("<table><tr><td>" + "</" * 1_000_000, Code.FILE_DAMAGED, {}),
        ("<table><tr><td>" + "<a " * 1_000_000, Code.FILE_DAMAGED, {}),
        (table("<tr><td>" + "<" * 5_000_000), Code.FILE_TOO_LARGE, {"row": "1"}),
        (table("<tr><td>" + "&" * 5_000_000), Code.FILE_TOO_LARGE, {"row": "1"}),
        (table("<tr><td>" + "x<i>" * 200_000), Code.FILE_TOO_LARGE, {"row": "1"}),
    ],
)
def test_a_page_made_to_do_harm_ends_soon_with_its_code(
    content: str, code: Code, facts: dict[str, str], tmp_path: Path
) -> None:
    found, told = refusal_of(page(tmp_path / "a.xls", content))
    assert (found, facts.items() <= told.items()) == (code, True)


@pytest.mark.parametrize(
    ("content", "limits", "name"),
    [
        ("<tr>" * 9 + "<tr><td>1", Limits(rows=9), "rows"),
        ("<tr><td>1<td>" * 10, Limits(cells=19), "cells"),
        ("<tr><td rowspan=99 colspan=999>" + "<tr><td>1" * 9, Limits(cells=9_000), "cells"),
        ("<tr><td>1<td>2", Limits(columns=1), "columns"),
        ("<tr><td>" + "a" * 300, Limits(row_bytes=300), "bytes in one row"),
    ],
)
def test_the_limits_are_those_of_workbooks(
    content: str, limits: Limits, name: str, tmp_path: Path
) -> None:
    code, facts = refusal_of(page(tmp_path / "a.xls", table(content)), limits)
    assert (code, facts["name"]) == (Code.FILE_TOO_LARGE, name)


@pytest.mark.parametrize("junk", ["<!--> ", "<![CDATA[>]]>", "<!x>", "</>", "<?php ?>"])
def test_what_stands_beside_a_table_is_of_no_consequence(junk: str, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", table("<tr><td>1") + junk * 100_000)
    assert rows_of(path) == [(1, ("1",))]


def test_deep_nesting_of_other_tags_is_of_no_consequence(tmp_path: Path) -> None:
    deep = "<div>" * 20_000
    assert rows_of(page(tmp_path / "a.xls", table(f"<tr><td>{deep}1"))) == [(1, ("1",))]


def test_a_large_page_is_read_to_its_end(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>张思</td></tr>" for n in range(1, 10_001))
    found = rows_of(page(tmp_path / "a.xls", table(rows), "gb18030"))
    assert (len(found), found[-1]) == (10_000, (10_000, ("10000", "张思")))
