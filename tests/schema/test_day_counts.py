"""Counters day by day over HTTP, as a chart draws them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Channel, Student, StudentStatus
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.chronicle import Chronicle, Event, at
from tests.client import Client
from tests.schema.test_counts import counts
from tests.world import LIBRARY, MARX, World

SignIn = Callable[[str], Client]
BY_DAY = """
query($where: StudentFilter!, $from: Date!, $until: Date!, $checkpoint: ID) {
  countsByDay(where: $where, from: $from, until: $until, checkpoint: $checkpoint) {
    checkpoint { title }
    days {
      day due passed pending refused notRequired toPassed toRefused toPending toNotRequired
    }
  }
}
"""
# A day is told in Shanghai.
SHANGHAI = dt.timedelta(hours=8)


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    return Chronicle(world)


def days(client: Client, world: World, first: str, last: str, **more: Any) -> dict[str, Any]:
    """By title: for every day its counters and its changes."""
    checkpoint = more.pop("checkpoint", None)
    found = client.query(
        BY_DAY,
        where={"scheme": world.scheme} | more,
        until=last,
        checkpoint=checkpoint,
        **{"from": first},
    )["countsByDay"]
    return {
        each["checkpoint"]["title"]: {day.pop("day"): list(day.values()) for day in each["days"]}
        for each in found
    }


def test_days_begin_at_midnight_of_the_office_and_none_is_left_out(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write(
        Event(at("2026-03-01T15:59:59.999999"), "2020010101", LIBRARY, REFUSED, "欠书"),
        Event(at("2026-03-01T16:00:00"), "2020010101", LIBRARY, PASSED),
        Event(at("2026-03-01T16:00:00"), "2020010102", LIBRARY, PASSED),
        Event(at("2026-03-03T20:00:00"), "2020010102", LIBRARY, PASSED, "补记"),
        Event(at("2026-03-03T20:00:01"), "2020010101", LIBRARY, PENDING),
        Event(at("2026-03-03T20:00:02"), "2020020101", LIBRARY, NOT_REQUIRED, channel=Channel.RULE),
    )
    checkpoint = world.checkpoint(LIBRARY)
    found = days(sign_in("admin"), world, "2026-02-28", "2026-03-05", checkpoint=checkpoint)
    # due passed pending refused notRequired, toPassed toRefused toPending toNotRequired
    assert found == {
        LIBRARY: {
            "2026-02-28": [6, 0, 6, 0, 0, 0, 0, 0, 0],
            "2026-03-01": [6, 0, 5, 1, 0, 0, 1, 0, 0],
            "2026-03-02": [6, 2, 4, 0, 0, 2, 0, 0, 0],
            "2026-03-03": [6, 2, 4, 0, 0, 0, 0, 0, 0],
            "2026-03-04": [5, 1, 4, 0, 1, 1, 0, 1, 1],
            "2026-03-05": [5, 1, 4, 0, 1, 0, 0, 0, 0],
        }
    }
    earlier = days(sign_in("admin"), world, "2026-03-01", "2026-03-02")[LIBRARY]
    assert earlier == {day: found[LIBRARY][day] for day in ("2026-03-01", "2026-03-02")}


def test_the_students_of_a_chart_are_those_of_today_in_sight(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write(
        Event(at("2026-03-01T04:00:00"), "2020010101", LIBRARY, PASSED),
        Event(at("2026-03-01T04:00:00"), "2020010102", LIBRARY, PASSED),
        Event(at("2026-03-01T04:00:00"), "2020020101", LIBRARY, REFUSED),
    )
    with world.database.write() as session:
        archive = sa.update(Student).where(Student.number == "2020010102")
        session.execute(archive.values(status=StudentStatus.ARCHIVED))

    def of(login: str, **more: Any) -> list[int]:
        found = days(sign_in(login), world, "2026-03-01", "2026-03-01", **more)
        return list(found[LIBRARY]["2026-03-01"])

    assert of("admin") == [5, 1, 3, 1, 0, 1, 1, 0, 0]
    assert of("affairs") == [3, 1, 2, 0, 0, 1, 0, 0, 0]
    assert of("affairs-geology") == [2, 0, 1, 1, 0, 0, 1, 0, 0]
    assert of("admin", numbers=["2020010101"]) == [1, 1, 0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("first", "last", "code", "facts"),
    [
        (
            "2026-03-02",
            "2026-03-01",
            "INVALID_INPUT",
            {"name": "from", "value": "2026-03-02", "expected": "not after until"},
        ),
        (
            "2025-01-01",
            "2026-02-05",
            "LIMIT_EXCEEDED",
            {"name": "days", "limit": "400", "value": "401"},
        ),
        (
            "0001-01-01",
            "9999-12-31",
            "INVALID_INPUT",
            {"name": "from", "value": "0001-01-01", "expected": "1900-01-01 - 2999-12-31"},
        ),
        (
            "2026-03-02",
            "9999-12-31",
            "INVALID_INPUT",
            {"name": "until", "value": "9999-12-31", "expected": "1900-01-01 - 2999-12-31"},
        ),
    ],
)
def test_a_span_of_days_goes_forward_and_is_not_endless(
    first: str, last: str, code: str, facts: dict[str, str], world: World, sign_in: SignIn
) -> None:
    variables = {"where": {"scheme": world.scheme}, "from": first, "until": last}
    [error] = sign_in("admin").execute(BY_DAY, **variables)["errors"]
    assert error["extensions"] == {"code": code, "facts": facts}


def test_400_days_are_told_and_those_to_come_stand_as_the_present(
    world: World, sign_in: SignIn
) -> None:
    world.put("2020010101", LIBRARY, PASSED)
    world.put("2020010102", LIBRARY, NOT_REQUIRED, not_required_by="RULE")
    today = dt.datetime.now(dt.UTC) + SHANGHAI
    last = (today + dt.timedelta(days=200)).date()
    first = last - dt.timedelta(days=399)
    found = days(sign_in("admin"), world, str(first), str(last))[LIBRARY]
    assert list(found) == [str(first + dt.timedelta(days=place)) for place in range(400)]
    assert found[str(today.date())] == found[str(last)] == [5, 1, 4, 0, 1, 0, 0, 0, 0]


def test_two_charts_of_400_days_are_too_much_for_one_request(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    chart = 'countsByDay(where: {scheme: "%s"}, from: "%s", until: "%s") {days {day}}'
    long = chart % (world.scheme, "2025-01-01", "2026-02-04")
    back = chart % (world.scheme, "2999-01-01", "1999-01-01")
    month = chart % (world.scheme, "2026-01-01", "2026-01-31")
    assert client.query(f"{{ a: {long} b: {month} }}")
    assert client.refused(f"{{ a: {long} b: {long} }}") == "LIMIT_EXCEEDED"
    assert client.refused(f"{{ a: {long} b: {back} c: {long} }}") == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_day_of_any_history_is_as_python_tells_it(
    seed: int, chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write_at_random(seed)
    client = sign_in("admin")
    marx = {"departments": [world.department(MARX)]}
    numbers = [number for number in world.students if number.startswith("202001")]
    for more, of in (({}, list(world.students)), (marx, numbers)):
        found = days(client, world, "2026-02-28", "2026-03-12", **more)
        assert found == {
            title: {
                str(day): modelled(chronicle, of, title, day)
                for day in (dt.date(2026, 2, 28) + dt.timedelta(days=each) for each in range(13))
            }
            for title in world.checkpoints
        }
        last = {title: tuple(each["2026-03-12"][:5]) for title, each in found.items()}
        assert last == counts(client, world, **more)


def modelled(chronicle: Chronicle, numbers: list[str], title: str, day: dt.date) -> list[int]:
    """A day's counters and changes from the list of events."""
    begins = dt.datetime.combine(day, dt.time(), dt.UTC) - SHANGHAI
    ends = begins + dt.timedelta(days=1)
    standing, changes = Counter[str](), Counter[str]()
    for number in numbers:
        last = chronicle.last(number, title, ends - dt.timedelta(microseconds=1))
        standing[last.status if last else PENDING] += 1
    for event in chronicle.events:
        if event.number in numbers and event.title == title and begins <= event.at < ends:
            changes[event.status] += 1
    due = standing[PASSED] + standing[PENDING] + standing[REFUSED]
    shown = (PASSED, PENDING, REFUSED, NOT_REQUIRED)
    changed = (PASSED, REFUSED, PENDING, NOT_REQUIRED)
    return [due, *(standing[each] for each in shown), *(changes[each] for each in changed)]
