"""Accounts of students over HTTP, as administrators see to them: one password, sessions."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import models
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from models import Cohort, Scheme, SchemeStatus, StudentAccount
from tests.client import Client
from tests.people import promote, together
from tests.schema.enrolling import DOCUMENTS
from tests.schema.hiring import SignIn
from tests.studying import FIRST, ME, become, give_accounts, try_in
from tests.world import MARX, World

NUMBER, NEW = "2020010101", "新的初始密码-2026"
RESET = """mutation($student: ID!, $password: String!) {
  resetStudentPassword(student: $student, password: $password) {
    ... on Student { number name } ... on Refused { code message path } } }"""
END = """mutation($student: ID!) { endStudentSessions(student: $student) {
  ... on Student { number } ... on Refused { code message path } } }"""
OTHER = "2020010102"
UPDATE = """mutation($student: ID!, $input: StudentEdit!) {
  updateStudent(student: $student, input: $input) {
    ... on Student { number } ... on Refused { code message } } }"""
ZHANG = {"number": NUMBER, "name": "张思"}


@pytest.fixture
def reset(world: World, admin: Client) -> Callable[..., Any]:
    """The administrator resets a password."""

    def run(number: str = NUMBER, password: str = NEW, client: Client = admin) -> Any:
        asked = {"student": world.student(number), "password": password}
        return client.query(RESET, **asked)["resetStudentPassword"]

    return run


def test_a_first_password_makes_an_account(reset: Callable[..., Any], anonymous: Client) -> None:
    assert reset() == ZHANG
    assert try_in(anonymous, NUMBER, NEW)["me"]["isInitialPassword"] is True


def test_a_new_password_ends_every_session_and_forgets_failures(
    world: World, reset: Callable[..., Any], anonymous: Client, address: str
) -> None:
    give_accounts(world, NUMBER, "2020010102")
    student = become(anonymous, NUMBER)
    with Client(address) as other, Client(address) as guesser:
        become(other, "2020010102")
        for _ in range(6):
            last = try_in(guesser, NUMBER, "wrong")["code"]
        assert last == "RATE_LIMITED"
        assert reset() == ZHANG
        assert student.query(ME) == {"me": None}
        assert other.query("{ me { number } }") == {"me": {"number": "2020010102"}}
        assert try_in(guesser, NUMBER)["code"] == "SIGN_IN_FAILED"
        assert try_in(guesser, NUMBER, NEW)["me"]["isInitialPassword"] is True


def test_a_short_password_changes_nothing_and_is_not_told(
    world: World, reset: Callable[..., Any]
) -> None:
    refused = reset(password="short")
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["password"])
    assert "short" not in str(refused)
    with world.database.write() as session:
        assert session.scalars(sa.select(StudentAccount.number)).all() == []


def test_sessions_are_ended_and_the_password_stays(
    world: World, admin: Client, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    student = become(anonymous, NUMBER)
    answer = admin.query(END, student=world.student(NUMBER))
    assert answer == {"endStudentSessions": {"number": NUMBER}}
    assert student.query(ME) == {"me": None}
    assert try_in(student, NUMBER, FIRST)["me"]["number"] == NUMBER


def test_who_has_no_number_cannot_be_let_in(world: World, reset: Callable[..., Any]) -> None:
    world.enrol({"身份证号": "E7654321", "姓名": "无号", "院系": "地球科学学院"})
    assert reset("E7654321") == {
        "code": "INVALID_INPUT",
        "message": "“student”的值“无号”无效：须为有学号的学生。",
        "path": ["student"],
    }


@pytest.mark.parametrize(
    ("status", "is_refused"), [(SchemeStatus.OPEN, True), (SchemeStatus.CLOSED, False)]
)
def test_nobody_sets_the_password_of_somebody_in_an_open_scheme_of_others(
    status: SchemeStatus,
    is_refused: bool,  # noqa: FBT001 -- a row of the table
    world: World,
    reset: Callable[..., Any],
    sign_in: SignIn,
) -> None:
    with world.database.write() as session:
        scheme, _ = roster.create_scheme(session, "别人的方案", [NewCheckpoint("环节")])
        row = {"学号": NUMBER, "姓名": "张思", "院系": "地球科学学院"}
        roster.add_students(session, scheme.id, Cohort.UNDERGRADUATE, [row])
        session.execute(sa.update(Scheme).where(Scheme.id == scheme.id).values(status=status))
    promote(world, "head")
    told = reset()
    assert told.get("code") == ("FORBIDDEN" if is_refused else None)
    with world.database.write() as session:
        assert len(session.scalars(sa.select(StudentAccount)).all()) == (not is_refused)
    assert reset(client=sign_in("head")) == ZHANG


def test_a_sign_in_with_the_old_password_cannot_outlive_its_reset(
    world: World, reset: Callable[..., Any], address: str
) -> None:
    give_accounts(world, NUMBER)

    def race(place: int) -> Any:
        if place:
            return reset()
        with Client(address) as client:
            return try_in(client, NUMBER)

    assert together(race, 2)[1] == ZHANG
    with world.database.write() as session:
        assert session.scalars(sa.select(models.Session.student_number)).all() == [None]


def rename(admin: Client, world: World, number: str, new: str) -> None:
    """Give a student another number."""
    asked = {"student": world.student(number), "input": {"number": new}}
    assert admin.query(UPDATE, **asked)["updateStudent"] == {"number": new}


def test_nobody_signs_in_as_whoever_got_their_number(
    world: World, admin: Client, anonymous: Client, address: str
) -> None:
    """Two numbers that were mixed up, put right while one of the two is signed in."""
    give_accounts(world, NUMBER, OTHER, "2020010103")
    student = become(anonymous, NUMBER)
    rename(admin, world, NUMBER, "BETWEEN")
    assert student.query(ME)["me"]["record"] is None
    rename(admin, world, OTHER, NUMBER)
    rename(admin, world, NUMBER, OTHER)
    assert student.query(ME) == {"me": None}
    with Client(address) as client:
        assert try_in(client, NUMBER)["code"] == "SIGN_IN_FAILED"
        assert try_in(client, OTHER)["code"] == "SIGN_IN_FAILED"
        assert try_in(client, "2020010103")["me"]["record"] == {"name": "周思"}


def test_a_number_given_back_keeps_its_account(
    world: World, admin: Client, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    student = become(anonymous, NUMBER)
    rename(admin, world, NUMBER, "TYPO")
    rename(admin, world, NUMBER, NUMBER)
    assert student.query(ME)["me"]["record"] == {"name": "张思"}


def test_a_new_student_with_a_number_that_was_anothers_has_no_account(
    world: World, admin: Client, anonymous: Client
) -> None:
    give_accounts(world, NUMBER)
    student = become(anonymous, NUMBER)
    rename(admin, world, NUMBER, "BETWEEN")
    new = {"name": "新生", "cohort": "UNDERGRADUATE", "number": NUMBER}
    new["department"] = world.department(MARX)
    asked = {"scheme": world.scheme, "input": new}
    created = admin.query(DOCUMENTS["createStudent"], **asked)["createStudent"]
    assert created["number"] == NUMBER
    assert student.query(ME) == {"me": None}
