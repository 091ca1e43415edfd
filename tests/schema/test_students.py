"""Lists and look-ups of students over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.client import Client
from tests.world import World

PAGE = """
query($where: StudentFilter!, $first: Int) { students(where: $where, first: $first) {
  totalCount nodes { number clearances { status checkpoint { title } lastEntry { channel } } }
} }
"""
Statements = Callable[[], AbstractContextManager[list[str]]]


def test_a_page_of_100_students_costs_as_many_statements_as_one_of_3(
    world: World, sign_in: Callable[[str], Client], statements: Statements
) -> None:
    world.add_students(110)
    client = sign_in("affairs")
    costs = []
    for first in (3, 100):
        with statements() as seen:
            page = client.query(PAGE, where={"scheme": world.scheme}, first=first)["students"]
        costs.append(len(seen))
        assert len(page["nodes"]) == first
        assert page["totalCount"] == 114
    assert costs == [8, 8]
