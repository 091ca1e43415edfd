"""Checkpoints that wait for each other, over HTTP."""

from typing import Any

import sqlalchemy as sa

from models import (
    ClearanceStatus,
    Prerequisite,
)
from tests.client import Client
from tests.schema.configuring import SignIn, change, facts, hire_head
from tests.schema.test_checkpoints import NUMBER, create, order
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World


def require(client: Client, world: World, title: str, *titles: str) -> Any:
    required = [world.checkpoint(each) for each in titles]
    asked = {"checkpoint": world.checkpoint(title), "prerequisites": required}
    return change(client, "setPrerequisites", **asked)


def edges(world: World) -> set[tuple[str, str]]:
    """Which checkpoint of the scheme waits for which."""
    titles = {checkpoint_id: title for title, checkpoint_id in world.checkpoints.items()}
    with world.database.write() as session:
        statement = sa.select(Prerequisite).where(Prerequisite.scheme_id == world.scheme_id)
        rows = session.scalars(statement)
        return {(titles[row.checkpoint_id], titles[row.required_id]) for row in rows}


def test_prerequisites_are_set_as_a_whole(world: World, admin: Client) -> None:
    found = require(admin, world, LIBRARY, AFFAIRS, SUPERVISOR, AFFAIRS)
    assert found["prerequisites"] == [{"title": SUPERVISOR}, {"title": AFFAIRS}]
    assert edges(world) == {(AFFAIRS, SUPERVISOR), (LIBRARY, SUPERVISOR), (LIBRARY, AFFAIRS)}
    assert require(admin, world, LIBRARY, AFFAIRS)["prerequisites"] == [{"title": AFFAIRS}]
    assert require(admin, world, AFFAIRS)["prerequisites"] == []
    assert edges(world) == {(LIBRARY, AFFAIRS)}
    assert decide(admin, world, "PASS")["status"] == "PASSED"


def test_a_circle_is_refused_and_named_by_its_titles(world: World, admin: Client) -> None:
    require(admin, world, LIBRARY, AFFAIRS)
    before = edges(world)
    refused = require(admin, world, SUPERVISOR, LIBRARY)
    assert refused == {
        "code": "PREREQUISITE_CYCLE",
        "message": "前置环节互相等待：导师审核 → 图书馆 → 学工审核 → 导师审核。请去掉其中一个。",
        "path": ["prerequisites"],
        "facts": [{"name": "cycle", "value": "导师审核 → 图书馆 → 学工审核 → 导师审核"}],
    }
    assert facts(require(admin, world, LIBRARY, LIBRARY)) == {"cycle": "图书馆 → 图书馆"}
    assert edges(world) == before


def test_a_prerequisite_of_another_scheme_is_not_found(world: World, sign_in: SignIn) -> None:
    hire_head(world)
    head = sign_in("head")
    other = change(head, "cloneScheme", scheme=world.scheme, name="另一个")["id"]
    document = "query($id: ID!) { scheme(id: $id) { checkpoints { id } } }"
    [theirs, *_] = head.query(document, id=other)["scheme"]["checkpoints"]
    asked = {"checkpoint": world.checkpoint(LIBRARY), "prerequisites": [theirs["id"]]}
    for refused in (
        change(head, "setPrerequisites", **asked),
        create(head, world, prerequisites=asked["prerequisites"]),
    ):
        assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": "Checkpoint"})
    assert edges(world) == {(AFFAIRS, SUPERVISOR)}
    assert len(order(world)) == 3


def test_a_decision_made_before_a_prerequisite_was_set_stays(world: World, admin: Client) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.PASSED, version=2)
    require(admin, world, LIBRARY, AFFAIRS)
    assert world.state(NUMBER, LIBRARY) == ("PASSED", "", 2)
