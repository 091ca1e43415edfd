"""Feeds set up by administrators over HTTP: their brakes, tokens, and accounts nobody else has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Feed, FeedToken, Grant, Operator
from tests import feeding
from tests.client import Client
from tests.feeding import CREATE, EDIT, FEED, FEEDS, ISSUE, REFUSED, REVOKE, all_of, send
from tests.people import promote
from tests.tasks.operator_files import start
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    """An administrator of the scheme."""
    return sign_in("admin")


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def account(world: World) -> Operator:
    with world.database.write() as session:
        of_feed = sa.select(Operator).join(Feed, Feed.operator_id == Operator.id)
        return session.scalars(of_feed).one()


def code(answer: dict[str, Any]) -> str:
    [told] = answer.values()
    return str(told["code"])


def test_a_feed_has_its_checkpoint_its_brake_and_an_account_of_its_own(
    world: World, admin: Client
) -> None:
    asked = {"name": " 图书馆系统 ", "checkpoint": world.checkpoint(LIBRARY), "brakeCount": 20}
    made = admin.query(CREATE, input=asked)["createFeed"]
    own = account(world)
    assert made == {
        "id": made["id"],
        "name": "图书馆系统",
        "isDisabled": False,
        "brakePercent": 5,
        "brakeCount": 20,
        "brakeHours": 24,
        "checkpoint": {"title": LIBRARY},
        "createdBy": {"login": "admin"},
        "operator": {"login": f"feed:{own.id}", "name": "图书馆系统", "isFeed": True},
        "tokens": [],
    }
    assert own.password_hash is None
    with world.database.write() as session:
        grant = session.scalars(sa.select(Grant).where(Grant.operator_id == own.id)).one()
    place = (grant.role, grant.scheme_id, grant.checkpoint_id, grant.department_id)
    assert place == ("CHECKPOINT_OPERATOR", world.scheme_id, world.checkpoints[LIBRARY], None)
    assert grant.may_see_id_numbers is False
    assert admin.query(FEEDS, scheme=world.scheme) == {"feeds": [made]}


def test_a_name_is_given_once(world: World, admin: Client) -> None:
    feeding.set_up(admin, world)
    asked = {"name": f"{LIBRARY}系统", "checkpoint": world.checkpoint(AFFAIRS)}
    other = feeding.set_up(admin, world, name="学工系统")
    for refused in (
        admin.query(CREATE, input=asked)["createFeed"],
        admin.query(EDIT, feed=other, input={"name": asked["name"]})["editFeed"],
    ):
        assert (refused["code"], refused["message"]) == (
            "ALREADY_EXISTS",
            "系统对接“图书馆系统”已存在，请换一个，或直接修改已有的。",
        )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": " "}, "1-100 characters"),
        ({"brakePercent": 101}, "0-100"),
        ({"brakePercent": -1}, "0-100"),
        ({"brakeCount": -1}, "0-1000000"),
        ({"brakeHours": 0}, "1-8760"),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(
    world: World, admin: Client, given: dict[str, Any], expected: str
) -> None:
    feed = feeding.set_up(admin, world)
    asked = {"name": "新", "checkpoint": world.checkpoint(AFFAIRS), **given}
    for document, variables in ((CREATE, {"input": asked}), (EDIT, {"feed": feed, "input": given})):
        [refused] = admin.query(document, **variables).values()
        facts = {fact["name"]: fact["value"] for fact in refused["facts"]}
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", *given])
        assert facts["expected"] == expected


def test_what_is_edited_is_another_name_and_brake_and_the_rest_stays(
    world: World, admin: Client
) -> None:
    feed = feeding.set_up(admin, world)
    given = {"name": "新图书馆系统", "brakePercent": 0, "brakeHours": 48}
    edited = admin.query(EDIT, feed=feed, input=given)["editFeed"]
    brake = (edited["brakePercent"], edited["brakeCount"], edited["brakeHours"])
    assert (edited["name"], brake) == ("新图书馆系统", (0, 10, 48))
    assert edited["operator"]["name"] == "新图书馆系统"


def test_a_disabled_feed_is_nobody_until_it_is_enabled(
    world: World, admin: Client, address: str
) -> None:
    feed = feeding.set_up(admin, world)
    change = f"mutation($feed: ID!) {{ %s(feed: $feed) {{ ... on Feed {{ {FEED} }} {REFUSED} }} }}"
    with Client(address, feeding.issue(admin, feed)) as client:
        assert admin.query(change % "disableFeed", feed=feed)["disableFeed"]["isDisabled"] is True
        assert send(client, [("2020010101", "PASS")])["code"] == "UNAUTHENTICATED"
        assert admin.query(change % "enableFeed", feed=feed)["enableFeed"]["isDisabled"] is False
        assert send(client, [("2020010101", "PASS")])["applied"] == 1


def test_the_held_job_of_a_disabled_feed_waits_until_it_is_enabled(
    world: World, admin: Client, address: str
) -> None:
    feed = feeding.set_up(admin, world, brakeCount=0, brakePercent=0)
    with Client(address, feeding.issue(admin, feed)) as client:
        assert send(client, all_of("PASS", world.students))["applied"] == 6
        held = send(client, [("2020010101", "RESET")])
    with world.database.write() as session:
        disabled = sa.update(Operator).where(Operator.login.startswith("feed:"))
        session.execute(disabled.values(is_disabled=True))
    refused = feeding.decide_held(admin, "releaseJob", held["id"])
    assert (refused["code"], refused["message"]) == (
        "FEED_DISABLED",
        "系统对接“图书馆系统”已停用，请先启用。",
    )


def test_a_token_is_shown_once_and_kept_as_a_hash(world: World, admin: Client) -> None:
    feed = feeding.set_up(admin, world)
    issued = admin.query(ISSUE, feed=feed, days=730)["issueFeedToken"]
    assert issued["token"].startswith("lixiao_feed_")
    assert len(issued["token"]) == len("lixiao_feed_") + 43
    with world.database.write() as session:
        kept = session.scalars(sa.select(FeedToken)).one()
    assert issued["token"].encode() not in kept.token_hash
    assert (kept.expires_at - kept.created_at).days == 730
    [listed] = admin.query(FEEDS, scheme=world.scheme)["feeds"][0]["tokens"]
    assert listed == {
        "id": issued["feedToken"]["id"],
        "createdBy": {"login": "admin"},
        "expiresAt": issued["feedToken"]["expiresAt"],
        "lastUsedAt": None,
        "revokedAt": None,
        "revokedBy": None,
    }


def test_ten_tokens_live_at_once_and_each_for_two_years_at_most(
    world: World, admin: Client
) -> None:
    feed = feeding.set_up(admin, world)
    for days in (0, 731):
        assert code(admin.query(ISSUE, feed=feed, days=days)) == "INVALID_INPUT"
    tokens = [admin.query(ISSUE, feed=feed, days=1)["issueFeedToken"] for _ in range(10)]
    assert code(admin.query(ISSUE, feed=feed, days=1)) == "LIMIT_EXCEEDED"
    token = tokens[0]["feedToken"]["id"]
    first = admin.query(REVOKE, token=token)
    assert admin.query(REVOKE, token=token) == first
    assert "token" in admin.query(ISSUE, feed=feed, days=1)["issueFeedToken"]


def test_nobody_makes_more_of_its_account_than_a_feed(world: World, head: Client) -> None:
    feeding.set_up(head, world)
    own = account(world)
    operator = ids.encode(Noun.OPERATOR, own.id)
    given = {"role": "ADMINISTRATOR"}
    with world.database.write() as session:
        held = session.scalars(sa.select(Grant.id).where(Grant.operator_id == own.id)).one()
    acts = (
        ("addGrant", "$operator: ID!, $input: NewGrant!", "operator: $operator, input: $input"),
        ("renameOperator", "$operator: ID!", 'operator: $operator, name: "别名"'),
        ("resetPassword", "$operator: ID!", 'operator: $operator, password: "correct horse"'),
        ("disableOperator", "$operator: ID!", "operator: $operator"),
        ("enableOperator", "$operator: ID!", "operator: $operator"),
        ("endSessions", "$operator: ID!", "operator: $operator"),
        ("removeGrant", "$grant: ID!", "grant: $grant"),
    )
    variables = {"operator": operator, "input": given, "grant": ids.encode(Noun.GRANT, held)}
    for name, declared, arguments in acts:
        document = f"mutation({declared}) {{ {name}({arguments}) {{ {REFUSED} }} }}"
        assert code(head.query(document, **variables)) == "OPERATOR_IS_FEED", name
    after = account(world)
    assert (after.login, after.name, after.password_hash) == (own.login, own.name, None)


def test_no_person_takes_the_login_of_a_feed(world: World, head: Client) -> None:
    document = f"mutation($input: NewOperator!) {{ createOperator(input: $input) {{ {REFUSED} }} }}"
    new = {"login": " FEED:1", "name": "张老师", "password": "correct horse"}
    refused = head.query(document, input=new)["createOperator"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "login"])


@pytest.mark.usefixtures("worker")
def test_a_list_of_operators_does_nothing_to_a_feed(
    world: World, head: Client, tmp_path: Path
) -> None:
    feeding.set_up(head, world)
    own = account(world)
    row = (own.login, "", "", "系统管理员", "", "", "")
    job = head.finished(start(world, head, tmp_path, row)["id"])
    [row] = job["rows"]["nodes"]
    assert (row["outcome"], row["code"]) == ("FAILED", "VALUE_UNKNOWN")
    with world.database.write() as session:
        assert session.scalars(sa.select(Grant.role).where(Grant.operator_id == own.id)).all() == [
            "CHECKPOINT_OPERATOR"
        ]


def test_it_is_no_person_in_the_list_of_operators_and_not_cloned(
    world: World, head: Client
) -> None:
    feeding.set_up(head, world)
    own = account(world)
    listed = head.query("{ operators(first: 50) { nodes { login } } }")["operators"]["nodes"]
    assert own.login not in {each["login"] for each in listed}
    sought = "query($search: String) { operators(search: $search, first: 1) { totalCount } }"
    assert head.query(sought, search=own.login)["operators"]["totalCount"] == 0
    clone = 'mutation($scheme: ID!) { cloneScheme(scheme: $scheme, name: "2021") { __typename } }'
    head.query(clone, scheme=world.scheme)
    with world.database.write() as session:
        grants = sa.select(sa.func.count()).where(Grant.operator_id == own.id)
        assert session.scalars(grants).one() == 1


def test_its_checkpoint_stays(world: World, admin: Client) -> None:
    feeding.set_up(admin, world, AFFAIRS)
    with world.database.write() as session:
        session.execute(sa.delete(Grant).where(Grant.checkpoint_id.is_not(None)))
    document = f"mutation($id: ID!) {{ deleteCheckpoint(checkpoint: $id) {{ {REFUSED} }} }}"
    refused = admin.query(document, id=world.checkpoint(AFFAIRS))["deleteCheckpoint"]
    assert (refused["code"], refused["facts"][1]) == (
        "CHECKPOINT_IN_USE",
        {"name": "noun", "value": "Feed"},
    )
