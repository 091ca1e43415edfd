"""The library's system clears students through the API, and is stopped when it runs wild."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from models import ClearanceStatus, FeedToken
from tests import feeding
from tests.client import Client
from tests.desk import undone
from tests.feeding import JOB, Row, all_of, decide_held, outcomes, send
from tests.people import together
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
ZHANG, LI, ZHOU, ZHOU_TOO, OUYANG, WU = (
    *("2020010101", "2020010102", "2020010103", "2020010104"),
    *("2020020101", "2020020102"),
)


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    """Who sets the feed up."""
    return sign_in("admin")


@pytest.fixture
def feed_id(admin: Client, world: World) -> str:
    """The library's feed."""
    return feeding.set_up(admin, world)


@pytest.fixture
def feed(admin: Client, feed_id: str, address: str) -> Iterator[Client]:
    """The library's system, with its token."""
    with Client(address, feeding.issue(admin, feed_id)) as client:
        yield client


@pytest.fixture
def passed(world: World, feed: Client) -> list[str]:
    """200 students whom the feed has passed, and nobody else is."""
    numbers = world.add_students(200)
    assert send(feed, all_of("PASS", numbers))["applied"] == 200
    return numbers


def states(world: World, numbers: list[str]) -> set[str]:
    return {world.state(number, LIBRARY)[0] for number in numbers}


def test_it_clears_and_refuses_and_is_told_of_every_row(world: World, feed: Client) -> None:
    world.put(LI, LIBRARY, ClearanceStatus.PASSED)
    rows: list[Row] = [
        (f" {ZHANG} ", "PASS"),
        (LI, "PASS"),
        (ZHOU, "REFUSE", " 欠书两本 "),
        ("2099999999", "PASS"),
        ("", "PASS"),
        (OUYANG, "PASS"),
        (OUYANG, "PASS"),
        (WU, "PASS"),
        (WU, "REFUSE", "欠书"),
    ]
    job = send(feed, rows)
    conflict = "DUPLICATE_CONFLICT"
    assert outcomes(job) == [
        (ZHANG, "APPLIED", None),
        (LI, "UNCHANGED", None),
        (ZHOU, "APPLIED", None),
        ("2099999999", "FAILED", "STUDENT_NOT_FOUND"),
        ("", "FAILED", "KEY_MISSING"),
        (OUYANG, "APPLIED", None),
        (OUYANG, "UNCHANGED", "DUPLICATE_ROW"),
        (WU, "FAILED", conflict),
        (WU, "FAILED", conflict),
    ]
    told = {name: job[name] for name in ("kind", "status", "total", "applied", "failed")}
    assert told == {"kind": "FEED", "status": "FINISHED", "total": 9, "applied": 3, "failed": 4}
    assert job["rows"]["nodes"][2] == {
        "rowNumber": 3,
        "cells": [ZHOU, "未通过", "欠书两本"],
        "key": ZHOU,
        "name": "",
        "act": "REFUSE",
        "remark": "欠书两本",
        "outcome": "APPLIED",
        "code": None,
        "problems": [],
    }
    [named] = {row["problems"][0]["message"] for row in job["rows"]["nodes"][-2:]}
    assert named == "同一学生在第 8、9 行的内容互相矛盾，均未导入，请只保留一行。"
    assert world.state(ZHANG, LIBRARY) == ("PASSED", "", 2)
    assert world.state(ZHOU, LIBRARY) == ("REFUSED", "欠书两本", 2)
    assert world.state(WU, LIBRARY) == ("PENDING", "", 1)
    assert {(entry.channel, entry.row_number) for entry in world.entries()} == {
        ("FEED", 1),
        ("FEED", 3),
        ("FEED", 6),
    }


def test_the_history_names_the_feed_as_who_decided(
    world: World, feed: Client, sign_in: SignIn
) -> None:
    send(feed, [(ZHANG, "PASS")])
    seen = sign_in("affairs").query(
        """query($id: ID!) { node(id: $id) { ... on Clearance { lastEntry {
          channel operator { name isFeed } } } } }""",
        id=world.clearance(ZHANG, LIBRARY),
    )
    assert seen["node"]["lastEntry"] == {
        "channel": "FEED",
        "operator": {"name": "图书馆系统", "isFeed": True},
    }


