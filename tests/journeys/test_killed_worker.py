"""An import whose worker is killed, frozen or told to stop in the middle of it."""

import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from domain.reading import sheets
from models import Job, JobPhase, JobRow, JobStatus
from tests.client import Client
from tests.journeys import large
from tests.journeys.house import House, Tree, wait_until
from tests.world import LIBRARY, World

RUNNING_AGAIN_SECONDS = 60
TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


@dataclass(frozen=True)
class Watch:
    """A job as its row tells it."""

    world: World
    job_id: int

    def job(self) -> Job:
        """As it was last committed."""
        with self.world.database.write() as session:
            return session.get_one(Job, self.job_id)

    def steps(self) -> int:
        """Every row is staged, then decided: twice as many steps as rows."""
        job = self.job()
        if job.phase is JobPhase.DECIDING:
            return large.ROWS + job.applied + job.unchanged + job.failed
        is_over = job.phase is JobPhase.WRITING or job.status is JobStatus.FINISHED
        return 2 * large.ROWS if is_over else job.staged

    def is_locked(self) -> bool:
        """Somebody is in the middle of a transaction on it."""
        free = sa.select(Job.id).where(Job.id == self.job_id).with_for_update(skip_locked=True)
        with self.world.database.write() as session:
            return session.scalars(free).one_or_none() is None

    def is_in_a_transaction(self) -> bool:
        """Anybody is, perhaps still waiting for a lock that was given back a moment ago."""
        with self.world.database.write() as session:
            return bool(session.scalars(sa.text(TRANSACTIONS)).one())

    @contextmanager
    def holding(self) -> Iterator[None]:
        """From the end of a transaction on it, nobody begins another in this block."""
        with self.world.database.write() as session:
            session.execute(sa.select(Job.id).where(Job.id == self.job_id).with_for_update())
            yield

    def written(self) -> tuple[Any, ...]:
        """Whatever a worker could have written."""
        job = self.job()
        count = sa.select(sa.func.count()).select_from(JobRow)
        with self.world.database.write() as session:
            rows = session.scalars(count).one()
            entries = session.scalars(sa.text("SELECT count(*) FROM entries")).one()
        progress = (job.status, job.phase, job.staged, job.cursor, job.applied, job.lease_until)
        return (*progress, job.token, rows, entries)


def start_import(house: House, world: World, workbook: bytes) -> Watch:
    """Over HTTP, as an operator does; the message waits for a worker."""
    address = house.start_web()
    with Client(address, world.token("library")) as client:
        house.await_web(client)
        job = client.start_import(workbook, world.checkpoint(LIBRARY))
    assert job["status"] == "QUEUED"
    return Watch(world, ids.decode(job["id"], Noun.JOB))


def freeze_inside_a_transaction(tree: Tree, watch: Watch) -> None:
    """Stop all processes of a tree while they are at it."""

    def is_stopped() -> bool:
        tree.send(signal.SIGCONT)
        time.sleep(0.003)
        tree.send(signal.SIGSTOP)
        return watch.is_locked()

    wait_until(is_stopped, 60, every=0)


def freeze_between_transactions(tree: Tree, watch: Watch) -> None:
    """Stop all processes of a tree right after a commit, before the next one has begun."""

    def is_stopped() -> bool:
        tree.send(signal.SIGCONT)
        with watch.holding():
            tree.send(signal.SIGSTOP)
        return not watch.is_in_a_transaction()

    wait_until(is_stopped, 60, every=0)


def reach(watch: Watch, moment: int) -> None:
    """Wait until the job is about at this step."""
    batch, row = divmod(moment, sheets.BATCH_ROWS)
    wait_until(lambda: watch.job().status is JobStatus.RUNNING, 60, every=0.002)
    wait_until(lambda: watch.steps() >= batch * sheets.BATCH_ROWS, 60, every=0.002)
    # A batch takes longer than this.
    time.sleep(0.15 * row / sheets.BATCH_ROWS)


def await_claim(watch: Watch, token: int) -> None:
    """A worker has the job again."""
    seconds = wait_until(lambda: watch.job().token == token, RUNNING_AGAIN_SECONDS)
    print(f"running again after {seconds:.1f} s")  # noqa: T201 -- for a failure


def await_end(watch: Watch) -> None:
    """The job ends by itself."""
    wait_until(lambda: watch.job().finished_at is not None, 60)


