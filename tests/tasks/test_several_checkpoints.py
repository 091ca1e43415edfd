"""One file for several checkpoints: a result column each, decided in checkpoint order."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import ClearanceStatus
from tests import workbooks
from tests.client import Client
from tests.desk import repaired, sums
from tests.workbooks import Value
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")

START = """mutation($file: ID!, $checkpoint: ID, $checkpoints: [ID!], $dryRun: Boolean! = false) {
  startImport(file: $file, checkpoint: $checkpoint, checkpoints: $checkpoints, dryRun: $dryRun) {
    ... on Job { id } ... on Refused { code message path } } }"""
ROWS = """query($id: ID!) { job(id: $id) { checkpoint { title } checkpoints { title }
  rows(first: 100) { totalCount nodes {
    id rowNumber checkpoint { title } outcome code cells } } } }"""
HEADER = ("学号", "姓名", "导师审核", "学工审核 办理结果", "学工审核备注")
LINES: list[Sequence[Value]] = [
    HEADER,
    ("2020010101", "张思", "通过", "通过", "已交表"),
    ("2020010102", "李思", "未通过", "通过", None),
    ("2020010103", "周思", None, "未通过", "缺表"),
    ("2020010199", "无名", "通过", "通过", None),
]
TOLD = [
    (2, SUPERVISOR, "APPLIED", None),
    (2, AFFAIRS, "APPLIED", None),
    (3, SUPERVISOR, "APPLIED", None),
    (3, AFFAIRS, "FAILED", "PREREQUISITE_PENDING"),
    (4, SUPERVISOR, "UNCHANGED", "NO_RESULT"),
    (4, AFFAIRS, "APPLIED", None),
    (5, SUPERVISOR, "FAILED", "STUDENT_NOT_FOUND"),
    (5, AFFAIRS, "FAILED", "STUDENT_NOT_FOUND"),
]


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def start(
    client: Client, world: World, path: Path, titles: Sequence[str], **options: object
) -> Any:
    checkpoints = [world.checkpoint(title) for title in titles]
    file = client.upload(path.read_bytes())
    return client.query(START, file=file, checkpoints=checkpoints, **options)["startImport"]


def run(client: Client, world: World, path: Path, titles: Sequence[str], **options: object) -> Any:
    return client.finished(start(client, world, path, titles, **options)["id"])


def told(client: Client, job: Any) -> list[tuple[Any, ...]]:
    rows = client.query(ROWS, id=job["id"])["job"]["rows"]["nodes"]
    return [
        (row["rowNumber"], row["checkpoint"]["title"], row["outcome"], row["code"]) for row in rows
    ]


def sheet(client: Client, job: Any, kind: str) -> list[tuple[object, ...]]:
    [url] = [file["url"] for file in job["files"] if file["kind"] == kind]
    found = openpyxl.load_workbook(io.BytesIO(client.download(url))).worksheets[0]
    return list(found.iter_rows(values_only=True))


@pytest.mark.parametrize("titles", [(SUPERVISOR, AFFAIRS), (AFFAIRS, SUPERVISOR)])
def test_each_row_has_an_outcome_at_each_checkpoint_and_a_prerequisite_is_decided_first(
    admin: Client, world: World, tmp_path: Path, titles: Sequence[str]
) -> None:
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", LINES), titles)

    assert told(admin, job) == TOLD
    assert sums(job) == {"applied": 4, "unchanged": 1, "failed": 3}
    assert world.state("2020010101", AFFAIRS) == ("PASSED", "已交表", 2)
    assert world.state("2020010102", SUPERVISOR) == ("REFUSED", "", 2)
    assert world.state("2020010103", AFFAIRS) == ("REFUSED", "缺表", 2)
    found = admin.query(ROWS, id=job["id"])["job"]
    assert (found["checkpoint"], found["checkpoints"], found["rows"]["totalCount"]) == (
        None, [{"title": SUPERVISOR}, {"title": AFFAIRS}], 8,
    )  # fmt: skip
    again = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on JobRow { id outcome } } }"
    nodes = found["rows"]["nodes"]
    assert admin.query(again, ids=[row["id"] for row in nodes])["nodes"] == [
        {"id": row["id"], "outcome": row["outcome"]} for row in nodes
    ]


def test_a_dry_run_says_the_same_and_changes_nothing(
    admin: Client, world: World, tmp_path: Path
) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", LINES)
    rehearsal = run(admin, world, path, (SUPERVISOR, AFFAIRS), dryRun=True)
    assert told(admin, rehearsal) == TOLD
    assert world.entries() == []
    assert told(admin, run(admin, world, path, (SUPERVISOR, AFFAIRS))) == TOLD


def test_a_dry_run_knows_what_an_earlier_column_would_refuse(
    admin: Client, world: World, tmp_path: Path
) -> None:
    world.put("2020010101", SUPERVISOR, ClearanceStatus.PASSED)
    rows = [HEADER[:4], ("2020010101", "张思", "未通过", "通过")]
    path = workbooks.xlsx(tmp_path / "a.xlsx", rows)
    for dry_run in (True, False):
        job = run(admin, world, path, (SUPERVISOR, AFFAIRS), dryRun=dry_run)
        assert told(admin, job)[1] == (2, AFFAIRS, "FAILED", "PREREQUISITE_PENDING")


def test_the_workbook_has_a_line_for_each_row_and_an_outcome_for_each_checkpoint(
    admin: Client, world: World, tmp_path: Path
) -> None:
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", LINES), (SUPERVISOR, AFFAIRS))

    lines = sheet(admin, job, "ANNOTATED")
    assert lines[0] == (
        *HEADER, "原行号", "导入结果（导师审核）", "导入结果（学工审核）", "错误代码", "错误原因",
    )  # fmt: skip
    nobody = "找不到“2020010199”对应的学生，或该学生不在您的权限范围内，请核对。"
    pending = "前置环节尚未通过：导师审核。请先办理前置环节。"
    nothing = "办理结果没有填写“通过”或“未通过”，该行未作改动。"
    assert [line[5:] for line in lines[1:]] == [
        ("2", "已导入", "已导入", None, None),
        ("3", "已导入", "失败", "PREREQUISITE_PENDING", f"学工审核：{pending}"),
        ("4", "无变化", "已导入", "NO_RESULT", f"导师审核：{nothing}"),
        ("5", "失败", "失败", "STUDENT_NOT_FOUND", nobody),
    ]
    failed = sheet(admin, job, "FAILED_ROWS")
    assert [line[5] for line in failed[1:]] == ["3", "5"]


def test_the_failed_rows_of_several_checkpoints_can_be_uploaded_again(
    admin: Client, world: World, tmp_path: Path
) -> None:
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", LINES), (SUPERVISOR, AFFAIRS))
    [url] = [file["url"] for file in job["files"] if file["kind"] == "FAILED_ROWS"]
    (tmp_path / "b.xlsx").write_bytes(admin.download(url))
    again = run(admin, world, tmp_path / "b.xlsx", (SUPERVISOR, AFFAIRS))
    assert again["unknownColumns"] == []
    assert told(admin, again) == [
        (2, SUPERVISOR, "UNCHANGED", None),
        (2, AFFAIRS, "FAILED", "PREREQUISITE_PENDING"),
        (3, SUPERVISOR, "FAILED", "STUDENT_NOT_FOUND"),
        (3, AFFAIRS, "FAILED", "STUDENT_NOT_FOUND"),
    ]


def test_a_repair_judges_a_row_where_it_failed_and_nowhere_else(
    admin: Client, world: World, tmp_path: Path
) -> None:
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", LINES), (SUPERVISOR, AFFAIRS))
    after = repaired(admin, job["id"], (5, "A", "2020010104"), (5, "B", "周思"))
    assert told(admin, after)[6:] == [
        (5, SUPERVISOR, "APPLIED", None),
        (5, AFFAIRS, "APPLIED", None),
    ]
    world.put("2020010102", SUPERVISOR, ClearanceStatus.PASSED, version=9)
    after = repaired(admin, job["id"], (3, "E", "已补"))
    assert told(admin, after)[2:4] == [
        (3, SUPERVISOR, "APPLIED", None), (3, AFFAIRS, "APPLIED", None),
    ]  # fmt: skip
    assert world.state("2020010102", SUPERVISOR) == ("PASSED", "", 9)
    assert world.state("2020010102", AFFAIRS) == ("PASSED", "已补", 2)
    assert sheet(admin, after, "ANNOTATED")[2][:5] == (
        "2020010102", "李思", "未通过", "通过", "已补",
    )  # fmt: skip


def test_two_rows_of_titles_name_the_checkpoints_above_the_words(
    admin: Client, world: World, tmp_path: Path
) -> None:
    rows: list[Sequence[Value]] = [
        ("2020级研究生离校名单",),
        ("学号", "姓名", "导师审核", None, "学工审核", None),
        (None, None, "办理结果", "备注", "办理结果", "备注"),
        ("2020010101", "张思", "通过", "甲", "未通过", "乙"),
    ]
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", rows), (SUPERVISOR, AFFAIRS))
    assert told(admin, job) == [(4, SUPERVISOR, "APPLIED", None), (4, AFFAIRS, "APPLIED", None)]
    assert world.state("2020010101", SUPERVISOR) == ("PASSED", "甲", 2)
    assert world.state("2020010101", AFFAIRS) == ("REFUSED", "乙", 2)
    assert sheet(admin, job, "ANNOTATED")[0][:6] == (
        "学号", "姓名", "导师审核 办理结果", "导师审核 备注", "学工审核 办理结果", "学工审核 备注",
    )  # fmt: skip


def test_an_exported_matrix_is_such_a_file(admin: Client, world: World, tmp_path: Path) -> None:
    world.put("2020010101", SUPERVISOR, ClearanceStatus.PASSED)
    export = """mutation($where: StudentFilter!) { startExport(where: $where) {
      ... on Job { id } } }"""
    made = admin.query(export, where={"scheme": world.scheme})["startExport"]["id"]
    [file] = admin.finished(made)["files"]
    book = openpyxl.load_workbook(io.BytesIO(admin.download(file["url"])))
    header = [cell.value for cell in book.worksheets[0][1]]
    for row in book.worksheets[0].iter_rows(min_row=2):
        row[header.index(LIBRARY)].value = "已通过"
    book.save(tmp_path / "matrix.xlsx")

    job = run(admin, world, tmp_path / "matrix.xlsx", (SUPERVISOR, AFFAIRS, LIBRARY))
    assert sums(job) == {"applied": 6, "unchanged": 12}
    assert world.state("2020020101", LIBRARY) == ("PASSED", "", 2)


REFUSED = [
    ((SUPERVISOR, LIBRARY), "RESULT_COLUMN_MISSING",
     "缺少环节“图书馆”的办理结果列，请补上，表头写“图书馆”或“图书馆办理结果”。"),
]  # fmt: skip


@pytest.mark.parametrize(("titles", "code", "message"), REFUSED)
def test_a_checkpoint_without_a_column_is_named(
    admin: Client, world: World, tmp_path: Path, titles: Sequence[str], code: str, message: str
) -> None:
    job = run(admin, world, workbooks.xlsx(tmp_path / "a.xlsx", LINES), titles)
    assert job["problem"] == {"code": code, "column": None, "value": "", "message": message}
    assert world.entries() == []


def test_who_may_not_decide_at_one_of_them_may_import_at_none(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", LINES)
    answer = start(sign_in("affairs"), world, path, (SUPERVISOR, AFFAIRS))
    assert answer["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"checkpoints": []}, "“checkpoints”的值“0”无效：至少一个环节，且不能重复。"),
        ({}, "“checkpoint”的值“未填写”无效：checkpoint 和 checkpoints 须填写且只能填写一个。"),
    ],
)
def test_the_checkpoints_are_named_once_and_in_one_way(
    admin: Client, asked: dict[str, Any], message: str
) -> None:
    answer = admin.query(START, file=admin.upload(b"x"), **asked)["startImport"]
    assert (answer["code"], answer["message"]) == ("INVALID_INPUT", message)
