"""The compact matrix over HTTP: columns once, a list of statuses a student."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import Checkpoint, Clearance, Grant, NotRequiredBy, Prerequisite, SchemeStatus
from tests.cases import NOT_REQUIRED, PASSED, REFUSED
from tests.client import Client
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
MATRIX = """
query($where: StudentFilter!, $orderBy: StudentOrder! = NUMBER_ASC,
      $first: Int, $after: String, $last: Int, $before: String) {
  matrix(where: $where) {
    checkpoints { title }
    students(orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount asOf
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { student { number department { name } } statuses changedAt }
    }
  }
}
"""
AT = dt.datetime(2026, 6, 1, 8, 30, 0, 123456, dt.UTC)


def ask(client: Client, world: World, **asked: Any) -> Any:
    where = {"scheme": world.scheme} | asked.pop("where", {})
    return client.query(MATRIX, where=where, **({"first": 100} | asked))["matrix"]


def numbers(page: Any) -> list[str]:
    return [node["student"]["number"] for node in page["students"]["nodes"]]


@pytest.fixture
def decided(world: World) -> World:
    """One student passed, refused and let off, another passed earlier and later."""
    world.put("2020010101", SUPERVISOR, PASSED, decided_at=AT)
    world.put("2020010101", AFFAIRS, REFUSED, decided_at=AT - dt.timedelta(days=1))
    world.put("2020010101", LIBRARY, NOT_REQUIRED, not_required_by=NotRequiredBy.RULE)
    world.put("2020020101", LIBRARY, PASSED, decided_at=AT + dt.timedelta(microseconds=1))
    return world


def test_it_has_the_checkpoints_once_and_a_status_at_each_for_every_student(
    decided: World, sign_in: SignIn
) -> None:
    found = ask(sign_in("admin"), decided)
    assert found["checkpoints"] == [{"title": each} for each in (SUPERVISOR, AFFAIRS, LIBRARY)]
    assert found["students"]["totalCount"] == 6
    pending = ["PENDING"] * 3
    assert [
        (node["student"]["number"], node["statuses"], node["changedAt"])
        for node in found["students"]["nodes"]
    ] == [
        ("2020010101", ["PASSED", "REFUSED", "NOT_REQUIRED"], "2026-06-01T08:30:00.123456+00:00"),
        ("2020010102", pending, None),
        ("2020010103", pending, None),
        ("2020010104", pending, None),
        ("2020020101", ["PENDING", "PENDING", "PASSED"], "2026-06-01T08:30:00.123457+00:00"),
        ("2020020102", pending, None),
    ]


def test_it_follows_the_order_of_the_checkpoints(decided: World, sign_in: SignIn) -> None:
    for place, title in ((13, SUPERVISOR), (12, AFFAIRS), (11, LIBRARY)):
        decided.set_checkpoint(title, position=place)
    found = ask(sign_in("admin"), decided, first=1)
    assert found["checkpoints"] == [{"title": each} for each in (LIBRARY, AFFAIRS, SUPERVISOR)]
    assert found["students"]["nodes"][0]["statuses"] == ["NOT_REQUIRED", "REFUSED", "PASSED"]


def test_it_tells_the_same_as_the_nested_form(decided: World, sign_in: SignIn) -> None:
    document = """query($where: StudentFilter!) {
      students(where: $where, first: 100) { nodes { number clearances { status decidedAt } } }
      matrix(where: $where) { students(first: 100) {
        nodes { student { number } statuses changedAt } } } }"""
    found = sign_in("admin").query(document, where={"scheme": decided.scheme})
    nested = [
        {
            "student": {"number": node["number"]},
            "statuses": [each["status"] for each in node["clearances"]],
            "changedAt": max(
                (each["decidedAt"] for each in node["clearances"] if each["decidedAt"]),
                default=None,
            ),
        }
        for node in found["students"]["nodes"]
    ]
    assert found["matrix"]["students"]["nodes"] == nested


def test_it_pages_in_both_directions_by_the_last_change(decided: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    order = ["2020020101", "2020010101", "2020020102", "2020010104", "2020010103", "2020010102"]
    found: list[str] = []
    after = None
    for _ in range(3):
        page = ask(client, decided, orderBy="CHANGED_DESC", first=2, after=after)
        found += numbers(page)
        after = page["students"]["pageInfo"]["endCursor"]
    assert found == order
    assert page["students"]["pageInfo"]["hasNextPage"] is False
    before = page["students"]["pageInfo"]["startCursor"]
    back = ask(client, decided, orderBy="CHANGED_DESC", first=None, last=3, before=before)
    assert numbers(back) == order[1:4]


def test_its_cursors_are_those_of_the_list_of_students(decided: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    cursor = ask(client, decided, first=2)["students"]["pageInfo"]["endCursor"]
    assert numbers(ask(client, decided, first=1, after=cursor)) == ["2020010103"]
    where = {"scheme": decided.scheme}
    refused = client.refused(MATRIX, where=where, orderBy="CLASS_ASC", first=1, after=cursor)
    assert refused == "INVALID_CURSOR"


@pytest.mark.parametrize(
    ("login", "departments"),
    [("supervisor", {MARX, GEOLOGY}), ("affairs", {MARX}), ("department", {MARX})],
)
def test_an_operator_sees_all_checkpoints_of_the_students_of_their_departments_only(
    login: str, departments: set[str], decided: World, sign_in: SignIn
) -> None:
    found = ask(sign_in(login), decided)
    assert len(found["checkpoints"]) == 3
    nodes = found["students"]["nodes"]
    assert {node["student"]["department"]["name"] for node in nodes} == departments
    assert nodes[0]["statuses"] == ["PASSED", "REFUSED", "NOT_REQUIRED"]
    geology = ask(sign_in("affairs"), decided, where={"numbers": ["2020020101"]})
    assert geology["students"]["nodes"] == []


def test_a_scheme_without_checkpoints_has_no_columns(world: World, sign_in: SignIn) -> None:
    with world.database.write() as session:
        session.execute(sa.delete(Clearance))
        session.execute(sa.delete(Prerequisite))
        session.execute(sa.delete(Grant).where(Grant.checkpoint_id.is_not(None)))
        session.execute(sa.delete(Checkpoint))
    found = ask(sign_in("admin"), world, first=1)
    assert found["checkpoints"] == []
    [node] = found["students"]["nodes"]
    assert (node["statuses"], node["changedAt"]) == ([], None)


def test_a_closed_scheme_is_still_read(decided: World, sign_in: SignIn) -> None:
    decided.set_scheme(status=SchemeStatus.CLOSED)
    assert ask(sign_in("admin"), decided)["students"]["totalCount"] == 6


@pytest.mark.parametrize("window", [{}, {"first": 101}, {"first": 2, "last": 2}])
def test_a_page_has_1_to_100_rows(window: Any, world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    assert client.refused(MATRIX, where={"scheme": world.scheme}, **window) == "INVALID_INPUT"


def test_100_students_cost_as_many_statements_as_3(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    world.add_students(300)
    client = sign_in("admin")
    document = """query($where: StudentFilter!, $first: Int!) { matrix(where: $where) {
      checkpoints { title } students(first: $first) { nodes { student { number } statuses } } } }"""
    costs = []
    for first in (3, 100):
        with statements() as seen:
            page = client.query(document, where={"scheme": world.scheme}, first=first)["matrix"]
        costs.append(len([text for text in seen if "students" in text or "checkpoints" in text]))
        assert len(page["students"]["nodes"]) == first
    # One for the columns and one for the rows.
    assert costs == [2, 2]
