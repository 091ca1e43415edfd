"""A student's own view over HTTP: their row and their clearances, and what is in the way."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

import models
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from models import (
    ClearanceStatus,
    Cohort,
    NotRequiredBy,
    Scheme,
    SchemeStatus,
    Student,
    StudentStatus,
)
from tests.client import Client
from tests.schema.hiring import Statements
from tests.studying import ME, WAY, become, give_accounts
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

NUMBER = "2020010101"
WHOLE = """{ me { number isInitialPassword inTheWay
  record { name idNumber schemeName schemeStatus cohort department major className trainingLevel }
  clearances { title requirement place contact hours opensAt closesAt status notRequiredBy remark
    openPrerequisites lastChange } } }"""
NOWHERE = "学号 2020010101 目前不在任何开放的离校方案中，请联系所在院系。"
PAST, FUTURE = dt.datetime(2020, 6, 1, tzinfo=dt.UTC), dt.datetime(2096, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def zhang(world: World, anonymous: Client) -> Client:
    """张思, signed in."""
    give_accounts(world, NUMBER)
    return become(anonymous, NUMBER)


def clearance(title: str, **values: Any) -> dict[str, Any]:
    """What a clearance is that nobody has touched."""
    empty = dict.fromkeys(("requirement", "place", "contact", "hours", "remark"), "")
    unset = dict.fromkeys(("opensAt", "closesAt", "notRequiredBy", "lastChange"))
    untouched = {"title": title, "status": "PENDING", "openPrerequisites": []}
    return empty | unset | untouched | values


def test_a_student_sees_their_own_row_and_where_they_stand(world: World, zhang: Client) -> None:
    world.set_checkpoint(
        LIBRARY, place="图书馆一楼", contact="6788", hours="工作日", closes_at=FUTURE
    )
    operator_id = world.people["library"]
    world.put(
        *(NUMBER, LIBRARY, ClearanceStatus.REFUSED),
        remark="还欠两本书",
        version=2,
        operator_id=operator_id,
        decided_at=PAST,
    )
    assert zhang.query(WHOLE)["me"] == {
        "number": NUMBER,
        "isInitialPassword": True,
        "record": {
            "name": "张思",
            "idNumber": "110101********0001",
            "schemeName": "2020级研究生6月份",
            "schemeStatus": "OPEN",
            "cohort": "DOUBLE_CERTIFICATE_GRADUATE",
            "department": "马克思主义学院",
            "major": None,
            "className": None,
            "trainingLevel": None,
        },
        "clearances": [
            clearance(SUPERVISOR),
            clearance(AFFAIRS, requirement="提交毕业生登记表", openPrerequisites=[SUPERVISOR]),
            clearance(
                LIBRARY,
                requirement="还清图书",
                place="图书馆一楼",
                contact="6788",
                hours="工作日",
                closesAt="2096-06-01T00:00:00+00:00",
                status="REFUSED",
                remark="还欠两本书",
                lastChange="2020-06-01T00:00:00+00:00",
            ),
        ],
        "inTheWay": "还有 3 个环节未办结：现在可以办理：导师审核；未通过，请按原因处理后再次办理："
        "图书馆（还欠两本书，图书馆一楼）；须先办结前置环节：学工审核（先办 导师审核）。",
    }


def test_what_offices_write_for_each_other_is_not_shown(world: World, zhang: Client) -> None:
    world.put(NUMBER, SUPERVISOR, ClearanceStatus.PASSED, remark="家里情况特殊，照顾")
    waived = {"not_required_by": NotRequiredBy.WAIVER, "remark": "内部原因"}
    world.put(NUMBER, LIBRARY, ClearanceStatus.NOT_REQUIRED, **waived)
    told = zhang.query(WHOLE)
    assert [each["remark"] for each in told["me"]["clearances"]] == ["", "", ""]
    assert told["me"]["clearances"][2]["notRequiredBy"] == "WAIVER"
    assert told["me"]["inTheWay"] == (
        "还有 1 个环节未办结：现在可以办理：学工审核（提交毕业生登记表）。"
    )


def test_once_everything_is_passed_nothing_is_in_the_way(
    world: World, zhang: Client, address: str
) -> None:
    for title in (SUPERVISOR, AFFAIRS, LIBRARY):
        world.put_all(title, ClearanceStatus.PASSED)
    told = "全部环节均已办结，没有未办事项；可领取毕业证、学位证、毕业材料。"
    assert zhang.query(WAY) == {"me": {"inTheWay": told}}
    zhang.http.headers["accept-language"] = "en"
    told = (
        "You are cleared everywhere; nothing is open. You may receive: graduation certificate,"
        " degree certificate, graduation materials."
    )
    assert zhang.query(WAY) == {"me": {"inTheWay": told}}


def add_scheme(world: World, name: str, status: SchemeStatus) -> None:
    """Another scheme with the same number, newer than all before."""
    with world.database.write() as session:
        scheme, _ = roster.create_scheme(session, name, [NewCheckpoint("新环节")])
        row = {"学号": NUMBER, "姓名": "张思", "院系": "地球科学学院"}
        roster.add_students(session, scheme.id, Cohort.UNDERGRADUATE, [row])
        session.execute(sa.update(Scheme).where(Scheme.id == scheme.id).values(status=status))


def seen(client: Client) -> str:
    """The scheme that is shown."""
    return str(client.query("{ me { record { schemeName } } }")["me"]["record"]["schemeName"])


@pytest.mark.parametrize(
    ("newer", "shown"),
    [
        (SchemeStatus.OPEN, "新的方案"),
        (SchemeStatus.CLOSED, "2020级研究生6月份"),
        (SchemeStatus.DRAFT, "2020级研究生6月份"),
        (SchemeStatus.ARCHIVED, "2020级研究生6月份"),
    ],
)
def test_of_two_schemes_the_newest_open_one_is_shown(
    newer: SchemeStatus, shown: str, world: World, zhang: Client
) -> None:
    add_scheme(world, "新的方案", newer)
    assert seen(zhang) == shown


def test_without_an_open_scheme_the_newest_closed_one_is_shown(world: World, zhang: Client) -> None:
    world.set_scheme(status=SchemeStatus.CLOSED)
    assert zhang.query(WAY)["me"]["inTheWay"] == (
        "离校方案“2020级研究生6月份”已关闭，不再办理，尚有 3 个环节未办结："
        "导师审核、学工审核、图书馆；请联系所在院系。"
    )
    add_scheme(world, "更新的", SchemeStatus.CLOSED)
    assert seen(zhang) == "更新的"


def test_an_archived_student_is_looked_for_in_the_other_scheme(world: World, zhang: Client) -> None:
    add_scheme(world, "新的方案", SchemeStatus.OPEN)
    with world.database.write() as session:
        newest = sa.select(sa.func.max(Scheme.id)).scalar_subquery()
        session.execute(
            sa.update(Student)
            .where(Student.scheme_id == newest)
            .values(status=StudentStatus.ARCHIVED)
        )
    assert seen(zhang) == "2020级研究生6月份"


@pytest.mark.parametrize("status", [SchemeStatus.DRAFT, SchemeStatus.ARCHIVED])
def test_who_is_in_no_scheme_is_told_so(status: SchemeStatus, world: World, zhang: Client) -> None:
    world.set_scheme(status=status)
    assert zhang.query(ME)["me"] == {
        "number": NUMBER,
        "isInitialPassword": True,
        "record": None,
        "clearances": [],
        "inTheWay": NOWHERE,
    }


def test_it_costs_the_same_for_one_checkpoint_and_for_many(
    world: World, zhang: Client, statements: Statements
) -> None:
    def cost() -> int:
        with statements() as seen:
            zhang.query(WHOLE)
        return len([each for each in seen if each.lstrip().upper().startswith("SELECT")])

    before = cost()
    with world.database.write() as session:
        for place in range(20):
            row = models.Checkpoint(
                scheme_id=world.scheme_id, position=10 + place, title=f"环节{place}"
            )
            session.add(row)
            session.flush()
            session.add(models.Clearance(student_id=world.students[NUMBER], checkpoint_id=row.id))
    assert len(zhang.query(WHOLE)["me"]["clearances"]) == 23
    assert cost() == before == 5
