"""The history and the report of who may decide, as files."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Entry, Grant, Role
from tests.client import Client
from tests.scope.conftest import Paused
from tests.scope.conftest import paused as paused  # noqa: PLC0414 -- a fixture of another folder
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")
SignIn = Callable[[str], Client]
DECIDE = """mutation($s: ID!, $c: ID!, $act: Act!, $v: Int!, $remark: String) {
  decide(student: $s, checkpoint: $c, act: $act, expectedVersion: $v, remark: $remark) {
    ... on Clearance { version } ... on Refused { code } } }"""
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
HEADER = [
    "时间", "学号", "姓名", "院系", "离校环节", "原办理结果", "办理结果", "原备注", "备注",
    "操作员", "账号", "办理方式", "文件行号",
]  # fmt: skip


def decide(client: Client, world: World, number: str, act: str, version: int, remark: str) -> None:
    answer = client.query(
        DECIDE,
        s=world.student(number),
        c=world.checkpoint(LIBRARY),
        act=act,
        v=version,
        remark=remark,
    )
    assert answer["decide"] == {"version": version + 1}


@pytest.fixture
def decided(sign_in: SignIn, world: World) -> World:
    """Refused and passed in Marx, refused in geology, in this order."""
    library, admin = sign_in("library"), sign_in("admin")
    decide(library, world, "2020010101", "REFUSE", 1, "-1 本")
    decide(admin, world, "2020010101", "PASS", 2, "")
    decide(library, world, "2020020102", "REFUSE", 1, "缺书")
    return world


def history(client: Client, world: World, **values: Any) -> list[list[str]]:
    where = {"scheme": world.scheme} | values.pop("where", {})
    return export_files.text(
        export_files.made(client, "startHistoryExport", where=where, format="CSV", **values)
    )


def test_every_entry_is_a_line_the_newest_first(sign_in: SignIn, decided: World) -> None:
    told = history(sign_in("library"), decided)

    moments = [f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" for entry in decided.entries()]
    library, admin = ["library 老师", "library"], ["admin 老师", "admin"]
    marx, geology = ["2020010101", "张思", MARX], ["2020020102", "吴思", GEOLOGY]
    assert told == [
        HEADER,
        [moments[2], *geology, LIBRARY, "未办理", "未通过", "", "缺书", *library, "单个办理", ""],
        [moments[1], *marx, LIBRARY, "未通过", "已通过", "'-1 本", "", *admin, "单个办理", ""],
        [moments[0], *marx, LIBRARY, "未办理", "未通过", "", "'-1 本", *library, "单个办理", ""],
    ]


def test_it_holds_what_the_filter_matches_in_ones_scope_under_the_chosen_columns(
    sign_in: SignIn, decided: World
) -> None:
    for login, where, lines in (
        ("affairs", {}, [["已通过", "2020010101"], ["未通过", "2020010101"]]),
        ("affairs-geology", {}, [["未通过", "2020020102"]]),
        ("library", {"newStatuses": ["PASSED"]}, [["已通过", "2020010101"]]),
        ("library", {"checkpoint": decided.checkpoint(AFFAIRS)}, []),
        (
            "library",
            {"students": {"scheme": decided.scheme, "departments": [decided.department(GEOLOGY)]}},
            [["未通过", "2020020102"]],
        ),
    ):
        told = history(sign_in(login), decided, where=where, columns=["NEW_STATUS", "NUMBER"])
        assert told == [["办理结果", "学号"], *lines]


def test_the_second_sheet_tells_the_filter_in_words(sign_in: SignIn, decided: World) -> None:
    client = sign_in("library")
    where = {
        "scheme": decided.scheme,
        "student": decided.student("2020010101"),
        "checkpoint": decided.checkpoint(LIBRARY),
        "channels": ["SINGLE", "IMPORT"],
        "newStatuses": ["REFUSED"],
        "from": "2026-06-01T00:00:00Z",
    }
    started = export_files.start(client, "startHistoryExport", where=where)
    assert started["total"] == 1
    [file] = client.finished(started["id"])["files"]
    assert file["name"] == "办理记录-2020级研究生6月份.xlsx"
    assert export_files.xlsx(client.download(file["url"]), 1)[1:] == [
        ["操作员", "library 老师 (library)"],
        ["筛选：离校方案", "2020级研究生6月份"],
        ["筛选：毕业生", "2020010101 张思"],
        ["筛选：离校环节", LIBRARY],
        ["筛选：办理方式", "单个办理、批量导入"],
        ["筛选：办理结果", "未通过"],
        ["筛选：不早于", "2026-06-01 08:00:00"],
    ]


def test_the_second_sheet_tells_the_students_apart_from_their_entries(
    sign_in: SignIn, decided: World
) -> None:
    at = {"checkpoint": decided.checkpoint(LIBRARY), "statuses": ["REFUSED", "PENDING"]}
    students = {
        "scheme": decided.scheme,
        "numbers": ["2020020102"],
        "idNumbers": ["110101199701010006"],
        "departments": [decided.department(GEOLOGY)],
        "statusAt": [at],
        "allClear": False,
    }
    content = export_files.made(
        sign_in("library"),
        "startHistoryExport",
        where={"scheme": decided.scheme, "students": students, "newStatuses": ["REFUSED"]},
    )
    assert export_files.xlsx(content)[1][1:3] == ["2020020102", "吴思"]
    assert export_files.xlsx(content, 1)[2:] == [
        ["筛选：离校方案", "2020级研究生6月份"],
        ["筛选：办理结果", "未通过"],
        ["筛选：毕业生·学号", "2020020102"],
        ["筛选：毕业生·身份证号", "110101********0006"],
        ["筛选：毕业生·院系", GEOLOGY],
        [f"筛选：毕业生·{LIBRARY}", "未通过、未办理"],
        ["筛选：毕业生·全部办结", "否"],
    ]


def test_more_than_a_page_of_history_is_all_there_once(sign_in: SignIn, world: World) -> None:
    numbers = world.add_students(4_001)
    with world.database.write() as session:
        same = {
            "checkpoint_id": world.checkpoints[LIBRARY],
            "version": 2,
            "operator_id": world.people["library"],
            "channel": "BATCH",
            "old_status": "PENDING",
            "new_status": "PASSED",
            "old_remark": "",
            "new_remark": "",
        }
        rows = [same | {"student_id": world.students[number]} for number in numbers]
        session.execute(sa.insert(Entry), rows)
    told = history(sign_in("library"), world, columns=["NUMBER"])
    assert sorted(row[0] for row in told[1:]) == numbers


def test_who_may_decide_is_a_line_for_each_grant_at_each_checkpoint(
    sign_in: SignIn, world: World
) -> None:
    content = export_files.made(sign_in("admin"), "startDecidersExport", scheme=world.scheme)
    told = export_files.xlsx(content)
    assert told[0] == ["离校环节", "院系", "账号", "姓名", "角色", "是否启用"]
    assert [row[:5] for row in told[1:] if row[0] == AFFAIRS] == [
        [AFFAIRS, "全部", "admin", "admin 老师", "系统管理员"],
        *sorted(
            [
                [AFFAIRS, MARX, "affairs", "affairs 老师", "离校点操作员"],
                [AFFAIRS, GEOLOGY, "affairs-geology", "affairs-geology 老师", "离校点操作员"],
            ],
            key=lambda row: row[1],
        ),
    ]
    assert {row[0] for row in told[1:]} == {SUPERVISOR, AFFAIRS, LIBRARY}


def test_the_columns_of_who_may_decide_are_those_that_were_chosen_in_their_order(
    sign_in: SignIn, world: World
) -> None:
    told = export_files.xlsx(
        export_files.made(
            sign_in("admin"),
            "startDecidersExport",
            scheme=world.scheme,
            columns=["LOGIN", "CHECKPOINT", "ENABLED", "LOGIN"],
        )
    )
    assert told[0] == ["账号", "离校环节", "是否启用"]
    assert sorted(told[1:], key=str) == sorted(
        [
            *(["admin", title, "是"] for title in (SUPERVISOR, AFFAIRS, LIBRARY)),
            ["supervisor", SUPERVISOR, "是"],
            ["affairs", AFFAIRS, "是"],
            ["affairs-geology", AFFAIRS, "是"],
            ["library", LIBRARY, "是"],
        ],
        key=str,
    )


def test_who_is_no_administrator_any_more_gets_no_report_that_waited(
    sign_in: SignIn, world: World, paused: Paused
) -> None:
    admin = sign_in("admin")
    world.hire("other", Role.ADMINISTRATOR)
    with paused():
        job = export_files.start(admin, "startDecidersExport", scheme=world.scheme)["id"]
        history_job = export_files.start(
            admin, "startHistoryExport", where={"scheme": world.scheme}
        )["id"]
        counts_job = export_files.start(
            admin,
            "startCountsExport",
            where={"scheme": world.scheme},
            by="CHECKPOINT",
            checkpoint=world.checkpoint(LIBRARY),
            format="CSV",
        )["id"]
        with world.database.write() as session:
            mine = Grant.operator_id == world.people["admin"]
            less = {
                "role": Role.CHECKPOINT_OPERATOR,
                "checkpoint_id": world.checkpoints[LIBRARY],
                "department_id": world.departments[GEOLOGY],
            }
            session.execute(sa.update(Grant).where(mine).values(**less))
    other = sign_in("other")
    ended = other.finished(job)
    assert (ended["status"], ended["files"], ended["problem"]["code"]) == (
        "FAILED", [], "FORBIDDEN",
    )  # fmt: skip
    assert other.finished(history_job)["status"] == "FINISHED"
    told = export_files.text(export_files.content(other, counts_job))
    assert told[1:] == [[LIBRARY, "2", "0", "2", "0", "0"]]


def test_the_local_time_of_the_file_is_told(sign_in: SignIn, world: World) -> None:
    content = export_files.made(sign_in("admin"), "startDecidersExport", scheme=world.scheme)
    [[_, moment], *rest] = export_files.xlsx(content, 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d CST", str(moment))
    assert rest == [["操作员", "admin 老师 (admin)"], ["离校方案", "2020级研究生6月份"]]
