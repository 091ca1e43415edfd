"""Rules tried over HTTP before they are set."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from domain.ids import Noun
from models import Student
from tests.client import Client
from tests.schema.configuring import SignIn, unknown
from tests.schema.test_applicability import (
    NOBODY,
    PENDING,
    PREVIEW,
    only,
    preview,
    set_rule,
    states,
)
from tests.world import GEOLOGY, LIBRARY, MARX, World

Statements = Callable[[], AbstractContextManager[list[str]]]


RULES: list[dict[str, Any]] = [
    {"only": {"departments": ["@marx"]}},
    {"notFor": {"departments": ["@marx"], "entryYears": [2020]}},
    {"only": {"trainingLevels": ["硕士"]}, "notFor": {"householdTransfer": True}},
    {"only": {"cohorts": ["DOUBLE_CERTIFICATE_GRADUATE"]}},
    {"only": {"hasDormitory": True}},
    {"notFor": {"dormitoryPrefixes": ["东区"]}},
    {"only": {"cohorts": []}},
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_preview_names_exactly_those_whom_the_change_turns(
    rule: dict[str, Any], world: World, admin: Client
) -> None:
    with world.database.write() as session:
        for place, number in enumerate(world.students):
            student = session.get_one(Student, world.students[number])
            student.entry_year = (2020, 2021, None)[place % 3]
            student.training_level = ("硕士", None, "博士")[place % 3]
            student.household_transfer = (None, True, False, True)[place % 4]
            student.dormitory = ("东区-1", None, "西区-2")[place % 3]
    set_rule(admin, world, only(world, GEOLOGY))
    before = states(world)
    told = {
        side: {
            name: [world.department(MARX)] if name == "departments" else value
            for name, value in given.items()
        }
        for side, given in rule.items()
    }
    seen = preview(admin, world, told)
    ways = {
        turn: [
            each["number"] for each in preview(admin, world, told, turn=turn)["students"]["nodes"]
        ]
        for turn in ("TO_NOT_REQUIRED", "TO_PENDING")
    }
    assert states(world) == before
    answer = set_rule(admin, world, told)
    after = states(world)
    turned = [number for number in world.students if after[number] != before[number]]
    assert [each["number"] for each in seen["students"]["nodes"]] == turned
    for turn, status in (("TO_NOT_REQUIRED", "NOT_REQUIRED"), ("TO_PENDING", "PENDING")):
        assert ways[turn] == [number for number in turned if after[number][0] == status]
    sums = (len(ways["TO_NOT_REQUIRED"]), len(ways["TO_PENDING"]))
    assert (seen["toNotRequired"], seen["toPending"]) == sums
    assert (answer["toNotRequired"], answer["toPending"]) == sums
    assert seen["students"]["totalCount"] == sum(sums)


def test_a_preview_tells_the_rule_there_is_and_changes_nothing(world: World, admin: Client) -> None:
    set_rule(admin, world, {"only": {"entryYears": [2020]}})
    seen = preview(admin, world, NOBODY)
    assert seen["checkpoint"] == {
        "title": LIBRARY,
        "applicability": {"only": {"entryYears": [2020]}},
    }
    assert (world.entries(), states(world)) == ([], dict.fromkeys(world.students, PENDING))


def test_the_students_of_a_preview_are_paged_both_ways(world: World, admin: Client) -> None:
    numbers = sorted([*world.students, *world.add_students(15)])

    def page(**asked: Any) -> Any:
        return preview(admin, world, NOBODY, **asked)["students"]

    found, cursor = [], None
    for size in (10, 10, 1):
        here = page(first=10, after=cursor)
        assert (len(here["nodes"]), here["totalCount"]) == (size, 21)
        assert here["pageInfo"]["hasNextPage"] is (size == 10)
        found += [each["number"] for each in here["nodes"]]
        cursor = here["pageInfo"]["endCursor"]
    assert found == numbers
    last = page(last=4)
    assert [each["number"] for each in last["nodes"]] == numbers[-4:]
    before = page(last=4, before=last["pageInfo"]["startCursor"])
    assert [each["number"] for each in before["nodes"]] == numbers[-8:-4]


def test_a_preview_costs_the_same_sql_however_many_students_it_names(
    world: World, admin: Client, statements: Statements
) -> None:
    def cost(size: int) -> tuple[int, int]:
        with statements() as seen:
            found = preview(admin, world, NOBODY, first=size)
        return len(seen), len(found["students"]["nodes"])

    few = cost(3)
    world.add_students(300)
    assert (few[1], cost(100)) == (3, (few[0], 100))


def test_only_an_administrator_of_the_scheme_previews(world: World, sign_in: SignIn) -> None:
    asked = {"checkpoint": world.checkpoint(LIBRARY), "first": 1}
    assert sign_in("library").refused(PREVIEW, **asked) == "FORBIDDEN"
    asked["checkpoint"] = unknown(Noun.CHECKPOINT)
    assert sign_in("admin").refused(PREVIEW, **asked) == "NOT_FOUND"


UNMATCHED = """query($checkpoint: ID!, $applicability: ApplicabilityInput) {
  applicabilityPreview(checkpoint: $checkpoint, applicability: $applicability) {
    toNotRequired unmatchedValues } }"""


def test_a_preview_names_what_no_student_of_the_scheme_has(world: World, admin: Client) -> None:
    with world.database.write() as session:
        levels = dict(zip(world.students.values(), ("硕士", "博士") * 3, strict=True))
        for student_id, level in levels.items():
            student = session.get_one(Student, student_id)
            student.training_level, student.entry_year = level, 2020
    rule = {
        "only": {"trainingLevels": ["硕土", "硕士"], "entryYears": [2020, 2002]},
        "notFor": {"categories": ["学历硕士"]},
    }
    asked = {"checkpoint": world.checkpoint(LIBRARY), "applicability": rule}
    told = admin.query(UNMATCHED, **asked)["applicabilityPreview"]
    assert told == {"toNotRequired": 3, "unmatchedValues": ["硕土", "2002", "学历硕士"]}
