"""Checkpoints over HTTP: added, edited, opened for some time."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    Checkpoint,
    Clearance,
    Student,
    StudentStatus,
)
from tests.client import Client
from tests.schema.configuring import change, facts, row_id
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

Statements = Callable[[], AbstractContextManager[list[str]]]
HOSPITAL = "校医院"
NUMBER = "2020010101"


def create(client: Client, world: World, title: str = HOSPITAL, **values: Any) -> Any:
    given = {"title": title, **values}
    return change(client, "createCheckpoint", scheme=world.scheme, input=given)


def update(client: Client, world: World, at: str, **texts: str | None) -> Any:
    return change(client, "updateCheckpoint", checkpoint=world.checkpoint(at), input=texts)


def order(world: World) -> list[tuple[int, str]]:
    """Places and titles in the scheme."""
    statement = sa.select(Checkpoint.position, Checkpoint.title).order_by(Checkpoint.position)
    with world.database.write() as session:
        rows = session.execute(statement.where(Checkpoint.scheme_id == world.scheme_id))
        return [(position, title) for position, title in rows]


def clearances(world: World, checkpoint_id: int) -> list[tuple[int, str, int]]:
    """Student, status and version of each clearance there."""
    with world.database.write() as session:
        rows = session.scalars(
            sa.select(Clearance)
            .where(Clearance.checkpoint_id == checkpoint_id)
            .order_by(Clearance.student_id)
        )
        return [(row.student_id, row.status.value, row.version) for row in rows]


def archive(world: World, number: str) -> None:
    with world.database.write() as session:
        session.execute(
            sa.update(Student)
            .where(Student.id == world.students[number])
            .values(status=StudentStatus.ARCHIVED)
        )


TEXTS = {"requirement": "结清费用", "place": "二楼", "contact": "李医生", "hours": "周一至周五"}


def test_a_new_checkpoint_is_the_last_and_gives_every_student_a_clearance(
    world: World, admin: Client
) -> None:
    archive(world, NUMBER)
    made = create(
        admin,
        world,
        f" {HOSPITAL} ",
        **{name: f" {text}\n" for name, text in TEXTS.items()},
        prerequisites=[world.checkpoint(LIBRARY), world.checkpoint(SUPERVISOR)],
        opensAt="2026-06-01T08:00:00+08:00",
        closesAt="2026-06-30T00:00:00",
    )
    assert made == {
        "id": made["id"],
        "position": 4,
        "title": HOSPITAL,
        **TEXTS,
        "opensAt": "2026-06-01T00:00:00+00:00",
        "closesAt": "2026-06-30T00:00:00+00:00",
        "prerequisites": [{"title": SUPERVISOR}, {"title": LIBRARY}],
        "applicability": None,
    }
    everybody = sorted(world.students.values())
    assert clearances(world, row_id(made["id"])) == [(each, "PENDING", 1) for each in everybody]
    assert world.entries() == []


def test_a_new_checkpoint_in_the_middle_moves_those_behind_it(world: World, admin: Client) -> None:
    assert create(admin, world, "一", position=1)["position"] == 1
    assert create(admin, world, "三", position=3)["position"] == 3
    assert create(admin, world, "末", position=6)["position"] == 6
    titles = ["一", SUPERVISOR, "三", AFFAIRS, LIBRARY, "末"]
    assert order(world) == list(enumerate(titles, 1))


def test_a_new_checkpoint_applies_its_rule_at_once(world: World, admin: Client) -> None:
    archive(world, "2020020102")
    rule = {"only": {"departments": [world.department("马克思主义学院")]}}
    made = create(admin, world, applicability=rule)
    states = dict.fromkeys(sorted(world.students.values()), ("PENDING", 1))
    states[world.students["2020020101"]] = ("NOT_REQUIRED", 2)
    # The archived one is judged when restored.
    assert clearances(world, row_id(made["id"])) == [
        (student_id, *state) for student_id, state in states.items()
    ]
    assert [
        (entry.student_id, entry.channel.value, entry.version, entry.new_status.value)
        for entry in world.entries()
    ] == [(world.students["2020020101"], "RULE", 2, "NOT_REQUIRED")]


def test_somebody_is_decided_at_a_new_checkpoint(world: World, admin: Client) -> None:
    made = create(admin, world)
    answer = decide(admin, world, "PASS", checkpoint=made["id"])
    assert (answer["status"], answer["version"]) == ("PASSED", 2)


REFUSED: list[tuple[dict[str, Any], str, list[str], dict[str, str]]] = [
    ({"title": LIBRARY}, "ALREADY_EXISTS", [], {"noun": "Checkpoint", "value": LIBRARY}),
    (
        {"title": "\t"},
        "INVALID_INPUT",
        ["input", "title"],
        {"name": "title", "value": "", "expected": "1-100 characters"},
    ),
    (
        {"hours": "x" * 501},
        "INVALID_INPUT",
        ["input", "hours"],
        {"name": "hours", "value": "x" * 20, "expected": "0-500 characters"},
    ),
    (
        {"position": 0},
        "INVALID_INPUT",
        ["input", "position"],
        {"name": "position", "value": "0", "expected": "1-4"},
    ),
    (
        {"position": 5},
        "INVALID_INPUT",
        ["input", "position"],
        {"name": "position", "value": "5", "expected": "1-4"},
    ),
    (
        {"opensAt": "2026-06-01T00:00:00Z", "closesAt": "2026-06-01T00:00:00"},
        "INVALID_INPUT",
        ["input", "closesAt"],
        {
            "name": "closesAt",
            "value": "2026-06-01T00:00:00+00:00",
            "expected": "later than opensAt",
        },
    ),
    (
        {"opensAt": "0001-01-01T00:00:00+14:00"},
        "INVALID_INPUT",
        ["input", "opensAt"],
        {
            "name": "opensAt",
            "value": "0001-01-01T00:00:00+14:00",
            "expected": "1900-2999",
        },
    ),
    (
        {"applicability": {"only": {}}},
        "INVALID_INPUT",
        ["input", "applicability", "only"],
        {"name": "only", "value": "", "expected": "at least one condition"},
    ),
    ({"prerequisites": ["%"]}, "NOT_FOUND", [], {"noun": "Checkpoint"}),
]


@pytest.mark.parametrize(("given", "code", "path", "told"), REFUSED)
def test_what_is_no_checkpoint_is_refused_and_changes_nothing(
    given: dict[str, Any],
    code: str,
    path: list[str],
    told: dict[str, str],
    world: World,
    admin: Client,
) -> None:
    refused = create(admin, world, **({"title": HOSPITAL} | given))
    assert (refused["code"], refused["path"], facts(refused)) == (code, path, told)
    assert order(world) == [(1, SUPERVISOR), (2, AFFAIRS), (3, LIBRARY)]


def test_a_scheme_has_at_most_100_checkpoints(world: World, admin: Client) -> None:
    with world.database.write() as session:
        session.add_all(
            Checkpoint(scheme_id=world.scheme_id, position=place, title=f"{place}")
            for place in range(4, 101)
        )
    refused = create(admin, world)
    assert refused["code"] == "LIMIT_EXCEEDED"
    assert facts(refused) == {"name": "checkpoints", "limit": "100", "value": "101"}
    assert len(order(world)) == 100


def test_texts_change_where_they_are_given_and_an_empty_one_empties(
    world: World, admin: Client
) -> None:
    changed = update(admin, world, LIBRARY, **TEXTS)
    assert {name: changed[name] for name in TEXTS} == TEXTS
    changed = update(admin, world, LIBRARY, title=" 总图书馆 ", place="", contact=None, hours="  ")
    assert changed == {
        "id": world.checkpoint(LIBRARY),
        "position": 3,
        "title": "总图书馆",
        "requirement": TEXTS["requirement"],
        "place": "",
        "contact": TEXTS["contact"],
        "hours": "",
        "opensAt": None,
        "closesAt": None,
        "prerequisites": [],
        "applicability": None,
    }
    assert order(world)[2] == (3, "总图书馆")


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"title": AFFAIRS}, "ALREADY_EXISTS", []),
        ({"title": ""}, "INVALID_INPUT", ["input", "title"]),
        ({"title": "x" * 101}, "INVALID_INPUT", ["input", "title"]),
        ({"place": "x" * 501}, "INVALID_INPUT", ["input", "place"]),
    ],
)
def test_texts_that_are_refused_change_nothing(
    given: dict[str, str], code: str, path: list[str], world: World, admin: Client
) -> None:
    refused = update(admin, world, LIBRARY, requirement="新的", **given)
    assert (refused["code"], refused["path"]) == (code, path)
    with world.database.write() as session:
        row = session.get_one(Checkpoint, world.checkpoints[LIBRARY])
        assert (row.title, row.requirement) == (LIBRARY, "还清图书")


def test_a_window_is_set_and_lifted_and_decides_who_can_be_passed(
    world: World, admin: Client
) -> None:
    def set_window(**bounds: str | None) -> Any:
        asked = {"checkpoint": world.checkpoint(LIBRARY), **bounds}
        return change(admin, "setCheckpointWindow", **asked)

    def passed() -> Any:
        answer = decide(admin, world, "PASS", checkpoint=world.checkpoint(LIBRARY))
        return answer.get("code") or answer["status"]

    later = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
    opened = set_window(opensAt=later)
    assert dt.datetime.fromisoformat(opened["opensAt"]) == dt.datetime.fromisoformat(later)
    assert (opened["closesAt"], passed()) == (None, "CHECKPOINT_NOT_OPEN")
    assert set_window(closesAt="2020-01-01T00:00:00")["closesAt"] == "2020-01-01T00:00:00+00:00"
    assert passed() == "CHECKPOINT_NOT_OPEN"
    refused = set_window(opensAt="2026-06-02T00:00:00Z", closesAt="2026-06-01T23:59:59Z")
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["closesAt"])
    lifted = set_window()
    assert (lifted["opensAt"], lifted["closesAt"], passed()) == (None, None, "PASSED")
