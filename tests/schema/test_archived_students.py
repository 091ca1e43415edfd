"""Archived students, and the lines of what changed about students."""

from collections.abc import Callable
from typing import Any

import pytest

from models import ClearanceStatus
from tests.client import Client
from tests.schema.configuring import change
from tests.schema.enrolling import LINES, LISTED, NO_TRANSFER, act, new, told
from tests.world import LIBRARY, MARX, World


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def test_an_archived_student_is_outside_every_list_until_restored(
    admin: Client, world: World
) -> None:
    world.put("2020010101", LIBRARY, ClearanceStatus.PASSED, version=2)
    student = world.student("2020010101")

    archived = act(admin, "archiveStudent", student=student)
    act(admin, "archiveStudent", student=student)
    away = admin.query(LISTED, scheme=world.scheme)
    restored = act(admin, "restoreStudent", student=student)
    back = admin.query(LISTED, scheme=world.scheme)

    assert (archived["status"], archived["department"]["name"]) == ("ARCHIVED", MARX)
    assert "2020010101" not in [each["number"] for each in away["students"]["nodes"]]
    assert away["archivedStudents"] == {
        "totalCount": 1,
        "nodes": [{"number": "2020010101", "name": "张思", "status": "ARCHIVED"}],
    }
    assert told(restored) == [("STATUS", "已归档", "在册"), ("STATUS", "在册", "已归档")]
    assert "2020010101" in [each["number"] for each in back["students"]["nodes"]]
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)


def test_a_restored_student_is_judged_by_the_rules_of_today(admin: Client, world: World) -> None:
    student = world.student("2020010101")
    edit = {"householdTransfer": False}
    act(admin, "updateStudent", student=student, input=edit)
    act(admin, "archiveStudent", student=student)
    world.set_checkpoint(LIBRARY, applicability=NO_TRANSFER)

    act(admin, "restoreStudent", student=student)

    assert world.state("2020010101", LIBRARY) == ("NOT_REQUIRED", "", 2)


def test_a_restored_student_is_not_let_off_by_a_rule_that_is_gone(
    admin: Client, world: World
) -> None:
    student = world.student("2020010101")
    rule = {"notFor": {"departments": [world.department(MARX)]}}
    library = world.checkpoint(LIBRARY)
    change(admin, "setApplicability", checkpoint=library, applicability=rule)
    act(admin, "archiveStudent", student=student)
    change(admin, "setApplicability", checkpoint=library, applicability=None)

    act(admin, "restoreStudent", student=student)

    assert world.state("2020010101", LIBRARY) == ("PENDING", "", 3)


def test_a_number_of_an_archived_student_is_taken_too(admin: Client, world: World) -> None:
    act(admin, "archiveStudent", student=world.student("2020010101"))

    refused = act(admin, "createStudent", **new(world, number="2020010101"))

    assert refused["code"] == "KEY_TAKEN"


def test_the_lines_of_a_scheme_are_paged_and_filtered(admin: Client, world: World) -> None:
    for number in ("2020010101", "2020010102"):
        edit = {"name": f"新{number[-1]}", "major": "哲学"}
        act(admin, "updateStudent", student=world.student(number), input=edit)

    def lines(**variables: Any) -> list[tuple[str, str]]:
        found = admin.query(LINES, scheme=world.scheme, **variables)["studentChanges"]
        return [(each["student"]["number"], each["field"]) for each in found["nodes"]]

    first = admin.query(LINES, scheme=world.scheme, first=3)["studentChanges"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (4, True)
    assert lines(first=3, after=first["pageInfo"]["endCursor"]) == [("2020010101", "NAME")]
    assert lines(student=world.student("2020010102")) == [
        ("2020010102", "MAJOR"), ("2020010102", "NAME"),
    ]  # fmt: skip
    assert lines(fields=["NAME"]) == [("2020010102", "NAME"), ("2020010101", "NAME")]


def test_others_see_no_lines_below_a_student(
    sign_in: Callable[[str], Client], world: World
) -> None:
    found = sign_in("library").query(
        "query($id: ID!) { node(id: $id) { ... on Student { changes(first: 1) { totalCount } } } }",
        id=world.student("2020010101"),
    )

    assert found["node"] == {"changes": None}


def test_lines_below_students_take_as_many_statements_for_3_as_for_100(
    admin: Client, world: World, statements: Callable[[], Any]
) -> None:
    document = """query($scheme: ID!, $first: Int!) {
      students(where: {scheme: $scheme}, first: $first) {
        nodes { changes(first: 2) { totalCount nodes { field student { number } } } } } }"""
    world.add_students(100)
    counts = []
    for first in (3, 100):
        with statements() as seen:
            admin.query(document, scheme=world.scheme, first=first)
        counts.append(len(seen))
    assert counts[0] == counts[1]
