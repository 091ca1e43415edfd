"""The history is the truth: every clearance can be rebuilt from its entries."""

import random

import pytest
import sqlalchemy as sa

from domain import decisions
from domain.judgement import Decision
from models import Act, Channel, Clearance, Entry, Outcome
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

State = tuple[str, str, int, object, object]
FRESH: State = ("PENDING", "", 1, None, None)
REMARKS = ("", "", "缺表", "已交", "已交，缺章")
# pytest-randomly seeds it and prints the seed.
one, several = random.choice, random.choices
DECIDING = {SUPERVISOR: "supervisor", AFFAIRS: "affairs", LIBRARY: "library"}


def decide_at_random(world: World, times: int) -> list[Outcome]:
    """Batches of any size at any checkpoint, with students who stand in a batch twice."""
    outcomes = []
    for _ in range(times):
        title = one([SUPERVISOR, AFFAIRS, LIBRARY])
        who = world.operator(one([DECIDING[title], "admin"]))
        wanted = [
            Decision(student_id, one(list(Act)), one(REMARKS))
            for student_id in several(list(world.students.values()), k=one(range(1, 10)))
        ]
        origin = decisions.Origin(who, one([Channel.SINGLE, Channel.IMPORT]))
        with world.database.write() as session:
            verdicts = decisions.apply(session, world.checkpoints[title], wanted, origin)
        outcomes += [verdict.outcome for verdict in verdicts]
    return outcomes


def rebuilt(world: World) -> dict[tuple[int, int], State]:
    """Every clearance from a fresh one on, entry by entry; each begins where the last one ended."""
    states = {
        (student, checkpoint): FRESH
        for student in world.students.values()
        for checkpoint in world.checkpoints.values()
    }
    with world.database.write() as session:
        entries = session.scalars(sa.select(Entry).order_by(Entry.version)).all()
    for entry in entries:
        key = (entry.student_id, entry.checkpoint_id)
        assert states[key][:3] == (entry.old_status, entry.old_remark, entry.version - 1)
        after = (entry.new_status.value, entry.new_remark, entry.version)
        states[key] = (*after, entry.operator_id, entry.at)
    return states


def stored(world: World) -> dict[tuple[int, int], State]:
    with world.database.write() as session:
        return {
            (row.student_id, row.checkpoint_id): (
                row.status.value,
                row.remark,
                row.version,
                row.operator_id,
                row.decided_at,
            )
            for row in session.scalars(sa.select(Clearance))
        }


@pytest.mark.parametrize("run", range(3))
def test_every_clearance_can_be_rebuilt_from_the_entries_alone(run: int, world: World) -> None:
    outcomes = decide_at_random(world, 40)
    assert rebuilt(world) == stored(world)
    applied = sum(outcome is Outcome.APPLIED for outcome in outcomes)
    assert len(world.entries()) == applied > 40


def test_a_dry_run_judges_as_the_real_one_and_leaves_nothing(world: World) -> None:
    decide_at_random(world, 10)
    before = stored(world), len(world.entries())
    wanted = [Decision(each, Act.REFUSE, "欠书") for each in world.students.values()]
    origin = decisions.Origin(world.operator("library"), Channel.IMPORT)
    with world.database.write() as session:
        tried = decisions.apply(
            session, world.checkpoints[LIBRARY], wanted, decisions.without_writing(origin)
        )
    assert (stored(world), len(world.entries())) == before
    with world.database.write() as session:
        done = decisions.apply(session, world.checkpoints[LIBRARY], wanted, origin)
    assert done == tried
