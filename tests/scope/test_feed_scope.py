"""The token of a feed, tried on every line of the table: it opens what is a feed's alone."""

import copy
from collections.abc import Iterable, Iterator

import pytest

from tests.client import Client
from tests.keys import KEY, under
from tests.scope.contents import FIELDS, ROUTES
from tests.scope.feeding import ROWS, SEND
from tests.scope.hostile import TEXTS
from tests.scope.house import House
from tests.scope.lines import Line
from tests.scope.repeating import mutations
from tests.scope.test_hostile_input import faults
from tests.scope.test_scope import send
from tests.scope.test_twice import ONCE

# As for somebody without any token.
FOR_ALL = {
    *("Mutation.signIn", "Mutation.signInStudent", "GET /verify/{code}"),
    *("ANY /graphql", "ANY /static", "GET /health", "GET /metrics"),
}
LOOKING = {"Query.me", "Query.viewer", "Query.job", "Query.jobs", "Query.node", "Query.nodes"}
CLOSED = tuple(
    line
    for line in (*FIELDS, *ROUTES)
    if line.operation not in {*FOR_ALL, *LOOKING, "Mutation.sendFeed"}
)


@pytest.fixture
def feed(house: House, address: str) -> Iterator[Client]:
    """The client of a feed."""
    with Client(address, house.tokens["feed"]) as client:
        yield client


def _tried(house: House, feed: Client, lines: tuple[Line, ...]) -> dict[tuple[str, str], str]:
    return {
        (line.operation, attempt.target): send(
            feed.http, line, house.named(dict(attempt.variables), "affairs")
        )[0]
        for line in lines
        for attempt in line.attempts
    }


def test_whatever_is_not_a_feeds_is_forbidden_and_changes_nothing(
    house: House, feed: Client
) -> None:
    before = house.digest()
    told = _tried(house, feed, CLOSED)
    assert {key: answer for key, answer in told.items() if answer != "FORBIDDEN"} == {}
    assert house.digest() == before


def test_under_a_key_nothing_is_kept_for_what_is_forbidden(house: House, feed: Client) -> None:
    lines = [line for name, line in mutations().items() if line in CLOSED and name not in ONCE]
    before, told = house.digest(), list[str]()
    for line in lines:
        keyed = Line(line.operation, under(KEY, line.request), line.attempts[:1])
        told += _tried(house, feed, (keyed,)).values()
    assert told == ["FORBIDDEN"] * len(lines)
    assert house.digest() == before


def test_it_sees_no_node_but_its_own_jobs_and_their_rows(house: House, feed: Client) -> None:
    lines = tuple(line for line in FIELDS if line.operation in {"Query.node", "Query.job"})
    told = _tried(house, feed, lines)
    assert set(told.values()) == {"null", "FORBIDDEN"}
    seen = {target for (_, target), answer in told.items() if answer == "null"}
    assert seen >= {"job", "other-job", "row", "other-row", "one of the other scheme"}
    document = "query($id: ID!) { node(id: $id) { ... on Job { kind status } } }"
    assert feed.query(document, id=house.ids["@held-job"]) == {
        "node": {"kind": "FEED", "status": "HELD"}
    }
    assert feed.query(document, id=house.ids["@other-held-job"]) == {"node": None}


@pytest.mark.parametrize(
    "nested",
    [
        "viewer { grants { scheme { name } } }",
        "jobs(first: 1) { nodes { rows(first: 1) { nodes { student { name } } } } }",
        "jobs(first: 1) { nodes { scheme { departments { name } } } }",
        "jobs(first: 1) { nodes { operator { grants { role } } } }",
        "jobs(first: 1) { nodes { files { url } } }",
    ],
)
def test_what_hangs_on_its_jobs_is_closed_too(house: House, feed: Client, nested: str) -> None:
    answer = feed.execute(f"{{ {nested} }}")
    codes = {error["extensions"]["code"] for error in answer["errors"]}
    assert codes == {"FORBIDDEN"}


def test_it_decides_at_its_checkpoint_for_its_scheme_alone(house: House, feed: Client) -> None:
    world = house.world
    assert "id" in feed.query(SEND, rows=ROWS)["sendFeed"]
    [entry] = [each for each in world.entries() if each.channel == "FEED"]
    assert entry.checkpoint_id == world.checkpoints["学工审核"]
    assert entry.student_id == world.students["2020010102"]


def test_no_text_that_a_feed_sends_is_a_fault(house: House, feed: Client) -> None:
    def texts(plain: str) -> Iterable[str]:
        return () if plain == "REFUSE" else TEXTS.values()

    assert faults(feed, copy.deepcopy, texts, [(SEND, {"rows": ROWS})]) == []
