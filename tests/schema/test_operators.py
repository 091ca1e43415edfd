"""Operators over HTTP: hired, renamed, disabled and enabled."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Operator
from tests.client import Client
from tests.people import promote, public, together
from tests.schema.hiring import (
    DISABLE,
    FORBIDDEN,
    PASSWORD,
    RENAME,
    RESET,
    VIEWER,
    SignIn,
    by,
    create,
    operators,
)
from tests.schema.test_sign_in import try_in
from tests.workbooks import xlsx
from tests.world import LIBRARY, MARX, SUPERVISOR, World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def test_a_new_operator_signs_in_with_what_was_granted(
    world: World, head: Client, anonymous: Client
) -> None:
    granted = [
        {
            "role": "CHECKPOINT_OPERATOR",
            "scheme": world.scheme,
            "checkpoint": world.checkpoint(LIBRARY),
        },
        {
            "role": "DEPARTMENT_OPERATOR",
            "scheme": world.scheme,
            "department": world.department(MARX),
        },
    ]
    made = create(head, login=" Zhang.San ", name=" 张  三 ", grants=granted)
    assert made == {"id": made["id"], "login": "zhang.san", "name": "张 三", "isDisabled": False}
    token = try_in(anonymous, "ZHANG.san", PASSWORD)["token"]
    anonymous.http.headers["authorization"] = f"Bearer {token}"
    found = anonymous.query(
        "{ viewer { grants { role checkpoint { title } department { name } maySeeIdNumbers } } }"
    )
    assert found["viewer"]["grants"] == [
        {"role": "CHECKPOINT_OPERATOR", "checkpoint": {"title": LIBRARY}, "department": None,
         "maySeeIdNumbers": False},
        {"role": "DEPARTMENT_OPERATOR", "checkpoint": None, "department": {"name": MARX},
         "maySeeIdNumbers": False},
    ]  # fmt: skip


def test_a_login_is_given_once_whatever_its_case(world: World, head: Client) -> None:
    create(head)
    assert create(head, login="zHANG", name="另一位") == {
        "code": "ALREADY_EXISTS",
        "message": "操作员“zhang”已存在，请换一个，或直接修改已有的。",
        "path": [],
        "facts": [{"name": "noun", "value": "Operator"}, {"name": "value", "value": "zhang"}],
    }
    assert operators(world)[-1] == ("zhang", "张老师")


def test_of_two_who_hire_the_same_login_at_once_one_comes_second(
    world: World, address: str, head: Client
) -> None:
    tokens = [world.token("head") for _ in range(2)]

    def hire(place: int) -> str:
        with Client(address, tokens[place]) as client:
            return str(create(client, name=f"{place}").get("code", "created"))

    assert sorted(together(hire, 2)) == ["ALREADY_EXISTS", "created"]
    assert [login for login, _ in operators(world)].count("zhang") == 1


@pytest.mark.parametrize(
    ("new", "path", "expected"),
    [
        ({"login": " "}, ["input", "login"], "1-100 visible characters"),
        ({"login": "zhang san"}, ["input", "login"], "1-100 visible characters"),
        ({"login": "zhang\u200bsan"}, ["input", "login"], "1-100 visible characters"),
        ({"login": "z" * 101}, ["input", "login"], "1-100 visible characters"),
        ({"name": "  "}, ["input", "name"], "1-100 characters"),
        ({"name": "张" * 101}, ["input", "name"], "1-100 characters"),
        ({"password": "7 chars"}, ["input", "password"], "8-200"),
        ({"password": "x" * 201}, ["input", "password"], "8-200"),
    ],
)
def test_what_cannot_be_is_refused_by_its_path_and_never_tells_the_password(
    world: World, head: Client, new: dict[str, str], path: list[str], expected: str
) -> None:
    before = operators(world)
    refused = create(head, **new)
    facts = {fact["name"]: fact["value"] for fact in refused["facts"]}
    assert (refused["code"], refused["path"], facts["expected"]) == (
        "INVALID_INPUT",
        path,
        expected,
    )
    assert path[-1] != "password" or facts["value"] == "…"
    assert operators(world) == before


def test_nobody_is_hired_if_one_of_the_grants_cannot_be_given(world: World, head: Client) -> None:
    before = operators(world)
    granted = [
        {"role": "ADMINISTRATOR"},
        {"role": "ADMINISTRATOR", "scheme": world.scheme, "department": world.department(MARX)},
    ]
    refused = create(head, grants=granted)
    assert (refused["code"], refused["path"]) == (
        "INVALID_INPUT",
        ["input", "grants", "1", "department"],
    )
    twice = create(head, grants=[granted[0], granted[0]])
    assert (twice["code"], twice["message"]) == (
        "ALREADY_EXISTS",
        "授权“zhang 系统管理员”已存在，无需重复授予。",
    )
    assert operators(world) == before


def test_at_most_100_grants_are_given_at_once(world: World, head: Client) -> None:
    granted = [{"role": "ADMINISTRATOR", "scheme": world.scheme}] * 101
    refused = create(head, grants=granted)
    assert (refused["code"], refused["path"]) == ("LIMIT_EXCEEDED", ["input", "grants"])


def test_a_name_is_changed_and_a_login_stays(world: World, head: Client) -> None:
    asked = {"operator": public(world, "library"), "name": "图书馆 二层"}
    told = {"id": asked["operator"], "login": "library", "name": "图书馆 二层", "isDisabled": False}
    assert head.query(RENAME, **asked) == {"renameOperator": told}
    refused = head.query(RENAME, operator=asked["operator"], name=" ")["renameOperator"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["name"])
    assert ("library", "图书馆 二层") in operators(world)


def test_a_disabled_operator_is_out_of_a_running_session_and_cannot_come_back_in(
    world: World, head: Client, sign_in: SignIn, anonymous: Client
) -> None:
    made = create(head)
    token = try_in(anonymous, "zhang", PASSWORD)["token"]
    anonymous.http.headers["authorization"] = f"Bearer {token}"
    assert anonymous.query(VIEWER) == {"viewer": {"login": "zhang"}}
    told = made | {"isDisabled": True}
    assert head.query(by("disableOperator"), operator=made["id"]) == {"disableOperator": told}
    assert anonymous.query(VIEWER) == {"viewer": None}
    assert anonymous.refused("{ schemes { id } }") == "UNAUTHENTICATED"
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "SIGN_IN_FAILED"
    # Again is no error.
    assert head.query(by("disableOperator"), operator=made["id"]) == {"disableOperator": told}
    assert head.query(by("enableOperator"), operator=made["id"]) == {"enableOperator": made}
    assert anonymous.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous, "zhang", PASSWORD)["viewer"]["login"] == "zhang"


def test_a_running_job_of_a_disabled_operator_ends_and_decides_nothing_more(
    world: World, head: Client, sign_in: SignIn, worker: None, tmp_path: Path
) -> None:
    numbers = world.add_students(12_000)
    rows = [("学号", "办理结果"), *((number, "通过") for number in numbers)]
    content = xlsx(tmp_path / "many.xlsx", rows).read_bytes()
    job = sign_in("supervisor").start_import(content, world.checkpoint(SUPERVISOR))["id"]
    head.query(by("disableOperator"), operator=public(world, "supervisor"))
    decided = len(world.entries())
    ended = sign_in("admin").finished(job)
    assert ended["status"] == "FINISHED"
    # What a batch had begun may still come; it is 5,000 rows.
    assert ended["applied"] <= decided + 5_000
    assert ended["applied"] + ended["failed"] == 12_000
    assert ended["failed"] >= 2_000
    assert len(world.entries()) == ended["applied"]


@pytest.mark.parametrize("login", ["admin", "affairs", "library"])
def test_only_an_administrator_of_all_schemes_hires_and_dismisses(
    world: World, head: Client, sign_in: SignIn, login: str
) -> None:
    client, target = sign_in(login), public(world, "head")
    before = operators(world)
    answers = [
        create(client),
        client.query(RENAME, operator=target, name="x")["renameOperator"],
        client.query(RESET, operator=target, password=PASSWORD)["resetPassword"],
        *(
            client.query(by(name), operator=target)[name]
            for name in ("disableOperator", "enableOperator", "endSessions")
        ),
    ]
    assert [(each["code"], each["message"]) for each in answers] == [("FORBIDDEN", FORBIDDEN)] * 6
    assert operators(world) == before
    assert head.query(VIEWER) == {"viewer": {"login": "head"}}


def test_an_unknown_operator_is_not_found(world: World, head: Client) -> None:
    for target in (ids.encode(Noun.OPERATOR, 2**40), world.scheme, "x"):
        for name in ("disableOperator", "enableOperator", "endSessions"):
            refused = head.query(by(name), operator=target)[name]
            assert refused["message"] == "找不到操作员，或它不在您的权限范围内。"


def test_the_last_administrator_stays(world: World, head: Client) -> None:
    target = public(world, "head")
    refused = head.query(by("disableOperator"), operator=target)["disableOperator"]
    assert (refused["code"], refused["message"]) == (
        "LAST_ADMINISTRATOR",
        "“head 主任”是最后一位系统管理员，请先指定另一位。",
    )
    promote(world, "second")
    told = head.query(DISABLE, operator=target)
    assert told == {"disableOperator": {"login": "head"}}
    assert head.query(VIEWER) == {"viewer": None}


def test_of_two_administrators_who_disable_each_other_one_is_left(
    world: World, address: str, head: Client
) -> None:
    promote(world, "second")
    pairs = [("head", "second"), ("second", "head")]
    tokens = [world.token(login) for login, _ in pairs]

    def disable(place: int) -> str:
        with Client(address, tokens[place]) as client:
            operator = public(world, pairs[place][1])
            answer = client.query(DISABLE, operator=operator)["disableOperator"]
            return str(answer.get("code", "ok"))

    told = together(disable, 2)
    assert told.count("ok") == 1
    assert set(told) - {"ok"} <= {"FORBIDDEN", "UNAUTHENTICATED"}
    with world.database.write() as session:
        enabled = sa.select(Operator.login).where(
            Operator.login.in_(["head", "second"]), Operator.is_disabled.is_(False)
        )
        assert len(session.scalars(enabled).all()) == 1
