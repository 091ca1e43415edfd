"""Certificates of clearance over HTTP: who gets one, who issues it, two at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.certifying import certificates
from domain.errors import Refusal
from domain.ids import Noun
from models import (
    ClearanceCertificate,
    ClearanceStatus,
    SchemeStatus,
    Student,
    StudentStatus,
)
from tests.client import Client
from tests.schema.certifying import issue, newest, pass_everywhere
from tests.schema.configuring import SignIn, at_once, facts, held
from tests.schema.handing import NUMBER, OTHER, clear
from tests.schema.test_students import Statements
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

GEOLOGIST = "2020020101"


def rows(world: World) -> list[ClearanceCertificate]:
    """Every certificate, the oldest first."""
    with world.database.write() as session:
        statement = sa.select(ClearanceCertificate).order_by(ClearanceCertificate.id)
        return list(session.scalars(statement))


def test_who_is_cleared_everywhere_gets_one(world: World, department: Client) -> None:
    answer = issue(department, world)
    [row] = rows(world)
    public_id = ids.encode(Noun.CLEARANCE_CERTIFICATE, row.id)
    assert answer == {
        "id": public_id,
        "issuedAt": row.issued_at.isoformat(),
        "withdrawnAt": None,
        "isValid": True,
        "url": f"/certificates/{public_id}.pdf",
        "verifyUrl": f"http://127.0.0.1:8000/verify/{row.code}",
        "issuedBy": {"login": "department"},
        "student": {"number": NUMBER},
    }
    assert newest(department, world) == answer
    assert len(row.code) == 32


def test_a_valid_one_is_answered_again_whoever_asks(
    world: World, department: Client, sign_in: SignIn
) -> None:
    first = issue(department, world)
    assert issue(sign_in("admin"), world) == first
    assert len(rows(world)) == 1


def test_not_required_is_clear_too(world: World, department: Client) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by="RULE")
    assert issue(department, world)["isValid"] is True


def test_open_checkpoints_are_named_in_their_order(world: World, department: Client) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.REFUSED)
    world.put(NUMBER, SUPERVISOR, ClearanceStatus.PENDING)
    refused = issue(department, world)
    assert (refused["code"], facts(refused)) == (
        "CLEARANCE_INCOMPLETE",
        {"checkpoints": f"{SUPERVISOR}、{LIBRARY}"},
    )
    assert refused["message"] == ("该学生尚有环节未办结：导师审核、图书馆。请先办结这些环节。")
    assert (rows(world), newest(department, world)) == ([], None)


@pytest.mark.parametrize(
    ("login", "number", "code"),
    [
        ("affairs", NUMBER, "FORBIDDEN"),
        ("library", GEOLOGIST, "FORBIDDEN"),
        ("department", GEOLOGIST, "NOT_FOUND"),
        ("affairs-geology", NUMBER, "NOT_FOUND"),
    ],
)
def test_only_who_hands_out_to_the_department_issues(
    world: World, department: Client, sign_in: SignIn, login: str, number: str, code: str
) -> None:
    clear(world, NUMBER, GEOLOGIST)
    assert issue(sign_in(login), world, number)["code"] == code
    assert rows(world) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (SchemeStatus.DRAFT, "SCHEME_NOT_OPEN"),
        (SchemeStatus.OPEN, None),
        (SchemeStatus.CLOSED, None),
        (SchemeStatus.ARCHIVED, None),
    ],
)
def test_a_scheme_that_was_opened_once_is_enough(
    world: World, department: Client, status: SchemeStatus, code: str | None
) -> None:
    world.set_scheme(status=status)
    assert issue(department, world).get("code") == code
    assert len(rows(world)) == (code is None)


def test_an_archived_student_is_not_found(world: World, department: Client) -> None:
    with world.database.write() as session:
        session.execute(
            sa.update(Student).where(Student.number == NUMBER).values(status=StudentStatus.ARCHIVED)
        )
    assert issue(department, world)["code"] == "NOT_FOUND"
    with world.database.write() as session, pytest.raises(Refusal) as refused:
        certificates.issue(session, world.students[NUMBER], None)
    assert refused.value.code == "NOT_FOUND"


def test_a_student_may_get_one_without_an_operator(world: World, department: Client) -> None:
    with world.database.write() as session:
        certificates.issue(session, world.students[NUMBER], None)
    assert newest(department, world)["issuedBy"] is None


def test_two_at_once_get_the_same(
    world: World, department: Client, sign_in: SignIn, pool: ThreadPoolExecutor
) -> None:
    admin = sign_in("admin")
    first, second = at_once(
        world, pool, lambda: issue(department, world), lambda: issue(admin, world)
    )
    assert first == second
    assert len(rows(world)) == 1


def test_who_waited_for_another_gets_what_that_one_issued(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    student = world.students[NUMBER]
    with held(world, lambda session: certificates.issue(session, student, None)):
        asked = pool.submit(issue, department, world)
    assert asked.result()["issuedBy"] is None
    assert len(rows(world)) == 1


def test_the_same_key_gets_the_same_answer(world: World, department: Client) -> None:
    first = issue(department, world, key="once-and-no-more")
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PENDING)
    again = issue(department, world, key="once-and-no-more")
    assert again == first | {"isValid": False, "withdrawnAt": again["withdrawnAt"]}
    assert again["withdrawnAt"] is not None


def test_the_newest_is_shown(world: World, department: Client) -> None:
    first = issue(department, world)
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PENDING)
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PASSED)
    second = issue(department, world)
    assert first["id"] != second["id"]
    assert newest(department, world) == second
    assert [row.withdrawn_at is None for row in rows(world)] == [False, True]


def test_the_database_refuses_one_beside_an_open_clearance(
    world: World, department: Client
) -> None:
    row = {"student_id": world.students[OTHER], "code": "x", "issued_at": sa.func.now()}
    with world.database.write() as session, pytest.raises(sa.exc.IntegrityError) as refused:
        session.execute(sa.insert(ClearanceCertificate).values(row))
    assert "gate_clear" in str(refused.value.orig.diag.constraint_name)  # type: ignore[union-attr]


LIST = """query($scheme: ID!, $first: Int!) { students(where: {scheme: $scheme}, first: $first) {
  nodes { certificate { isValid verifyUrl student { number } issuedBy { login } } } } }"""


def test_100_students_cost_as_many_statements_as_3(
    world: World, department: Client, statements: Statements
) -> None:
    world.add_students(100)
    pass_everywhere(world)
    with world.database.write() as session:
        for student_id in world.students.values():
            certificates.issue(session, student_id, world.people["admin"])
    counted: list[int] = []
    for first in (3, 100):
        with statements() as seen:
            found: Any = department.query(LIST, scheme=world.scheme, first=first)
        assert len(found["students"]["nodes"]) == first
        counted.append(len(seen))
    assert counted[0] == counted[1]
