"""Checkpoints put into another order, and deleted, over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import (
    Entry,
    Job,
    JobKind,
    Waiver,
)
from tests.client import Client
from tests.schema.configuring import change, facts, row_id
from tests.schema.test_checkpoints import HOSPITAL, NUMBER, clearances, create, order
from tests.schema.test_decisions import decide
from tests.schema.test_prerequisites import edges
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

Statements = Callable[[], AbstractContextManager[list[str]]]


def put_in_order(client: Client, world: World, *checkpoints: str) -> Any:
    return change(client, "orderCheckpoints", scheme=world.scheme, checkpoints=checkpoints)


def test_all_checkpoints_are_put_into_another_order_at_once(world: World, admin: Client) -> None:
    titles = [LIBRARY, SUPERVISOR, AFFAIRS]
    answer = put_in_order(admin, world, *map(world.checkpoint, titles))
    expected = list(enumerate(titles, 1))
    assert [(each["position"], each["title"]) for each in answer["checkpoints"]] == expected
    assert order(world) == expected


@pytest.mark.parametrize(
    ("titles", "code"),
    [
        ([], "INVALID_INPUT"),
        ([LIBRARY, SUPERVISOR], "INVALID_INPUT"),
        ([LIBRARY, SUPERVISOR, LIBRARY], "INVALID_INPUT"),
        ([LIBRARY, SUPERVISOR, AFFAIRS, LIBRARY], "INVALID_INPUT"),
        ([LIBRARY, SUPERVISOR, "?"], "NOT_FOUND"),
    ],
)
def test_an_order_names_every_checkpoint_once(
    titles: list[str], code: str, world: World, admin: Client
) -> None:
    stranger = ids.encode(Noun.CHECKPOINT, 2**40)
    asked = [stranger if each == "?" else world.checkpoint(each) for each in titles]
    refused = put_in_order(admin, world, *asked)
    assert refused["code"] == code
    if code == "INVALID_INPUT":
        expected = "every checkpoint of the scheme, each once"
        assert facts(refused) == {
            "name": "checkpoints",
            "value": f"{len(titles)}",
            "expected": expected,
        }
    assert order(world) == [(1, SUPERVISOR), (2, AFFAIRS), (3, LIBRARY)]


def delete(client: Client, public_id: str) -> Any:
    return change(client, "deleteCheckpoint", checkpoint=public_id)


def test_a_checkpoint_nobody_used_is_deleted_with_its_clearances_and_the_gap_closes(
    world: World, admin: Client
) -> None:
    made = create(admin, world, position=2, prerequisites=[world.checkpoint(SUPERVISOR)])
    library = {"checkpoint": world.checkpoint(LIBRARY), "prerequisites": [made["id"]]}
    change(admin, "setPrerequisites", **library)
    answer = delete(admin, made["id"])
    titles = [SUPERVISOR, AFFAIRS, LIBRARY]
    assert (answer["id"], [each["title"] for each in answer["checkpoints"]]) == (
        world.scheme,
        titles,
    )
    assert order(world) == list(enumerate(titles, 1))
    assert edges(world) == {(AFFAIRS, SUPERVISOR)}
    assert clearances(world, row_id(made["id"])) == []
    assert len(clearances(world, world.checkpoints[LIBRARY])) == 6
    assert delete(admin, made["id"])["code"] == "NOT_FOUND"


def by_decision(world: World, client: Client, checkpoint: str) -> None:
    decide(client, world, "PASS", checkpoint=checkpoint)


def by_grant(world: World, client: Client, checkpoint: str) -> None:
    with world.database.write() as session:
        session.execute(
            sa.text("UPDATE grants SET checkpoint_id = :at WHERE operator_id = :who"),
            {"at": row_id(checkpoint), "who": world.people["library"]},
        )


def by_job(world: World, client: Client, checkpoint: str) -> None:
    with world.database.write() as session:
        session.add(
            Job(
                kind=JobKind.IMPORT,
                operator_id=world.people["admin"],
                scheme_id=world.scheme_id,
                checkpoint_id=row_id(checkpoint),
            )
        )


def by_a_list_of_operators(world: World, client: Client, checkpoint: str) -> None:
    with world.database.write() as session:
        session.add(
            Job(
                kind=JobKind.OPERATORS,
                operator_id=world.people["admin"],
                scheme_id=world.scheme_id,
            )
        )


def by_waiver(world: World, client: Client, checkpoint: str) -> None:
    with world.database.write() as session:
        session.add(
            Waiver(
                student_id=world.students[NUMBER],
                checkpoint_id=row_id(checkpoint),
                reason="参军",
                requested_by=world.people["admin"],
            )
        )


@pytest.mark.parametrize(
    ("use", "noun", "word"),
    [
        (by_decision, "Entry", "办理记录"),
        (by_grant, "Grant", "授权"),
        (by_job, "Job", "任务"),
        (by_a_list_of_operators, "Job", "任务"),
        (by_waiver, "Waiver", "免办"),
    ],
)
def test_a_checkpoint_that_was_used_stays(
    use: Callable[[World, Client, str], None], noun: str, word: str, world: World, admin: Client
) -> None:
    made = create(admin, world)
    use(world, admin, made["id"])
    refused = delete(admin, made["id"])
    assert refused["code"] == "CHECKPOINT_IN_USE"
    assert facts(refused) == {"checkpoint": HOSPITAL, "noun": noun}
    said = f"环节“{HOSPITAL}”已有{word}，不能删除。可以改为不适用于任何学生。"
    assert refused["message"] == said
    assert len(clearances(world, row_id(made["id"]))) == 6
    assert order(world)[-1] == (4, HOSPITAL)


def test_adding_and_deleting_cost_the_same_sql_however_many_students_there_are(
    world: World, admin: Client, statements: Statements
) -> None:
    def cost() -> tuple[int, int]:
        with statements() as seen:
            made = create(admin, world, applicability={"only": {"cohorts": []}})
        created = len(seen)
        with world.database.write() as session:
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
            session.execute(sa.delete(Entry))
        with statements() as seen:
            delete(admin, made["id"])
        return created, len(seen)

    few = cost()
    world.add_students(300)
    assert cost() == few
