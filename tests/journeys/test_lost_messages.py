"""Redis is away, forgets everything, or tells everything twice."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Job
from tests import workbooks
from tests.client import Client
from tests.journeys.house import House, wait_until
from tests.world import LIBRARY, World

SOON_SECONDS = 3


@pytest.fixture
def client(house: House, world: World) -> Iterator[Client]:
    """The library's operator, at the house's own web server."""
    with Client(house.start_web(), world.token("library")) as client:
        house.await_web(client)
        yield client


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    rows = [("学号", "姓名", "办理结果"), ("2020010101", "张思", "通过")]
    return workbooks.xlsx(tmp_path / "import.xlsx", rows).read_bytes()


def start(client: Client, world: World, content: bytes) -> str:
    """The id of a queued job, which is answered soon."""
    file = client.upload(content)
    began = time.monotonic()
    job = client.import_file(file, world.checkpoint(LIBRARY), again=True)
    assert time.monotonic() - began < SOON_SECONDS
    assert job["status"] == "QUEUED"
    return str(job["id"])


def pass_patience(world: World) -> None:
    """As if the queued jobs had waited for half a minute."""
    with world.database.write() as session:
        session.execute(sa.text("UPDATE jobs SET queued_at = queued_at - interval '31 s'"))


def token(world: World, job: str) -> int:
    """How often it was claimed."""
    with world.database.write() as session:
        return session.get_one(Job, ids.decode(job, Noun.JOB)).token


def test_a_job_started_without_redis_runs_when_it_is_back(
    house: House, world: World, client: Client, content: bytes
) -> None:
    house.start_beat()
    worker = house.start_worker()
    worker.await_ready()
    house.stop_queue()
    started = [start(client, world, content) for _ in range(2)]
    house.start_queue()
    pass_patience(world)
    finished = [client.finished(job) for job in started]
    assert sorted(job["applied"] for job in finished) == [0, 1]
    assert sorted(job["unchanged"] for job in finished) == [0, 1]
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)


@pytest.mark.chaos
def test_a_job_started_while_redis_is_frozen_or_full_is_answered_soon_and_runs_later(
    house: House, world: World, client: Client, content: bytes
) -> None:
    with house.frozen_queue():
        started = [start(client, world, content)]
    house.set_memory(1)
    started.append(start(client, world, content))
    house.set_memory(0)
    house.start_beat()
    house.start_worker()
    pass_patience(world)
    assert sorted(client.finished(job)["applied"] for job in started) == [0, 1]


def test_a_job_whose_message_redis_forgot_runs_all_the_same(
    house: House, world: World, client: Client, content: bytes
) -> None:
    forgotten = start(client, world, content)
    house.flush_queue()
    house.start_beat()
    house.start_worker().await_ready()
    house.flush_queue()
    # Whoever was connected all the time can go on sending and receiving.
    known = start(client, world, content)
    pass_patience(world)
    finished = [client.finished(job) for job in (known, forgotten)]
    assert sorted(job["applied"] for job in finished) == [0, 1]
    assert sorted(job["unchanged"] for job in finished) == [0, 1]


@pytest.mark.chaos
def test_a_job_is_sent_at_once_after_redis_was_restarted(
    house: House, world: World, client: Client, content: bytes
) -> None:
    for outcome in ("applied", "unchanged"):
        job = start(client, world, content)
        worker = house.start_worker()
        assert client.finished(job)[outcome] == 1
        worker.kill()
        house.stop_queue()
        house.start_queue()


def test_a_job_runs_once_however_often_its_message_comes(
    house: House, world: World, client: Client, content: bytes
) -> None:
    job = start(client, world, content)
    for _ in range(4):
        house.send("imports.run", ids.decode(job, Noun.JOB))
    workers = [house.start_worker(name, f"--hostname={name}@%h") for name in ("one", "two")]
    assert client.finished(job)["applied"] == 1
    # The messages that came after the end do nothing either.
    house.send("imports.run", ids.decode(job, Noun.JOB))
    wait_until(lambda: house.waiting() == 0, 20)
    assert sum(len(worker.events("job_claimed")) for worker in workers) == 1
    assert token(world, job) == 1
    assert len(world.entries()) == 1
