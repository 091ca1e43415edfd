"""An import from start to end: its workbooks, what happens the second time, who may start one."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from models import ClearanceStatus
from tests import workbooks
from tests.client import Client
from tests.workbooks import Value
from tests.world import AFFAIRS, LIBRARY, World

pytestmark = pytest.mark.usefixtures("worker")

HEADER = ("学号", "姓名", "办理结果", "备注")
ROWS: list[Sequence[Value]] = [
    ("图书馆离校",),
    HEADER,
    (2020010101, "张思", "通过", None, "多出的一格"),
    ("2020010102", "李四", "也许", "=1+1"),
    ("110101199701010003", "周思", "不通过", "欠书"),
    ("2020020101", "欧阳·娜娜", None, None),
    ("2020020102", "吴思", "通过", None),
    ("2020020102", "吴思", "通过", None),
]
APPENDED = ["原行号", "导入结果", "错误代码", "错误原因"]
UNKNOWN = "办理结果“也许”无法识别，请填写“通过”或“未通过”。"
NOBODY = "找不到“110101199701010003”对应的学生，或该学生不在您的权限范围内，请核对。"
MISMATCH = "文件中的姓名“李四”与名册中的姓名“李思”不一致，请核对是否填错了人。"
NOTHING = "办理结果没有填写“通过”或“未通过”，该行未作改动。"
REPEATED = "与第 7 行相同，不再重复办理。"
FAILED_LINES = [
    ["2020010102", "李四", "也许", "=1+1", None, "4", "失败", "RESULT_UNKNOWN、NAME_MISMATCH",
     f"{UNKNOWN} {MISMATCH}"],
    ["110101199701010003", "周思", "不通过", "欠书", None, "5", "失败", "STUDENT_NOT_FOUND",
     NOBODY],
]  # fmt: skip


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    path = workbooks.xlsx(tmp_path / "a.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0]["D4"]
    cell.data_type = "s"
    book.save(path)
    return path.read_bytes()


def plain(tmp_path: Path, *rows: Sequence[Value]) -> bytes:
    return workbooks.xlsx(tmp_path / "plain.xlsx", [HEADER, *rows]).read_bytes()


def made(client: Client, job: Any) -> dict[str, Worksheet]:
    """The first sheets of the workbooks that a job made, by kind."""
    return {
        file["kind"]: openpyxl.load_workbook(io.BytesIO(client.download(file["url"]))).worksheets[0]
        for file in job["files"]
    }


def values(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def sums(job: Any) -> dict[str, int]:
    return {name: job[name] for name in ("applied", "unchanged", "failed", "unprocessed")}


def test_the_annotated_workbook_has_the_uploaded_rows_in_order_with_what_became_of_them(
    library: Client, world: World, content: bytes
) -> None:
    job = library.run_import(content, world.checkpoint(LIBRARY))

    assert sums(job) == {"applied": 2, "unchanged": 2, "failed": 2, "unprocessed": 0}
    assert [(file["kind"], file["name"]) for file in job["files"]] == [
        ("ANNOTATED", "导入结果.xlsx"),
        ("FAILED_ROWS", "失败行.xlsx"),
    ]
    sheet = made(library, job)["ANNOTATED"]
    assert values(sheet) == [
        [*HEADER, None, *APPENDED],
        ["2020010101", "张思", "通过", None, "多出的一格", "3", "已导入", None, None],
        *FAILED_LINES,
        ["2020020101", "欧阳·娜娜", None, None, None, "6", "无变化", "NO_RESULT", NOTHING],
        ["2020020102", "吴思", "通过", None, None, "7", "已导入", None, None],
        ["2020020102", "吴思", "通过", None, None, "8", "无变化", "DUPLICATE_ROW", REPEATED],
    ]
    assert sheet.freeze_panes == "A2"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_failed_rows_are_corrected_and_uploaded_again(
    library: Client, world: World, content: bytes, tmp_path: Path
) -> None:
    first = library.run_import(content, world.checkpoint(LIBRARY))
    sheet = made(library, first)["FAILED_ROWS"]
    assert values(sheet) == [[*HEADER, None, *APPENDED], *FAILED_LINES]

    sheet["B2"], sheet["C2"], sheet["A3"] = "李思", "通过", "2020010103"
    assert sheet.parent is not None
    sheet.parent.save(tmp_path / "b.xlsx")
    second = library.run_import((tmp_path / "b.xlsx").read_bytes(), world.checkpoint(LIBRARY))

    assert sums(second) == {"applied": 2, "unchanged": 0, "failed": 0, "unprocessed": 0}
    assert second["unknownColumns"] == []
    assert world.state("2020010102", LIBRARY) == ("PASSED", "=1+1", 2)
    assert world.state("2020010103", LIBRARY) == ("REFUSED", "欠书", 2)


def test_a_workbook_of_failed_rows_that_fails_again_does_not_grow(
    library: Client, world: World, content: bytes
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    job = library.run_import(content, checkpoint)
    for _ in range(2):
        [file] = [each for each in job["files"] if each["kind"] == "FAILED_ROWS"]
        job = library.run_import(library.download(file["url"]), checkpoint)
        sheet = made(library, job)["FAILED_ROWS"]

        (first, second) = FAILED_LINES
        assert values(sheet) == [
            [*HEADER, None, *APPENDED],
            [*first[:5], "2", *first[6:]],
            [*second[:5], "3", *second[6:]],
        ]


def test_without_a_failed_row_there_is_no_workbook_of_failed_rows(
    library: Client, world: World, tmp_path: Path
) -> None:
    job = library.run_import(
        plain(tmp_path, ("2020010101", "张思", "通过")), world.checkpoint(LIBRARY)
    )

    assert [file["kind"] for file in job["files"]] == ["ANNOTATED"]


def test_the_workbook_of_a_dry_run_says_what_could_be_imported(
    library: Client, world: World, content: bytes
) -> None:
    job = library.run_import(content, world.checkpoint(LIBRARY), dryRun=True)

    sheet = made(library, job)["ANNOTATED"]
    assert [row[6] for row in values(sheet)[1:]] == [
        "可导入", "失败", "失败", "无变化", "可导入", "无变化",
    ]  # fmt: skip
    assert world.entries() == []


def test_an_english_operator_gets_english_reasons(
    library: Client, world: World, content: bytes
) -> None:
    library.http.headers["accept-language"] = "en"
    job = library.run_import(content, world.checkpoint(LIBRARY))

    assert [row[8] for row in values(made(library, job)["FAILED_ROWS"])[1:]] == [
        "The result “也许” is not known; write 通过 or 未通过. The name “李四” differs from “李思”"
        " in the roster; check that it is the right person.",
        "No student is known by “110101199701010003” within your scope; check the number.",
    ]


def test_the_same_file_twice_changes_nothing_the_second_time(
    library: Client, world: World, content: bytes
) -> None:
    file = library.upload(content)
    checkpoint = world.checkpoint(LIBRARY)
    first = library.finished(library.import_file(file, checkpoint)["id"])
    entries = [(entry.student_id, entry.row_number) for entry in world.entries()]

    again = library.finished(library.import_file(file, checkpoint, again=True)["id"])
    later = library.run_import(content, checkpoint, again=True)

    assert sums(first) == {"applied": 2, "unchanged": 2, "failed": 2, "unprocessed": 0}
    for job in (again, later):
        assert sums(job) == {"applied": 0, "unchanged": 4, "failed": 2, "unprocessed": 0}
    assert [(entry.student_id, entry.row_number) for entry in world.entries()] == entries
    assert entries == [(world.students["2020010101"], 3), (world.students["2020020102"], 7)]


def test_an_empty_remark_keeps_the_old_one_and_another_one_replaces_it(
    library: Client, world: World, tmp_path: Path
) -> None:
    for number, remark in (("2020010101", "欠书"), ("2020010102", "欠书")):
        world.put(number, LIBRARY, ClearanceStatus.REFUSED, remark=remark)
    job = library.run_import(
        plain(
            tmp_path,
            ("2020010101", "张思", "未通过", None),
            ("2020010102", "李思", "未通过", "仍欠书"),
        ),
        world.checkpoint(LIBRARY),
    )

    assert sums(job) == {"applied": 1, "unchanged": 1, "failed": 0, "unprocessed": 0}
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 1)
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "仍欠书", 2)


@pytest.mark.parametrize(("login", "checkpoint"), [("department", LIBRARY), ("library", AFFAIRS)])
def test_an_import_where_one_decides_nothing_is_forbidden(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path, login: str, checkpoint: str
) -> None:
    content = plain(tmp_path, ("2020010101", "张思", "通过"))
    answer = sign_in(login).start_import(content, world.checkpoint(checkpoint))

    assert answer == {
        "code": "FORBIDDEN",
        "message": "您没有“办理”的权限，请联系系统管理员。",
        "path": [],
        "facts": [{"name": "right", "value": "DECIDE"}],
    }


def test_neither_somebody_elses_file_nor_a_result_can_be_imported(
    sign_in: Callable[[str], Client], library: Client, world: World, content: bytes
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    result = library.run_import(content, checkpoint, dryRun=True)["files"][0]["id"]
    elsewhere = sign_in("affairs").upload(content)

    codes = [
        library.import_file(file, checkpoint)["code"]
        for file in (result, elsewhere, checkpoint, "nonsense")
    ]
    assert codes == ["NOT_FOUND"] * 4
    assert library.start_import(content, world.student("2020010101"))["code"] == "NOT_FOUND"
    assert world.entries() == []
