"""The counters over HTTP: due = passed + pending + refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import Student, StudentStatus
from tests.cases import NOT_REQUIRED, PASSED, REFUSED, put
from tests.client import Client
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
COUNTS = """
query($where: StudentFilter!) { counts(where: $where) {
  checkpoint { title } due passed pending refused notRequired
} }
"""


def counts(client: Client, world: World, **where: Any) -> dict[str, tuple[int, ...]]:
    """By title: due, passed, pending, refused, not required."""
    rows = client.query(COUNTS, where={"scheme": world.scheme} | where)["counts"]
    return {row.pop("checkpoint")["title"]: tuple(row.values()) for row in rows}


@pytest.fixture
def decided(world: World) -> World:
    """At the library 2 of 6 passed, 1 refused, 1 not required."""
    put(world, "2020010101", LIBRARY, PASSED)
    put(world, "2020010102", LIBRARY, REFUSED)
    put(world, "2020010103", LIBRARY, NOT_REQUIRED)
    put(world, "2020020101", LIBRARY, PASSED)
    return world


def test_every_checkpoint_is_counted_in_order(decided: World, sign_in: SignIn) -> None:
    found = counts(sign_in("admin"), decided)
    assert list(found.items()) == [
        (SUPERVISOR, (6, 0, 6, 0, 0)),
        (AFFAIRS, (6, 0, 6, 0, 0)),
        (LIBRARY, (5, 2, 2, 1, 1)),
    ]


def test_counters_follow_the_filter_of_the_list(decided: World, sign_in: SignIn) -> None:
    client = sign_in("admin")

    def at_library(**where: Any) -> tuple[int, ...]:
        return counts(client, decided, **where)[LIBRARY]

    assert at_library(nameContains="思") == (4, 1, 2, 1, 1)
    assert at_library(departments=[decided.department(GEOLOGY)]) == (2, 1, 1, 0, 0)
    passed = {"checkpoint": decided.checkpoint(LIBRARY), "statuses": ["PASSED"]}
    assert at_library(statusAt=[passed]) == (2, 2, 0, 0, 0)
    assert at_library(numbers=["nobody"]) == (0, 0, 0, 0, 0)


def test_counters_end_where_the_scope_ends(decided: World, sign_in: SignIn) -> None:
    assert counts(sign_in("affairs"), decided)[LIBRARY] == (3, 1, 1, 1, 1)
    assert counts(sign_in("affairs-geology"), decided)[LIBRARY] == (2, 1, 1, 0, 0)
    departments = [decided.department(MARX)]
    found = counts(sign_in("affairs-geology"), decided, departments=departments)
    assert found[LIBRARY] == (0, 0, 0, 0, 0)


def test_archived_students_are_outside_every_sum(decided: World, sign_in: SignIn) -> None:
    with decided.database.write() as session:
        archive = sa.update(Student).where(Student.number.in_(["2020010101", "2020010103"]))
        session.execute(archive.values(status=StudentStatus.ARCHIVED))
    assert counts(sign_in("admin"), decided)[LIBRARY] == (4, 1, 2, 1, 0)


def test_counters_of_300_students_cost_as_many_statements_as_those_of_6(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    client = sign_in("admin")
    costs = []
    for added in (0, 300):
        if added:
            world.add_students(added)
        with statements() as seen:
            assert counts(client, world)[LIBRARY][0] == 6 + added
        costs.append(len(seen))
    assert costs[0] == costs[1]
