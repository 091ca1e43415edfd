"""Passwords and sessions over HTTP: reset, ended, changed; kept as a hash only."""

import pytest
import sqlalchemy as sa

import models
from domain import ids
from domain.ids import Noun
from models import Operator, SignInFailures
from tests.client import Client
from tests.people import promote, public, together
from tests.schema.hiring import CHANGE, END, PASSWORD, RESET, VIEWER, SignIn, by, create
from tests.schema.test_sign_in import try_in
from tests.world import World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def test_a_new_password_ends_every_session_and_forgets_failures(
    world: World, head: Client, anonymous: Client, address: str
) -> None:
    made = create(head)
    tokens = [try_in(anonymous, "zhang", PASSWORD)["token"] for _ in range(2)]
    for _ in range(5):
        try_in(anonymous, "zhang", "wrong")
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "RATE_LIMITED"
    asked = {"operator": made["id"], "password": "另一个密码-2026"}
    assert head.query(RESET, **asked) == {"resetPassword": made}
    for token in tokens:
        with Client(address, token) as client:
            assert client.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous, "zhang", PASSWORD)["code"] == "SIGN_IN_FAILED"
    assert try_in(anonymous, "zhang", "另一个密码-2026")["viewer"]["login"] == "zhang"
    refused = head.query(RESET, operator=made["id"], password="short")["resetPassword"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["password"])
    assert "short" not in str(refused)


def test_a_sign_in_with_the_old_password_cannot_outlive_its_reset(
    world: World, head: Client, address: str
) -> None:
    made = create(head)
    token = world.token("head")

    def race(place: int) -> str:
        with Client(address, token if place else None) as client:
            if place:
                asked = {"operator": made["id"], "password": "另一个密码-2026"}
                return str(client.query(RESET, **asked)["resetPassword"].get("code", "ok"))
            return str(try_in(client, "zhang", PASSWORD).get("code", "ok"))

    assert together(race, 2)[1] == "ok"
    with world.database.write() as session:
        mine = models.Session.operator_id == ids.decode(made["id"], Noun.OPERATOR)
        assert session.scalars(sa.select(models.Session).where(mine)).all() == []


def test_sessions_are_ended_by_an_administrator(
    world: World, head: Client, sign_in: SignIn
) -> None:
    clients = [sign_in("library"), sign_in("library"), sign_in("affairs")]
    told = head.query(by("endSessions"), operator=public(world, "library"))["endSessions"]
    assert (told["login"], told["isDisabled"]) == ("library", False)
    seen = [client.query(VIEWER)["viewer"] for client in clients]
    assert seen == [None, None, {"login": "affairs"}]


def test_who_ends_their_own_sessions_is_still_answered(
    world: World, head: Client, sign_in: SignIn
) -> None:
    answer = head.query(END, operator=public(world, "head"))
    assert answer == {"endSessions": {"login": "head"}}
    assert head.query(VIEWER) == {"viewer": None}


@pytest.fixture
def zhang(head: Client, anonymous: Client, address: str) -> Client:
    """Somebody with a password, signed in."""
    create(head)
    anonymous.http.headers["authorization"] = (
        f"Bearer {try_in(anonymous, 'zhang', PASSWORD)['token']}"
    )
    return anonymous


def test_ones_own_password_is_changed_and_the_other_sessions_end(
    zhang: Client, address: str
) -> None:
    with Client(address) as client:
        other = try_in(client, "zhang", PASSWORD)["token"]
        new = "另一个密码-2026"
        told = zhang.query(CHANGE, old=PASSWORD, new=new)
        assert told == {"changePassword": {"login": "zhang"}}
        assert zhang.query(VIEWER) == {"viewer": {"login": "zhang"}}
        client.http.headers["authorization"] = f"Bearer {other}"
        assert client.query(VIEWER) == {"viewer": None}
        assert try_in(client, "zhang", PASSWORD)["code"] == "SIGN_IN_FAILED"
        assert try_in(client, "zhang", new)["viewer"]["login"] == "zhang"


def test_a_wrong_old_password_counts_like_a_failed_sign_in(world: World, zhang: Client) -> None:
    new = "另一个密码-2026"
    refused = zhang.query(CHANGE, old="wrong", new=new)["changePassword"]
    assert refused == {
        "code": "SIGN_IN_FAILED",
        "message": "账号或密码不正确，请检查后重试。",
        "path": ["oldPassword"],
        "facts": [],
    }
    for _ in range(4):
        zhang.query(CHANGE, old="wrong", new=new)
    assert zhang.query(CHANGE, old=PASSWORD, new=new)["changePassword"]["code"] == "RATE_LIMITED"
    assert try_in(zhang, "zhang", PASSWORD)["code"] == "RATE_LIMITED"
    with world.database.write() as session:
        assert session.get_one(SignInFailures, "zhang").failures == 5


def test_a_short_new_password_is_refused_before_the_old_one_is_looked_at(
    world: World, zhang: Client
) -> None:
    refused = zhang.query(CHANGE, old="wrong", new="short")["changePassword"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["newPassword"])
    assert {"name": "value", "value": "…"} in refused["facts"]
    with world.database.write() as session:
        assert session.get(SignInFailures, "zhang") is None


def test_who_never_had_a_password_cannot_change_it(sign_in: SignIn) -> None:
    refused = sign_in("affairs").query(CHANGE, old="", new=PASSWORD)["changePassword"]
    assert refused["code"] == "SIGN_IN_FAILED"


def test_a_password_is_kept_only_as_a_hash(world: World, head: Client) -> None:
    made = create(head)
    with world.database.write() as session:
        kept = session.get_one(Operator, ids.decode(made["id"], Noun.OPERATOR)).password_hash
        dump = " ".join(
            str(session.execute(sa.text(f"SELECT string_agg(t::text, ' ') FROM {name} t")).scalar())
            for name in ("operators", "grants", "sessions")
        )
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in dump
