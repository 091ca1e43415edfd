"""Rosters beside decisions and beside each other: one waits, and nothing is lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.configuration import schemes
from domain.deciding import decisions
from domain.deciding.judgement import Decision
from models import Act, Channel, Job, JobStatus, Student
from tests.domain.roster_steps import prepare, start, work
from tests.world import LIBRARY, World


@pytest.fixture(autouse=True)
def prepared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(world, monkeypatch)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def is_waiting(world: World, seconds: float = 10) -> bool:
    """Whether some other connection comes to wait for a lock."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    stop = threading.Event()
    for _ in range(int(seconds / 0.02)):
        with world.database.write() as session:
            if session.scalar(waiting):
                return True
        stop.wait(0.02)
    return False


def refuse(session: Session, world: World) -> None:
    """The library refuses 张思."""
    student_id, checkpoint_id = world.students["2020010101"], world.checkpoints[LIBRARY]
    decision = Decision(student_id, Act.REFUSE, "欠书")
    origin = decisions.Origin(world.operator("library"), Channel.SINGLE)
    decisions.apply_one(session, checkpoint_id, decision, origin)


def test_a_roster_waits_for_a_decision_and_leaves_it(
    world: World, pool: ThreadPoolExecutor
) -> None:
    job = start(world)
    with world.database.write() as deciding:
        refuse(deciding, world)
        running: Future[None] = pool.submit(work, world, job)
        assert is_waiting(world)
    running.result(30)

    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 2)
    assert world.entries()[0].channel is Channel.SINGLE
    with world.database.write() as session:
        assert session.get_one(Student, world.students["2020010101"]).name == "张四"


def test_a_decision_waits_for_a_roster_and_sees_what_it_made(
    world: World, pool: ThreadPoolExecutor
) -> None:
    job = start(world)

    def decide() -> None:
        with world.database.write() as session:
            refuse(session, world)

    with world.database.write() as enrolling:
        schemes.hold(enrolling, world.operator("head"), world.scheme_id)
        deciding = pool.submit(decide)
        assert is_waiting(world)
    work(world, job)
    deciding.result(30)

    # Whoever came first, the other one saw it: no entry is lost, and the versions follow.
    entries = [each for each in world.entries() if each.student_id == world.students["2020010101"]]
    assert world.state("2020010101", LIBRARY)[2] == 1 + len(entries)


def test_two_rosters_at_once_enrol_everybody_once(world: World, pool: ThreadPoolExecutor) -> None:
    both = [start(world, archive_missing=None), start(world, archive_missing=None)]

    list(pool.map(partial(work, world), both))

    with world.database.write() as session:
        done = session.scalars(sa.select(Job).order_by(Job.id)).all()
        numbers = session.scalars(sa.select(Student.number)).all()
    assert {each.status for each in done} == {JobStatus.FINISHED}
    assert sum(each.applied for each in done) == 5
    assert [each.failed for each in done] == [0, 0]
    assert len(numbers) == len(set(numbers)) == 9
