"""Two who set up at the same moment: one after the other, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.configuration import checkpoint_changes, departments, scheme_changes
from domain.configuration.checkpoint_changes import CheckpointInput
from domain.ids import PublicId
from models import (
    Department,
    Grant,
    Prerequisite,
    Role,
    Scheme,
)
from tests.client import Client
from tests.schema.configuring import SignIn, at_once, change, facts, held, hire_head, row_id
from tests.schema.test_checkpoints import create, order
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World


def test_two_who_insert_at_the_same_place_both_find_one(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    requests = [
        lambda: create(admin, world, "甲", position=2),
        lambda: create(admin, world, "乙", position=2),
        lambda: create(admin, world, "丙"),
    ]
    answers = at_once(world, pool, *requests)
    assert [each["title"] for each in answers] == ["甲", "乙", "丙"]
    found = order(world)
    assert [place for place, _ in found] == [1, 2, 3, 4, 5, 6]
    titles = [title for _, title in found]
    assert (titles[0], set(titles[1:3])) == (SUPERVISOR, {"甲", "乙"})
    assert titles[3:] == [AFFAIRS, LIBRARY, "丙"]


def test_two_who_reorder_at_once_leave_the_order_of_one_of_them(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    orders = [[LIBRARY, AFFAIRS, SUPERVISOR], [AFFAIRS, LIBRARY, SUPERVISOR]]

    def reorder(titles: list[str]) -> Any:
        wanted = [world.checkpoint(title) for title in titles]
        return change(admin, "orderCheckpoints", scheme=world.scheme, checkpoints=wanted)

    answers = at_once(world, pool, *(lambda titles=titles: reorder(titles) for titles in orders))
    assert {each["id"] for each in answers} == {world.scheme}
    assert [title for _, title in order(world)] in orders


def test_an_order_that_misses_a_checkpoint_added_meanwhile_is_refused(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    operator, new = world.operator("admin"), CheckpointInput("校医院")
    scheme = PublicId(world.scheme)

    def add(session: Session) -> object:
        return checkpoint_changes.create(session, operator, scheme, new)

    wanted = [world.checkpoint(title) for title in (LIBRARY, AFFAIRS, SUPERVISOR)]
    with held(world, add):
        asked = pool.submit(
            change, admin, "orderCheckpoints", scheme=world.scheme, checkpoints=wanted
        )
    assert asked.result()["code"] == "INVALID_INPUT"
    titles = [SUPERVISOR, AFFAIRS, LIBRARY, "校医院"]
    assert order(world) == list(enumerate(titles, 1))


def test_two_halves_of_a_circle_set_at_once_do_not_make_one(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    def require(title: str, required: str) -> Any:
        asked = {
            "checkpoint": world.checkpoint(title),
            "prerequisites": [world.checkpoint(required)],
        }
        return change(admin, "setPrerequisites", **asked)

    answers = at_once(
        world, pool, lambda: require(SUPERVISOR, LIBRARY), lambda: require(LIBRARY, SUPERVISOR)
    )
    assert [each.get("code") for each in answers].count("PREREQUISITE_CYCLE") == 1
    with world.database.write() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Prerequisite)) == 2


def test_of_two_who_make_the_same_name_at_once_one_is_told_that_it_exists(
    world: World, sign_in: SignIn, pool: ThreadPoolExecutor
) -> None:
    hire_head(world)
    head, operator = sign_in("head"), world.operator("head")
    with held(world, lambda session: scheme_changes.create(session, operator, "新的")):
        asked = [
            pool.submit(change, head, "createScheme", name="新的"),
            pool.submit(change, head, "cloneScheme", scheme=world.scheme, name="新的"),
            pool.submit(change, head, "renameScheme", scheme=world.scheme, name="新的"),
        ]
    refused = [each.result() for each in asked]
    assert {(each["code"], *facts(each).values()) for each in refused} == {
        ("ALREADY_EXISTS", "Scheme", "新的")
    }
    with held(world, lambda session: departments.create(session, operator, "新院")):
        late = pool.submit(change, head, "createDepartment", name="新院")
    assert late.result()["code"] == "ALREADY_EXISTS"
    with world.database.write() as session:
        assert len(session.scalars(sa.select(Scheme.id)).all()) == 2
        assert len(session.scalars(sa.select(Department.id)).all()) == 3


def test_a_checkpoint_that_is_granted_at_this_moment_is_not_deleted(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    made = create(admin, world)["id"]
    grant = Grant(
        operator_id=world.people["library"],
        role=Role.CHECKPOINT_OPERATOR,
        scheme_id=world.scheme_id,
        checkpoint_id=row_id(made),
    )
    with held(world, lambda session: session.add(grant)):
        asked = pool.submit(change, admin, "deleteCheckpoint", checkpoint=made)
    refused = asked.result()
    assert (refused["code"], facts(refused)["noun"]) == ("CHECKPOINT_IN_USE", "Grant")


def test_two_who_open_and_close_at_once_are_told_what_became_of_it(
    world: World, admin: Client, pool: ThreadPoolExecutor
) -> None:
    close = lambda: change(admin, "closeScheme", scheme=world.scheme)  # noqa: E731 -- twice
    answers = at_once(world, pool, close, close)
    assert sorted(each.get("code", each.get("status")) for each in answers) == [
        "CLOSED",
        "TRANSITION_NOT_ALLOWED",
    ]
