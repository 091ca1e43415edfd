"""Whether a clearance is still as a job left it, and what it was before: by its entries alone."""

import datetime as dt

import pytest

from domain.deciding.judgement import State
from domain.deciding.restoring import Step, judge
from models import ClearanceStatus

PENDING, PASSED, REFUSED, _ = ClearanceStatus
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
MINE, OTHER, UNDO, REDO = 1, 2, 3, 4
# Each entry of a clearance: by which job (None: by hand), to which status, what it restores.
Entries = list[tuple[int | None, ClearanceStatus, int | None]]


def steps(entries: Entries) -> list[Step]:
    return [
        Step(version, job, restores, status, f"v{version}", version, f"operator {version}", NOW)
        for version, (job, status, restores) in enumerate(entries, 2)
    ]


def undo(entries: Entries, job: int = MINE) -> tuple[str, str | None, State | None, int]:
    taken = steps(entries)
    last = taken[-1]
    verdict, restored = judge(State(last.status, last.remark, last.version), taken, job)
    return verdict.outcome.value, verdict.code, verdict.after, restored


APPLIED: list[tuple[str, Entries, int, ClearanceStatus, int]] = [
    # what, entries, undone job, the status that comes back, of which version
    ("the first decision", [(MINE, PASSED, None)], MINE, PENDING, 1),
    ("after one by hand", [(None, REFUSED, None), (MINE, PASSED, None)], MINE, REFUSED, 2),
    ("two in a row", [(None, REFUSED, None), (MINE, PASSED, None), (MINE, REFUSED, None)],
     MINE, REFUSED, 2),
    ("only the last run of two", [(MINE, PASSED, None), (OTHER, REFUSED, None),
     (MINE, PASSED, None)], MINE, REFUSED, 3),
    ("an undo", [(MINE, PASSED, None), (UNDO, PENDING, 1)], UNDO, PASSED, 2),
    ("again after the undo was undone",
     [(MINE, PASSED, None), (UNDO, PENDING, 1), (REDO, PASSED, 2)], MINE, PENDING, 1),
    ("what went on after its undo",
     [(MINE, PASSED, None), (UNDO, PENDING, 1), (MINE, REFUSED, None)], MINE, PENDING, 1),
]  # fmt: skip


@pytest.mark.parametrize(("what", "entries", "job", "status", "version"), APPLIED)
def test_what_is_as_the_job_left_it_becomes_what_it_was(
    what: str, entries: Entries, job: int, status: ClearanceStatus, version: int
) -> None:
    outcome, code, after, restored = undo(entries, job)
    assert (outcome, code, restored) == ("APPLIED", None, version), what
    by_hand = (f"v{version}", version) if version > 1 else ("", None)
    assert after == State(status, by_hand[0], len(entries) + 2, by_hand[1])


def test_what_was_taken_back_already_stays() -> None:
    assert undo([(MINE, PASSED, None), (UNDO, PENDING, 1)])[:2] == ("UNCHANGED", "ALREADY_UNDONE")


@pytest.mark.parametrize(
    "entries",
    [
        [(MINE, PASSED, None), (None, REFUSED, None)],
        [(MINE, PASSED, None), (None, PASSED, None)],
        [(MINE, PASSED, None), (OTHER, PENDING, None)],
        [(MINE, PASSED, None), (UNDO, PENDING, 1), (None, PASSED, None)],
    ],
)
def test_what_changed_since_stays(entries: Entries) -> None:
    taken = steps(entries)
    verdict, _ = judge(State(taken[-1].status, "", taken[-1].version), taken, MINE)
    assert (verdict.outcome, verdict.code, verdict.after) == ("FAILED", "CHANGED_SINCE", None)
    last = taken[-1]
    assert verdict.facts == {
        "status": last.status,
        "operator": last.operator_name,
        "time": NOW.isoformat(),
        "remark": last.remark,
    }
