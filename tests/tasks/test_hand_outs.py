"""Handing out by file, with a real worker: what a row gives, what is wrong with it, and again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from models import ClearanceStatus, HandOut, Student
from tests.client import Client
from tests.schema.configuring import REFUSED
from tests.schema.handing import DEGREE, GRADUATION, MATERIALS, clear
from tests.workbooks import Value, xlsx
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
ONE, TWO, THREE, FOUR = "2020010101", "2020010102", "2020010103", "2020010104"
GEOLOGIST = "2020020101"
START = f"""mutation($file: ID!, $scheme: ID!, $dryRun: Boolean! = false) {{
  startHandOutsImport(file: $file, scheme: $scheme, dryRun: $dryRun) {{
    ... on Job {{ id status }} {REFUSED} }} }}"""
RETRY = f"mutation($job: ID!) {{ retryJob(job: $job) {{ ... on Job {{ id }} {REFUSED} }} }}"
HEADER = (
    *("学号", "姓名", "毕业证书编号", "学位证书编号", "毕业材料"),
    *("领取方式", "代领人", "代领人证件号", "发放日期", "备注"),
)


@pytest.fixture
def department(world: World, sign_in: SignIn, worker: None) -> Client:
    clear(world, ONE, TWO, THREE, FOUR, GEOLOGIST)
    return sign_in("department")


def content(path: Path, rows: Sequence[Sequence[Value]], header: Sequence[str] = HEADER) -> bytes:
    return xlsx(path / "发放.xlsx", [header, *rows]).read_bytes()


def run(client: Client, world: World, content: bytes, **options: Any) -> Any:
    """The finished job."""
    started = client.query(START, file=client.upload(content), scheme=world.scheme, **options)
    return client.finished(started["startHandOutsImport"]["id"])


def outcomes(job: Any) -> list[tuple[int, str, str | None]]:
    return [(row["rowNumber"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def messages(job: Any) -> dict[int, list[str]]:
    rows = job["rows"]["nodes"]
    return {row["rowNumber"]: [each["message"] for each in row["problems"]] for row in rows}


def given(world: World) -> dict[str, list[tuple[object, ...]]]:
    """What holds, by the number of the student."""
    numbers = {key: number for number, key in world.students.items()}
    found: dict[str, list[tuple[object, ...]]] = {}
    statement = sa.select(HandOut).where(HandOut.revoked_at.is_(None)).order_by(HandOut.id)
    with world.database.write() as session:
        for each in session.scalars(statement):
            told = (each.kind.value, each.certificate_number)
            found.setdefault(numbers[each.student_id], []).append(told)
    return found


def test_each_row_gives_a_student_all_that_stands_in_it(
    world: World, department: Client, tmp_path: Path
) -> None:
    rows: list[Sequence[Value]] = [
        (ONE, "张思", "G1", "d1", "是", None, None, None, "2026-06-20", None),
        (int(TWO), "李思", None, "D2", "√", "代领", "王五", "E12345678", "2026/6/21", "委托书"),
        (f" {THREE}", "周思", None, None, "1", "邮寄", "周父", None, None, "SF1234"),
    ]
    job = run(department, world, content(tmp_path, rows))
    assert outcomes(job) == [(2, "APPLIED", None), (3, "APPLIED", None), (4, "APPLIED", None)]
    assert given(world) == {
        ONE: [(GRADUATION, "G1"), (DEGREE, "D1"), (MATERIALS, None)],
        TWO: [(DEGREE, "D2"), (MATERIALS, None)],
        THREE: [(MATERIALS, None)],
    }
    with world.database.write() as session:
        told = session.execute(
            sa.select(
                HandOut.receiver,
                HandOut.proxy_name,
                HandOut.proxy_id_number,
                HandOut.remark,
                HandOut.handed_out_at,
                HandOut.row_number,
            ).where(HandOut.certificate_number == "D2")
        ).one()
    assert tuple(told)[:4] == ("PROXY", "王五", "E12345678", "委托书")
    # Midnight where the office is.
    assert (told.handed_out_at.isoformat(), told.row_number) == ("2026-06-20T16:00:00+00:00", 3)


def test_the_same_file_again_changes_nothing(
    world: World, department: Client, tmp_path: Path
) -> None:
    file = content(tmp_path, [(ONE, "张思", "G1", "D1", "是", *[None] * 5)])
    run(department, world, file)
    job = run(department, world, file)
    assert outcomes(job) == [(2, "UNCHANGED", None)]
    assert len(given(world)[ONE]) == 3


def test_a_dry_run_tells_the_same_and_gives_nothing(
    world: World, department: Client, tmp_path: Path
) -> None:
    world.put(TWO, LIBRARY, ClearanceStatus.PENDING)
    rows = [(ONE, "张思", "G1", *[None] * 7), (TWO, "李思", "G2", *[None] * 7)]
    file = content(tmp_path, rows)
    job = run(department, world, file, dryRun=True)
    assert outcomes(job) == [(2, "APPLIED", None), (3, "FAILED", "CLEARANCE_INCOMPLETE")]
    assert given(world) == {}
    assert outcomes(run(department, world, file)) == outcomes(job)
    assert given(world) == {ONE: [(GRADUATION, "G1")]}


def test_every_mistake_has_its_sentence_and_keeps_no_other_row_back(
    world: World, department: Client, tmp_path: Path
) -> None:
    lost = 1.04911202601e17
    rows = [
        (ONE, "张斯", "G1", *[None] * 7),
        (GEOLOGIST, None, "G1", *[None] * 7),
        (TWO, None, lost, None, "也许", "托人", None, None, "2999-01-01", None),
        (TWO, None, *[None] * 8),
        (TWO, None, "G1", None, None, "代领", None, None, None, None),
        (TWO, None, "G1", None, None, "本人", "王五", "110101199001011234", None, None),
        (THREE, None, None, None, "是", *[None] * 5),
    ]
    job = run(department, world, content(tmp_path, rows))
    assert outcomes(job) == [
        (2, "FAILED", "NAME_MISMATCH"),
        (3, "FAILED", "STUDENT_NOT_FOUND"),
        (4, "FAILED", "NUMBER_PRECISION_LOST"),
        (5, "UNCHANGED", "NOTHING_GIVEN"),
        (6, "FAILED", "PROXY_MISSING"),
        (7, "FAILED", "VALUE_UNKNOWN"),
        (8, "APPLIED", None),
    ]
    told = messages(job)
    assert told[4] == [
        "“毕业证书编号”的“1.04911202601000E+17”被存为数字，末几位已丢失。"
        "请把该列设为文本后重新填写完整编号。",
        "“毕业材料”的值“也许”无法识别，请填写：是、否。",
        "“领取方式”的值“托人”无法识别，请填写：本人领取、他人代领、邮寄、单位领取。",
        "“发放日期”的值“2999-01-01”无法识别，请填写：不晚于今天的日期，如 2026-06-20。",
    ]
    assert told[5] == ["该行没有填写证书编号或毕业材料，未作发放。"]
    assert told[6] == ["他人代领须填写代领人的姓名和完整证件号，请补上。"]
    assert told[7] == [
        "“代领人”的值“王五”无法识别，请填写：空（本人领取）。",
        "“代领人证件号”的值“110101********1234”无法识别，请填写：空（本人领取）。",
    ]
    assert given(world) == {THREE: [(MATERIALS, None)]}


def test_rows_that_contradict_each_other_all_fail_and_name_each_other(
    world: World, department: Client, tmp_path: Path
) -> None:
    rows = [
        (ONE, None, "G1", *[None] * 7),
        (TWO, None, "G2", *[None] * 7),
        (ONE, None, "G3", *[None] * 7),
        (THREE, None, "G4", *[None] * 7),
        (FOUR, None, "g4", *[None] * 7),
        (TWO, None, None, "D2", *[None] * 6),
    ]
    job = run(department, world, content(tmp_path, rows))
    conflict = ("FAILED", "DUPLICATE_CONFLICT")
    assert [each[1:] for each in outcomes(job)] == [
        conflict,
        ("APPLIED", None),
        conflict,
        conflict,
        conflict,
        ("APPLIED", None),
    ]
    told = messages(job)
    assert told[2] == ["同一学生在第 2、4 行的内容互相矛盾，均未导入，请只保留一行。"]
    assert told[6] == ["编号“G4”在第 5、6 行给了不同的学生，均未发放，请核对编号。"]
    assert given(world) == {TWO: [(GRADUATION, "G2"), (DEGREE, "D2")]}


@pytest.mark.parametrize(
    "other",
    [
        ("G1", None, "是", "代领", "王五", "E12345678", None, None),
        ("G1", None, "是", "邮寄", None, None, None, None),
        ("G1", None, "是", None, None, None, "2026-06-21", None),
        ("G1", None, "是", None, None, None, None, "委托书已收"),
        (None, None, "是", "邮寄", None, None, None, None),
    ],
)
def test_rows_that_differ_in_who_received_it_or_when_contradict_each_other_too(
    world: World, department: Client, tmp_path: Path, other: tuple[Value, ...]
) -> None:
    rows = [
        (ONE, "张思", "G1", None, "是", *[None] * 5),
        (ONE, None, *other),
        (ONE, None, None, "D1", None, "邮寄", *[None] * 4),
        (TWO, None, "G2", *[None] * 7),
        (TWO, "李思", "G2", *[None] * 7),
    ]
    job = run(department, world, content(tmp_path, rows))
    assert outcomes(job) == [
        (2, "FAILED", "DUPLICATE_CONFLICT"),
        (3, "FAILED", "DUPLICATE_CONFLICT"),
        (4, "APPLIED", None),
        (5, "APPLIED", None),
        (6, "UNCHANGED", None),
    ]
    assert messages(job)[3] == ["同一学生在第 2、3 行的内容互相矛盾，均未导入，请只保留一行。"]
    assert given(world) == {ONE: [(DEGREE, "D1")], TWO: [(GRADUATION, "G2")]}


@pytest.mark.parametrize("word", ["无", "是", "/", "已领"])
def test_a_word_is_no_number_of_a_certificate(
    world: World, department: Client, tmp_path: Path, word: str
) -> None:
    rows = [(ONE, "张思", word, *[None] * 7), (TWO, "李思", "G2", *[None] * 7)]
    job = run(department, world, content(tmp_path, rows))
    assert outcomes(job) == [(2, "FAILED", "VALUE_UNKNOWN"), (3, "APPLIED", None)]
    expected = f"“毕业证书编号”的值“{word}”无法识别，请填写：完整的证书编号，不发放则留空。"
    assert messages(job)[2] == [expected]
    assert given(world) == {TWO: [(GRADUATION, "G2")]}


def test_rows_that_failed_for_what_was_open_are_retried_once_it_is_cleared(
    world: World, department: Client, tmp_path: Path
) -> None:
    world.put(ONE, LIBRARY, ClearanceStatus.PENDING)
    rows = [(ONE, "张思", "G1", *[None] * 7), (TWO, "李四", "G2", *[None] * 7)]
    job = run(department, world, content(tmp_path, rows))
    assert (job["applied"], job["failed"]) == (0, 2)
    world.put(ONE, LIBRARY, ClearanceStatus.PASSED)
    department.query(RETRY, job=job["id"])
    again = department.finished(job["id"])
    assert outcomes(again) == [(2, "APPLIED", None), (3, "FAILED", "NAME_MISMATCH")]
    assert given(world) == {ONE: [(GRADUATION, "G1")]}


def test_a_retried_row_gives_nothing_to_who_has_another_number_by_now(
    world: World, department: Client, tmp_path: Path
) -> None:
    world.put(ONE, LIBRARY, ClearanceStatus.PENDING)
    job = run(department, world, content(tmp_path, [(ONE, None, "G1", *[None] * 7)]))
    world.put(ONE, LIBRARY, ClearanceStatus.PASSED)
    with world.database.write() as session:
        session.get_one(Student, world.students[ONE]).number = "2020019999"
    department.query(RETRY, job=job["id"])
    assert outcomes(department.finished(job["id"])) == [(2, "FAILED", "STUDENT_NOT_FOUND")]
    assert given(world) == {}


def test_the_annotated_workbook_says_what_became_of_each_row(
    world: World, department: Client, tmp_path: Path
) -> None:
    world.put(TWO, LIBRARY, ClearanceStatus.REFUSED)
    rows = [(ONE, "张思", "G1", *[None] * 7), (TWO, "李思", "G2", *[None] * 7)]
    job = run(department, world, content(tmp_path, rows))
    [annotated] = [file for file in job["files"] if file["kind"] == "ANNOTATED"]
    path = tmp_path / "结果.xlsx"
    path.write_bytes(department.download(annotated["url"]))
    told = list(openpyxl.load_workbook(path).worksheets[0].values)
    assert told[0][-4:] == ("原行号", "导入结果", "错误代码", "错误原因")
    assert told[1][-4:] == ("2", "已发放", None, None)
    assert told[2][-4:] == (
        *("3", "失败", "CLEARANCE_INCOMPLETE"),
        "该学生尚有环节未办结：图书馆。请先办结这些环节。",
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("姓名", "毕业证书编号"), "KEY_COLUMN_MISSING"),
        (("学号", "姓名"), "COLUMN_MISSING"),
        (("张思", "李思"), "HEADER_MISSING"),
    ],
)
def test_a_file_without_what_it_takes_gives_nothing_and_says_why(
    world: World, department: Client, tmp_path: Path, header: tuple[str, ...], code: str
) -> None:
    job = run(department, world, content(tmp_path, [(ONE, "G1")], header))
    assert (job["status"], job["problem"]["code"]) == ("FAILED", code)
    assert given(world) == {}


def test_only_who_hands_out_starts_one(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("affairs")
    file = client.upload(content(tmp_path, [(ONE, "张思", "G1", *[None] * 7)]))
    refused = client.query(START, file=file, scheme=world.scheme)["startHandOutsImport"]
    assert refused["code"] == "FORBIDDEN"
    assert refused["message"] == "您没有“发放”的权限，请联系系统管理员。"
