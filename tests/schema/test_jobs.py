"""Lists of jobs and of their rows over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.client import Client
from tests.world import SUPERVISOR, World

Statements = Callable[[], AbstractContextManager[list[str]]]
BATCH = """
mutation($input: BatchRequest!) { decideMany(input: $input) { ... on Job { id } } }
"""
ROWS = """
query($first: Int!) { jobs(first: $first) { totalCount nodes {
  files { url } upload { url } operator { login } checkpoint { title }
  rows(last: 2) { totalCount pageInfo { hasPreviousPage } nodes { key student { name } } }
} } }
"""


def _decide(client: Client, world: World, numbers: list[str]) -> None:
    select = {"numbers": numbers}
    checkpoint = world.checkpoint(SUPERVISOR)
    client.query(BATCH, input={"checkpoint": checkpoint, "act": "PASS", "select": select})


def test_the_rows_of_100_jobs_cost_as_many_statements_as_those_of_3(
    world: World, sign_in: Callable[[str], Client], statements: Statements
) -> None:
    client = sign_in("supervisor")
    for _ in range(101):
        _decide(client, world, ["2020010101", "2020010102", "2020010103"])
    costs = []
    for first in (3, 100):
        with statements() as seen:
            jobs = client.query(ROWS, first=first)["jobs"]
        costs.append(len(seen))
        assert jobs["totalCount"] == 101
        assert [each["rows"] for each in jobs["nodes"]] == first * [
            {
                "totalCount": 3,
                "pageInfo": {"hasPreviousPage": True},
                "nodes": [
                    {"key": "2020010102", "student": {"name": "李思"}},
                    {"key": "2020010103", "student": {"name": "周思"}},
                ],
            }
        ]
    assert costs[0] == costs[1]
