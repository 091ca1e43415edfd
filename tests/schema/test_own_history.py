"""The history of each student and clearance of a page over HTTP, the newest first."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.cases import PASSED, PENDING, REFUSED
from tests.chronicle import FIRST, Chronicle, Event
from tests.client import Client
from tests.schema.test_history import ENTRIES
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
OF_STUDENTS = """
query($where: StudentFilter!, $first: Int, $after: String, $last: Int, $before: String) {
  students(where: $where, first: 100) { nodes {
    number
    history(first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { at newStatus checkpoint { title } } }
    clearances { checkpoint { title } history(first: 2) { totalCount nodes { version } } }
  } } }"""
HOUR = dt.timedelta(hours=1)


def test_a_student_and_a_clearance_have_a_history_of_their_own(
    world: World, sign_in: SignIn
) -> None:
    Chronicle(world).write(
        Event(FIRST, "2020010101", LIBRARY, REFUSED, "欠书"),
        Event(FIRST + HOUR, "2020010101", LIBRARY, PASSED),
        Event(FIRST + 2 * HOUR, "2020020101", LIBRARY, PASSED),
        Event(FIRST + 3 * HOUR, "2020010101", AFFAIRS, PENDING, "提醒", login="affairs"),
    )
    client = sign_in("affairs")
    where = {"scheme": world.scheme, "numbers": ["2020010101", "2020010103"]}
    found = client.query(OF_STUDENTS, where=where, first=2)["students"]["nodes"]
    nothing = {"totalCount": 0, "nodes": []}
    once = {"totalCount": 1, "nodes": [{"version": 2}]}
    twice = {"totalCount": 2, "nodes": [{"version": 3}, {"version": 2}]}
    assert found == [
        {
            "number": "2020010101",
            "history": {
                "totalCount": 3,
                "nodes": [
                    {
                        "at": "2026-03-01T03:00:00+00:00",
                        "newStatus": "PENDING",
                        "checkpoint": {"title": AFFAIRS},
                    },
                    {
                        "at": "2026-03-01T01:00:00+00:00",
                        "newStatus": "PASSED",
                        "checkpoint": {"title": LIBRARY},
                    },
                ],
            },
            "clearances": [
                {"checkpoint": {"title": SUPERVISOR}, "history": nothing},
                {"checkpoint": {"title": AFFAIRS}, "history": once},
                {"checkpoint": {"title": LIBRARY}, "history": twice},
            ],
        },
        {
            "number": "2020010103",
            "history": nothing,
            "clearances": [
                {"checkpoint": {"title": title}, "history": nothing}
                for title in (SUPERVISOR, AFFAIRS, LIBRARY)
            ],
        },
    ]


def test_the_histories_of_100_students_cost_as_many_statements_as_those_of_3(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    numbers = world.add_students(300)
    events = [Event(FIRST, number, LIBRARY, PASSED) for number in numbers]
    Chronicle(world).write(*events)
    client = sign_in("admin")
    costs = []
    for some in (numbers[:3], numbers[:100]):
        where = {"scheme": world.scheme, "numbers": some}
        with statements() as seen:
            found = client.query(OF_STUDENTS, where=where, first=1)["students"]["nodes"]
        assert [each["history"]["totalCount"] for each in found] == [1] * len(some)
        costs.append(len(seen))
    for size in (3, 100):
        with statements() as seen:
            found = client.query(ENTRIES, where={"scheme": world.scheme}, first=size)["entries"]
        assert (len(found["nodes"]), found["totalCount"]) == (size, 300)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[2] == costs[3]
