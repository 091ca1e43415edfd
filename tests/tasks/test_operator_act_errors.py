"""Rows of a file of operators that cannot be done to an account: why, and that nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import JobRow
from tests.client import Client
from tests.schema.hiring import VIEWER
from tests.tasks.operator_files import (
    ACTS,
    CHECKPOINT,
    DEPARTMENT,
    FULL,
    SECRET,
    SignIn,
    counts,
    disabled,
    grants,
    messages,
    standing,
    told,
)
from tests.workbooks import Value
from tests.world import LIBRARY, MARX, World

Send = Callable[..., Any]


def unknown(title: str, value: str, expected: str) -> str:
    return f"“{title}”的值“{value}”无法识别，请填写：{expected}。"


WORDS = "授权、停用、启用、重置密码、退出登录"
WRONG: dict[str, tuple[tuple[Value, ...], list[tuple[str, str, str]]]] = {
    "an unknown act": (
        ("library", "", "", "", "", "", "", "删除"),
        [("VALUE_UNKNOWN", "H", unknown("操作", "删除", WORDS))],
    ),
    "a grant beside another act": (
        ("library", "", SECRET, CHECKPOINT, LIBRARY, MARX, "否", "停用"),
        [
            ("VALUE_UNKNOWN", "C", unknown("初始密码", "******", "空（停用不涉及密码）")),
            ("VALUE_UNKNOWN", "D", unknown("角色", CHECKPOINT, "空（停用不涉及授权）")),
            ("VALUE_UNKNOWN", "E", unknown("离校环节", LIBRARY, "空（停用不涉及授权）")),
            ("VALUE_UNKNOWN", "F", unknown("院系", MARX, "空（停用不涉及授权）")),
            ("VALUE_UNKNOWN", "G", unknown("查看证件号", "否", "空（停用不涉及授权）")),
        ],
    ),
    "a role beside a reset": (
        ("library", "", SECRET, CHECKPOINT, "", "", "", "重置密码"),
        [
            ("VALUE_UNKNOWN", "D", unknown("角色", CHECKPOINT, "空（重置密码不涉及授权）")),
        ],
    ),
    "nobody": (
        ("", "", "", "", "", "", "", "启用"),
        [("VALUE_MISSING", "A", "“账号”没有填写，请补上。")],
    ),
    "an unknown login": (
        ("wangwu", "王五", "", "", "", "", "", "启用"),
        [("NOT_FOUND", "A", "找不到操作员，或它不在您的权限范围内。")],
    ),
    "no password": (
        ("library", "", "", "", "", "", "", "重置密码"),
        [("VALUE_MISSING", "C", "“初始密码”没有填写，请补上。")],
    ),
    "a password that a result was written with": (
        ("library", "", "******", "", "", "", "", "重置密码"),
        [("VALUE_MISSING", "C", "“初始密码”没有填写，请补上。")],
    ),
    "a short password": (
        ("library", "", "7 chars", "", "", "", "", "重置密码"),
        [("PASSWORD_TOO_SHORT", "C", "初始密码至少 8 个字符，请加长。")],
    ),
    "a long password": (
        ("library", "", "x" * 201, "", "", "", "", "重置密码"),
        [("VALUE_TOO_LONG", "C", "“初始密码”有 201 个字，最多 200 个字，请缩短。")],
    ),
    "the last administrator": (
        ("head", "", "", "", "", "", "", "停用"),
        [("LAST_ADMINISTRATOR", "H", "“head 主任”是最后一位系统管理员，请先指定另一位。")],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_row_tells_every_error_by_its_column_and_changes_nothing(
    world: World, head: Client, sign_in: SignIn, send: Send, case: str
) -> None:
    sign_in("library")
    before = standing(world), grants(world)
    row, expected = WRONG[case]
    job = send(head, row, header=FULL)
    assert sorted(each[1:] for each in messages(job)) == sorted(expected)
    assert counts(job) == (1, 0, 0, 1, 0)
    assert (standing(world), grants(world)) == before


def test_a_name_must_be_that_of_the_login(world: World, head: Client, send: Send) -> None:
    header = ("账号", "姓名", "动作")
    rows = [("library", "图书馆", "停用"), ("affairs", "affairs老师", "停用")]
    job = send(head, *rows, header=header)
    assert told(job) == [(2, "FAILED", "NAME_MISMATCH"), (3, "APPLIED", None)]
    assert disabled(world) == ["affairs"]


def test_without_the_column_of_roles_nothing_is_granted(
    world: World, head: Client, send: Send
) -> None:
    before = grants(world)
    job = send(head, ("library", "授权"), ("library", ""), ("library", "DISABLE"), header=ACTS)
    missing = ("VALUE_MISSING", None, "“角色”没有填写，请补上。")
    assert messages(job) == [(2, *missing), (3, *missing)]
    assert (told(job)[2], grants(world), disabled(world)) == (
        (4, "APPLIED", None),
        before,
        ["library"],
    )
    assert send(head, ("library", "", ""), header=("账号", "操作", "action"))["problem"][
        "code"
    ] == ("HEADER_DUPLICATE")


def test_a_schemes_administrator_grants_and_does_nothing_to_accounts(
    world: World, sign_in: SignIn, send: Send
) -> None:
    library, before = sign_in("library"), standing(world)
    admin = sign_in("admin")
    acts = (("停用", ""), ("启用", ""), ("重置密码", SECRET), ("退出登录", ""))
    rows = [("library", "", password, "", "", "", "", act) for act, password in acts]
    unknown = ("wangwu", "", "", "", "", "", "", "停用")
    granted = ("library", "", "", DEPARTMENT, "", MARX, "", "授权")
    job = send(admin, *rows, unknown, granted, header=FULL)
    sentence = "您没有“管理整个系统”的权限，请联系系统管理员。"
    assert messages(job) == [(row, "FORBIDDEN", "H", sentence) for row in range(2, 7)]
    assert (told(job)[-1], counts(job)) == ((7, "APPLIED", None), (6, 1, 0, 5, 0))
    assert library.query(VIEWER) == {"viewer": {"login": "library"}}
    assert [each[:4] for each in standing(world)] == [each[:4] for each in before]


def test_the_facts_tell_that_the_file_is_one_of_operators(
    world: World, head: Client, send: Send
) -> None:
    unknown_place = ("library", "", "", CHECKPOINT, "", "占星学院", "", "")
    send(head, ("library", "图书馆", "", "", "", "", "", "停用"), unknown_place, header=FULL)
    with world.database.write() as session:
        kept = session.scalars(sa.select(JobRow.problems).order_by(JobRow.row_number)).all()
    assert [problem["facts"] for problems in kept for problem in problems] == [
        {"value": "图书馆", "expected": "library 老师", "login": "library"},
        {"column": "院系", "value": "占星学院", "file": "operators"},
    ]
