"""Deciding and importing while a scheme is set up: one after the other, nothing lost."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.configuration import checkpoint_changes, rules, scheme_changes, schemes
from domain.configuration.checkpoint_changes import CheckpointInput
from domain.deciding import decisions
from domain.deciding.applicability import Applicability, Conditions
from domain.deciding.judgement import Decision
from domain.ids import PublicId
from models import (
    Act,
    Channel,
    Clearance,
    SchemeStatus,
)
from tests.client import Client
from tests.schema.configuring import (
    MUTATIONS,
    SignIn,
    Work,
    await_waiting,
    change,
    facts,
    held,
    row_id,
)
from tests.schema.test_checkpoints import create
from tests.schema.test_decisions import decide
from tests.workbooks import xlsx
from tests.world import LIBRARY, World

NUMBER = "2020010101"
NOBODY = Applicability(only=Conditions(cohorts=[]))


def library(world: World) -> PublicId:
    return PublicId(world.checkpoint(LIBRARY))


def deciding(world: World) -> Work:
    """The administrator passes a student at the library."""
    operator = world.operator("admin")
    decision = Decision(world.students[NUMBER], Act.PASS)
    origin = decisions.Origin(operator, Channel.SINGLE)
    return lambda session: decisions.apply_one(
        session, world.checkpoints[LIBRARY], decision, origin
    )


def pass_at(client: Client, world: World, checkpoint: str) -> Any:
    return decide(client, world, "PASS", checkpoint=checkpoint)


def test_who_decides_while_a_rule_is_changed_finds_it_changed(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    operator = world.operator("admin")
    with held(world, lambda session: rules.change(session, operator, library(world), NOBODY)):
        asked = pool.submit(pass_at, admin, world, library(world))
    # The version is asked for first: the page that was looked at is no longer true.
    assert asked.result()["code"] == "STALE_STATE"
    answer = decide(admin, world, "PASS", 2, checkpoint=library(world))
    assert answer["code"] == "NOT_REQUIRED"
    assert world.state(NUMBER, LIBRARY) == ("NOT_REQUIRED", "", 2)


def test_a_rule_that_waited_for_a_decision_leaves_it_alone(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    rule: dict[str, Any] = {"only": {"cohorts": []}}
    with held(world, deciding(world)):
        asked = pool.submit(
            change, admin, "setApplicability", checkpoint=library(world), applicability=rule
        )
    assert asked.result()["toNotRequired"] == 5
    assert world.state(NUMBER, LIBRARY) == ("PASSED", "", 2)
    channels = [(entry.student_id, entry.channel) for entry in world.entries()]
    assert channels.count((world.students[NUMBER], Channel.RULE)) == 0
    assert len(channels) == 6


def closing(world: World) -> Work:
    operator = world.operator("admin")
    closed = SchemeStatus.CLOSED
    return lambda session: scheme_changes.turn(session, operator, PublicId(world.scheme), closed)


def test_who_decides_while_the_scheme_is_closed_is_told_so(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    with held(world, closing(world)):
        asked = pool.submit(pass_at, admin, world, library(world))
    assert asked.result()["code"] == "SCHEME_NOT_OPEN"
    assert world.state(NUMBER, LIBRARY) == ("PENDING", "", 1)


def test_closing_waits_for_a_decision_and_keeps_it(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    with held(world, deciding(world)):
        asked = pool.submit(change, admin, "closeScheme", scheme=world.scheme)
    assert asked.result()["status"] == "CLOSED"
    assert world.state(NUMBER, LIBRARY) == ("PASSED", "", 2)


def test_the_rows_of_an_import_that_meets_the_closing_are_told_so(
    world: World, sign_in: SignIn, worker: None, tmp_path: Path
) -> None:
    client = sign_in("library")
    rows = [("学号", "办理结果"), *((number, "通过") for number in world.students)]
    content = xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    with held(world, closing(world)):
        job = client.start_import(content, library(world))["id"]
    found = client.finished(job)
    assert (found["status"], found["applied"], found["failed"]) == ("FINISHED", 0, 6)
    assert {row["code"] for row in found["rows"]["nodes"]} == {"SCHEME_NOT_OPEN"}
    assert world.entries() == []


def test_who_decides_while_the_window_is_moved_finds_it_moved(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    operator = world.operator("admin")
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

    def move(session: Session) -> object:
        return checkpoint_changes.set_window(session, operator, library(world), None, past)

    with held(world, move):
        asked = pool.submit(pass_at, admin, world, library(world))
    assert asked.result()["code"] == "CHECKPOINT_NOT_OPEN"
    assert world.state(NUMBER, LIBRARY) == ("PENDING", "", 1)


def test_who_decides_while_the_checkpoint_is_deleted_no_longer_finds_it(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    made = create(admin, world)["id"]
    operator = world.operator("admin")
    with held(world, lambda session: checkpoint_changes.delete(session, operator, made)):
        asked = pool.submit(pass_at, admin, world, made)
    refused = asked.result()
    assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": "Checkpoint"})


def test_a_decision_and_a_create_do_not_miss_each_other(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    with held(world, deciding(world)):
        asked = pool.submit(create, admin, world)
    first = row_id(asked.result()["id"])
    operator = world.operator("admin")
    new = CheckpointInput("宿舍")
    scheme = PublicId(world.scheme)

    def add(session: Session) -> object:
        return checkpoint_changes.create(session, operator, scheme, new)

    with held(world, add):
        asked = pool.submit(decide, admin, world, "REFUSE")
    assert asked.result()["status"] == "REFUSED"
    statement = sa.select(Clearance.checkpoint_id, sa.func.count()).group_by(
        Clearance.checkpoint_id
    )
    with world.database.write() as session:
        counted = {row[0]: row[1] for row in session.execute(statement)}
    assert (len(counted), set(counted.values()), counted[first]) == (5, {6}, 6)


MANY = """mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job { applied failed rows(first: 1) { nodes { code } } } ... on Refused { code } } }"""
IMPORT = """mutation($file: ID!, $checkpoint: ID!) {
  startImport(file: $file, checkpoint: $checkpoint) {
    ... on Job { id } ... on Refused { code } } }"""


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("updateCheckpoint", {"input": {"title": "图书馆二"}}),
        ("renameScheme", {"name": "另一个名称"}),
        ("createCheckpoint", {"input": {"title": "最前", "position": 1}}),
    ],
)
def test_a_batch_that_comes_while_a_scheme_is_changed_waits_without_a_deadlock(
    world: World, sign_in: SignIn, pool: ThreadPoolExecutor, field: str, given: dict[str, Any]
) -> None:
    admin, batching = sign_in("admin"), sign_in("library")
    named = {"checkpoint": library(world), "scheme": world.scheme}
    asked = {name: named[name] for name in MUTATIONS[field][0] if name in named} | given
    batch = {"checkpoint": library(world), "act": "PASS", "select": {"numbers": [NUMBER]}}
    with held(world, lambda session: schemes.lock(session, world.scheme_id), waiting=2):
        changing = pool.submit(change, admin, field, **asked)
        await_waiting(world, 1)
        deciding = pool.submit(batching.query, MANY, input=batch)
        await_waiting(world, 2)
    assert "code" not in changing.result()
    assert deciding.result()["decideMany"]["applied"] == 1
    assert world.state(NUMBER, LIBRARY) == ("PASSED", "", 2)


def test_an_import_that_comes_while_its_checkpoint_is_deleted_does_not_find_it(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    made = create(admin, world)["id"]
    operator, file = world.operator("admin"), admin.upload(b"x", "a.csv")
    with held(world, lambda session: checkpoint_changes.delete(session, operator, made)):
        asked = pool.submit(admin.query, IMPORT, file=file, checkpoint=made)
    assert asked.result() == {"startImport": {"code": "NOT_FOUND"}}
