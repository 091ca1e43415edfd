"""Deciding many students over HTTP: selections, modes, and the job that is left."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from models import Channel, Job
from tests.cases import NUMBER, PASSED, REFUSED, VERSION, WITHOUT_VERSION, Case
from tests.client import Client
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
DECIDE_MANY = """
mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job {
    id kind status dryRun total staged processed applied unchanged failed unprocessed
    operator { login } scheme { id } checkpoint { title } files { id }
    upload { id } problem { code }
    rows(first: 100) { nodes {
      rowNumber cells key name act remark outcome code
      student { number } problems { code column value message }
    } }
  }
  ... on Refused { code message path facts { name value } }
} }
"""
MARX_NUMBERS = ["2020010101", "2020010102", "2020010103", "2020010104"]


def decide_many(
    client: Client, world: World, select: dict[str, Any], act: str = "PASS", **other: str
) -> Any:
    """The answer; at the library, unless another checkpoint is given."""
    asked = {"checkpoint": world.checkpoint(LIBRARY), "select": select, "act": act}
    return client.query(DECIDE_MANY, input=asked | other)["decideMany"]


def outcomes(job: Any) -> list[tuple[str, str, str | None]]:
    return [(row["key"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def sums(job: Any) -> dict[str, int]:
    """The counters that are not zero."""
    names = ("total", "staged", "processed", "applied", "unchanged", "failed", "unprocessed")
    return {name: job[name] for name in names if job[name]}


def states(world: World, title: str = LIBRARY) -> dict[str, str]:
    return {number: world.state(number, title)[0] for number in world.students}


def jobs_kept(world: World) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Job)).one()


@pytest.mark.parametrize("case", WITHOUT_VERSION, ids=lambda case: case.name)
def test_each_case_of_the_table(case: Case, world: World, sign_in: SignIn) -> None:
    case.arrange(world)
    select = {"ids": [world.student(NUMBER)]}
    checkpoint = world.checkpoint(AFFAIRS)
    job = decide_many(
        sign_in("affairs"), world, select, case.act, remark=case.remark, checkpoint=checkpoint
    )
    assert outcomes(job) == [(NUMBER, case.outcome, case.code)]
    assert sums(job) == {"total": 1, "staged": 1, "processed": 1, case.outcome.lower(): 1}
    assert world.state(NUMBER, AFFAIRS) == case.after
    assert len(world.entries()) == (1 if case.to else 0)


def test_a_batch_leaves_a_job_with_a_row_per_student(world: World, sign_in: SignIn) -> None:
    world.put(MARX_NUMBERS[1], LIBRARY, REFUSED, remark="欠书", version=VERSION)
    select = {"numbers": [MARX_NUMBERS[0], MARX_NUMBERS[1]]}
    job = decide_many(sign_in("library"), world, select, "REFUSE", remark=" 欠书 ")
    row: dict[str, Any] = {"act": "REFUSE", "remark": "欠书", "code": None, "problems": []}
    assert job == {
        "id": job["id"],
        "kind": "BATCH",
        "status": "FINISHED",
        "dryRun": False,
        "total": 2,
        "staged": 2,
        "processed": 2,
        "applied": 1,
        "unchanged": 1,
        "failed": 0,
        "unprocessed": 0,
        "operator": {"login": "library"},
        "scheme": {"id": world.scheme},
        "checkpoint": {"title": LIBRARY},
        "files": [],
        "upload": None,
        "problem": None,
        "rows": {
            "nodes": [
                row
                | {
                    "rowNumber": place,
                    "cells": [number, name],
                    "key": number,
                    "name": name,
                    "outcome": outcome,
                    "student": {"number": number},
                }
                for place, number, name, outcome in (
                    (1, "2020010101", "张思", "APPLIED"),
                    (2, "2020010102", "李思", "UNCHANGED"),
                )
            ]
        },
    }
    [entry] = world.entries()
    operator = world.people["library"]
    assert (entry.channel, entry.row_number, entry.operator_id) == (Channel.BATCH, 1, operator)
    assert ids.encode(ids.Noun.JOB, entry.job_id or 0) == job["id"]
    kept = sign_in("library").query("query($id: ID!) { job(id: $id) { applied } }", id=job["id"])
    assert kept == {"job": {"applied": 1}}


def test_one_failure_leaves_the_others_decided_if_only_the_valid_are_asked_for(
    world: World, sign_in: SignIn
) -> None:
    world.put(MARX_NUMBERS[1], SUPERVISOR, PASSED)
    select = {"ids": [world.student(number) for number in [*MARX_NUMBERS[:2], "2020020101"]]}
    checkpoint = world.checkpoint(AFFAIRS)
    job = decide_many(sign_in("affairs"), world, select, checkpoint=checkpoint)
    assert outcomes(job) == [
        (MARX_NUMBERS[0], "FAILED", "PREREQUISITE_PENDING"),
        (MARX_NUMBERS[1], "APPLIED", None),
        (world.student("2020020101"), "FAILED", "STUDENT_NOT_FOUND"),
    ]
    assert [row["problems"] for row in job["rows"]["nodes"]] == [
        [
            {
                "code": "PREREQUISITE_PENDING",
                "column": None,
                "value": "",
                "message": "前置环节尚未通过：导师审核。请先办理前置环节。",
            }
        ],
        [],
        [
            {
                "code": "STUDENT_NOT_FOUND",
                "column": None,
                "value": "",
                "message": f"找不到“{world.student('2020020101')}”对应的学生，"
                "或该学生不在您的权限范围内，请核对。",
            }
        ],
    ]
    assert sums(job) == {"total": 3, "staged": 3, "processed": 3, "applied": 1, "failed": 2}
    assert states(world, AFFAIRS) == dict.fromkeys(world.students, "PENDING") | {
        MARX_NUMBERS[1]: "PASSED"
    }


@pytest.mark.parametrize("wrong", ["PREREQUISITE_PENDING", "STUDENT_NOT_FOUND"])
def test_one_failure_holds_all_back_if_all_or_nothing_is_asked_for(
    wrong: str, world: World, sign_in: SignIn
) -> None:
    world.put_all(SUPERVISOR, PASSED)
    world.put(MARX_NUMBERS[3], AFFAIRS, PASSED)
    numbers = [MARX_NUMBERS[0], "2020020101", MARX_NUMBERS[3]]
    if wrong == "PREREQUISITE_PENDING":
        numbers[1] = MARX_NUMBERS[1]
        world.put(MARX_NUMBERS[1], SUPERVISOR, REFUSED)
    job = decide_many(
        sign_in("affairs"),
        world,
        {"numbers": numbers},
        checkpoint=world.checkpoint(AFFAIRS),
        mode="ALL_OR_NOTHING",
    )
    assert outcomes(job) == [
        (numbers[0], "UNPROCESSED", None),
        (numbers[1], "FAILED", wrong),
        (numbers[2], "UNPROCESSED", None),
    ]
    assert sums(job) == {"total": 3, "staged": 3, "processed": 3, "failed": 1, "unprocessed": 2}
    assert world.state(numbers[0], AFFAIRS) == ("PENDING", "", 1)
    assert world.entries() == []


def test_all_or_nothing_does_all_where_all_can_be_done(world: World, sign_in: SignIn) -> None:
    world.put(MARX_NUMBERS[0], LIBRARY, PASSED)
    select = {"numbers": MARX_NUMBERS}
    job = decide_many(sign_in("library"), world, select, mode="ALL_OR_NOTHING")
    expected = {"total": 4, "staged": 4, "processed": 4, "applied": 3, "unchanged": 1}
    assert sums(job) == expected
    assert [world.state(number, LIBRARY)[0] for number in MARX_NUMBERS] == ["PASSED"] * 4
    assert len(world.entries()) == 3


@pytest.mark.parametrize("login", ["department", "affairs"])
def test_who_decides_nobody_at_a_checkpoint_is_refused_whole(
    login: str, world: World, sign_in: SignIn
) -> None:
    refused = decide_many(sign_in(login), world, {"numbers": [NUMBER]})
    assert refused["code"] == "FORBIDDEN"
    assert refused["facts"] == [{"name": "right", "value": "DECIDE"}]
    assert (world.state(NUMBER, LIBRARY), jobs_kept(world)) == (("PENDING", "", 1), 0)


@pytest.mark.parametrize("kind", ["ids", "numbers", "filter"])
def test_300_students_cost_the_same_statements_as_3(
    kind: str, world: World, sign_in: SignIn, statements: Statements
) -> None:
    numbers = world.add_students(306)
    client = sign_in("library")
    costs = []
    for some in (numbers[:3], numbers[3:]):
        with statements() as seen:
            job = decide_many(client, world, chosen(world, kind, some))
        assert job["applied"] == len(some)
        costs.append(seen)
    assert costs[0] == costs[1]


def chosen(world: World, kind: str, numbers: list[str]) -> dict[str, Any]:
    """These students; by filter with as many exceptions."""
    if kind == "numbers":
        return {kind: numbers}
    if kind == "ids":
        return {kind: [world.student(number) for number in numbers]}
    return {
        kind: {
            "where": {"scheme": world.scheme, "numbers": numbers},
            "expectedCount": len(numbers),
            "asOf": dt.datetime.now(dt.UTC).isoformat(),
            "exceptIds": [ids.encode(ids.Noun.STUDENT, 10_000 + n) for n in range(len(numbers))],
        }
    }