def test_a_call_is_judged_as_of_now_and_counts_once_under_its_key(
    world: World, feed: Client, sign_in: SignIn
) -> None:
    sign_in("library").query(
        """mutation($input: BatchRequest!) { decideMany(input: $input) { __typename } }""",
        input={
            "checkpoint": world.checkpoint(LIBRARY),
            "act": "PASS",
            "select": {"numbers": [ZHANG]},
        },
    )
    first = send(feed, [(ZHANG, "REFUSE", "欠书")], key="night-20260620")
    assert outcomes(first) == [(ZHANG, "APPLIED", None)]
    assert send(feed, [(ZHANG, "REFUSE", "欠书")], key="night-20260620") == first
    assert world.state(ZHANG, LIBRARY) == ("REFUSED", "欠书", 3)


def test_it_sees_what_became_of_its_calls_and_of_no_others(
    feed: Client, sign_in: SignIn, world: World
) -> None:
    job = send(feed, [(ZHANG, "PASS")])
    asked = f"query($id: ID!) {{ job(id: $id) {{ {JOB} }} node(id: $id) {{ id }} }}"
    assert feed.query(asked, id=job["id"]) == {"job": job, "node": {"id": job["id"]}}
    batch = sign_in("library").query(
        """mutation($input: BatchRequest!) { decideMany(input: $input) { ... on Job { id } } }""",
        input={
            "checkpoint": world.checkpoint(LIBRARY),
            "act": "PASS",
            "select": {"numbers": [LI]},
        },
    )["decideMany"]["id"]
    assert feed.query(asked, id=batch) == {"job": None, "node": None}
    listed = feed.query("{ viewer { name } jobs(first: 9) { totalCount nodes { id } } }")
    assert listed == {
        "viewer": {"name": "图书馆系统"},
        "jobs": {"totalCount": 1, "nodes": [{"id": job["id"]}]},
    }


def test_ten_are_turned_away_and_the_eleventh_is_held(
    world: World, feed: Client, admin: Client, passed: list[str]
) -> None:
    assert send(feed, all_of("REFUSE", passed[:10]))["applied"] == 10
    held = send(feed, all_of("REFUSE", passed[10:11], "欠书"))
    assert (held["status"], outcomes(held)) == ("HELD", [(passed[10], None, None)])
    assert held["problem"] == {
        "code": "FEED_HELD",
        "message": "200 名已通过的学生中，24 小时内将有 11 名不再通过，超过 10 名且超过 5%，"
        "因此全部未办理。请系统管理员核对后放行或丢弃。",
    }
    assert world.state(passed[10], LIBRARY) == ("PASSED", "", 2)
    # What turns nobody away is harmless meanwhile.
    assert send(feed, [(ZHANG, "PASS"), (LI, "REFUSE")])["applied"] == 2
    listed = "{ jobs(statuses: [HELD], first: 9) { nodes { id operator { name } } } }"
    [waiting] = admin.query(listed)["jobs"]["nodes"]
    assert waiting == {"id": held["id"], "operator": {"name": "图书馆系统"}}


def test_what_is_released_is_decided_and_counts_no_more(
    world: World, feed: Client, admin: Client, passed: list[str]
) -> None:
    held = send(feed, all_of("RESET", passed[:50]) + all_of("PASS", [ZHANG, ZHANG]))
    assert (held["status"], held["total"], states(world, passed)) == ("HELD", 52, {"PASSED"})
    released = decide_held(admin, "releaseJob", held["id"])
    assert (released["status"], released["applied"], released["unchanged"]) == ("FINISHED", 51, 1)
    assert (released["releasedBy"], released["problem"]) == ({"login": "admin"}, None)
    assert states(world, passed[:50]) == {"PENDING"}
    assert {entry.channel for entry in world.entries()} == {"FEED"}
    assert send(feed, all_of("REFUSE", passed[50:60]))["status"] == "FINISHED"
    assert send(feed, all_of("REFUSE", passed[60:61]))["status"] == "HELD"
    again = decide_held(admin, "releaseJob", held["id"])
    assert again["code"] == "JOB_NOT_HELD"


