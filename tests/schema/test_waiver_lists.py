"""Lists of waivers over HTTP, and the waiver of each clearance."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from models import Waiver, WaiverStatus
from tests.client import Client
from tests.schema.test_waivers import NUMBER, REASON, confirm, request, withdraw
from tests.world import AFFAIRS, LIBRARY, MARX, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
LIST = """
query($scheme: ID!, $status: WaiverStatus, $checkpoint: ID, $student: ID, $first: Int!,
      $after: String) {
  waivers(scheme: $scheme, status: $status, checkpoint: $checkpoint, student: $student,
          first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id status student { number } checkpoint { title } clearance { status }
            requestedBy { login } confirmedBy { login } withdrawnBy { login } }
  }
}
"""
MATRIX = """query($where: StudentFilter!) {
  students(where: $where, first: 100) { nodes {
    number clearances { status waiver { status reason requestedBy { login } } } } } }"""


def listed(client: Client, world: World, **asked: Any) -> Any:
    return client.query(LIST, **({"scheme": world.scheme, "first": 100} | asked))["waivers"]


def test_the_list_is_filtered_and_the_newest_comes_first(world: World, sign_in: SignIn) -> None:
    client, admin = sign_in("library"), sign_in("admin")
    numbers = (NUMBER, "2020010102", "2020020101")
    first, second, third = (
        request(client, world, student=world.student(number))["id"] for number in numbers
    )
    fourth = request(admin, world, checkpoint=world.checkpoint(AFFAIRS))["id"]
    confirm(admin, second)
    withdraw(client, third)

    def found(**asked: str) -> list[str]:
        answer = listed(admin, world, **asked)
        assert answer["totalCount"] == len(answer["nodes"])
        return [node["id"] for node in answer["nodes"]]

    assert found() == [fourth, third, second, first]
    assert found(status="REQUESTED") == [fourth, first]
    assert found(status="CONFIRMED") == [second]
    assert found(checkpoint=world.checkpoint(LIBRARY)) == [third, second, first]
    assert found(student=world.student(NUMBER)) == [fourth, first]
    page = listed(admin, world, first=3)
    rest = listed(admin, world, first=3, after=page["pageInfo"]["endCursor"])
    assert [node["id"] for node in (*page["nodes"], *rest["nodes"])] == found()
    assert listed(admin, world)["nodes"][2] == {
        "id": second,
        "status": "CONFIRMED",
        "student": {"number": "2020010102"},
        "checkpoint": {"title": LIBRARY},
        "clearance": {"status": "NOT_REQUIRED"},
        "requestedBy": {"login": "library"},
        "confirmedBy": {"login": "admin"},
        "withdrawnBy": None,
    }


def test_the_list_has_the_students_in_sight_only(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    marx, geology = (
        request(client, world, student=world.student(number))["id"]
        for number in (NUMBER, "2020020101")
    )
    for login, found in (("affairs", [marx]), ("affairs-geology", [geology])):
        answer = listed(sign_in(login), world)
        assert [node["id"] for node in answer["nodes"]] == found
    everything = listed(client, world, first=1)
    assert (everything["totalCount"], everything["nodes"][0]["id"]) == (2, geology)
    assert client.refused(LIST, scheme=world.department(MARX), first=1) == "NOT_FOUND"


def add_waivers(world: World, numbers: list[str]) -> None:
    """Confirmed and withdrawn ones with every person there is."""
    people = {"requested_by": world.people["library"], "confirmed_by": world.people["admin"]}
    common = {"checkpoint_id": world.checkpoints[LIBRARY], "reason": REASON, **people}
    with world.database.write() as session:
        session.execute(
            sa.insert(Waiver),
            [
                {"student_id": world.students[number], "status": status, **common}
                for number in numbers
                for status in (WaiverStatus.WITHDRAWN, WaiverStatus.CONFIRMED)
            ],
        )


def test_lists_cost_the_same_for_few_and_for_many(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    client = sign_in("admin")
    where = {"scheme": world.scheme}

    def cost() -> tuple[int, int, int]:
        with statements() as of_list:
            rows = listed(client, world)["nodes"]
        with statements() as of_matrix:
            client.query(MATRIX, where=where)
        return len(rows), len(of_list), len(of_matrix)

    add_waivers(world, list(world.students)[:3])
    few = cost()
    add_waivers(world, world.add_students(300))
    many = cost()
    assert (few[0], many[0]) == (6, 100)
    assert few[1:] == many[1:]
