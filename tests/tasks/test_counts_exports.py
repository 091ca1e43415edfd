"""The numbers as a file: by checkpoint, group, day and operator; numbers are numbers."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from models import Entry, Job
from tests import cases
from tests.cases import NOT_REQUIRED, PASSED, REFUSED
from tests.client import Client
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")
SignIn = Callable[[str], Client]
FIELD = "startCountsExport"
STANDING = ["应办理", "已通过", "未办理", "未通过", "无需办理"]
CHANGES = ["办理为已通过", "办理为未办理", "办理为未通过", "办理为无需办理"]
DECIDE = (
    """mutation($input: BatchRequest!) { decideMany(input: $input) { ... on Job { status } } }"""
)


def decide(client: Client, world: World, act: str, numbers: Sequence[str]) -> None:
    select = {"numbers": list(numbers)}
    given = {"checkpoint": world.checkpoint(LIBRARY), "act": act, "select": select}
    client.query(DECIDE, input=given)


@pytest.fixture
def decided(world: World) -> World:
    """Two of Marx are passed at the library, one is refused; one of geology is not required."""
    world.put("2020010101", LIBRARY, PASSED)
    world.put("2020010102", LIBRARY, PASSED)
    world.put("2020010103", LIBRARY, REFUSED)
    cases.put(world, "2020020101", LIBRARY, NOT_REQUIRED)
    return world


def table(client: Client, world: World, **values: Any) -> list[list[object]]:
    where = {"scheme": world.scheme} | values.pop("where", {})
    return export_files.xlsx(export_files.made(client, FIELD, where=where, **values))


def test_by_checkpoint_due_is_the_sum_of_what_stands_behind_it(
    sign_in: SignIn, decided: World
) -> None:
    assert table(sign_in("library"), decided, by="CHECKPOINT") == [
        ["离校环节", *STANDING],
        [SUPERVISOR, 6, 0, 6, 0, 0],
        [AFFAIRS, 6, 0, 6, 0, 0],
        [LIBRARY, 5, 2, 2, 1, 1],
    ]


def test_by_checkpoint_it_may_be_one_and_of_some_students(sign_in: SignIn, decided: World) -> None:
    where = {"departments": [decided.department(MARX)]}
    at = decided.checkpoint(LIBRARY)
    assert table(
        sign_in("library"), decided, by="CHECKPOINT", where=where, checkpoint=at
    ) == [["离校环节", *STANDING], [LIBRARY, 4, 2, 1, 1, 0]]  # fmt: skip


def test_by_department_there_is_a_line_for_each_at_each_checkpoint(
    sign_in: SignIn, decided: World
) -> None:
    at = decided.checkpoint(LIBRARY)
    told = table(sign_in("library"), decided, by="DEPARTMENT", checkpoint=at)
    assert told[0] == ["院系", "学生数", "离校环节", *STANDING]
    assert sorted(told[1:], key=str) == sorted(
        [[GEOLOGY, 2, LIBRARY, 1, 0, 1, 0, 1], [MARX, 4, LIBRARY, 4, 2, 1, 1, 0]], key=str
    )


@pytest.mark.parametrize(
    ("by", "heading"), [("MAJOR", "专业"), ("CLASS", "班级"), ("TRAINING_LEVEL", "培养层次")]
)
def test_a_group_without_a_value_is_told_as_not_filled_in(
    sign_in: SignIn, decided: World, by: str, heading: str
) -> None:
    world = decided
    world.enrol({"学号": "7", "姓名": "孙七", "院系": MARX, heading: "哲学"})
    at = world.checkpoint(LIBRARY)
    assert table(sign_in("affairs"), world, by=by, checkpoint=at) == [
        [heading, "学生数", "离校环节", *STANDING],
        ["哲学", 1, LIBRARY, 1, 0, 1, 0, 0],
        ["未填写", 4, LIBRARY, 4, 2, 1, 1, 0],
    ]


def test_by_day_it_tells_where_everybody_stood_and_what_changed(
    sign_in: SignIn, world: World
) -> None:
    client = sign_in("library")
    decide(client, world, "PASS", ["2020010101", "2020010102"])
    decide(client, world, "RESET", ["2020010101"])
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    yesterday = today - dt.timedelta(days=1)
    days = {"from": str(yesterday), "until": str(today)}

    assert table(client, world, by="DAY", checkpoint=world.checkpoint(LIBRARY), **days) == [
        ["日期", "离校环节", *STANDING, *CHANGES],
        [str(yesterday), LIBRARY, 6, 0, 6, 0, 0, 0, 0, 0, 0],
        [str(today), LIBRARY, 6, 1, 5, 0, 0, 2, 1, 0, 0],
    ]


def test_by_operator_it_tells_who_did_how_much_and_when_last(sign_in: SignIn, world: World) -> None:
    decide(sign_in("library"), world, "PASS", ["2020010101", "2020010102"])
    decide(sign_in("admin"), world, "REFUSE", ["2020010101"])
    with world.database.write() as session:
        statement = sa.select(Entry.operator_id, sa.func.max(Entry.at)).group_by(Entry.operator_id)
        last = {row[0]: row[1] for row in session.execute(statement)}
    zone = dt.timezone(dt.timedelta(hours=8))
    told = {
        login: f"{last[world.people[login]].astimezone(zone):%Y-%m-%d %H:%M:%S}"
        for login in ("admin", "library")
    }

    assert table(sign_in("affairs"), world, by="OPERATOR") == [
        ["账号", "姓名", "学生数", *CHANGES, "最后办理时间"],
        ["admin", "admin 老师", 1, 0, 0, 1, 0, told["admin"]],
        ["library", "library 老师", 2, 2, 0, 0, 0, told["library"]],
    ]


@pytest.mark.parametrize(
    ("by", "columns", "lines"),
    [
        (
            "CHECKPOINT",
            ["PASSED", "CHECKPOINT", "DUE", "PASSED"],
            [["已通过", "离校环节", "应办理"], [2, LIBRARY, 5]],
        ),
        ("CHECKPOINT", [], [["离校环节", *STANDING], [LIBRARY, 5, 2, 2, 1, 1]]),
        (
            "DEPARTMENT",
            ["REFUSED", "STUDENTS", "GROUP"],
            [["未通过", "学生数", "院系"], [0, 2, GEOLOGY], [1, 4, MARX]],
        ),
        ("CLASS", ["GROUP", "NOT_REQUIRED"], [["班级", "无需办理"], ["未填写", 1]]),
        (
            "DAY",
            ["TO_PASSED", "DAY", "PENDING"],
            [["办理为已通过", "日期", "未办理"], [0, "2026-06-01", 2]],
        ),
    ],
)
def test_the_columns_are_those_that_were_chosen_in_their_order(
    sign_in: SignIn, decided: World, by: str, columns: list[str], lines: list[list[object]]
) -> None:
    days = {"from": "2026-06-01", "until": "2026-06-01"} if by == "DAY" else {}
    at = decided.checkpoint(LIBRARY)
    told = table(sign_in("library"), decided, by=by, columns=columns, checkpoint=at, **days)
    assert [told[0], *sorted(told[1:], key=str)] == lines


def test_the_columns_of_operators_are_chosen_too(sign_in: SignIn, world: World) -> None:
    decide(sign_in("library"), world, "PASS", ["2020010101", "2020010102"])
    columns = ["NAME", "TO_PASSED", "LOGIN"]
    assert table(sign_in("affairs"), world, by="OPERATOR", columns=columns) == [
        ["姓名", "办理为已通过", "账号"],
        ["library 老师", 2, "library"],
    ]


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("CHECKPOINT", "GROUP"),
        ("CHECKPOINT", "STUDENTS"),
        ("DEPARTMENT", "DAY"),
        ("TRAINING_LEVEL", "TO_PASSED"),
        ("DAY", "LAST_AT"),
        ("OPERATOR", "CHECKPOINT"),
        ("OPERATOR", "DUE"),
    ],
)
def test_a_column_that_is_not_there_is_named_before_there_is_a_job(
    sign_in: SignIn, world: World, by: str, column: str
) -> None:
    days = {"from": "2026-06-01", "until": "2026-06-02"} if by == "DAY" else {}
    columns = ["TO_PASSED" if by in {"DAY", "OPERATOR"} else "PASSED", column]
    where = {"scheme": world.scheme}
    answer = export_files.start(
        sign_in("library"), FIELD, where=where, by=by, columns=columns, **days
    )
    assert answer == {
        "code": "INVALID_INPUT",
        "message": f"“columns”的值“{column}”无效：按所选的 by 统计时没有这一列。",
        "path": ["columns"],
        "facts": [
            {"name": "name", "value": "columns"},
            {"name": "value", "value": column},
            {"name": "expected", "value": "a column that `by` has"},
        ],
    }
    with world.database.write() as session:
        assert session.scalars(sa.select(Job)).all() == []


def test_numbers_are_numbers_and_words_are_text(sign_in: SignIn, decided: World) -> None:
    content = export_files.made(
        sign_in("library"), FIELD, where={"scheme": decided.scheme}, by="CHECKPOINT"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["s", *"nnnnn"]
    ] * 3
    assert [cell.number_format for cell in sheet[2]] == ["@", *["General"] * 5]


def test_the_second_sheet_tells_days_checkpoint_and_students(sign_in: SignIn, world: World) -> None:
    client = sign_in("library")
    started = export_files.start(
        client,
        FIELD,
        where={"scheme": world.scheme},
        by="OPERATOR",
        checkpoint=world.checkpoint(LIBRARY),
        **{"from": "2026-06-01", "until": "2026-06-30"},
    )
    assert (started["total"], started["checkpoint"]) == (None, {"title": LIBRARY})
    ended = client.finished(started["id"])
    [file] = ended["files"]
    assert (ended["total"], file["name"]) == (0, "办理情况统计-按操作员-2020级研究生6月份.xlsx")
    assert export_files.xlsx(client.download(file["url"]), 1)[1:] == [
        ["操作员", "library 老师 (library)"],
        ["开始日期", "2026-06-01"],
        ["结束日期", "2026-06-30"],
        ["离校环节", LIBRARY],
        ["筛选：离校方案", "2020级研究生6月份"],
    ]


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({"by": "DAY"}, "INVALID_INPUT", "“from”的值“未填写”无效：按日统计须填写日期。"),
        (
            {"by": "DAY", "from": "2026-06-01"},
            "INVALID_INPUT",
            "“until”的值“未填写”无效：按日统计须填写日期。",
        ),
        (
            {"by": "MAJOR", "until": "2026-06-01"},
            "INVALID_INPUT",
            "“until”的值“2026-06-01”无效：仅按日或按操作员统计时可填写。",
        ),
        (
            {"by": "DAY", "from": "2020-01-01", "until": "2026-06-01"},
            "LIMIT_EXCEEDED",
            "请求超出限制：days 最多 400，实际 2344。请缩小请求。",
        ),
    ],
)
def test_days_that_make_no_sense_are_refused_before_there_is_a_job(
    sign_in: SignIn, world: World, asked: dict[str, str], code: str, message: str
) -> None:
    answer = export_files.start(sign_in("library"), FIELD, where={"scheme": world.scheme}, **asked)
    assert (answer["code"], answer["message"]) == (code, message)
    with world.database.write() as session:
        assert session.scalars(sa.select(Job)).all() == []
