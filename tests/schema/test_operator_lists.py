"""The list of operators over HTTP, and what is told of one to whom."""

import datetime as dt
from typing import Any

import pytest

from models import Role
from tests.client import Client
from tests.people import promote, public
from tests.schema.hiring import (
    EVERYTHING,
    LIST,
    SignIn,
    Statements,
    by,
    create,
)
from tests.world import LIBRARY, MARX, SUPERVISOR, World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def test_an_administrator_of_all_schemes_lists_everybody_by_login(
    world: World, head: Client
) -> None:
    found = head.query(LIST)["operators"]
    people = ["admin", "affairs", "affairs-geology", "department", "head", "library", "supervisor"]
    assert [each["login"] for each in found["nodes"]] == people
    assert found["totalCount"] == 7
    assert found["nodes"][1] == {
        "login": "affairs",
        "isDisabled": False,
        "grants": [
            {
                "role": "CHECKPOINT_OPERATOR",
                "scheme": {"name": "2020级研究生6月份"},
                "department": {"name": MARX},
            }
        ],
    }


@pytest.mark.parametrize(
    ("where", "logins"),
    [
        ({"search": "AFFAIRS"}, ["affairs", "affairs-geology"]),
        ({"search": "y 老师"}, ["affairs-geology", "library"]),
        ({"search": "%"}, []),
        ({"role": "ADMINISTRATOR"}, ["admin", "head"]),
        ({"isDisabled": True}, ["library"]),
        ({"isDisabled": False, "search": "li"}, []),
        ({"scheme": "@scheme", "role": "DEPARTMENT_OPERATOR"}, ["department"]),
    ],
)
def test_the_list_is_narrowed(
    world: World, head: Client, where: dict[str, Any], logins: list[str]
) -> None:
    head.query(by("disableOperator"), operator=public(world, "library"))
    given = {name: world.scheme if value == "@scheme" else value for name, value in where.items()}
    found = head.query(LIST, **given)["operators"]
    assert [each["login"] for each in found["nodes"]] == logins
    assert found["totalCount"] == len(logins)


def test_a_schemes_administrator_lists_who_reaches_it_and_anybody_by_exact_login(
    world: World, head: Client, sign_in: SignIn
) -> None:
    create(head)
    client = sign_in("admin")
    found = [each["login"] for each in client.query(LIST)["operators"]["nodes"]]
    assert ("head" in found, "zhang" in found) == (True, False)
    assert client.query(LIST, search="zhan")["operators"]["nodes"] == []
    zhang: dict[str, Any] = {"login": "zhang", "isDisabled": None, "grants": []}
    assert client.query(LIST, search=" Zhang ")["operators"]["nodes"] == [zhang]
    assert client.query(LIST, search="zhang", scheme=world.scheme)["operators"]["nodes"] == []


def test_whether_somebody_out_of_sight_is_disabled_is_not_found_out(
    world: World, head: Client, sign_in: SignIn
) -> None:
    stranger = create(head)
    head.query(by("disableOperator"), operator=stranger["id"])
    client = sign_in("admin")
    for is_disabled in (True, False):
        found = client.query(LIST, search="zhang", isDisabled=is_disabled)["operators"]
        assert (found["nodes"], found["totalCount"]) == ([], 0)


def test_the_list_is_for_administrators(world: World, sign_in: SignIn) -> None:
    assert sign_in("library").refused(LIST) == "FORBIDDEN"
    assert sign_in("library").refused(LIST, search="admin") == "FORBIDDEN"


def test_the_list_costs_the_same_for_3_and_for_100(
    world: World, head: Client, statements: Statements
) -> None:
    def cost(first: int) -> int:
        with statements() as seen:
            head.query(EVERYTHING, first=first)
        return len(seen)

    few = cost(3)
    for place in range(100):
        world.hire(f"more-{place:03d}", Role.CHECKPOINT_OPERATOR, LIBRARY, MARX)
    assert cost(100) == few


def test_the_list_goes_on_in_both_directions(world: World, head: Client) -> None:
    query = """query($first: Int, $after: String, $last: Int, $before: String) {
      operators(first: $first, after: $after, last: $last, before: $before) {
        nodes { login } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    one = head.query(query, first=3)["operators"]
    two = head.query(query, first=3, after=one["pageInfo"]["endCursor"])["operators"]
    back = head.query(query, last=3, before=two["pageInfo"]["startCursor"])["operators"]
    assert [each["login"] for each in two["nodes"]] == ["department", "head", "library"]
    assert back["nodes"] == one["nodes"]
    assert head.refused(query, first=3, after="x") == "INVALID_CURSOR"


SEEN = """query($id: ID!) { node(id: $id) { ... on Operator {
  login name isDisabled lastSignInAt grants { id } } } }"""


def test_who_decided_is_told_by_name_and_what_they_may_do_only_to_administrators(
    world: World, sign_in: SignIn
) -> None:
    student = world.student("2020010101")
    sign_in("supervisor").query(
        """mutation($student: ID!, $checkpoint: ID!) { decide(student: $student,
          checkpoint: $checkpoint, act: PASS, expectedVersion: 1) { __typename } }""",
        student=student,
        checkpoint=world.checkpoint(SUPERVISOR),
    )
    query = """query($scheme: ID!, $id: ID!) { student(scheme: $scheme, key: {id: $id}) {
      clearances { lastEntry { operator { login name isDisabled lastSignInAt grants { role } } } }
    } }"""

    def told(login: str) -> Any:
        found = sign_in(login).query(query, scheme=world.scheme, id=student)
        return found["student"]["clearances"][0]["lastEntry"]["operator"]

    public = {"login": "supervisor", "name": "supervisor 老师"}
    assert told("affairs") == public | {"isDisabled": None, "lastSignInAt": None, "grants": []}
    seen = told("admin")
    signed_in = dt.datetime.fromisoformat(seen.pop("lastSignInAt"))
    assert abs(dt.datetime.now(dt.UTC) - signed_in) < dt.timedelta(minutes=1)
    assert seen == public | {"isDisabled": False, "grants": [{"role": "CHECKPOINT_OPERATOR"}]}


def test_an_operator_is_found_by_id_by_oneself_and_by_administrators(
    world: World, head: Client, sign_in: SignIn
) -> None:
    asked = public(world, "affairs")
    seen = {
        login: sign_in(login).query(SEEN, id=asked)["node"] is not None
        for login in ("head", "admin", "affairs", "library", "department")
    }
    assert seen == {"head": True, "admin": True, "affairs": True, "library": False,
                    "department": False}  # fmt: skip
