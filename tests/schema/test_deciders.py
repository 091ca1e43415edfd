"""The report of who may decide where, over HTTP."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.staffing import deciders
from models import Operator, Role, Student, StudentStatus
from tests.client import Client
from tests.people import promote
from tests.schema.test_grants import DECIDERS, SignIn, Statements, second_scheme
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """An administrator of the one scheme."""
    return sign_in("admin")


def grant_line(
    login: str, role: str, department: str | None = None, *, is_disabled: bool = False
) -> dict[str, Any]:
    return {
        "role": role,
        "operator": {"login": login, "isDisabled": is_disabled},
        "department": department and {"name": department},
    }


def test_who_may_decide_is_told_by_checkpoint_with_the_departments_that_nobody_serves(
    world: World, head: Client, admin: Client
) -> None:
    dismissed = ("affairs-geology", "library")
    with world.database.write() as session:
        for login in dismissed:
            session.get_one(Operator, world.people[login]).is_disabled = True
    administrators = [grant_line(login, "ADMINISTRATOR") for login in ("admin", "head")]
    lines = {
        SUPERVISOR: [*administrators, grant_line("supervisor", "CHECKPOINT_OPERATOR")],
        AFFAIRS: [
            *administrators,
            grant_line("affairs-geology", "CHECKPOINT_OPERATOR", GEOLOGY, is_disabled=True),
            grant_line("affairs", "CHECKPOINT_OPERATOR", MARX),
        ],
        LIBRARY: [*administrators, grant_line("library", "CHECKPOINT_OPERATOR", is_disabled=True)],
    }
    uncovered = {SUPERVISOR: [], AFFAIRS: [GEOLOGY], LIBRARY: [GEOLOGY, MARX]}
    told = [
        {
            "checkpoint": {"title": title},
            "grants": grants,
            "uncovered": [{"name": name} for name in uncovered[title]],
        }
        for title, grants in lines.items()
    ]
    assert admin.query(DECIDERS, scheme=world.scheme) == {"deciders": told}
    assert head.query(DECIDERS, scheme=world.scheme) == {"deciders": told}


def test_a_department_whose_students_are_archived_needs_nobody(world: World, admin: Client) -> None:
    with world.database.write() as session:
        session.get_one(Operator, world.people["affairs-geology"]).is_disabled = True
        geologists = Student.department_id == world.departments[GEOLOGY]
        session.execute(sa.update(Student).where(geologists).values(status=StudentStatus.ARCHIVED))
    found = admin.query(DECIDERS, scheme=world.scheme)["deciders"]
    assert [each["uncovered"] for each in found] == [[], [], []]


def test_the_report_is_a_table_too(world: World) -> None:
    with world.database.write() as session:
        session.get_one(Operator, world.people["library"]).is_disabled = True
        rows = deciders.rows(session, world.operator("admin"), world.scheme_id)
    assert deciders.HEADER == ("离校环节", "院系", "账号", "姓名", "角色", "是否启用")
    assert [row for row in rows if row[2] != "admin"] == [
        [SUPERVISOR, "全部", "supervisor", "supervisor 老师", "离校点操作员", "是"],
        [AFFAIRS, GEOLOGY, "affairs-geology", "affairs-geology 老师", "离校点操作员", "是"],
        [AFFAIRS, MARX, "affairs", "affairs 老师", "离校点操作员", "是"],
        [LIBRARY, "全部", "library", "library 老师", "离校点操作员", "否"],
        [LIBRARY, GEOLOGY, "", "（无人办理）", "", ""],
        [LIBRARY, MARX, "", "（无人办理）", "", ""],
    ]
    assert rows[0] == [SUPERVISOR, "全部", "admin", "admin 老师", "系统管理员", "是"]


def test_the_report_of_another_scheme_is_not_found(world: World, admin: Client) -> None:
    assert admin.refused(DECIDERS, scheme=second_scheme(world)) == "NOT_FOUND"


def test_the_report_costs_the_same_for_few_and_for_many_grants(
    world: World, admin: Client, statements: Statements
) -> None:
    def cost() -> tuple[int, int]:
        with statements() as seen:
            found = admin.query(DECIDERS, scheme=world.scheme)["deciders"]
        return len(seen), sum(len(each["grants"]) for each in found)

    few = cost()
    for place in range(300):
        world.hire(f"more-{place}", Role.CHECKPOINT_OPERATOR, LIBRARY, MARX)
    many = cost()
    assert (few[1], many[1]) == (7, 307)
    assert many[0] == few[0]