def test_what_was_decided_while_a_call_was_held_is_not_overwritten(
    world: World, feed: Client, admin: Client, passed: list[str]
) -> None:
    held = send(feed, all_of("REFUSE", passed[:20]))
    assert send(feed, [(passed[0], "PASS", "已还清")])["applied"] == 1
    released = decide_held(admin, "releaseJob", held["id"])
    assert (released["applied"], released["failed"]) == (19, 1)
    assert outcomes(released)[0] == (passed[0], "FAILED", "STALE_STATE")
    assert world.state(passed[0], LIBRARY)[:2] == ("PASSED", "已还清")


def test_what_is_dropped_is_left_alone_for_good(
    world: World, feed: Client, admin: Client, passed: list[str]
) -> None:
    held = send(feed, all_of("REFUSE", passed))
    dropped = decide_held(admin, "dropJob", held["id"])
    assert (dropped["status"], dropped["unprocessed"]) == ("CANCELLED", 200)
    assert dropped["releasedBy"] == {"login": "admin"}
    assert {row["outcome"] for row in dropped["rows"]["nodes"]} == {"UNPROCESSED"}
    assert (states(world, passed), len(world.entries())) == ({"PASSED"}, len(passed))
    assert decide_held(admin, "releaseJob", held["id"])["code"] == "JOB_NOT_HELD"
    told = {}
    for field in ("resumeJob", "retryJob", "cancelJob"):
        document = f"""mutation($job: ID!) {{ {field}(job: $job) {{
          ... on Job {{ id }} ... on Refused {{ code }} }} }}"""
        told[field] = admin.query(document, job=held["id"])[field]["code"]
    assert told == {
        "resumeJob": "JOB_NOT_RESUMABLE",
        "retryJob": "JOB_NOT_RETRYABLE",
        "cancelJob": "JOB_NOT_CANCELLABLE",
    }


def test_two_calls_at_once_do_not_slip_past_the_brake_together(
    world: World, admin: Client, feed_id: str, address: str, passed: list[str]
) -> None:
    tokens = [feeding.issue(admin, feed_id) for _ in range(2)]

    def call(place: int) -> str:
        with Client(address, tokens[place]) as client:
            numbers = passed[place * 8 : place * 8 + 8]
            return str(send(client, all_of("REFUSE", numbers))["status"])

    assert sorted(together(call, 2)) == ["FINISHED", "HELD"]
    assert len([n for n in passed[:16] if world.state(n, LIBRARY)[0] == "REFUSED"]) == 8


def test_its_calls_can_be_undone_and_then_count_no_more(
    world: World, feed: Client, admin: Client, passed: list[str], worker: None
) -> None:
    job = send(feed, all_of("REFUSE", passed[:10]))
    assert undone(admin, job["id"])["applied"] == 10
    assert states(world, passed[:10]) == {"PASSED"}
    assert send(feed, all_of("REFUSE", passed[10:20]))["status"] == "FINISHED"


def test_a_token_works_until_it_expires_or_is_revoked_and_its_last_use_is_shown(
    world: World, feed: Client, admin: Client, feed_id: str
) -> None:
    def told() -> dict[str, Any]:
        [found] = admin.query(feeding.FEEDS, scheme=world.scheme)["feeds"]
        [token] = found["tokens"]
        return dict(token)

    assert told()["lastUsedAt"] is None
    before = dt.datetime.now(dt.UTC)
    send(feed, [(ZHANG, "PASS")])
    used = dt.datetime.fromisoformat(told()["lastUsedAt"])
    assert before <= used <= dt.datetime.now(dt.UTC)
    with world.database.write() as session:
        lives = session.scalars(sa.select(FeedToken.expires_at)).one()
        session.execute(sa.update(FeedToken).values(expires_at=sa.func.now()))
    assert send(feed, [(LI, "PASS")])["code"] == "UNAUTHENTICATED"
    with world.database.write() as session:
        session.execute(sa.update(FeedToken).values(expires_at=lives))
    assert send(feed, [(LI, "PASS")])["applied"] == 1
    admin.query(feeding.REVOKE, token=told()["id"])
    assert send(feed, [(ZHOU, "PASS")])["code"] == "UNAUTHENTICATED"
    assert feed.query("{ viewer { name } }") == {"viewer": None}
    assert (told()["revokedBy"], states(world, [ZHOU])) == ({"login": "admin"}, {"PENDING"})
