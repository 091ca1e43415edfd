"""Students one by one: created, edited, archived and restored by administrators."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Clearance, ClearanceStatus, Entry, Student, StudentChange
from tests.client import Client
from tests.people import together
from tests.schema.enrolling import NO_TRANSFER, act, new, told
from tests.world import GEOLOGY, LIBRARY, MARX, World


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def counted(world: World) -> list[int]:
    with world.database.write() as session:
        tables = (Student, StudentChange, Clearance, Entry)
        return [
            session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in tables
        ]


def test_a_new_student_is_normalised_and_has_every_clearance(admin: Client, world: World) -> None:
    made = act(
        admin,
        "createStudent",
        **new(
            world,
            idNumber="11010519491231002x",
            gender="FEMALE",
            entryYear=2016,
            householdTransfer=True,
            dormitory="东区",
            major="",
        ),
    )

    assert (made["number"], made["name"], made["idNumber"]) == (
        "2020990001", "新 生", "110105********002X",
    )  # fmt: skip
    assert (made["status"], made["gender"], made["entryYear"], made["department"]["name"]) == (
        "ACTIVE", "FEMALE", 2016, MARX,
    )  # fmt: skip
    assert (made["householdTransfer"], made["dormitory"], made["major"]) == (True, "东区", None)
    assert told(made) == [("STATUS", "", "在册")]
    with world.database.write() as session:
        student = session.scalars(sa.select(Student).where(Student.number == "2020990001")).one()
        of_student = sa.select(Clearance.checkpoint_id).where(Clearance.student_id == student.id)
        assert set(session.scalars(of_student)) == set(world.checkpoints.values())
    assert student.id_number == "11010519491231002X"


def test_a_new_student_is_judged_by_the_rules(admin: Client, world: World) -> None:
    world.set_checkpoint(LIBRARY, applicability=NO_TRANSFER)

    act(admin, "createStudent", **new(world, householdTransfer=False))

    [entry] = world.entries()
    assert (entry.channel, entry.new_status, entry.checkpoint_id) == (
        "ROSTER", "NOT_REQUIRED", world.checkpoints[LIBRARY],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"name": " \u200b"}, "INVALID_INPUT", ["input", "name"]),
        ({"name": "长" * 101}, "INVALID_INPUT", ["input", "name"]),
        ({"number": " "}, "INVALID_INPUT", ["input", "number"]),
        ({"number": "N" * 51}, "INVALID_INPUT", ["input", "number"]),
        ({"dormitory": "长" * 201}, "INVALID_INPUT", ["input", "dormitory"]),
        ({"entryYear": 1899}, "INVALID_INPUT", ["input", "entryYear"]),
        ({"idNumber": "110101199713010002"}, "ID_MALFORMED", ["input", "idNumber"]),
        ({"idNumber": "110101********0002"}, "ID_MALFORMED", ["input", "idNumber"]),
        ({"idNumber": "1.10101E+17"}, "ID_PRECISION_LOST", ["input", "idNumber"]),
        ({"department": "RGVwYXJ0bWVudDo5OTk5OTk"}, "NOT_FOUND", []),
        ({"number": "2020010101"}, "KEY_TAKEN", ["input", "number"]),
        ({"idNumber": "e12345678"}, "KEY_TAKEN", ["input", "idNumber"]),
    ],
)
def test_who_cannot_be_enrolled_changes_nothing(
    admin: Client, world: World, fields: dict[str, Any], code: str, path: list[str]
) -> None:
    before = counted(world)

    refused = act(admin, "createStudent", **new(world, **fields))

    assert (refused["code"], refused["path"]) == (code, path)
    assert counted(world) == before


def test_a_number_that_is_taken_names_whose_it_is(admin: Client, world: World) -> None:
    by_number = act(admin, "createStudent", **new(world, number="2020010101"))
    by_id = act(admin, "createStudent", **new(world, idNumber="110101199601010001"))

    assert by_number["message"] == "“学号”的值“2020010101”已属于学生“2020010101 张思”，请核对。"
    assert by_id["message"] == (
        "“身份证号”的值“110101********0001”已属于学生“2020010101 张思”，请核对。"
    )


def test_a_wrong_check_digit_is_accepted(admin: Client, world: World) -> None:
    made = act(admin, "createStudent", **new(world, idNumber="110101199601010009"))

    assert made["idNumber"] == "110101********0009"


def test_an_edit_changes_what_it_gives_and_leaves_lines(admin: Client, world: World) -> None:
    edit = {"name": "张四", "department": world.department(GEOLOGY), "dormitory": "东区"}
    student = world.student("2020010101")

    edited = act(admin, "updateStudent", student=student, input=edit)

    assert (edited["number"], edited["name"], edited["department"]["name"]) == (
        "2020010101", "张四", GEOLOGY,
    )  # fmt: skip
    assert told(edited) == [
        ("DORMITORY", "", "东区"), ("DEPARTMENT", MARX, GEOLOGY), ("NAME", "张思", "张四"),
    ]  # fmt: skip
    assert {each["operator"]["login"] for each in edited["changes"]["nodes"]} == {"admin"}


def test_what_is_emptied(admin: Client, world: World) -> None:
    student = world.student("2020010101")
    edit = {"entryYear": 2016, "gender": "MALE", "major": "哲学", "householdTransfer": False}
    act(admin, "updateStudent", student=student, input=edit)

    emptied = act(
        admin,
        "updateStudent",
        student=student,
        input={"major": "", "idNumber": ""},
        clear=["ENTRY_YEAR", "GENDER", "HOUSEHOLD_TRANSFER"],
    )

    names = ("entryYear", "gender", "householdTransfer", "major", "idNumber")
    assert [emptied[name] for name in names] == [None] * 5
    assert told(emptied)[:5] == [
        ("HOUSEHOLD_TRANSFER", "否", ""),
        ("MAJOR", "哲学", ""),
        ("ENTRY_YEAR", "2016", ""),
        ("GENDER", "男", ""),
        ("ID_NUMBER", "110101********0001", ""),
    ]


@pytest.mark.parametrize(
    ("edit", "clear", "path"),
    [
        ({}, ["NAME"], ["clear"]),
        ({}, ["DEPARTMENT"], ["clear"]),
        ({}, ["COHORT"], ["clear"]),
        ({}, ["STATUS"], ["clear"]),
        ({"major": "哲学"}, ["MAJOR"], ["clear"]),
        ({"name": ""}, [], ["input", "name"]),
        ({"number": "", "idNumber": ""}, [], ["input", "number"]),
        ({}, ["NUMBER", "ID_NUMBER"], ["input", "number"]),
    ],
)
def test_what_everybody_has_is_not_emptied(
    admin: Client, world: World, edit: dict[str, Any], clear: list[str], path: list[str]
) -> None:
    before = counted(world)

    student = world.student("2020010101")
    refused = act(admin, "updateStudent", student=student, input=edit, clear=clear)

    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", path)
    assert counted(world) == before


def test_an_edit_that_changes_nothing_leaves_no_line(admin: Client, world: World) -> None:
    edit = {"name": "张思", "number": " 2020010101 "}

    edited = act(admin, "updateStudent", student=world.student("2020010101"), input=edit)

    assert edited["changes"]["totalCount"] == 0


def test_an_edit_judges_anew_and_decisions_stay(admin: Client, world: World) -> None:
    world.put("2020010102", LIBRARY, ClearanceStatus.PASSED, version=2)
    world.set_checkpoint(LIBRARY, applicability=NO_TRANSFER)
    for number in ("2020010101", "2020010102"):
        edit = {"householdTransfer": False}
        act(admin, "updateStudent", student=world.student(number), input=edit)
    assert world.state("2020010101", LIBRARY) == ("NOT_REQUIRED", "", 2)
    assert world.state("2020010102", LIBRARY) == ("PASSED", "", 2)

    clear = ["HOUSEHOLD_TRANSFER"]
    act(admin, "updateStudent", student=world.student("2020010101"), input={}, clear=clear)

    assert world.state("2020010101", LIBRARY) == ("PENDING", "", 3)


@pytest.mark.parametrize("status", ["CLOSED", "ARCHIVED"])
def test_a_closed_scheme_is_read_only(admin: Client, world: World, status: str) -> None:
    world.set_scheme(status=status)
    before = counted(world)
    student = world.student("2020010101")

    refused = [
        act(admin, "createStudent", **new(world)),
        act(admin, "updateStudent", student=student, input={"name": "张四"}),
        act(admin, "archiveStudent", student=student),
        act(admin, "restoreStudent", student=student),
    ]

    assert {each["code"] for each in refused} == {"SCHEME_READ_ONLY"}
    assert counted(world) == before


def test_of_two_who_enrol_one_number_at_once_one_comes_second(
    sign_in: Callable[[str], Client], world: World
) -> None:
    clients = [sign_in("admin"), sign_in("admin")]

    answers = together(lambda place: act(clients[place], "createStudent", **new(world)), 2)

    assert sorted(each.get("code", "made") for each in answers) == ["KEY_TAKEN", "made"]
