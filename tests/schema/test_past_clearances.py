"""Where students stood at a past moment over HTTP, told from the entries alone."""

import datetime as dt
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from models import Channel
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.chronicle import FIRST, Chronicle, Event
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
STATE = "checkpoint { title } status notRequiredBy remark version decidedAt"
THEN = f"""
query($where: StudentFilter!, $moment: DateTime!) {{
  students(where: $where, first: 100) {{
    nodes {{ number clearancesAt(moment: $moment) {{ {STATE} operator {{ login }} }} }} }} }}"""
THEN_AND_NOW = f"""
query($where: StudentFilter!, $moment: DateTime!) {{
  students(where: $where, first: 100) {{ nodes {{
    then: clearancesAt(moment: $moment) {{ {STATE} operator {{ login }} }}
    now: clearances {{ {STATE} lastEntry {{ operator {{ login }} }} }} }} }} }}"""
NEVER = {
    "status": "PENDING",
    "notRequiredBy": None,
    "remark": "",
    "version": 1,
    "decidedAt": None,
    "operator": None,
}
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    return Chronicle(world)


def then(client: Client, world: World, moment: str, **more: Any) -> dict[tuple[str, str], Any]:
    """By number and title."""
    where = {"scheme": world.scheme} | more
    found = client.query(THEN, where=where, moment=moment)["students"]["nodes"]
    return {
        (student["number"], each.pop("checkpoint")["title"]): each
        for student in found
        for each in student["clearancesAt"]
    }


def test_a_clearance_was_what_its_last_change_until_then_made_of_it(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write(
        Event(FIRST, "2020010101", LIBRARY, REFUSED, "欠书"),
        Event(FIRST + SECOND, "2020010101", LIBRARY, PASSED, "已还"),
    )
    client = sign_in("affairs")

    def at_library(moment: str) -> Any:
        found = then(client, world, moment, numbers=["2020010101"])
        assert list(found) == [("2020010101", title) for title in (SUPERVISOR, AFFAIRS, LIBRARY)]
        assert found["2020010101", AFFAIRS] == NEVER
        return found["2020010101", LIBRARY]

    refused = {
        "status": "REFUSED",
        "notRequiredBy": None,
        "remark": "欠书",
        "version": 2,
        "decidedAt": "2026-03-01T00:00:00+00:00",
        "operator": {"login": "library"},
    }
    passed = refused | {
        "status": "PASSED",
        "remark": "已还",
        "version": 3,
        "decidedAt": "2026-03-01T00:00:01+00:00",
    }
    assert at_library("2026-02-28T23:59:59.999999Z") == NEVER
    assert at_library("2026-03-01T00:00:00Z") == refused
    assert at_library("2026-03-01T08:00:00+08:00") == refused
    assert at_library("2026-03-01T00:00:00") == refused
    assert at_library("2026-03-01T00:00:00.999999Z") == refused
    assert at_library("2026-03-01T00:00:01Z") == passed
    assert at_library("2999-12-31T23:59:59Z") == passed
    assert at_library("1900-01-01T00:00:00Z") == NEVER
    for far in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"):
        where = {"scheme": world.scheme}
        assert client.refused(THEN, where=where, moment=far) == "INVALID_INPUT"


@pytest.mark.parametrize(
    ("channel", "reason"),
    [(Channel.WAIVER, "WAIVER"), (Channel.RULE, "RULE"), (Channel.ROSTER, "RULE")],
)
def test_why_somebody_was_not_required_is_told_by_the_way_it_came(
    channel: Channel, reason: str, chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write(
        Event(FIRST, "2020010101", LIBRARY, NOT_REQUIRED, channel=channel),
        Event(FIRST + SECOND, "2020010101", LIBRARY, PENDING, channel=channel),
    )
    client = sign_in("admin")
    found = then(client, world, "2026-03-01T00:00:00Z")["2020010101", LIBRARY]
    assert (found["status"], found["notRequiredBy"]) == ("NOT_REQUIRED", reason)
    found = then(client, world, "2026-03-01T00:00:01Z")["2020010101", LIBRARY]
    assert (found["status"], found["notRequiredBy"], found["version"]) == ("PENDING", None, 3)


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_any_moment_of_any_history_is_as_python_tells_it(
    seed: int, chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write_at_random(seed)
    chance = random.Random(seed)  # noqa: S311 -- the same for the same seed
    chosen = [
        event.at - chance.choice([0, 1]) * dt.timedelta(microseconds=1)
        for event in chance.sample(chronicle.events, 8)
    ]
    client = sign_in("admin")
    for moment in [*chosen, FIRST - SECOND, dt.datetime.now(dt.UTC)]:
        assert then(client, world, moment.isoformat()) == {
            (number, title): told(chronicle.last(number, title, moment))
            for number in world.students
            for title in world.checkpoints
        }


def told(last: Event | None) -> dict[str, Any]:
    if last is None:
        return NEVER
    return {
        "status": last.status,
        "notRequiredBy": last.not_required_by,
        "remark": last.remark,
        "version": last.version,
        "decidedAt": last.at.isoformat(),
        "operator": {"login": last.login},
    }


def test_every_current_state_is_rebuilt_from_the_entries(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write_at_random(9)
    world.add_students(1)
    library = sign_in("library")
    decide_many(library, world, {"numbers": ["2020010101", "2020020101"]}, act="RESET")
    decide_many(library, world, {"numbers": ["2020010101", "2020020102"]}, remark="还清")
    found = sign_in("admin").query(
        THEN_AND_NOW,
        where={"scheme": world.scheme},
        moment=dt.datetime.now(dt.UTC).isoformat(),
    )["students"]["nodes"]
    assert len(found) == 7
    for student in found:
        for each in student["now"]:
            last = each.pop("lastEntry")
            each["operator"] = last and last["operator"]
        assert student["then"] == student["now"]
    assert {each["version"] for student in found for each in student["now"]} >= {1, 8}


def test_the_past_of_100_students_costs_as_many_statements_as_that_of_3(
    chronicle: Chronicle, world: World, sign_in: SignIn, statements: Statements
) -> None:
    numbers = world.add_students(100)
    chronicle.write(*(Event(FIRST, number, LIBRARY, PASSED) for number in numbers))
    client, costs = sign_in("admin"), []
    for some in (numbers[:3], numbers):
        with statements() as seen:
            found = then(client, world, "2026-03-02T00:00:00Z", numbers=some)
        assert {found[number, LIBRARY]["status"] for number in some} == {"PASSED"}
        costs.append(len(seen))
    assert costs[0] == costs[1]
