"""Students over HTTP: in by number, out, a password of their own; and no way beside their own."""

import datetime as dt

import pytest
import sqlalchemy as sa

import models
from domain.staffing import accounts, sessions
from models import SignInFailures, StudentAccount
from tests.client import Client
from tests.people import together
from tests.schema.hiring import SignIn
from tests.studying import CHANGE, FIRST, ME, SIGN_OUT, become, give_accounts, try_in
from tests.world import World

NUMBER, OWN = "2020010101", "我自己的密码-2026"
FAILED = {
    "code": "SIGN_IN_FAILED",
    "message": "账号或密码不正确，请检查后重试。",
    "path": [],
    "facts": [],
}


@pytest.fixture
def zhang(world: World, anonymous: Client) -> Client:
    """张思, signed in."""
    give_accounts(world, NUMBER)
    return become(anonymous, NUMBER)


def test_a_student_signs_in_and_is_told_who_they_are(world: World, anonymous: Client) -> None:
    give_accounts(world, NUMBER)
    answer = try_in(anonymous, NUMBER)
    left = dt.datetime.fromisoformat(answer["expiresAt"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=11, minutes=59) < left <= dt.timedelta(hours=12)
    me = {"number": NUMBER, "isInitialPassword": True, "record": {"name": "张思"}}
    assert answer["me"] == me
    with world.database.write() as session:
        account = session.get_one(StudentAccount, NUMBER)
        assert account.last_sign_in_at is not None
        assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("number", [" 2020 0101\u200b01 ", "２０２００１０１０１", "'2020010101"])
def test_a_number_may_be_written_as_people_write_it(
    number: str, world: World, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    assert try_in(anonymous, number)["me"]["number"] == NUMBER


def test_letters_of_a_number_may_be_small(world: World, anonymous: Client) -> None:
    world.enrol({"学号": "ZY2020A1", "姓名": "王思", "院系": "地球科学学院"})
    give_accounts(world, "ZY2020A1")
    assert try_in(anonymous, "zy2020a1")["me"]["record"] == {"name": "王思"}


@pytest.mark.parametrize(
    ("number", "password"),
    [
        (NUMBER, "wrong password"),
        (NUMBER, ""),
        (NUMBER, FIRST + " "),
        ("2020010102", FIRST),  # has no account
        ("nobody", FIRST),
        ("", FIRST),
        ("x" * 10_000, "y" * 10_000),
        ("affairs", ""),
    ],
)
def test_an_unknown_number_and_a_wrong_password_get_the_same_answer(
    number: str, password: str, world: World, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    assert try_in(anonymous, number, password) == FAILED


def test_five_failures_pause_a_number_and_nobody_elses_login(
    world: World, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    with world.database.write() as session:
        accounts.create(session, NUMBER, "同名", FIRST, [])
    told = [try_in(anonymous, f" {NUMBER} ", "wrong")["code"] for _ in range(6)]
    assert told == ["SIGN_IN_FAILED"] * 5 + ["RATE_LIMITED"]
    assert try_in(anonymous, NUMBER)["code"] == "RATE_LIMITED"
    document = """mutation($login: String!, $password: String!) {
      signIn(login: $login, password: $password) {
        ... on SignedIn { viewer { login } } ... on Refused { code } } }"""
    answer = anonymous.query(document, login=NUMBER, password=FIRST)
    assert answer == {"signIn": {"viewer": {"login": NUMBER}}}
    assert try_in(anonymous, NUMBER)["code"] == "RATE_LIMITED"


@pytest.mark.parametrize("login", ["STUDENT 2020010101", "student 2020010101"])
def test_no_login_stands_in_the_way_of_a_number(
    login: str, world: World, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    document = 'mutation($login: String!) { signIn(login: $login, password: "x") { __typename } }'
    for _ in range(6):
        anonymous.query(document, login=login)
    assert try_in(anonymous, NUMBER)["me"]["number"] == NUMBER
    with world.database.write() as session:
        assert session.scalars(sa.select(SignInFailures.login)).all() == [login.lower()]


def test_guesses_at_the_same_moment_are_counted_one_by_one(world: World, address: str) -> None:
    give_accounts(world, NUMBER)

    def guess(_: int) -> str:
        with Client(address) as client:
            return str(try_in(client, NUMBER, "wrong")["code"])

    assert sorted(together(guess, 7)) == ["RATE_LIMITED"] * 2 + ["SIGN_IN_FAILED"] * 5


def test_signing_out_ends_this_session_and_no_other(zhang: Client, address: str) -> None:
    with Client(address) as client:
        other = become(client, NUMBER)
        out = {"signOut": {"number": NUMBER, "record": {"name": "张思"}}}
        assert zhang.query(SIGN_OUT) == out
        assert zhang.query(ME) == {"me": None}
        assert zhang.query(SIGN_OUT)["signOut"]["code"] == "UNAUTHENTICATED"
        assert other.query("{ me { number } }") == {"me": {"number": NUMBER}}


def test_a_session_ends_by_itself_and_is_dropped(world: World, zhang: Client) -> None:
    with world.database.write() as session:
        session.execute(sa.update(models.Session).values(expires_at=sa.func.now()))
    assert zhang.query(ME) == {"me": None}
    with world.database.write() as session:
        sessions.delete_expired(session)
    with world.database.write() as session:
        assert session.scalars(sa.select(models.Session.token_hash)).all() == []


def test_a_password_of_ones_own_ends_the_other_sessions(zhang: Client, address: str) -> None:
    with Client(address) as client:
        other = become(client, NUMBER)
        told = zhang.query(CHANGE, old=FIRST, new=OWN)["changePassword"]
        assert told == {"number": NUMBER, "isInitialPassword": False}
        assert zhang.query("{ me { isInitialPassword } }") == {"me": {"isInitialPassword": False}}
        assert other.query(ME) == {"me": None}
        assert try_in(other, NUMBER) == FAILED
        assert try_in(other, NUMBER, OWN)["me"]["isInitialPassword"] is False


def test_a_wrong_old_password_counts_like_a_failed_sign_in(zhang: Client) -> None:
    told = zhang.query(CHANGE, old="wrong", new=OWN)["changePassword"]
    assert told == FAILED | {"path": ["oldPassword"]}
    for _ in range(4):
        zhang.query(CHANGE, old="wrong", new=OWN)
    assert zhang.query(CHANGE, old=FIRST, new=OWN)["changePassword"]["code"] == "RATE_LIMITED"
    assert try_in(zhang, NUMBER)["code"] == "RATE_LIMITED"


def test_a_short_new_password_is_refused_before_the_old_one_is_looked_at(
    world: World, zhang: Client
) -> None:
    refused = zhang.query(CHANGE, old="wrong", new="short")["changePassword"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["newPassword"])
    with world.database.write() as session:
        assert session.scalars(sa.select(SignInFailures.login)).all() == []


def test_no_key_is_kept_for_a_student(world: World, zhang: Client) -> None:
    document = CHANGE.replace("newPassword: $new", 'newPassword: $new, idempotencyKey: "12345678"')
    refused = zhang.query(document, old=FIRST, new=OWN)["changePassword"]
    assert refused == {
        "code": "INVALID_INPUT",
        "message": "“idempotencyKey”的值“12345678”无效：学生请勿填写。",
        "path": ["idempotencyKey"],
        "facts": [
            {"name": "name", "value": "idempotencyKey"},
            {"name": "value", "value": "12345678"},
            {"name": "expected", "value": "left out by students"},
        ],
    }
    assert try_in(zhang, NUMBER)["me"]["isInitialPassword"] is True


def test_a_student_is_no_operator_and_the_other_way_about(zhang: Client, sign_in: SignIn) -> None:
    both = "{ viewer { login } me { number } }"
    assert zhang.query(both) == {"viewer": None, "me": {"number": NUMBER}}
    assert sign_in("affairs").query(both) == {"viewer": {"login": "affairs"}, "me": None}
    [error] = zhang.execute("{ schemes { name } }")["errors"]
    assert error["message"] == "您以学生身份登录，只能查看本人的离校情况。"
    assert error["extensions"] == {"code": "FORBIDDEN", "facts": {"right": "BE_OPERATOR"}}
    answer = zhang.http.post("/files", params={"name": "x.xlsx"}, content=b"PK")
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
