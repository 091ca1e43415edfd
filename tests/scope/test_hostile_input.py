"""Whatever text, id, cursor or number is sent anywhere: a coded refusal or an answer, no fault."""

import copy
import random
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import graphql
import httpx2
import orjson
import pytest

from domain import ids
from tests.client import Client
from tests.scope.contents import REQUESTS
from tests.scope.hostile import CURSORS, IDS, TEXTS, encoded
from tests.scope.house import House

ROOT = Path(__file__).parents[2]
CONTRACT = graphql.build_schema((ROOT / "schema" / "schema.graphql").read_text())


@pytest.fixture
def named(house: House, address: str) -> Callable[[object], Any]:
    """Puts real ids and cursors in the place of @names."""
    with Client(address, house.tokens["admin"]) as client:
        found = client.query(
            """query($where: StudentFilter!, $job: ID!) {
              students(where: $where, first: 1) { pageInfo { endCursor } }
              jobs(first: 1) { pageInfo { endCursor } }
              operators(first: 1) { pageInfo { endCursor } }
              job(id: $job) { rows(first: 1) { pageInfo { endCursor } } } }""",
            where={"scheme": house.world.scheme},
            job=house.ids["@job"],
        )
    house.ids |= {
        "@students-cursor": found["students"]["pageInfo"]["endCursor"],
        "@jobs-cursor": found["jobs"]["pageInfo"]["endCursor"],
        "@operators-cursor": found["operators"]["pageInfo"]["endCursor"],
        "@rows-cursor": found["job"]["rows"]["pageInfo"]["endCursor"],
    }
    return lambda value: house.named(copy.deepcopy(value), "admin")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of all texts in variables."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))


def with_text(value: Any, path: tuple[str | int, ...], text: str) -> Any:
    """The same variables with one text replaced."""
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = text
    return changed


def post(http: httpx2.Client, query: str, variables: Any) -> Any:
    answer = http.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code in {200, 400, 413}, (answer.status_code, answer.text[:300])
    return orjson.loads(answer.content)


def codes(answer: Any) -> set[str]:
    """Every code of an answer: of its errors and of a Refused."""
    errors = {each.get("extensions", {}).get("code", "") for each in answer.get("errors", ())}
    data = (answer.get("data") or {}).values()
    return errors | {each["code"] for each in data if isinstance(each, dict) and "code" in each}


def test_the_requests_below_use_every_argument_that_takes_a_text_or_an_id() -> None:
    used = {step for _, variables in REQUESTS for path in leaves(variables) for step in path} | {
        "after",
        "before",
        "scheme",
        "key",
    }
    roots = (CONTRACT.query_type, CONTRACT.mutation_type, CONTRACT.get_type("Job"))
    arguments = {
        (name, argument.type)
        for root in roots
        for field in root.fields.values()  # type: ignore[union-attr]  # object types, all three
        for name, argument in field.args.items()
    }
    inputs = {
        (name, field.type)
        for kind in CONTRACT.type_map.values()
        if isinstance(kind, graphql.GraphQLInputObjectType)
        for name, field in kind.fields.items()
    }
    texts = {
        name
        for name, kind in arguments | inputs
        if graphql.get_named_type(kind).name in {"String", "ID"}
    }
    assert texts <= used


def _is_cursor(plain: str) -> bool:
    return plain.endswith("-cursor")


def _is_id(plain: str) -> bool:
    return plain.startswith("@") and not _is_cursor(plain)


def _is_text(plain: str) -> bool:
    return plain not in {"CHECKPOINT_OPERATOR", "REFUSE", "PENDING", "2026-06-01T00:00:00Z"}


def largest(own_id: str) -> list[str]:
    """Ids of the same kind: with the largest number that a key can be, and with one larger."""
    parsed = ids.parse(own_id)
    assert parsed
    noun, keys = parsed
    return [encoded(f"{noun}:{'.'.join([str(key)] * len(keys))}") for key in (2**63 - 1, 2**63)]


