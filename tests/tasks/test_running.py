"""How a worker keeps a job."""

import datetime as dt
import threading
import time
import zoneinfo
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from domain import ids, jobs
from domain.exports import jobs as exports
from domain.exports.matrix import MatrixRequest
from domain.exports.table import Table
from domain.ids import Noun
from domain.lists.student_filters import StudentFilter
from domain.workbook import excel
from models import Job, JobStatus
from tasks import running
from tasks.app import Worker
from tests.journeys.house import wait_until
from tests.world import World


@pytest.fixture
def here(world: World) -> Worker:
    return Worker(world.database, zoneinfo.ZoneInfo("Asia/Shanghai"), dt.timedelta(days=1))


@pytest.fixture
def job(world: World) -> Job:
    """An export that waits for a worker."""
    where = StudentFilter(ids.encode(Noun.SCHEME, world.scheme_id))
    with world.database.write() as session:
        return exports.start(session, world.operator("library"), MatrixRequest(where))


def break_down(_here: Worker, _job: Job) -> None:
    raise ZeroDivisionError


def test_the_lease_is_renewed_until_the_work_is_done_or_another_has_it(
    world: World, here: Worker, job: Job
) -> None:
    with world.database.write() as session:
        claimed = jobs.claim(session, job.id)
    assert claimed

    def lease() -> dt.datetime | None:
        with world.database.write() as session:
            return session.get_one(Job, job.id).lease_until

    first = lease()
    with running.renewing(here, claimed):
        wait_until(lambda: lease() != first, 5)
        with world.database.write() as session:
            session.execute(sa.update(Job).values(token=2))
        last = lease()
        assert first
        assert last
        assert last > first
    assert lease() == last


def test_a_wish_to_cancel_is_met_while_the_worker_waits(
    world: World, here: Worker, job: Job
) -> None:
    with world.database.write() as session:
        jobs.claim(session, job.id)
        jobs.cancel(session, world.operator("library"), ids.encode(Noun.JOB, job.id))
        claimed = session.get_one(Job, job.id)

    with pytest.raises(jobs.CancelRequested):
        running.renew(here, claimed)


def test_a_fault_is_logged_once_and_its_id_is_that_of_the_job_that_is_given_up(
    world: World, here: Worker, job: Job
) -> None:
    ids_logged = []
    for _ in range(jobs.MOST_CLAIMS):
        with structlog.testing.capture_logs() as logged:
            running.run(here, job.id, break_down)
        [fault] = [event for event in logged if event["log_level"] == "error"]
        assert (fault["event"], fault["job_id"]) == ("fault", job.id)
        ids_logged.append(fault["id"])
        with world.database.write() as session:
            session.execute(sa.update(Job).values(lease_until=sa.func.now()))
    assert len(set(ids_logged)) == jobs.MOST_CLAIMS

    running.run(here, job.id, break_down)
    with world.database.write() as session:
        ended = session.get_one(Job, job.id)
    assert ended.status is JobStatus.FAILED
    assert ended.problem == {"code": "INTERNAL", "facts": {"id": ids_logged[-1]}}


def test_an_export_that_breaks_down_each_time_is_given_up_however_far_it_came(
    world: World, here: Worker, job: Job
) -> None:
    def write_and_break_down(here: Worker, job: Job) -> None:
        with here.database.write() as session:
            exports.report(session, job.id, job.token, 2_000)
        raise ZeroDivisionError

    told = []
    for _ in range(jobs.MOST_CLAIMS + 1):
        running.run(here, job.id, write_and_break_down)
        with world.database.write() as session:
            found = session.get_one(Job, job.id)
            told.append((found.staged, found.status))
            session.execute(sa.update(Job).values(lease_until=sa.func.now()))

    assert told[:-1] == [(2_000, JobStatus.RUNNING)] * jobs.MOST_CLAIMS
    assert told[-1] == (2_000, JobStatus.FAILED)


def test_the_work_of_two_goes_on_at_once_and_all_is_done_at_the_end() -> None:
    both = threading.Barrier(2, timeout=10)
    done = []

    def meet(item: int) -> None:
        both.wait()
        done.append(item)

    running.two_at_once(meet, range(6))
    assert sorted(done) == list(range(6))


def test_after_a_failure_none_is_begun_and_what_was_begun_has_ended() -> None:
    begun, ended = [], []
    is_begun = threading.Event()

    def fail_first(item: int) -> None:
        begun.append(item)
        if item == 0:
            assert is_begun.wait(10)
            raise ZeroDivisionError
        is_begun.set()
        time.sleep(0.2)
        ended.append(item)

    with pytest.raises(ZeroDivisionError):
        running.two_at_once(fail_first, range(6))
    assert (sorted(begun), ended) == ([0, 1], [1])


@pytest.mark.parametrize(
    ("name", "columns", "rows", "most", "value"),
    [("ROWS", 1, 3, "2", "3"), ("COLUMNS", 4, 1, "3", "4")],
)
def test_an_export_that_outgrows_a_sheet_while_it_is_written_fails_and_says_so(
    world: World,
    here: Worker,
    job: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    columns: int,
    rows: int,
    most: str,
    value: str,
) -> None:
    monkeypatch.setattr(excel, name, 3)
    table = Table("名单", ["列"] * columns, iter([["x"] * columns] * rows), [])

    def write(_here: Worker, job: Job) -> None:
        exports.write_file(job, table, tmp_path / "a.xlsx")

    running.run(here, job.id, write)

    with world.database.write() as session:
        ended = session.get_one(Job, job.id)
    facts = {"name": name.lower(), "limit": most, "value": value, "format": "XLSX"}
    assert ended.status is JobStatus.FAILED
    assert ended.problem == {"code": "LIMIT_EXCEEDED", "facts": facts}


def test_a_job_that_ends_well_after_a_fault_has_no_problem(
    world: World, here: Worker, job: Job
) -> None:
    running.run(here, job.id, break_down)
    with world.database.write() as session:
        session.execute(sa.update(Job).values(lease_until=sa.func.now()))

    def finish(here: Worker, job: Job) -> None:
        with here.database.write() as session:
            jobs.finish(session, job.id, job.token)

    running.run(here, job.id, finish)
    with world.database.write() as session:
        ended = session.get_one(Job, job.id)
    assert (ended.status, ended.problem) == (JobStatus.FINISHED, None)
