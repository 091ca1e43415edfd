"""The table of decisions through rows of a file, and through rows that were repaired."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from models import SchemeStatus
from tests import cases, workbooks
from tests.cases import Case, Window
from tests.client import Client
from tests.desk import repaired
from tests.world import AFFAIRS, World

pytestmark = pytest.mark.usefixtures("worker")

HEADER = ("学号", "办理结果", "备注")
WORDS = {"PASS": "通过", "REFUSE": "未通过"}
GROUPS = sorted(
    {(case.scheme, case.window) for case in cases.IN_A_FILE},
    key=lambda pair: (pair[0].value, pair[1].name),
)


def table(scheme: SchemeStatus, window: Window) -> list[Case]:
    return [case for case in cases.IN_A_FILE if (case.scheme, case.window) == (scheme, window)]


def book(some: Sequence[Case], numbers: Sequence[str]) -> bytes:
    lines = [(n, WORDS[case.act], case.remark) for n, case in zip(numbers, some, strict=True)]
    return workbooks.content([HEADER, *lines])


def check(world: World, some: Sequence[Case], numbers: Sequence[str], job: Any) -> None:
    """Every row has the outcome of its case, and every student stands where it leads to."""
    rows = job["rows"]["nodes"]
    assert {
        case.name: (row["outcome"], row["code"]) for case, row in zip(some, rows, strict=True)
    } == {case.name: (case.outcome, case.code) for case in some}
    assert {
        case.name: world.state(number, AFFAIRS) for case, number in zip(some, numbers, strict=True)
    } == {case.name: case.after for case in some}
    assert len(world.entries()) == job["applied"]


@pytest.mark.parametrize(("scheme", "window"), GROUPS)
def test_the_table_of_decisions_holds_for_rows_of_a_file(
    sign_in: Callable[[str], Client], world: World, scheme: SchemeStatus, window: Window
) -> None:
    some = table(scheme, window)
    numbers = world.add_students(len(some))
    for number, case in zip(numbers, some, strict=True):
        case.arrange(world, number)
    job = sign_in("affairs").run_import(book(some, numbers), world.checkpoint(AFFAIRS))
    check(world, some, numbers, job)


@pytest.mark.parametrize(("scheme", "window"), GROUPS)
def test_the_table_of_decisions_holds_for_repaired_rows(
    sign_in: Callable[[str], Client], world: World, scheme: SchemeStatus, window: Window
) -> None:
    """Each row fails for want of a number, and is given one when everything stands ready."""
    some = table(scheme, window)
    numbers = world.add_students(len(some))
    client = sign_in("affairs")
    job = client.run_import(book(some, [""] * len(some)), world.checkpoint(AFFAIRS))
    assert {row["code"] for row in job["rows"]["nodes"]} == {"KEY_MISSING"}
    for number, case in zip(numbers, some, strict=True):
        case.arrange(world, number)
    edits = [(row, "A", number) for row, number in enumerate(numbers, 2)]
    check(world, some, numbers, repaired(client, job["id"], *edits))
    assert {entry.channel for entry in world.entries()} <= {"REPAIR"}