def test_no_text_anywhere_is_a_fault(
    house: House, address: str, named: Callable[[object], Any]
) -> None:
    def texts(plain: str) -> Iterable[str]:
        if _is_cursor(plain):
            return [*CURSORS.values(), *random.sample([*TEXTS.values()], 1)]
        if _is_id(plain):
            # What is no id is told by one function for all places: others at each in each run.
            return [*largest(named(plain)), *random.sample([*IDS.values(), *TEXTS.values()], 2)]
        # `make chaos` sends every text to every place.
        return random.sample([*TEXTS.values()], 2) if _is_text(plain) else ()

    with Client(address, house.tokens["admin"]) as client:
        assert faults(client, named, texts) == []


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("texts", "is_meant"), [(TEXTS, _is_text), (IDS, _is_id), (CURSORS, _is_cursor)]
)
def test_no_text_at_all_is_a_fault_anywhere(
    house: House,
    address: str,
    named: Callable[[object], Any],
    texts: dict[str, str],
    is_meant: Callable[[str], bool],
) -> None:
    with Client(address, house.tokens["admin"]) as client:
        assert faults(client, named, lambda plain: texts.values() if is_meant(plain) else ()) == []


def faults(
    client: Client,
    named: Callable[[object], Any],
    texts: Callable[[str], Iterable[str]],
    requests: Iterable[tuple[str, object]] = REQUESTS,
) -> list[tuple[str, tuple[str | int, ...], str]]:
    """Where in the requests which of the texts for that place was one."""
    found = []
    for query, plain in requests:
        for path in leaves(plain):
            for text in texts(reduce(getitem, path, plain)):  # type: ignore[arg-type]  # a path
                variables = with_text(named(plain), path, text)
                if "INTERNAL" in codes(post(client.http, query, variables)):
                    found.append((query[:60], path, text[:40]))
    return found


WITH_VARIABLE = (
    r'{"query": "mutation($login: String!) { signIn(login: $login, password: \"1\")'
    r' { ... on Refused { code } } }", "variables": {"login": "a%s"}}'
)
WITH_LITERAL = (
    r'{"query": "mutation { signIn(login: \"a%s\", password: \"1\")'
    r' { ... on Refused { code } } }"}'
)


@pytest.mark.parametrize(
    "body",
    [
        WITH_VARIABLE % r"\u0000",
        WITH_VARIABLE % r"\uD800",
        WITH_VARIABLE % r"\udc00\ud800",
        WITH_VARIABLE % "\0",
        WITH_LITERAL % r"\u0000",
        # GraphQL has escapes of its own, whose backslash and digits JSON may write as it likes.
        WITH_LITERAL % r"\\u0000",
        WITH_LITERAL % r"\\u{0}",
        WITH_LITERAL % r"\\u{00}",
        WITH_LITERAL % r"\\uD800",
        WITH_LITERAL % r"\\u{D800}",
        WITH_LITERAL % r"\\u00\u00300",
        WITH_LITERAL % r"\u005cu0000",
        WITH_LITERAL % r"\u005Cu{0}",
    ],
)
def test_what_no_database_can_store_is_refused_however_it_is_written(
    anonymous: Client, body: str
) -> None:
    answer = anonymous.http.post(
        "/graphql", content=body.encode(), headers={"content-type": "application/json"}
    )
    content = orjson.loads(answer.content)
    assert codes(content) <= {"INVALID_INPUT", ""}
    assert content["errors"]
    assert content.get("data") is None


def test_an_escape_that_only_looks_like_a_nul_is_a_text_like_any_other(anonymous: Client) -> None:
    body = WITH_VARIABLE % r"\\u0000"
    answer = anonymous.http.post(
        "/graphql", content=body.encode(), headers={"content-type": "application/json"}
    )
    assert answer.json() == {"data": {"signIn": {"code": "SIGN_IN_FAILED"}}}
