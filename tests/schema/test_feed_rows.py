"""The rows of feeds over HTTP: the table of decisions, the brake, how many."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa

from models import Job
from tests import feeding
from tests.cases import NUMBER, WITHOUT_VERSION, Case
from tests.client import Client
from tests.feeding import SEND, all_of, outcomes, send
from tests.people import together
from tests.schema import handing
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    """An administrator of the scheme."""
    return sign_in("admin")


@pytest.fixture
def affairs_feed(admin: Client, world: World, address: str) -> Iterator[Client]:
    """A feed where the table of decisions is about."""
    feed = feeding.set_up(admin, world, AFFAIRS)
    with Client(address, feeding.issue(admin, feed)) as client:
        yield client


@pytest.fixture
def feed(admin: Client, world: World, address: str) -> Iterator[Client]:
    """The library's, which is held by any two of ten."""
    made = feeding.set_up(admin, world, brakeCount=1, brakePercent=10, brakeHours=2)
    with Client(address, feeding.issue(admin, made)) as client:
        yield client


@pytest.mark.parametrize("case", WITHOUT_VERSION, ids=lambda case: case.name)
def test_each_case_of_the_table(case: Case, world: World, affairs_feed: Client) -> None:
    case.arrange(world)
    job = send(affairs_feed, [(NUMBER, case.act, case.remark)])
    assert outcomes(job) == [(NUMBER, case.outcome, case.code)]
    assert (job["status"], job[case.outcome.lower()]) == ("FINISHED", 1)
    assert world.state(NUMBER, AFFAIRS) == case.after
    assert [entry.channel for entry in world.entries()] == (["FEED"] if case.to else [])


def test_what_was_handed_out_stays_behind_its_gate(
    world: World, feed: Client, sign_in: SignIn
) -> None:
    handing.clear(world)
    assert "student" in handing.give(sign_in("department"), world)
    assert outcomes(send(feed, [(NUMBER, "RESET")])) == [(NUMBER, "FAILED", "HANDED_OUT")]


def test_a_revocation_in_small_calls_is_held_like_a_large_one(world: World, feed: Client) -> None:
    numbers = world.add_students(10)
    send(feed, all_of("PASS", numbers))
    told = [send(feed, [(number, "REFUSE")])["status"] for number in numbers[:4]]
    assert told == ["FINISHED", "HELD", "HELD", "HELD"]
    # Who is back is turned away no more.
    assert send(feed, [(numbers[0], "PASS")])["applied"] == 1
    assert send(feed, [(numbers[1], "REFUSE")])["status"] == "FINISHED"


def test_what_was_turned_away_before_the_hours_counts_no_more(world: World, feed: Client) -> None:
    numbers = world.add_students(10)
    send(feed, all_of("PASS", numbers))
    assert send(feed, [(numbers[0], "REFUSE")])["status"] == "FINISHED"
    assert send(feed, [(numbers[1], "REFUSE")])["status"] == "HELD"
    _age(world, dt.timedelta(hours=1, minutes=59))
    assert send(feed, [(numbers[1], "REFUSE")])["status"] == "HELD"
    _age(world, dt.timedelta(minutes=1))
    assert send(feed, [(numbers[1], "REFUSE")])["status"] == "FINISHED"


def _age(world: World, by: dt.timedelta) -> None:
    with world.database.write() as session:
        session.execute(sa.update(Job).values(created_at=Job.created_at - by))


def test_what_others_turned_away_is_not_the_feeds(
    world: World, feed: Client, sign_in: SignIn, admin: Client, address: str
) -> None:
    other = feeding.issue(admin, feeding.set_up(admin, world, name="借阅系统"))
    numbers = world.add_students(10)
    send(feed, all_of("PASS", numbers))
    sign_in("library").query(
        "mutation($input: BatchRequest!) { decideMany(input: $input) { __typename } }",
        input={
            "checkpoint": world.checkpoint(LIBRARY),
            "act": "REFUSE",
            "select": {"numbers": numbers[:3]},
        },
    )
    with Client(address, other) as client:
        assert send(client, all_of("REFUSE", numbers[3:6]))["status"] == "FINISHED"
    assert send(feed, [(numbers[6], "REFUSE")])["status"] == "FINISHED"


def test_of_two_who_settle_a_held_job_at_once_one_comes_too_late(
    world: World, feed: Client, address: str
) -> None:
    numbers = world.add_students(10)
    send(feed, all_of("PASS", numbers))
    held = send(feed, all_of("REFUSE", numbers))["id"]
    tokens = [world.token("admin") for _ in range(2)]

    def settle(place: int) -> str:
        with Client(address, tokens[place]) as client:
            answer = feeding.decide_held(client, ("releaseJob", "dropJob")[place], held)
            return str(answer.get("code", "settled"))

    assert sorted(together(settle, 2)) == ["JOB_NOT_HELD", "settled"]
    changed = {world.state(number, LIBRARY)[0] for number in numbers}
    assert len(changed) == 1


def test_what_would_fail_anyway_turns_nobody_away(world: World, feed: Client) -> None:
    numbers = world.add_students(10)
    send(feed, all_of("PASS", numbers))
    rows = [*all_of("REFUSE", numbers[:5]), *all_of("RESET", numbers[:5])]
    job = send(feed, rows)
    assert (job["status"], job["failed"]) == ("FINISHED", 10)
    too_long = send(feed, all_of("REFUSE", numbers[:5], "缺" * 501))
    assert (too_long["status"], too_long["failed"]) == ("FINISHED", 5)


def test_five_thousand_rows_are_one_call_and_one_more_is_too_many(feed: Client) -> None:
    rows = [{"number": str(place), "act": "PASS"} for place in range(5_001)]
    refused = feed.query(SEND, rows=rows)["sendFeed"]
    assert (refused["code"], refused["path"]) == ("LIMIT_EXCEEDED", ["rows"])
    told = feed.query(SEND, rows=rows[:5_000])["sendFeed"]
    assert (told["total"], told["failed"]) == (5_000, 5_000)


def test_no_row_is_a_job_without_any(feed: Client) -> None:
    job = send(feed, [])
    assert (job["status"], job["total"]) == ("FINISHED", 0)


def test_a_call_costs_the_same_sql_however_many_rows_it_has(
    world: World, affairs_feed: Client, statements: Statements
) -> None:
    numbers = world.add_students(300)
    counted = []
    for some in (numbers[:3], numbers[3:]):
        send(affairs_feed, all_of("REFUSE", some[:1]))
        with statements() as seen:
            send(affairs_feed, all_of("REFUSE", some, "缺表"))
        counted.append(len(seen))
    assert counted[0] == counted[1]
