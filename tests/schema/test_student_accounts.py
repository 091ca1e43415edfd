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
from tests.schema.hiring import SignIn
from tests.studying import FIRST, ME, become, give_accounts, try_in
from tests.world import World

NUMBER, NEW = "2020010101", "新的初始密码-2026"
RESET = """mutation($student: ID!, $password: String!) {
  resetStudentPassword(student: $student, password: $password) {
    ... on Student { number name } ... on Refused { code message path } } }"""
END = """mutation($student: ID!) { endStudentSessions(student: $student) {
  ... on Student { number } ... on Refused { code message path } } }"""
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
