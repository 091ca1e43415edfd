"""Rows of a file of operators that disable, enable, reset and end sessions, over HTTP."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import models
from tests.client import Client
from tests.people import promote
from tests.schema.hiring import PASSWORD, VIEWER, create
from tests.schema.test_sign_in import try_in
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
    held,
    messages,
    standing,
    told,
)
from tests.tasks.test_operator_files import everything
from tests.workbooks import Value
from tests.world import LIBRARY, MARX, World

RESETS = ("账号", "操作", "初始密码")
OTHER = "anders-2026-四"
Send = Callable[..., Any]


def test_who_is_disabled_is_out_at_once_and_back_when_enabled(
    world: World, head: Client, send: Send, anonymous: Client
) -> None:
    create(head)
    token = try_in(anonymous, "zhang", PASSWORD)["token"]
    anonymous.http.headers["authorization"] = f"Bearer {token}"
    job = send(head, (" ZHANG ", "停用"), ("library", "停用"), header=ACTS)
    assert (told(job), counts(job)) == (
        [(2, "APPLIED", None), (3, "APPLIED", None)],
        (2, 2, 0, 0, 0),
    )
    assert disabled(world) == ["library", "zhang"]
    assert anonymous.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "SIGN_IN_FAILED"
    # The grants stay.
    assert held(world, "library") == [("CHECKPOINT_OPERATOR", LIBRARY, None, False)]

    again = send(head, ("zhang", "停用"), ("affairs", "启用"), header=ACTS)
    assert told(again) == [(2, "UNCHANGED", None), (3, "UNCHANGED", None)]
    back = send(head, ("zhang", "启用"), ("zhang", "启用"), header=ACTS)
    assert told(back) == [(2, "APPLIED", None), (3, "UNCHANGED", "DUPLICATE_ROW")]
    assert disabled(world) == ["library"]
    assert anonymous.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous, "zhang", PASSWORD)["viewer"]["login"] == "zhang"


def test_a_reset_password_ends_every_session_and_forgets_failures(
    world: World, head: Client, send: Send, anonymous: Client, address: str
) -> None:
    create(head)
    token = try_in(anonymous, "zhang", PASSWORD)["token"]
    for _ in range(5):
        try_in(anonymous, "zhang", "wrong")
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "RATE_LIMITED"
    # Whoever had none, as people from the portal, has one now.
    job = send(head, ("zhang", "重置密码", OTHER), ("library", "重置密码", OTHER), header=RESETS)
    assert told(job) == [(2, "APPLIED", None), (3, "APPLIED", None)]
    with Client(address, token) as client:
        assert client.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "SIGN_IN_FAILED"
    assert try_in(anonymous, "zhang", OTHER)["viewer"]["login"] == "zhang"
    assert try_in(anonymous, "library", OTHER)["viewer"]["login"] == "library"
    # The same once more is done once more: nobody can tell a hash from another.
    assert told(send(head, ("zhang", "重置密码", OTHER), header=RESETS)) == [(2, "APPLIED", None)]


def test_sessions_end_and_a_sign_in_may_open_the_next(
    world: World, head: Client, sign_in: SignIn, send: Send, anonymous: Client
) -> None:
    create(head)
    mine = [sign_in("library"), sign_in("library")]
    world.token("supervisor")
    with world.database.write() as session:
        expired = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        ended = models.Session.operator_id == world.people["supervisor"]
        session.execute(sa.update(models.Session).where(ended).values(expires_at=expired))
    try_in(anonymous, "zhang", PASSWORD)
    rows = [("library", "退出登录"), ("zhang", "结束会话"), ("affairs", "退出登录")]
    rows += [("supervisor", "退出登录"), ("library", "结束会话")]
    assert told(send(head, *rows, header=ACTS)) == [
        (2, "APPLIED", None),
        (3, "APPLIED", None),
        (4, "UNCHANGED", None),
        (5, "UNCHANGED", None),
        (6, "UNCHANGED", "DUPLICATE_ROW"),
    ]
    assert [client.query(VIEWER)["viewer"] for client in mine] == [None, None]
    assert disabled(world) == []
    assert try_in(anonymous, "zhang", PASSWORD)["viewer"]["login"] == "zhang"


ORDER: list[tuple[tuple[Value, ...], str, str | None]] = [
    (("wangwu", "", "", "", "", "", "", "停用"), "FAILED", "NOT_FOUND"),
    (("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "", "授权"), "APPLIED", None),
    (("wangwu", "王 五", "", "", "", "", "", "停用"), "APPLIED", None),
    (("wangwu", "", "", "", "", "", "", "停用"), "UNCHANGED", "DUPLICATE_ROW"),
    (("wangwu", "", "", DEPARTMENT, "", MARX, "", ""), "APPLIED", None),
    (("wangwu", "", "", "", "", "", "", "启用"), "APPLIED", None),
    (("wangwu", "", "", "", "", "", "", "停用"), "APPLIED", None),
    (("wangwu", "", OTHER, "", "", "", "", "重置密码"), "APPLIED", None),
    (("wangwu", "", "", "", "", "", "", "退出登录"), "UNCHANGED", None),
    (("library", "", "", "", "", "", "", "停用"), "APPLIED", None),
    (("library", "", "", "", "", "", "", "退出登录"), "UNCHANGED", None),
    (("zhaoliu", "赵六", SECRET, CHECKPOINT, LIBRARY, "", "", ""), "APPLIED", None),
    (("zhaoliu", "", OTHER, "", "", "", "", "重置密码"), "APPLIED", None),
]


def test_rows_are_judged_and_written_on_what_the_rows_before_left_and_a_dry_run_tells_the_same(
    world: World, head: Client, sign_in: SignIn, send: Send, anonymous: Client
) -> None:
    library = sign_in("library")
    rows = [row for row, *_ in ORDER]
    expected = [(place, outcome, code) for place, (_, outcome, code) in enumerate(ORDER, 2)]
    before = standing(world), grants(world)
    assert told(send(head, *rows, header=FULL, dryRun=True)) == expected
    assert (standing(world), grants(world)) == before
    assert library.query(VIEWER) == {"viewer": {"login": "library"}}

    assert told(send(head, *rows, header=FULL)) == expected
    assert disabled(world) == ["library", "wangwu"]
    assert library.query(VIEWER) == {"viewer": None}
    assert held(world, "wangwu") == [
        ("CHECKPOINT_OPERATOR", LIBRARY, None, False),
        ("DEPARTMENT_OPERATOR", None, MARX, False),
    ]
    assert try_in(anonymous, "zhaoliu", SECRET)["code"] == "SIGN_IN_FAILED"
    assert try_in(anonymous, "zhaoliu", OTHER)["viewer"]["login"] == "zhaoliu"
    assert try_in(anonymous, "wangwu", OTHER)["code"] == "SIGN_IN_FAILED"
    assert told(send(head, ("wangwu", "启用"), header=ACTS)) == [(2, "APPLIED", None)]
    assert try_in(anonymous, "wangwu", OTHER)["viewer"]["login"] == "wangwu"


def test_a_second_password_for_one_login_is_refused_and_the_same_is_set_once(
    world: World, head: Client, send: Send, anonymous: Client
) -> None:
    rows = [("library", "重置密码", password) for password in ("kurz", SECRET, SECRET, OTHER)]
    job = send(head, *rows, header=RESETS)
    assert told(job) == [
        (2, "FAILED", "PASSWORD_TOO_SHORT"),
        (3, "APPLIED", None),
        (4, "UNCHANGED", "DUPLICATE_ROW"),
        (5, "FAILED", "DUPLICATE_CONFLICT"),
    ]
    *_, (_, _, column, message) = messages(job)
    assert (column, "第 3、5 行" in message) == ("C", True)
    assert try_in(anonymous, "library", OTHER)["code"] == "SIGN_IN_FAILED"
    assert try_in(anonymous, "library", SECRET)["viewer"]["login"] == "library"


def test_somebody_always_administers_and_who_disables_oneself_does_nothing_more(
    world: World, head: Client, sign_in: SignIn, send: Send
) -> None:
    promote(world, "second")
    names = [("second", "停用"), ("head", "停用"), ("second", "启用"), ("library", "停用")]
    rows = [*names, ("head", "停用"), ("affairs", "停用")]
    expected = [
        (2, "APPLIED", None),
        (3, "FAILED", "LAST_ADMINISTRATOR"),
        (4, "APPLIED", None),
        (5, "APPLIED", None),
        (6, "APPLIED", None),
        (7, "FAILED", "FORBIDDEN"),
    ]
    assert told(send(head, *rows, header=ACTS, dryRun=True)) == expected
    assert disabled(world) == []
    onlooker = sign_in("admin")
    job = send(head, *rows, header=ACTS, awaited_by=onlooker)
    assert (job["status"], told(job)) == ("FINISHED", expected)
    assert disabled(world) == ["library", "head"]
    assert head.query(VIEWER) == {"viewer": None}


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_a_password_nothing_is_left_when_the_job_has_ended(
    head: Client,
    world: World,
    send: Send,
    capfd: pytest.CaptureFixture[str],
    dry_run: bool,  # noqa: FBT001 -- a parameter
) -> None:
    job = send(
        head,
        ("library", "重置密码", SECRET),
        ("library", "重置密码", OTHER),
        ("affairs", "停用", "geheim-fünf"),
        ("nobody", "重置密码", "geheim-sechs"),
        ("affairs", "löschen", "geheim-sieben"),
        header=RESETS,
        dryRun=dry_run,
    )
    assert [code for _, _, code in told(job)] == [
        *(None, "DUPLICATE_CONFLICT", "VALUE_UNKNOWN", "NOT_FOUND", "VALUE_UNKNOWN")
    ]
    assert [row["cells"][2] for row in job["rows"]["nodes"]] == ["******"] * 5
    assert sorted(file["kind"] for file in job["files"]) == ["ANNOTATED", "FAILED_ROWS"]
    left = everything(world) + str(job) + "".join(capfd.readouterr())
    for password in (SECRET, OTHER, "geheim"):
        assert password not in left
