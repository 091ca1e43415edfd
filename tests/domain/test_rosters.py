"""A roster whose worker dies, loses its lease or its right, or is cancelled."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from domain import jobs
from domain.enrolling import rosters
from domain.errors import Code, Refusal
from models import Grant, Job, JobStatus
from tests.domain.roster_steps import Died, claim, dying, prepare, result, start, work
from tests.world import World


@pytest.fixture(autouse=True)
def prepared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(world, monkeypatch)


def test_a_roster_is_applied_in_batches_and_judged_by_the_rules(world: World) -> None:
    job = start(world)
    work(world, job)

    counted, rows, students, lines, entries, _, departments = result(world, job)
    assert counted == [
        ("FINISHED", 5, 2, 0, 0,
         {"ADDED": 3, "CHANGED": 2, "RESTORED": 0, "missing": 3, "archived": 3,
          "unknown_departments": ["新学院"]})
    ]  # fmt: skip
    assert [row.outcome for row in rows] == [
        "APPLIED", "APPLIED", "APPLIED", "UNCHANGED", "UNCHANGED", "APPLIED", "APPLIED",
    ]  # fmt: skip
    assert len(students) == 9
    assert ("2020020101", "STATUS", "在册", "已归档", None) in lines
    assert entries == [
        ("2020010101", 2, "NOT_REQUIRED", "ROSTER"), ("N1", 3, "NOT_REQUIRED", "ROSTER"),
    ]  # fmt: skip
    assert departments == [(3,)]


@pytest.mark.parametrize("at", range(6))
def test_a_roster_whose_worker_dies_anywhere_ends_as_if_it_had_not(world: World, at: int) -> None:
    job = start(world)
    with pytest.raises(Died):
        work(world, job, dying(at))
    work(world, job)
    after_death = result(world, job)

    # A second worker has nothing left to do; the same file once more changes nothing.
    again = start(world)
    work(world, again)

    assert after_death[0][0][:5] == ("FINISHED", 5, 2, 0, 0)
    assert len(after_death[3]) == 3 + 4 + 3
    assert result(world, again)[2:5] == after_death[2:5]
    assert result(world, again)[0][0][:5] == ("FINISHED", 0, 7, 0, 0)


@pytest.mark.parametrize("name", ["stage", "finish_staging", "apply", "settle"])
def test_an_old_token_changes_nothing(world: World, name: str) -> None:
    job = start(world)
    claim(world, job)
    claim(world, job)
    before = result(world, job)
    step: Callable[..., Any] = getattr(rosters, name)
    more = (None, None) if name == "stage" else ()

    with pytest.raises(jobs.LeaseLost), world.database.write() as session:
        step(session, job.id, 1, *more)

    assert result(world, job) == before


def test_a_right_that_is_revoked_ends_the_roster_before_its_next_batch(world: World) -> None:
    job = start(world)
    with pytest.raises(Died):
        work(world, job, dying(3))
    with world.database.write() as session:
        session.execute(sa.delete(Grant).where(Grant.operator_id == world.people["head"]))
    before = result(world, job)

    with pytest.raises(Refusal) as refused:
        work(world, job)

    assert refused.value.code is Code.FORBIDDEN
    assert result(world, job) == before


def test_a_scheme_that_is_closed_meanwhile_keeps_its_roster(world: World) -> None:
    job = start(world)
    world.set_scheme(status="CLOSED")

    with pytest.raises(Refusal) as refused:
        work(world, job)

    assert refused.value.code is Code.SCHEME_READ_ONLY
    assert world.entries() == []


def test_a_roster_that_is_cancelled_keeps_what_was_applied(world: World) -> None:
    job = start(world)
    with pytest.raises(Died):
        work(world, job, dying(3))
    with world.database.write() as session:
        session.execute(sa.update(Job).values(cancel_requested_at=sa.func.now()))

    work(world, job)

    [done] = result(world, job)[0]
    assert (done.status, done.applied, done.unchanged, done.failed, done.unprocessed) == (
        JobStatus.CANCELLED, 3, 0, 0, 4,
    )  # fmt: skip
    assert (done.tally["missing"], done.tally["archived"]) == (3, 0)
