"""Full ID numbers over HTTP: by right, with a reason, with a line that stays."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from models import Reveal
from tests.client import Client
from tests.world import World

REVEAL = """
mutation($student: ID!, $reason: String!) { revealIdNumber(student: $student, reason: $reason) {
  ... on IdNumber { idNumber student { idNumber } }
  ... on Refused { code path facts { name value } }
} }
"""
SignIn = Callable[[str], Client]


def reveals(world: World) -> list[tuple[int, int, str]]:
    with world.database.write() as session:
        found = session.scalars(sa.select(Reveal))
        return [(line.operator_id, line.student_id, line.reason) for line in found]


def test_a_full_id_number_is_shown_by_right_and_leaves_a_line(
    world: World, sign_in: SignIn
) -> None:
    student = world.student("2020010101")
    answer = sign_in("admin").query(REVEAL, student=student, reason=" 核对证件 ")
    shown = {"idNumber": "110101199601010001", "student": {"idNumber": "110101********0001"}}
    assert answer == {"revealIdNumber": shown}
    line = (world.people["admin"], world.students["2020010101"], "核对证件")
    assert reveals(world) == [line]


@pytest.mark.parametrize(
    ("login", "number", "reason", "code"),
    [
        ("affairs", "2020010101", "核对证件", "FORBIDDEN"),
        ("affairs", "2020020101", "核对证件", "NOT_FOUND"),
        ("admin", "2020010101", " ", "INVALID_INPUT"),
        ("admin", "2020010101", "核" * 201, "INVALID_INPUT"),
    ],
)
def test_no_right_or_no_reason_shows_nothing(
    login: str, number: str, reason: str, code: str, world: World, sign_in: SignIn
) -> None:
    student = world.student(number)
    answer = sign_in(login).query(REVEAL, student=student, reason=reason)["revealIdNumber"]
    assert answer["code"] == code
    assert reveals(world) == []
