"""Handing out to many students in one request: each has an outcome, and the cost is the same."""

from collections.abc import Callable

import pytest

from tests.client import Client
from tests.conftest import counting_statements
from tests.schema.handing import DEGREE, MANY, MATERIALS, NUMBER, OTHER, certificate, clear, row
from tests.schema.test_hand_outs import GEOLOGIST, written
from tests.world import World

SignIn = Callable[[str], Client]


@pytest.fixture
def department(world: World, sign_in: SignIn) -> Client:
    return sign_in("department")


def test_many_receive_at_once_and_each_has_an_outcome(world: World, department: Client) -> None:
    third, unknown = "2020010103", GEOLOGIST
    clear(world, NUMBER, third)
    rows = [
        row(world, NUMBER, certificate("D1"), {"kind": MATERIALS}),
        row(world, OTHER),
        row(world, NUMBER, certificate("D1")),
        row(world, third, certificate("D1")),
        row(world, unknown),
    ]
    job = department.query(MANY, scheme=world.scheme, rows=rows)["handOutMany"]
    counts = {key: job[key] for key in ("total", "applied", "unchanged", "failed", "unprocessed")}
    assert (job["kind"], job["status"]) == ("HAND_OUT", "FINISHED")
    assert counts == {"total": 5, "applied": 1, "unchanged": 1, "failed": 3, "unprocessed": 0}
    assert [(each["outcome"], each["code"]) for each in job["rows"]["nodes"]] == [
        ("APPLIED", None),
        ("FAILED", "CLEARANCE_INCOMPLETE"),
        ("UNCHANGED", None),
        ("FAILED", "CERTIFICATE_NUMBER_TAKEN"),
        ("FAILED", "STUDENT_NOT_FOUND"),
    ]
    assert job["rows"]["nodes"][0]["cells"] == [
        NUMBER,
        "张思",
        "学位证、毕业材料",
        "D1",
        "本人领取",
    ]
    assert written(world) == [(DEGREE, "D1"), (MATERIALS, None)]


def test_all_or_nothing_gives_nothing_if_one_cannot_receive(
    world: World, department: Client
) -> None:
    clear(world, NUMBER)
    rows = [row(world, NUMBER), row(world, OTHER)]
    job = department.query(MANY, scheme=world.scheme, rows=rows, mode="ALL_OR_NOTHING")
    outcomes = [each["outcome"] for each in job["handOutMany"]["rows"]["nodes"]]
    assert outcomes == ["UNPROCESSED", "FAILED"]
    assert written(world) == []


def test_a_batch_costs_the_same_statements_for_3_and_for_60(
    world: World, department: Client
) -> None:
    numbers = world.add_students(63)
    clear(world, *numbers)

    def cost(some: list[str]) -> int:
        rows = [row(world, number, certificate(f"D{number}")) for number in some]
        with counting_statements() as seen:
            job = department.query(MANY, scheme=world.scheme, rows=rows)["handOutMany"]
        assert job["applied"] == len(some)
        return len(seen)

    assert cost(numbers[:3]) == cost(numbers[3:])
