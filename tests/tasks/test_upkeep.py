"""Jobs that fail in a worker for reasons of its own, and what is dropped in time."""

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import settings
from domain import files, idempotency, ids, jobs
from domain.files import NewFile
from domain.ids import Noun
from domain.importing import imports
from domain.importing.imports import ImportRequest
from domain.staffing import sessions
from models import (
    File,
    FileKind,
    IdempotencyKey,
    Job,
    JobStatus,
    Operator,
    Session,
    SignInFailures,
)
from tests import workbooks
from tests.journeys.house import House, keeping_house, wait_until
from tests.world import LIBRARY, World

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def house(values: settings.Settings) -> Iterator[House]:
    """A queue, a worker and beat of the test's own."""
    with keeping_house(values.database_url) as house:
        yield house


@pytest.fixture
def start(world: World, tmp_path: Path) -> Callable[..., int]:
    """Makes an import that waits for a worker, with the columns given; answers its key."""
    rows = [("学号", "姓名", "办理结果"), ("2020010101", "张思", "通过")]
    content = workbooks.xlsx(tmp_path / "import.xlsx", rows).read_bytes()

    def begin(**columns: Any) -> int:
        operator = world.operator("library")
        new = NewFile(operator.id, FileKind.UPLOAD, "import.xlsx", dt.timedelta(days=1))
        with world.database.write() as session:
            upload = files.store(session, new, BytesIO(content))
            file, checkpoint = ids.encode(Noun.FILE, upload.id), world.checkpoints[LIBRARY]
            request = ImportRequest(file, [ids.encode(Noun.CHECKPOINT, checkpoint)], again=True)
            job = imports.start(session, operator, request, "zh")
            session.execute(sa.update(Job).where(Job.id == job.id).values(**columns))
            return job.id

    return begin


def load(world: World, job_id: int) -> Job:
    with world.database.write() as session:
        return session.get_one(Job, job_id)


def key(world: World, login: str, at: dt.datetime | None = None) -> IdempotencyKey:
    """A key that somebody used, now or then."""
    used = IdempotencyKey(operator_id=world.people[login], mutation="decide", key_hash=b"1")
    used.body_hash = b"2"
    if at:
        used.created_at = at
    return used


def test_a_job_that_took_ten_workers_down_is_given_up_with_an_id_that_is_in_the_log(
    house: House, world: World, start: Callable[..., int]
) -> None:
    worker = house.start_worker()
    last = start(token=jobs.MOST_CLAIMS - 1)
    hopeless = start(token=jobs.MOST_CLAIMS)
    for job_id in (last, hopeless):
        house.send("imports.run", job_id)
    wait_until(lambda: all(load(world, each).finished_at for each in (last, hopeless)), 30)
    assert load(world, last).status is JobStatus.FINISHED
    [told] = worker.events("job_given_up")
    assert (told["job_id"], told["claims"], told["level"]) == (hopeless, 10, "error")
    given_up = load(world, hopeless)
    assert given_up.status is JobStatus.FAILED
    assert given_up.problem == {"code": "INTERNAL", "facts": {"id": told["id"]}}


def test_a_fault_is_logged_once_and_the_job_goes_on_at_its_next_claim(
    house: House, world: World, start: Callable[..., int]
) -> None:
    # A job without its language cannot write its workbooks.
    job_id = start(options={})
    worker = house.start_worker()
    house.send("imports.run", job_id)
    wait_until(lambda: b"KeyError" in worker.log.read_bytes(), 30)
    wait_until(lambda: house.waiting() == 0, 10)
    broken = load(world, job_id)
    assert (broken.status, broken.token, broken.applied) == (JobStatus.RUNNING, 1, 1)
    assert worker.log.read_text().count('"event": "fault"') == 1
    with world.database.write() as session:
        job = session.get_one(Job, job_id)
        job.options = {"language": "zh"}
        job.lease_until = job.queued_at = LONG_AGO
    house.start_beat()
    wait_until(lambda: load(world, job_id).finished_at, 30)
    ended = load(world, job_id)
    assert (ended.status, ended.token, ended.applied) == (JobStatus.FINISHED, 2, 1)
    assert len(world.entries()) == 1


def test_what_has_expired_is_dropped_and_its_job_stays(
    house: House, world: World, start: Callable[..., int]
) -> None:
    job_id = start(status=JobStatus.FINISHED)
    kept = load(world, start(status=JobStatus.FINISHED)).upload_id
    world.token("library")
    with world.database.write() as session:
        session.execute(
            sa.update(File).where(File.id != kept).values(created_at=LONG_AGO, expires_at=LONG_AGO)
        )
        session.execute(sa.update(Session).values(expires_at=LONG_AGO))
        session.add_all([key(world, "library", LONG_AGO), key(world, "affairs")])
    world.token("affairs")
    house.start_worker()
    house.send("upkeep.clean")
    wait_until(lambda: load(world, job_id).upload_id is None, 30)
    with world.database.write() as session:
        assert session.scalars(sa.select(File.id)).all() == [kept]
        assert session.scalars(sa.select(Session.operator_id)).all() == [world.people["affairs"]]
        kept_keys = session.scalars(sa.select(IdempotencyKey.operator_id)).all()
        assert kept_keys == [world.people["affairs"]]


def test_what_somebody_is_at_is_left_to_the_next_time(world: World) -> None:
    world.token("library")
    world.token("affairs")
    with world.database.write() as session:
        session.execute(sa.update(Session).values(expires_at=LONG_AGO))
        for login in ("library", "affairs"):
            session.add(SignInFailures(login=login, failures=1, last_at=LONG_AGO))
            session.add(key(world, login, LONG_AGO))
    with world.database.write() as ending:
        sessions.end_all(ending, ending.get_one(Operator, world.people["library"]))
        sessions.forget_failures(ending, "library")
        mine = IdempotencyKey.operator_id == world.people["library"]
        ending.execute(sa.update(IdempotencyKey).where(mine).values(created_at=sa.func.now()))
        with world.database.write() as session:
            session.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            sessions.delete_expired(session)
            idempotency.delete_expired(session)
            left = session.scalars(sa.select(Session.operator_id)).all()
            assert left == [world.people["library"]]
            assert session.scalars(sa.select(SignInFailures.login)).all() == ["library"]
            used = session.scalars(sa.select(IdempotencyKey.operator_id)).all()
            assert used == [world.people["library"]]