@pytest.mark.parametrize("kills", [1, pytest.param(3, marks=pytest.mark.chaos)])
def test_an_import_whose_worker_is_killed_ends_by_itself(
    house: House, campus: World, workbook: bytes, kills: int
) -> None:
    seed = random.randrange(1 << 32)  # noqa: S311 -- not a secret
    moments = sorted(random.Random(seed).sample(range(2 * large.ROWS), kills))  # noqa: S311 -- the same
    print(f"seed {seed}: steps {moments} of {2 * large.ROWS}")  # noqa: T201 -- for a failure
    watch = start_import(house, campus, workbook)
    house.start_beat()
    worker = house.start_worker()
    for moment in moments:
        reach(watch, moment)
        before = watch.job()
        worker.kill()
        assert before.status is JobStatus.RUNNING
        worker = house.start_worker()
        await_claim(watch, before.token + 1)
    await_end(watch)
    large.check(campus, watch.job_id)
    assert watch.job().token == kills + 1


def test_a_worker_that_thaws_after_another_took_its_job_writes_nothing_more(
    house: House, campus: World, workbook: bytes
) -> None:
    watch = start_import(house, campus, workbook)
    house.start_beat()
    frozen = house.start_worker("frozen")
    wait_until(lambda: watch.job().staged, 60, every=0.002)
    freeze_between_transactions(frozen, watch)
    assert watch.job().phase is None
    other = house.start_worker("other", "--hostname=other@%h")
    await_claim(watch, 2)
    freeze_between_transactions(other, watch)
    before = watch.written()
    frozen.send(signal.SIGCONT)
    wait_until(lambda: watch.written() != before or frozen.events("job_lease_lost"), 10)
    assert watch.written() == before
    other.send(signal.SIGCONT)
    await_end(watch)
    large.check(campus, watch.job_id)
    assert [event["token"] for event in frozen.events("job_lease_lost")] == [1]
    assert b"Traceback" not in frozen.log.read_bytes()


def test_all_that_belongs_to_a_worker_dies_with_it(
    house: House, campus: World, workbook: bytes
) -> None:
    watch = start_import(house, campus, workbook)
    worker = house.start_worker()
    wait_until(lambda: watch.job().staged, 60, every=0.002)
    top, *below = worker.members()
    assert len(below) >= 3
    top.kill()
    worker.process.wait(10)
    _, alive = psutil.wait_procs(below, 5)
    assert not alive
    assert watch.job().status is JobStatus.RUNNING


@pytest.mark.chaos
def test_an_import_whose_worker_is_told_to_stop_loses_nothing(
    house: House, campus: World, workbook: bytes
) -> None:
    watch = start_import(house, campus, workbook)
    worker = house.start_worker()
    wait_until(lambda: watch.job().staged, 60, every=0.002)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(60) == 0
    await_end(watch)
    large.check(campus, watch.job_id)
    assert watch.job().token == 1


@pytest.mark.chaos
def test_a_worker_frozen_inside_a_transaction_does_not_keep_the_job(
    house: House, campus: World, workbook: bytes
) -> None:
    watch = start_import(house, campus, workbook)
    house.start_beat()
    frozen = house.start_worker("frozen")
    reach(watch, large.ROWS + 1)
    freeze_inside_a_transaction(frozen, watch)
    house.start_worker("other", "--hostname=other@%h")
    await_claim(watch, 2)
    await_end(watch)
    before = watch.written()
    frozen.send(signal.SIGCONT)
    wait_until(lambda: b"Traceback" in frozen.log.read_bytes(), 10)
    assert watch.written() == before
    large.check(campus, watch.job_id)


@pytest.mark.chaos
def test_an_import_goes_on_after_the_kernel_killed_the_process_that_ran_it(
    house: House, campus: World, workbook: bytes
) -> None:
    watch = start_import(house, campus, workbook)
    house.start_beat()
    worker = house.start_worker("worker", "--concurrency=1")
    reach(watch, large.ROWS + 1)
    [child] = psutil.Process(worker.process.pid).children()
    child.kill()
    await_claim(watch, 2)
    await_end(watch)
    large.check(campus, watch.job_id)
    assert watch.job().token == 2
    assert [event["token"] for event in worker.events("job_claimed")] == [1, 2]
