"""Rules over HTTP: set and lifted; what they turn and what they leave alone."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain.ids import Noun
from models import Checkpoint, ClearanceStatus, NotRequiredBy, Student, StudentStatus
from tests.client import Client
from tests.schema.configuring import SignIn, change, facts, unknown
from tests.schema.test_decisions import decide
from tests.world import GEOLOGY, LIBRARY, MARX, World

Statements = Callable[[], AbstractContextManager[list[str]]]
PREVIEW = """
query($checkpoint: ID!, $applicability: ApplicabilityInput, $turn: Turn,
      $first: Int, $after: String, $last: Int, $before: String) {
  applicabilityPreview(checkpoint: $checkpoint, applicability: $applicability) {
    toNotRequired toPending checkpoint { title applicability { only { entryYears } } }
    students(turn: $turn, first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
MARXISTS = ["2020010101", "2020010102", "2020010103", "2020010104"]
GEOLOGISTS = ["2020020101", "2020020102"]
NOBODY: dict[str, Any] = {"only": {"cohorts": []}}


def set_rule(client: Client, world: World, rule: Any) -> Any:
    asked = {"checkpoint": world.checkpoint(LIBRARY), "applicability": rule}
    return change(client, "setApplicability", **asked)


def preview(client: Client, world: World, rule: Any, **asked: Any) -> Any:
    asked = {"first": 100} | asked if "last" not in asked else asked
    found = client.query(PREVIEW, checkpoint=world.checkpoint(LIBRARY), applicability=rule, **asked)
    return found["applicabilityPreview"]


def only(world: World, *names: str) -> dict[str, Any]:
    """A rule for these departments."""
    return {"only": {"departments": [world.department(name) for name in names]}}


def states(world: World) -> dict[str, tuple[str, str, int]]:
    """Where everybody stands at the library."""
    return {number: world.state(number, LIBRARY) for number in world.students}


PENDING, LET_OFF = ("PENDING", "", 1), ("NOT_REQUIRED", "", 2)


def test_a_rule_turns_whom_it_does_not_mean_and_leaves_an_entry_for_each(
    world: World, admin: Client
) -> None:
    answer = set_rule(admin, world, only(world, MARX))
    assert (answer["toNotRequired"], answer["toPending"]) == (2, 0)
    assert answer["checkpoint"]["title"] == LIBRARY
    rule = answer["checkpoint"]["applicability"]
    assert (rule["only"]["departments"], rule["notFor"]) == ([{"name": MARX}], None)
    assert states(world) == dict.fromkeys(MARXISTS, PENDING) | dict.fromkeys(GEOLOGISTS, LET_OFF)
    told = [
        (
            entry.student_id, entry.checkpoint_id, entry.channel.value, entry.operator_id,
            entry.version, entry.old_status.value, entry.new_status.value, entry.job_id,
        )
        for entry in world.entries()
    ]  # fmt: skip
    library, who = world.checkpoints[LIBRARY], world.people["admin"]
    assert told == [
        (world.students[number], library, "RULE", who, 2, "PENDING", "NOT_REQUIRED", None)
        for number in GEOLOGISTS
    ]
    there = {"student": world.student(GEOLOGISTS[0]), "checkpoint": world.checkpoint(LIBRARY)}
    found = decide(admin, world, "PASS", 2, **there)
    assert found["code"] == "NOT_REQUIRED"


def test_another_rule_turns_both_ways_and_lifting_it_turns_all_back(
    world: World, admin: Client
) -> None:
    set_rule(admin, world, only(world, MARX))
    other = set_rule(admin, world, only(world, GEOLOGY))
    assert (other["toNotRequired"], other["toPending"]) == (4, 2)
    back = ("PENDING", "", 3)
    assert states(world) == dict.fromkeys(MARXISTS, LET_OFF) | dict.fromkeys(GEOLOGISTS, back)
    lifted = set_rule(admin, world, None)
    assert (lifted["toNotRequired"], lifted["toPending"]) == (0, 4)
    assert lifted["checkpoint"]["applicability"] is None
    assert states(world) == dict.fromkeys(world.students, back)
    turned = Counter((entry.version, entry.new_status.value) for entry in world.entries())
    assert turned == {(2, "NOT_REQUIRED"): 6, (3, "PENDING"): 6}
    with world.database.write() as session:
        kept = session.scalars(
            sa.select(Checkpoint.id).where(Checkpoint.applicability.is_not(None))
        )
        assert kept.all() == []


def test_the_same_rule_again_turns_nothing(world: World, admin: Client) -> None:
    set_rule(admin, world, only(world, MARX))
    again = set_rule(admin, world, only(world, MARX))
    assert (again["toNotRequired"], again["toPending"], len(world.entries())) == (0, 0, 2)


def test_decisions_and_waivers_stay_and_the_archived_are_left_alone(
    world: World, admin: Client
) -> None:
    passed, refused, waived, archived, *others = world.students
    world.put(passed, LIBRARY, ClearanceStatus.PASSED, version=2)
    world.put(refused, LIBRARY, ClearanceStatus.REFUSED, remark="欠书", version=3)
    waiver = NotRequiredBy.WAIVER
    world.put(waived, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by=waiver, version=2)
    with world.database.write() as session:
        student = session.get_one(Student, world.students[archived])
        student.status = StudentStatus.ARCHIVED
    kept = {number: world.state(number, LIBRARY) for number in (passed, refused, waived, archived)}
    seen = preview(admin, world, NOBODY)
    assert (seen["toNotRequired"], seen["toPending"]) == (2, 0)
    assert [each["number"] for each in seen["students"]["nodes"]] == others
    answer = set_rule(admin, world, NOBODY)
    assert (answer["toNotRequired"], answer["toPending"]) == (2, 0)
    assert states(world) == kept | dict.fromkeys(others, LET_OFF)
    lifted = set_rule(admin, world, None)
    assert (lifted["toNotRequired"], lifted["toPending"]) == (0, 2)
    assert states(world) == kept | dict.fromkeys(others, ("PENDING", "", 3))


def test_a_remark_outlives_a_turn(world: World, admin: Client) -> None:
    world.put("2020020101", LIBRARY, ClearanceStatus.PENDING, remark="下周来", version=4)
    set_rule(admin, world, only(world, MARX))
    assert world.state("2020020101", LIBRARY) == ("NOT_REQUIRED", "下周来", 5)


def test_what_is_not_known_of_a_student_counts_as_applying(world: World, admin: Client) -> None:
    with world.database.write() as session:
        for number, moves in (("2020010101", True), ("2020010102", False)):
            session.get_one(Student, world.students[number]).household_transfer = moves
    answer = set_rule(admin, world, {"only": {"householdTransfer": True}})
    assert answer["toNotRequired"] == 1
    assert [number for number, state in states(world).items() if state == LET_OFF] == ["2020010102"]


def test_a_change_costs_the_same_sql_however_many_students_it_turns(
    world: World, admin: Client, statements: Statements
) -> None:
    def cost() -> tuple[int, int]:
        with statements() as seen:
            turned = set_rule(admin, world, NOBODY)
        set_rule(admin, world, None)
        return len(seen), turned["toNotRequired"]

    few = cost()
    world.add_students(300)
    assert (few[1], cost()) == (6, (few[0], 306))


BAD: list[tuple[Any, str, list[str], dict[str, str]]] = [
    (
        {"only": {}},
        "INVALID_INPUT",
        ["only"],
        {"name": "only", "value": "", "expected": "at least one condition"},
    ),
    (
        {"notFor": {"entryYears": []}},
        "INVALID_INPUT",
        ["notFor", "entryYears"],
        {"name": "entryYears", "value": "", "expected": "at least one value"},
    ),
    (
        {"notFor": {"entryYears": [2020, 1899]}},
        "INVALID_INPUT",
        ["notFor", "entryYears"],
        {"name": "entryYears", "value": "1899", "expected": "1900-2200"},
    ),
    (
        {"only": {"categories": ["学历硕士", " "]}},
        "INVALID_INPUT",
        ["only", "categories"],
        {"name": "categories", "value": "", "expected": "1-100 characters"},
    ),
    (
        {"only": {"trainingLevels": ["x" * 101]}},
        "INVALID_INPUT",
        ["only", "trainingLevels"],
        {"name": "trainingLevels", "value": "x" * 20, "expected": "1-100 characters"},
    ),
    (
        {"only": {"dormitoryPrefixes": ["东区"] * 501}},
        "LIMIT_EXCEEDED",
        ["only", "dormitoryPrefixes"],
        {"name": "dormitoryPrefixes", "limit": "500", "value": "501"},
    ),
    ({"only": {"departments": ["%"]}}, "NOT_FOUND", [], {"noun": "Department"}),
    (
        {"notFor": {"departments": [unknown(Noun.DEPARTMENT)]}},
        "NOT_FOUND",
        [],
        {"noun": "Department"},
    ),
]


@pytest.mark.parametrize(("rule", "code", "path", "told"), BAD)
def test_what_is_no_rule_is_refused_where_it_is_set_and_where_it_is_tried(
    rule: Any, code: str, path: list[str], told: dict[str, str], world: World, admin: Client
) -> None:
    refused = set_rule(admin, world, rule)
    where = ["applicability", *path] if path else []
    assert (refused["code"], refused["path"], facts(refused)) == (code, where, told)
    asked = {"checkpoint": world.checkpoint(LIBRARY), "applicability": rule, "first": 1}
    assert admin.refused(PREVIEW, **asked) == code
    assert states(world) == dict.fromkeys(world.students, PENDING)


def test_whoever_decides_reads_the_rule_with_the_departments_in_their_sight(
    world: World, admin: Client, sign_in: SignIn
) -> None:
    set_rule(admin, world, only(world, MARX, GEOLOGY))
    document = """query($id: ID!) { node(id: $id) { ... on Checkpoint {
      applicability { only { departments { name } } } } } }"""

    def named(login: str) -> set[str]:
        found = sign_in(login).query(document, id=world.checkpoint(LIBRARY))
        rule = found["node"]["applicability"]
        return {each["name"] for each in rule["only"]["departments"]}

    assert (named("admin"), named("library")) == ({MARX, GEOLOGY}, {MARX, GEOLOGY})
    assert (named("affairs"), named("affairs-geology")) == ({MARX}, {GEOLOGY})
