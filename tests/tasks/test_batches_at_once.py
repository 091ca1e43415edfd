"""Two batches of a job at once: what else is at work, and who loses the job meanwhile."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from domain import jobs
from domain.importing import import_batches
from domain.reading import sheets
from models import Channel, Job, JobKind, JobPhase, JobRow, Student
from tasks import running, staged
from tasks.app import Worker
from tests.journeys.house import wait_until
from tests.locks import wait_for_locks
from tests.world import LIBRARY, SUPERVISOR, World

ANALYZED = sa.text("SELECT analyze_count FROM pg_stat_user_tables WHERE relname = 'job_rows'")
DECIDE = staged.of_waiting(import_batches.decide)


@pytest.fixture
def here(world: World) -> Worker:
    return Worker(world.database, zoneinfo.ZoneInfo("Asia/Shanghai"), dt.timedelta(days=1))


@pytest.fixture(autouse=True)
def _batches_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "BATCH_ROWS", 100)


def claimed(world: World, checkpoint: str, students: Sequence[int]) -> Job:
    """An import whose rows wait, each for one of these students, in a worker's hands."""
    job = Job(
        kind=JobKind.IMPORT,
        operator_id=world.people["admin"],
        scheme_id=world.scheme_id,
        checkpoint_id=world.checkpoints[checkpoint],
        phase=JobPhase.DECIDING,
    )
    said = {"cells": [], "key": "", "name": "", "act": "PASS", "remark": ""}
    with world.database.write() as session:
        session.add(job)
        session.flush()
        rows = [
            {"job_id": job.id, "row_number": number, "student_id": student, **said}
            for number, student in enumerate(students, 2)
        ]
        session.execute(sa.insert(JobRow), rows)
        found = jobs.claim(session, job.id)
    assert found
    return found


@contextmanager
def held_up(world: World, student: int) -> Iterator[None]:
    """A batch waits for this student in the block."""
    with world.database.write() as session:
        held = sa.select(Student.id).where(Student.id == student)
        session.execute(held.with_for_update(key_share=True))
        yield


def applied(world: World, job: Job) -> int:
    with world.database.write() as session:
        return session.get_one(Job, job.id).applied


def test_two_imports_over_the_same_students_do_not_wait_in_a_circle(
    world: World, here: Worker
) -> None:
    """The second batch of each has the students of the other's first one, which is held up: if it
    did not end before the first, both would wait for ever."""
    world.add_students(200)
    one, other, *students = sorted(world.students.values())[:200]
    middle = len(students) // 2
    here_first, there_first = students[:middle], students[middle:]
    both = [
        claimed(world, LIBRARY, [one, *here_first, *there_first]),
        claimed(world, SUPERVISOR, [other, *there_first, *here_first]),
    ]
    with ThreadPoolExecutor() as pool:
        with held_up(world, one), held_up(world, other):
            decided = [pool.submit(DECIDE, here, job) for job in both]
            wait_until(lambda: [applied(world, job) for job in both] == [middle] * 2, 20)
        for each in decided:
            each.result(60)
    assert [applied(world, job) for job in both] == [1 + len(students)] * 2
    told = [entry for entry in world.entries() if entry.channel is Channel.IMPORT]
    assert len(told) == 2 * (1 + len(students))


def test_a_batch_that_ends_after_another_worker_took_the_job_is_taken_back(
    world: World, here: Worker
) -> None:
    world.add_students(150)
    students = sorted(world.students.values())
    job = claimed(world, LIBRARY, students)
    with ThreadPoolExecutor() as pool:
        with held_up(world, students[0]), world.database.write() as session:
            decided = pool.submit(DECIDE, here, job)
            wait_for_locks(session, 1)
            session.execute(sa.update(Job).values(token=Job.token + 1))
        with pytest.raises(jobs.LeaseLost):
            decided.result(60)
    told = [entry for entry in world.entries() if entry.student_id in students[:100]]
    of_first = sa.select(JobRow.outcome).where(JobRow.row_number <= 101)
    with world.database.write() as session:
        assert session.scalars(of_first).all() == [None] * 100
    assert told == []


def test_a_job_whose_batch_waits_for_somebody_keeps_its_lease(
    world: World, here: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "RENEW_SECONDS", 0.05)
    students = sorted(world.students.values())
    job = claimed(world, LIBRARY, students)
    with (
        ThreadPoolExecutor() as pool,
        held_up(world, students[0]),
        world.database.write() as session,
    ):
        decided = pool.submit(DECIDE, here, job)
        wait_for_locks(session, 1)
        lease = sa.select(Job.lease_until).where(Job.id == job.id)
        first = session.scalars(lease).one()
        wait_until(lambda: session.scalars(lease).one() != first, 10)
    decided.result(60)
    assert applied(world, job) == len(students)


def test_while_rows_are_decided_the_server_is_told_how_many_there_are(
    world: World, here: Worker
) -> None:
    """Otherwise it takes a new job for empty, and compares each row with each in its workbooks."""
    students = sorted(world.students.values())
    job = claimed(world, LIBRARY, students)

    def count() -> int:
        with world.database.write() as session:
            return int(session.scalars(ANALYZED).one())

    before = count()
    staged.with_statistics(DECIDE)(here, job)
    assert applied(world, job) == len(students)
    wait_until(lambda: count() == before + 1, 10)
