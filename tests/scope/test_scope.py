"""Every operation inside and outside of every scope, over HTTP: none may lack its line."""

import contextlib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import graphql
import httpx2
import orjson
import pytest
from starlette.routing import Mount, Route

import asgi
import models
import settings
from tests.client import Client
from tests.scope.contents import FIELDS, ROUTES
from tests.scope.house import COLUMNS, COUNTED, House
from tests.scope.lines import Attempt, Line, Side
from tests.scope.nodes import NODES

ROOT = Path(__file__).parents[2]
CONTRACT = graphql.build_schema((ROOT / "schema" / "schema.graphql").read_text())
CODE = re.compile("[A-Z_]{6,}")
# A code in a row of a batch: the batch itself is kept, with nothing decided.
DECIDED = ("clearances", "entries")


def test_every_root_field_of_the_printed_schema_has_a_line() -> None:
    roots = [CONTRACT.query_type, CONTRACT.mutation_type, CONTRACT.subscription_type]
    printed = {f"{root.name}.{name}" for root in roots if root for name in root.fields}
    assert {line.operation for line in FIELDS} == printed


def test_every_http_route_has_a_line(values: settings.Settings) -> None:
    routes = asgi.make(values).routes
    assert {line.operation for line in ROUTES} == {_told(route) for route in routes}


def _told(route: object) -> str:
    assert isinstance(route, Route | Mount)
    methods = getattr(route, "methods", None)
    return f"{' '.join(sorted(methods - {'HEAD'})) if methods else 'ANY'} {route.path}"


@pytest.mark.parametrize("line", [*FIELDS, *ROUTES], ids=lambda line: line.operation)
def test_every_line_has_targets_inside_and_outside_or_only_ones_own(line: Line) -> None:
    sides = {attempt.side for attempt in line.attempts}
    assert sides == {Side.OWN} or sides >= {Side.INSIDE, Side.OUTSIDE}
    assert all(tuple(attempt.by_login()) == COLUMNS for attempt in line.attempts)


def test_every_type_of_node_is_tried_inside_and_outside_and_told_by_its_id(
    house: House, address: str
) -> None:
    node = CONTRACT.get_type("Node")
    assert isinstance(node, graphql.GraphQLInterfaceType)
    types = {each.name for each in CONTRACT.get_implementations(node).objects}
    tried = {Side.INSIDE: set[str](), Side.OUTSIDE: set[str]()}
    for login, side in (("affairs", Side.INSIDE), ("elsewhere", Side.OUTSIDE)):
        with Client(address, house.tokens[login]) as client:
            for name in (each.variables["id"] for each in NODES if each.side is side):
                asked = house.ids[name]
                found = client.query(
                    "query($id: ID!) { node(id: $id) { __typename id } }", id=asked
                )
                if found["node"]:
                    assert found["node"]["id"] == asked
                    tried[side].add(found["node"]["__typename"])
    assert tried == {Side.INSIDE: types, Side.OUTSIDE: types}


def _by_test() -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Reading changes nothing, so that all of it goes in one world."""
    yield "Query", tuple(line for line in FIELDS if line.operation.startswith("Query."))
    yield "HTTP", ROUTES
    for line in FIELDS:
        if not line.operation.startswith("Query."):
            yield line.operation, (line,)


@pytest.mark.parametrize(
    "lines", [lines for _, lines in _by_test()], ids=[n for n, _ in _by_test()]
)
def test_everyone_is_answered_as_the_line_says_and_a_refusal_changes_nothing(
    house: House, address: str, lines: tuple[Line, ...]
) -> None:
    told, before = {}, house.digest()
    with contextlib.ExitStack() as stack:
        clients = {
            login: stack.enter_context(Client(address, house.tokens[login], "en")).http
            for login in COLUMNS
        }
        for line, attempt, login, expected in _tries(lines):
            variables = house.named(dict(attempt.variables), login)
            answer, text = send(clients[login], line, variables)
            told[line.operation, attempt.target, login] = answer, expected
            assert not [name for name in house.hidden_names(login) if name in text]
            after = house.digest()
            for name in _kept(line, expected, text):
                assert after[name] == before[name], (line.operation, attempt.target, login, name)
            before = after
    assert {key: got for key, (got, expected) in told.items() if got != expected} == {}


def _tries(lines: tuple[Line, ...]) -> list[tuple[Line, Attempt, str, str]]:
    """What is refused comes first, so that what is allowed does not stand in its way."""
    tries = [
        (line, attempt, login, expected)
        for line in lines
        for attempt in line.attempts
        for login, expected in attempt.by_login().items()
        if expected != "-"
    ]
    return sorted(tries, key=lambda each: not CODE.fullmatch(each[3]))


def _kept(line: Line, expected: str, text: str) -> Collection[str]:
    """The tables that an attempt must leave as they were."""
    if line.operation.startswith("Mutation.") and '"rows"' in text and expected != "ok":
        return DECIDED
    is_reading = line.operation.startswith(("Query.", "GET ", "ANY "))
    return models.Base.metadata.tables.keys() - COUNTED if is_reading or expected != "ok" else ()


def send(http: httpx2.Client, line: Line, variables: Any) -> tuple[str, str]:
    """The short form of the answer, and its text."""
    return (_call if line in ROUTES else _ask)(http, line, variables)


def _ask(http: httpx2.Client, line: Line, variables: dict[str, Any]) -> tuple[str, str]:
    answer = http.post("/graphql", json={"query": line.request, "variables": variables})
    assert answer.status_code == 200
    content = orjson.loads(answer.content)
    if content.get("errors"):
        return content["errors"][0].get("extensions", content)["code"], answer.text
    return _summary(content["data"][line.operation.partition(".")[2]]), answer.text


def _summary(value: Any) -> str:
    """ok, null, a code, or how many rows there are."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return str(sum(each is not None for each in value))
    if "code" in value:
        return str(value["code"])
    if "totalCount" in value:
        assert value["totalCount"] == len(value["nodes"])
        return str(value["totalCount"])
    codes = [row["code"] for row in value["rows"]["nodes"]] if list(value) == ["rows"] else []
    return next(filter(None, codes), "ok")


def _call(http: httpx2.Client, line: Line, variables: dict[str, str]) -> tuple[str, str]:
    path = line.request.format(**{name: quote(value) for name, value in variables.items()})
    method = "POST" if line.operation.startswith("POST") else "GET"
    answer = http.request(method, path, content=b"PK" if method == "POST" else None)
    if answer.is_success:
        return "ok", answer.text
    return orjson.loads(answer.content)["code"], answer.text
