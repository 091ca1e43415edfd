"""Departments over HTTP: made, renamed and listed by administrators."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from domain.configuration import departments
from domain.ids import Noun, PublicId
from models import Department, Grant, Job, JobKind, Student, StudentStatus
from tests.client import Client
from tests.schema.configuring import SignIn, change, facts, held, row_id, unknown
from tests.world import GEOLOGY, LIBRARY, MARX, World

PAGE = """
query($namePrefix: String! = "", $first: Int, $after: String, $last: Int, $before: String) {
  departments(namePrefix: $namePrefix, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id name } pageInfo { hasNextPage endCursor startCursor }
  }
}
"""


def names(world: World) -> list[str]:
    with world.database.write() as session:
        return list(session.scalars(sa.select(Department.name).order_by(Department.id)))


def page(client: Client, **asked: Any) -> Any:
    return client.query(PAGE, **asked)["departments"]


def test_a_new_department_is_there_before_it_has_students(world: World, head: Client) -> None:
    made = change(head, "createDepartment", name=" 化学  学院 ")
    assert made == {"id": made["id"], "name": "化学 学院"}
    assert set(names(world)) == {MARX, GEOLOGY, "化学 学院"}
    node = head.query("query($id: ID!) { node(id: $id) { id } }", id=made["id"])
    assert node == {"node": {"id": made["id"]}}


def test_a_department_is_renamed(world: World, head: Client) -> None:
    asked = {"department": world.department(MARX), "name": "马院"}
    assert change(head, "renameDepartment", **asked) == {"id": asked["department"], "name": "马院"}
    assert set(names(world)) == {"马院", GEOLOGY}


@pytest.mark.parametrize("name", [MARX, f" {MARX}", "", "x" * 101])
@pytest.mark.parametrize("field", ["createDepartment", "renameDepartment"])
def test_a_name_is_one_line_of_its_own(field: str, name: str, world: World, head: Client) -> None:
    more = {"department": world.department(GEOLOGY)} if field == "renameDepartment" else {}
    refused = change(head, field, name=name, **more)
    if name.strip() == MARX:
        told = {"noun": "Department", "value": MARX}
        assert (refused["code"], facts(refused)) == ("ALREADY_EXISTS", told)
    else:
        told = {"name": "name", "value": name[:20], "expected": "1-100 characters"}
        assert (refused["code"], facts(refused)) == ("INVALID_INPUT", told)
    assert set(names(world)) == {MARX, GEOLOGY}


def test_an_unknown_department_is_not_renamed(head: Client) -> None:
    for asked in (unknown(Noun.DEPARTMENT), unknown(Noun.SCHEME), "%"):
        refused = change(head, "renameDepartment", department=asked, name="新")
        assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": "Department"})


def test_only_an_administrator_of_all_changes_departments(world: World, sign_in: SignIn) -> None:
    for login in ("admin", "library"):
        client = sign_in(login)
        asked = {"department": world.department(MARX), "name": "新"}
        for refused in (
            change(client, "createDepartment", name="新"),
            change(client, "renameDepartment", **asked),
        ):
            told = {"right": "ADMINISTER_ALL"}
            assert (refused["code"], facts(refused)) == ("FORBIDDEN", told)
    assert set(names(world)) == {MARX, GEOLOGY}


def test_administrators_of_a_scheme_list_all_departments_and_nobody_else_does(
    world: World, head: Client, sign_in: SignIn
) -> None:
    made = change(head, "createDepartment", name="没有学生的学院")
    expected = sorted([MARX, GEOLOGY, "没有学生的学院"])
    for client in (head, sign_in("admin")):
        found = page(client, first=10)
        assert (found["totalCount"], sorted(each["name"] for each in found["nodes"])) == (
            3,
            expected,
        )
        assert made in found["nodes"]
    assert sign_in("library").refused(PAGE, first=10) == "FORBIDDEN"


def test_departments_are_paged_both_ways_and_found_by_the_beginning_of_their_name(
    world: World, head: Client
) -> None:
    for place in range(5):
        change(head, "createDepartment", name=f"一院_{place}")
    change(head, "createDepartment", name="一院x")
    wanted = [f"一院_{place}" for place in range(5)]
    first = page(head, namePrefix="一院_", first=3)
    assert ([each["name"] for each in first["nodes"]], first["totalCount"]) == (wanted[:3], 5)
    rest = page(head, namePrefix="一院_", first=3, after=first["pageInfo"]["endCursor"])
    assert [each["name"] for each in rest["nodes"]] == wanted[3:]
    assert rest["pageInfo"]["hasNextPage"] is False
    back = page(head, namePrefix="一院_", last=2, before=rest["pageInfo"]["startCursor"])
    assert [each["name"] for each in back["nodes"]] == wanted[1:3]
    with world.database.write() as session:
        stored = session.get_one(Department, row_id(back["nodes"][0]["id"]))
        assert stored.name == "一院_1"


def test_a_misspelt_department_is_taken_away(world: World, head: Client) -> None:
    made = change(head, "createDepartment", name="马克思主义学院院")
    gone = change(head, "deleteDepartment", department=made["id"])
    assert gone == made
    assert set(names(world)) == {MARX, GEOLOGY}
    again = change(head, "deleteDepartment", department=made["id"])
    assert (again["code"], facts(again)) == ("NOT_FOUND", {"noun": "Department"})


def of_a_grant(world: World, made: str) -> None:
    with world.database.write() as session:
        of_library = sa.update(Grant).where(Grant.operator_id == world.people["library"])
        session.execute(of_library.values(department_id=row_id(made)))


def of_a_rule(world: World, made: str) -> None:
    world.set_checkpoint(LIBRARY, applicability={"not_for": {"departments": [made]}})


def of_a_list(world: World, made: str) -> None:
    admin = world.people["admin"]
    job = Job(kind=JobKind.ROSTER, operator_id=admin, scheme_id=world.scheme_id)
    with world.database.write() as session:
        session.add(job)


def of_a_student(world: World, made: str) -> None:
    with world.database.write() as session:
        archived = {"department_id": row_id(made), "status": StudentStatus.ARCHIVED}
        session.execute(sa.update(Student).values(archived))


@pytest.mark.parametrize(
    ("use", "noun"),
    [
        (of_a_grant, "Grant"),
        (of_a_rule, "Checkpoint"),
        (of_a_list, "Job"),
        (of_a_student, "Student"),
    ],
)
def test_what_something_is_of_stays(
    use: Callable[[World, str], None], noun: str, world: World, head: Client
) -> None:
    made = change(head, "createDepartment", name="化学学院")["id"]
    use(world, made)
    refused = change(head, "deleteDepartment", department=made)
    told = {"department": "化学学院", "noun": noun}
    assert (refused["code"], facts(refused)) == ("DEPARTMENT_IN_USE", told)
    assert "化学学院" in names(world)


def test_of_two_who_take_it_away_at_once_the_second_finds_none(
    world: World, head: Client, pool: ThreadPoolExecutor
) -> None:
    made = change(head, "createDepartment", name="化学学院")["id"]
    operator = world.operator("head")
    with held(world, lambda session: departments.delete(session, operator, PublicId(made))):
        asked = pool.submit(change, head, "deleteDepartment", department=made)
    assert (asked.result()["code"], facts(asked.result())) == ("NOT_FOUND", {"noun": "Department"})
