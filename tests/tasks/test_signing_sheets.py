"""The signing sheet: who stands on it, how it prints, and that it is read again when filled in."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import ClearanceStatus
from tests.client import Client
from tests.schema.configuring import REFUSED
from tests.schema.handing import certificate, clear, give
from tests.tasks.test_hand_outs import given, outcomes, run
from tests.world import GEOLOGY, LIBRARY, MARX, World

SignIn = Callable[[str], Client]
ONE, TWO, THREE, FOUR, GEOLOGIST = (
    *("2020010101", "2020010102", "2020010103", "2020010104"),
    "2020020101",
)
EXPORT = f"""mutation($where: StudentFilter!) {{ startSigningSheetExport(where: $where) {{
  ... on Job {{ id exported }} {REFUSED} }} }}"""
HEADER = (
    *("序号", "学号", "姓名", "院系", "班级", "毕业证书编号", "学位证书编号", "毕业材料"),
    *("领取方式", "代领人", "代领人证件号", "发放日期", "签名"),
)


@pytest.fixture
def department(world: World, sign_in: SignIn, worker: None) -> Client:
    clear(world, ONE, TWO, THREE, FOUR, GEOLOGIST)
    return sign_in("department")


def exported(client: Client, world: World, **where: Any) -> bytes:
    """The bytes of the sheet."""
    started = client.query(EXPORT, where={"scheme": world.scheme, **where})
    job = client.finished(started["startSigningSheetExport"]["id"])
    assert job["status"] == "FINISHED", job
    return client.download(job["files"][0]["url"])


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_who_may_receive_stands_on_it_with_room_for_the_numbers(
    world: World, department: Client
) -> None:
    world.put(TWO, LIBRARY, ClearanceStatus.PENDING)
    give(department, world, certificate("=D1"), number=THREE)
    rows = list(opened(exported(department, world)).values)
    assert rows[0][0] == "发放签收表"
    assert rows[1][0].startswith("导出时间：")
    assert "离校方案：2020级研究生6月份" in rows[1][0]
    assert rows[2] == HEADER
    told = [row[:8] for row in rows[3:]]
    assert told == [
        ("1", ONE, "张思", MARX, None, None, None, None),
        ("2", THREE, "周思", MARX, None, None, "=D1", None),
        ("3", FOUR, "周思", MARX, None, None, None, None),
    ]


def test_who_has_received_is_a_sheet_too(world: World, department: Client) -> None:
    proxy = {"receiver": "PROXY", "proxyName": "李四", "proxyIdNumber": "110101199001011234"}
    at = "2026-06-20T01:00:00Z"
    give(department, world, certificate("D1"), handedOutAt=at, **proxy)
    content = exported(department, world, hasReceived=["DEGREE_CERTIFICATE"])
    [row] = list(opened(content).values)[3:]
    assert row[1:] == (
        *(ONE, "张思", MARX, None, None, "D1", None),
        *("他人代领", "李四", "110101********1234", "2026-06-20", None),
    )
    # It is a file that changes nothing.
    assert outcomes(run(department, world, content)) == [(4, "UNCHANGED", None)]


def test_what_is_not_to_be_received_is_crossed_out_and_read_as_nothing(
    world: World, department: Client, sign_in: SignIn
) -> None:
    sign_in("admin").query(
        """mutation($student: ID!) { setStudentEntitlement(student: $student, reason: "结业",
             kinds: [GRADUATION_CERTIFICATE]) { __typename } }""",
        student=world.student(ONE),
    )
    content = exported(department, world, numbers=[ONE])
    [row] = list(opened(content).values)[3:]
    assert row[5:8] == (None, "—", "—")
    assert outcomes(run(department, world, content)) == [(4, "UNCHANGED", "NOTHING_GIVEN")]


def test_a_sheet_that_was_filled_in_is_handed_in_again(
    world: World, department: Client, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(department, world, numbers=[ONE, TWO])))
    sheet = book.worksheets[0]
    for row, number in ((4, "G1"), (5, "G2")):
        sheet.cell(row, 6, number)
        sheet.cell(row, 8, "是")
        sheet.cell(row, 13, "张思")
    path = tmp_path / "签收表.xlsx"
    book.save(path)
    job = run(department, world, path.read_bytes())
    assert outcomes(job) == [(4, "APPLIED", None), (5, "APPLIED", None)]
    assert given(world)[ONE] == [
        ("GRADUATION_CERTIFICATE", "G1"),
        ("GRADUATION_MATERIALS", None),
    ]


def test_it_prints_on_a4_across_with_its_header_on_every_page(
    world: World, department: Client, sign_in: SignIn
) -> None:
    sheet = opened(exported(sign_in("admin"), world))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.center.text == "第 &P 页 / 共 &N 页"
    departments = [row[3] for row in list(sheet.values)[3:]]
    assert departments == [GEOLOGY, *[MARX] * 4]
    # Each department has pages of its own.
    assert [each.id for each in sheet.row_breaks.brk] == [4]
    assert sheet.cell(4, 13).border.bottom.style == "thin"


@pytest.mark.parametrize("login", ["affairs", "library"])
def test_only_who_hands_out_gets_one(world: World, sign_in: SignIn, login: str) -> None:
    refused = sign_in(login).query(EXPORT, where={"scheme": world.scheme})
    assert refused["startSigningSheetExport"]["code"] == "FORBIDDEN"
