"""Where everybody stands: at one checkpoint, to be edited and imported again, or at all."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from domain.lists.students import StudentOrder
from domain.words import office_word
from models import ClearanceStatus
from tests import cases
from tests.client import Client
from tests.schema.test_clearance_list import LIST
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")
SignIn = Callable[[str], Client]
FIELD = "startClearancesExport"
# 20:30 in London is half past four the next morning in Shanghai.
EVENING = dt.datetime(2026, 6, 1, 20, 30, 5, tzinfo=dt.UTC)


def made(client: Client, world: World, **values: Any) -> bytes:
    where = {"scheme": world.scheme} | values.pop("where", {})
    at = {"checkpoint": world.checkpoint(LIBRARY)} | values
    return export_files.made(client, FIELD, where=where, **at)


@pytest.fixture
def decided(world: World) -> World:
    """Passed, refused, not required and pending at the library."""
    who = {"operator_id": world.people["library"], "decided_at": EVENING}
    world.put("2020010101", LIBRARY, ClearanceStatus.PASSED, remark="已还清", **who)
    world.put("2020010102", LIBRARY, ClearanceStatus.REFUSED, remark="-1 本", **who)
    cases.put(world, "2020010103", LIBRARY, ClearanceStatus.NOT_REQUIRED)
    return world


def test_it_tells_result_remark_operator_and_local_time_behind_the_students(
    sign_in: SignIn, decided: World
) -> None:
    content = made(sign_in("affairs"), decided, columns=["NUMBER", "NAME"])

    assert export_files.xlsx(content) == [
        ["学号", "姓名", "办理结果", "备注", "办理人", "办理时间"],
        ["2020010101", "张思", "已通过", "已还清", "library 老师", "2026-06-02 04:30:05"],
        ["2020010102", "李思", "未通过", "-1 本", "library 老师", "2026-06-02 04:30:05"],
        ["2020010103", "周思", "无需办理", None, None, None],
        ["2020010104", "周思", "未办理", None, None, None],
    ]


def test_it_has_every_student_column_unless_some_are_chosen(
    sign_in: SignIn, decided: World
) -> None:
    content = made(sign_in("library"), decided, where={"numbers": ["2020020101"]})

    assert export_files.xlsx(content) == [
        ["学号", "考生号", "身份证号", "姓名", "性别", "年级", "学生范围", "院系", "专业", "班级",
         "学生类别", "培养层次", "是否户口迁移", "住宿信息", "办理结果", "备注", "办理人",
         "办理时间"],
        ["2020020101", None, "E*******8", "欧阳·娜娜", None, None, "双证研究生", GEOLOGY,
         *[None] * 6, "未办理", None, None, None],
    ]  # fmt: skip


def test_it_can_be_narrowed_to_some_statuses(sign_in: SignIn, decided: World) -> None:
    client = sign_in("library")
    for statuses, numbers in (
        (["PASSED"], ["2020010101"]),
        (["REFUSED", "NOT_REQUIRED"], ["2020010102", "2020010103"]),
        (["PENDING"], ["2020010104", "2020020101", "2020020102"]),
        ([], []),
    ):
        started = export_files.start(
            client,
            FIELD,
            where={"scheme": decided.scheme},
            checkpoint=decided.checkpoint(LIBRARY),
            statuses=statuses,
            columns=["NUMBER"],
            format="CSV",
        )
        assert started["total"] == len(numbers)
        rows = export_files.text(export_files.content(client, started["id"]))[1:]
        assert [row[0] for row in rows] == numbers


def test_its_job_and_its_second_sheet_tell_the_checkpoint(sign_in: SignIn, decided: World) -> None:
    client = sign_in("library")
    started = export_files.start(
        client,
        FIELD,
        where={"scheme": decided.scheme, "departments": [decided.department(MARX)]},
        checkpoint=decided.checkpoint(LIBRARY),
        statuses=["PASSED", "PENDING"],
    )
    assert (started["checkpoint"], started["total"]) == ({"title": LIBRARY}, 2)
    [file] = client.finished(started["id"])["files"]
    assert file["name"] == f"办理情况-{LIBRARY}-2020级研究生6月份.xlsx"
    assert export_files.xlsx(client.download(file["url"]), 1)[1:] == [
        ["操作员", "library 老师 (library)"],
        ["离校环节", LIBRARY],
        ["筛选：办理结果", "已通过、未办理"],
        ["筛选：离校方案", "2020级研究生6月份"],
        ["筛选：院系", MARX],
    ]


def test_imported_again_it_changes_nothing_and_edited_only_what_was_edited(
    sign_in: SignIn, decided: World
) -> None:
    client = sign_in("library")
    content = made(client, decided, columns=["NUMBER", "NAME"])
    again = client.run_import(content, decided.checkpoint(LIBRARY))
    assert (again["unchanged"], again["applied"], again["failed"]) == (6, 0, 0)
    assert again["unknownColumns"] == []
    assert decided.entries() == []

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    sheet["C3"], sheet["D3"] = "通过", "已赔"
    edited = io.BytesIO()
    book.save(edited)
    job = client.run_import(edited.getvalue(), decided.checkpoint(LIBRARY))
    assert (job["unchanged"], job["applied"], job["failed"]) == (5, 1, 0)
    assert decided.state("2020010102", LIBRARY) == ("PASSED", "已赔", 2)


def test_at_every_checkpoint_each_student_has_a_row_for_each_in_order(
    sign_in: SignIn, decided: World
) -> None:
    cases.put(decided, "2020010102", AFFAIRS, ClearanceStatus.PASSED)
    two = {"scheme": decided.scheme, "numbers": ["2020010101", "2020010102"]}
    client = sign_in("affairs")
    started = export_files.start(client, FIELD, where=two, columns=["NUMBER", "NAME"])
    assert (started["checkpoint"], started["total"]) == (None, 6)
    content = export_files.content(client, started["id"])

    [file] = client.finished(started["id"])["files"]
    assert file["name"] == "办理情况-2020级研究生6月份.xlsx"
    passed = ["已通过", "已还清", "library 老师", "2026-06-02 04:30:05"]
    refused = ["未通过", "-1 本", "library 老师", "2026-06-02 04:30:05"]
    assert export_files.xlsx(content) == [
        ["学号", "姓名", "离校环节", "办理结果", "备注", "办理人", "办理时间"],
        ["2020010101", "张思", SUPERVISOR, "未办理", None, None, None],
        ["2020010101", "张思", AFFAIRS, "未办理", None, None, None],
        ["2020010101", "张思", LIBRARY, *passed],
        ["2020010102", "李思", SUPERVISOR, "未办理", None, None, None],
        ["2020010102", "李思", AFFAIRS, "已通过", None, None, None],
        ["2020010102", "李思", LIBRARY, *refused],
    ]
    assert export_files.xlsx(content, 1)[1:] == [
        ["操作员", "affairs 老师 (affairs)"],
        ["筛选：离校方案", "2020级研究生6月份"],
        ["筛选：学号", "2020010101、2020010102"],
    ]


@pytest.mark.parametrize("order", StudentOrder)
@pytest.mark.parametrize("title", [None, LIBRARY])
def test_its_rows_are_those_of_the_list_in_the_order_of_the_list(
    sign_in: SignIn, decided: World, order: str, title: str | None
) -> None:
    later = EVENING + dt.timedelta(seconds=1)
    decided.put("2020020101", AFFAIRS, ClearanceStatus.REFUSED, decided_at=later)
    client = sign_in("admin")
    asked = {
        "where": {"scheme": decided.scheme},
        "checkpoint": title and decided.checkpoint(title),
        "statuses": ["PENDING", "REFUSED"],
        "orderBy": order,
    }
    listed = client.query(LIST, first=100, **asked)["clearances"]["nodes"]
    content = export_files.made(client, FIELD, columns=["NUMBER"], format="CSV", **asked)
    told = [row[: 2 if title else 3] for row in export_files.text(content)[1:]]
    assert told == [
        [
            each["student"]["number"],
            *([] if title else [each["checkpoint"]["title"]]),
            office_word(each["status"]),
        ]
        for each in listed
    ]
    assert len(told) == (4 if title else 16)


def test_a_checkpoint_that_the_scheme_does_not_have_is_not_found(
    sign_in: SignIn, world: World
) -> None:
    for checkpoint in ("nonsense", world.student("2020010101")):
        answer = export_files.start(
            sign_in("library"), FIELD, where={"scheme": world.scheme}, checkpoint=checkpoint
        )
        assert (answer["code"], answer["message"]) == (
            "NOT_FOUND", "找不到离校环节，或它不在您的权限范围内。",
        )  # fmt: skip


def test_full_id_numbers_need_the_right(sign_in: SignIn, world: World) -> None:
    chosen = {"columns": ["ID_NUMBER"], "where": {"numbers": ["2020010101"]}}
    content = made(sign_in("admin"), world, fullIdNumbers=True, **chosen)
    assert export_files.xlsx(content)[1][0] == "110101199601010001"
    answer = export_files.start(
        sign_in("library"),
        FIELD,
        where={"scheme": world.scheme},
        checkpoint=world.checkpoint(AFFAIRS),
        fullIdNumbers=True,
    )
    assert (answer["code"], answer["facts"]) == (
        "FORBIDDEN", [{"name": "right", "value": "SEE_ID_NUMBERS"}],
    )  # fmt: skip
