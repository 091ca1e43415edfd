"""模板之外: the offices send what their systems write, and every list means the same."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import dialects, workbooks
from tests.client import Client
from tests.dialects import OFFICE, Texts
from tests.tasks.roster_files import table
from tests.world import AFFAIRS, LIBRARY, World

pytestmark = pytest.mark.usefixtures("worker")

HEADER = ("学号", "姓名", "办理结果", "备注")


def lines(remark: str) -> Texts:
    """A list that no other is equal to: its remark is its own."""
    return [
        HEADER,
        ("2020010101", "张思", "通过", remark),
        ("2020010102", "李思", "未通过", remark),
        ("2020010199", "无名", "通过", ""),
        ("2020010103", "周思", "", ""),
    ]


def text(path: Path, content: str, encoding: str) -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def csv(encoding: str, delimiter: str = ",") -> Callable[[Path, Texts], Path]:
    def make(path: Path, rows: Texts) -> Path:
        return text(path, table(rows[0], *rows[1:], delimiter=delimiter).decode(), encoding)

    return make


def page(path: Path, rows: Texts) -> Path:
    return text(path, f"{OFFICE}<h1>名单</h1>{dialects.page(rows)}</body></html>", "gb18030")


def page_of_layout(path: Path, rows: Texts) -> Path:
    inner = dialects.page(rows, "名单")
    menu = dialects.page([("首页", "退出")])
    return text(path, f"\n<table><tr><td>{menu}<td>{inner}</table>", "utf-8")


def page_of_groups(path: Path, rows: Texts) -> Path:
    head = "<tr><th rowspan=2>学号<th rowspan=2>姓名<th colspan=2>图书馆<tr><th>办理结果<th>备注"
    content = dialects.page(rows[1:]).replace("<tr>", f"{head}<tr>", 1)
    return text(path, content, "utf-16")


def xml_book(path: Path, rows: Texts) -> Path:
    return text(path, dialects.xml_book(rows), "utf-8")


def strict(path: Path, rows: Texts) -> Path:
    return dialects.strict(workbooks.xlsx(path, rows))


def grouped(path: Path, rows: Texts) -> Path:
    return dialects.grouped(path, rows, LIBRARY)


def on_a_hidden_sheet(path: Path, rows: Texts) -> Path:
    return workbooks.sheets_xlsx(path, {"说明": [["填写说明"]], "名单": rows}, hidden=["名单"])


def on_a_named_sheet(path: Path, rows: Texts) -> Path:
    return workbooks.sheets_xlsx(path, {"上月": lines("上月"), "名单": rows})


def headed_with_the_checkpoint(path: Path, rows: Texts) -> Path:
    header = ("学号", "姓名", "图书馆（办理结果）", "备注·图书馆")
    return workbooks.xlsx(path, [("6月离校",), header, *rows[1:]])


SHAPES: dict[str, Callable[[Path, Texts], Path]] = {
    "名单.xlsx": workbooks.xlsx,
    "名单.xls": workbooks.xls,
    "utf-8.csv": csv("utf-8"),
    "utf-8-sig.csv": csv("utf-8-sig"),
    "gb18030.csv": csv("gb18030"),
    "制表符.tsv": csv("utf-8", "\t"),
    "制表符.xls": csv("gb18030", "\t"),
    "Unicode 文本.txt": csv("utf-16", "\t"),
    "网页.xls": page,
    "网页布局.xls": page_of_layout,
    "网页分组.xls": page_of_groups,
    "XML 表格.xls": xml_book,
    "严格.xlsx": strict,
    "苹果.xlsx": dialects.new_macintosh,
    "苹果.xls": dialects.old_macintosh,
    "富文本.xlsx": dialects.rich,
    "公式.xlsx": dialects.calculated,
    "分组.xlsx": grouped,
    "隐藏.xlsx": on_a_hidden_sheet,
    "两张表.xlsx": on_a_named_sheet,
    "环节名.xlsx": headed_with_the_checkpoint,
}


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def told(job: Any) -> list[tuple[Any, ...]]:
    """Whom each row names, what it says, and what became of it."""
    return [
        (row["key"], row["name"], row["act"], row["remark"], row["outcome"], row["code"])
        for row in job["rows"]["nodes"]
    ]


def imported(client: Client, world: World, folder: Path) -> Iterator[tuple[str, Any]]:
    for place, (name, make) in enumerate(SHAPES.items()):
        content = make(folder / str(place), lines(name)).read_bytes()
        file = client.upload(content, name)
        sheet = "名单" if make is on_a_named_sheet else None
        started = client.import_file(file, world.checkpoint(LIBRARY), sheet=sheet)
        yield name, client.finished(started["id"])


def test_the_same_list_is_applied_alike_in_every_shape_an_office_sends(
    library: Client, world: World, tmp_path: Path
) -> None:
    for version, (name, job) in enumerate(imported(library, world, tmp_path), 2):
        assert (name, job["problem"], job["unknownColumns"]) == (name, None, [])
        assert (name, told(job)) == (
            name,
            [
                ("2020010101", "张思", "PASS", name, "APPLIED", None),
                ("2020010102", "李思", "REFUSE", name, "APPLIED", None),
                ("2020010199", "无名", "PASS", "", "FAILED", "STUDENT_NOT_FOUND"),
                ("2020010103", "周思", None, "", "UNCHANGED", "NO_RESULT"),
            ],
        )
        assert world.state("2020010101", LIBRARY) == ("PASSED", name, version)
        assert world.state("2020010102", LIBRARY) == ("REFUSED", name, version)
    assert len(world.entries()) == 2 * len(SHAPES)


def test_what_an_office_cannot_have_meant_is_told_and_changes_nothing(
    library: Client, world: World, tmp_path: Path
) -> None:
    rows = [HEADER, ("=名册!A1", "张思", "通过", ""), ("2020010101", "张思", "=名册!C1", "")]
    file = library.upload(workbooks.xlsx(tmp_path / "a", rows).read_bytes(), "未计算.xlsx")
    job = library.finished(library.import_file(file, world.checkpoint(LIBRARY))["id"])

    message = (
        "单元格是尚未计算的公式“=名册!{}”。请用 Excel 或 WPS 打开文件并保存后重新上传，或直接填写。"
    )
    assert [row["problems"] for row in job["rows"]["nodes"]] == [
        [
            {
                "code": "FORMULA_NOT_CALCULATED",
                "column": column,
                "value": f"=名册!{column}1",
                "message": message.format(f"{column}1"),
            }
        ]
        for column in ("A", "C")
    ]
    assert world.entries() == []


def test_a_boolean_and_an_error_are_no_results(
    library: Client, world: World, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(workbooks.xlsx(tmp_path / "a.xlsx", lines("x")))
    page = book.worksheets[0]
    page["C2"], page["C3"] = True, "#N/A"
    page["C3"].data_type = "e"
    book.save(tmp_path / "a.xlsx")

    content = (tmp_path / "a.xlsx").read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY))
    assert [(row["code"], row["cells"][2]) for row in job["rows"]["nodes"][:2]] == [
        ("RESULT_UNKNOWN", "TRUE"), ("RESULT_UNKNOWN", "#N/A"),
    ]  # fmt: skip


def test_one_page_clears_at_two_checkpoints(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    admin = sign_in("admin")
    head = (
        "<tr><th rowspan=2>学号<th rowspan=2>姓名<th colspan=2>图书馆<th colspan=2>学工审核"
        "<tr><th>办理结果<th>备注<th>办理结果<th>备注"
    )
    row = "<tr><td>2020010101<td>张思<td>通过<td>已还清<td>未通过<td>缺表"
    content = text(tmp_path / "a", f"{OFFICE}<table>{head}{row}</table>", "gb18030").read_bytes()
    start = """mutation($file: ID!, $checkpoints: [ID!]) {
      startImport(file: $file, checkpoints: $checkpoints) { ... on Job { id } } }"""
    checkpoints = [world.checkpoint(each) for each in (LIBRARY, AFFAIRS)]
    asked = {"file": admin.upload(content, "两个环节.xls"), "checkpoints": checkpoints}
    job = admin.finished(admin.query(start, **asked)["startImport"]["id"])

    assert (job["applied"], job["failed"], job["problem"]) == (2, 0, None)
    assert world.state("2020010101", LIBRARY) == ("PASSED", "已还清", 2)
    assert world.state("2020010101", AFFAIRS) == ("REFUSED", "缺表", 2)
