"""Rows of a file of operators over HTTP: each one grant, with a real worker."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Department, Grant
from tests.client import Client
from tests.schema.test_sign_in import try_in
from tests.tasks.operator_files import (
    ADMIN,
    CHECKPOINT,
    DEPARTMENT,
    SECRET,
    SignIn,
    counts,
    grants,
    held,
    people,
    told,
)
from tests.workbooks import Value
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, World


def test_new_operators_are_hired_and_held_ones_get_what_is_missing(
    world: World, head: Client, send: Callable[..., Any], anonymous: Client
) -> None:
    job = send(
        head,
        (" Wang.Wu ", "王 五", SECRET, CHECKPOINT, LIBRARY, MARX, "否"),
        ("wang.wu", "王五", "", DEPARTMENT, "", GEOLOGY, "是"),
        ("library", "library老师", "ignored", CHECKPOINT, AFFAIRS, "", ""),
        ("library", "", "", CHECKPOINT, LIBRARY, "", ""),
        ("affairs", "affairs 老师", "", ADMIN, "", "", ""),
    )
    assert (job["kind"], job["status"], counts(job)) == ("OPERATORS", "FINISHED", (5, 4, 1, 0, 0))
    assert told(job) == [
        (2, "APPLIED", None),
        (3, "APPLIED", None),
        (4, "APPLIED", None),
        (5, "UNCHANGED", None),
        (6, "APPLIED", None),
    ]
    assert held(world, "wang.wu") == [
        ("CHECKPOINT_OPERATOR", LIBRARY, MARX, False),
        ("DEPARTMENT_OPERATOR", None, GEOLOGY, True),
    ]
    assert held(world, "library") == [
        ("CHECKPOINT_OPERATOR", LIBRARY, None, False),
        ("CHECKPOINT_OPERATOR", AFFAIRS, None, False),
    ]
    assert held(world, "affairs")[1] == ("ADMINISTRATOR", None, None, False)
    viewer = try_in(anonymous, "wang.wu", SECRET)["viewer"]
    assert (viewer["login"], viewer["name"]) == ("wang.wu", "王 五")
    assert try_in(anonymous, "library", "ignored")["code"] == "SIGN_IN_FAILED"


def test_the_same_file_twice_changes_nothing_more(
    world: World, head: Client, send: Callable[..., Any]
) -> None:
    row = ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "是")
    first, second = send(head, row, row), send(head, row, row)
    assert told(first) == [(2, "APPLIED", None), (3, "UNCHANGED", "DUPLICATE_ROW")]
    assert told(second) == [(2, "UNCHANGED", None), (3, "UNCHANGED", "DUPLICATE_ROW")]
    [problem] = second["rows"]["nodes"][1]["problems"]
    assert problem["message"] == "与第 2 行相同，不再重复办理。"
    assert held(world, "wangwu") == [("CHECKPOINT_OPERATOR", LIBRARY, None, True)]


def test_a_held_grant_begins_to_show_id_numbers_but_a_file_hides_none(
    world: World, head: Client, send: Callable[..., Any]
) -> None:
    def row(shows: str) -> tuple[str, ...]:
        return ("library", "", "", CHECKPOINT, LIBRARY, "", shows)

    assert told(send(head, row("否"), row("是"))) == [(2, "UNCHANGED", None), (3, "APPLIED", None)]
    assert held(world, "library") == [("CHECKPOINT_OPERATOR", LIBRARY, None, True)]
    assert told(send(head, row("否"))) == [(2, "UNCHANGED", None)]
    assert held(world, "library") == [("CHECKPOINT_OPERATOR", LIBRARY, None, True)]


WRONG: dict[str, tuple[tuple[Value, ...], list[tuple[str, str | None]]]] = {
    "nothing": (
        ("", "王五", SECRET, "", "", "", ""),
        [("VALUE_MISSING", "A"), ("VALUE_MISSING", "D")],
    ),
    "a login with a space": (
        ("wang wu", "王五", SECRET, ADMIN, "", "", ""),
        [("VALUE_UNKNOWN", "A")],
    ),
    "a login that Excel has rounded": (
        (20201010112345678, "王五", SECRET, ADMIN, "", "", ""),
        [("VALUE_UNKNOWN", "A")],
    ),
    "a long name": (("w", "王" * 101, SECRET, ADMIN, "", "", ""), [("VALUE_TOO_LONG", "B")]),
    "unknown words": (
        ("w", "王五", SECRET, "校长", "食堂", "占星学院", "也许"),
        [
            ("CHECKPOINT_UNKNOWN", "E"),
            ("DEPARTMENT_UNKNOWN", "F"),
            ("VALUE_UNKNOWN", "G"),
            ("VALUE_UNKNOWN", "D"),
        ],
    ),
    "a checkpoint of a department operator": (
        ("w", "王五", SECRET, DEPARTMENT, LIBRARY, "", ""),
        [("VALUE_UNKNOWN", "E")],
    ),
    "a department of an administrator": (
        ("w", "王五", SECRET, ADMIN, "", MARX, ""),
        [("VALUE_UNKNOWN", "F")],
    ),
    "a new operator without a name": (
        ("w", "", SECRET, ADMIN, "", "", ""),
        [("VALUE_MISSING", "B")],
    ),
    "a new operator without a password": (
        ("w", "王五", "", ADMIN, "", "", ""),
        [("VALUE_MISSING", "C")],
    ),
    "a password that a result was written with": (
        ("w", "王五", "******", ADMIN, "", "", ""),
        [("VALUE_MISSING", "C")],
    ),
    "a short password": (
        ("w", "王五", "7 chars", ADMIN, "", "", ""),
        [("PASSWORD_TOO_SHORT", "C")],
    ),
    "a long password": (("w", "王五", "x" * 201, ADMIN, "", "", ""), [("VALUE_TOO_LONG", "C")]),
    "a password that Excel has rounded": (
        ("w", "王五", 12345678901234567890, ADMIN, "", "", ""),
        [("VALUE_UNKNOWN", "C")],
    ),
    "another name": (("library", "图书馆", "", ADMIN, "", "", ""), [("NAME_MISMATCH", "B")]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_row_tells_every_error_by_its_column_and_changes_nothing(
    world: World, head: Client, send: Callable[..., Any], case: str
) -> None:
    before = people(world), grants(world)
    row, expected = WRONG[case]
    job = send(head, row)
    [found] = job["rows"]["nodes"]
    problems = sorted((each["code"], each["column"]) for each in found["problems"])
    assert problems == sorted(expected)
    assert (found["outcome"], counts(job)) == ("FAILED", (1, 0, 0, 1, 0))
    assert (people(world), grants(world)) == before
    password = str(row[2])
    assert not password or password == "******" or password not in str(job)


def test_a_schemes_administrator_grants_but_does_not_hire(
    world: World, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    job = send(
        sign_in("admin"),
        ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", ""),
        ("library", "", "", DEPARTMENT, "", MARX, ""),
    )
    assert told(job) == [(2, "FAILED", "FORBIDDEN"), (3, "APPLIED", None)]
    [problem] = job["rows"]["nodes"][0]["problems"]
    assert problem["message"] == "您没有“管理整个系统”的权限，请联系系统管理员。"
    assert "wangwu" not in people(world)


def test_id_numbers_are_shown_only_by_who_sees_them(
    world: World, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    with world.database.write() as session:
        mine = Grant.operator_id == world.people["admin"]
        session.execute(sa.update(Grant).where(mine).values(may_see_id_numbers=False))
    job = send(
        sign_in("admin"),
        ("library", "", "", DEPARTMENT, "", MARX, "是"),
        ("library", "", "", DEPARTMENT, "", MARX, "否"),
    )
    assert told(job) == [(2, "FAILED", "FORBIDDEN"), (3, "APPLIED", None)]
    assert held(world, "library")[1] == ("DEPARTMENT_OPERATOR", None, MARX, False)


def test_of_two_departments_that_look_alike_the_very_name_is_granted(
    world: World, head: Client, send: Callable[..., Any]
) -> None:
    full, half = "计算机学院（研究生）", "计算机学院(研究生)"
    with world.database.write() as session:
        session.add_all([Department(name=full), Department(name=half)])
    job = send(
        head,
        ("affairs", "", "", CHECKPOINT, "", full, ""),
        ("library", "", "", CHECKPOINT, "", half, ""),
        ("supervisor", "", "", CHECKPOINT, "", "计算机学院 （研究生)", ""),
        ("department", "", "", CHECKPOINT, " 图书馆 ", " 马克思 主义学院", ""),
    )
    assert told(job) == [
        (2, "APPLIED", None),
        (3, "APPLIED", None),
        (4, "FAILED", "DEPARTMENT_UNKNOWN"),
        (5, "APPLIED", None),
    ]
    granted = [held(world, login)[-1][2] for login in ("affairs", "library", "department")]
    assert granted == [full, half, MARX]
