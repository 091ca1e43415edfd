"""Who may work on a job, and what an old worker may still do to it."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids, jobs
from domain.exports import jobs as exports
from domain.exports.matrix import MatrixRequest
from domain.ids import Noun
from domain.importing import results
from domain.lists.student_filters import StudentFilter
from models import (
    Entry,
    File,
    FileKind,
    Job,
    JobFile,
    JobKind,
    JobPhase,
    JobRow,
    JobStatus,
)
from tests.domain.import_steps import STEPS, claim, reload, run_to
from tests.world import World


def set_job(world: World, job: Job, **values: Any) -> None:
    with world.database.write() as session:
        session.execute(sa.update(Job).where(Job.id == job.id).values(**values))


def ago(seconds: float) -> sa.ColumnElement[dt.datetime]:
    return sa.func.clock_timestamp() - dt.timedelta(seconds=seconds)


def lost(world: World) -> list[tuple[int, JobKind]]:
    with world.database.write() as session:
        return [(each.id, each.kind) for each in jobs.lost(session)]


def test_a_job_is_claimed_by_one_worker_only(world: World, job: Job) -> None:
    first = claim(world, job)
    assert first is not None
    assert (first.status, first.token) == (JobStatus.RUNNING, 1)
    assert claim(world, job) is None
    assert reload(world, job).token == 1


def test_a_job_is_claimed_again_when_its_lease_is_over(world: World, job: Job) -> None:
    first = claim(world, job)
    set_job(world, job, lease_until=ago(0.01))
    second = claim(world, job)
    assert first is not None
    assert second is not None
    assert (second.token, second.started_at) == (2, first.started_at)
    assert second.lease_until is not None
    assert first.lease_until is not None
    assert second.lease_until > first.lease_until


@pytest.mark.parametrize("status", [JobStatus.FINISHED, JobStatus.CANCELLED, JobStatus.FAILED])
def test_a_job_that_has_ended_is_not_claimed(world: World, job: Job, status: JobStatus) -> None:
    set_job(world, job, status=status)
    assert claim(world, job) is None


def everything(world: World) -> list[Any]:
    """All that a worker writes."""
    tables = [Job, JobRow, JobFile, File, Entry]
    with world.database.write() as session:
        return [
            session.execute(sa.select(table.__table__).order_by(*table.__table__.primary_key)).all()
            for table in tables
        ]


@pytest.mark.parametrize("name", STEPS)
def test_an_old_token_changes_nothing(world: World, job: Job, path: Path, name: str) -> None:
    claim(world, job)
    run_to(world, job, path, name)
    set_job(world, job, lease_until=ago(0.01))
    claim(world, job)
    before = everything(world)
    with pytest.raises(jobs.LeaseLost), world.database.write() as session:
        STEPS[name](session, job.id, 1, path)
    assert everything(world) == before


@pytest.mark.parametrize("name", STEPS)
def test_a_job_that_has_ended_is_not_changed_by_its_own_worker(
    world: World, job: Job, path: Path, name: str
) -> None:
    claim(world, job)
    run_to(world, job, path, name)
    set_job(world, job, status=JobStatus.FAILED)
    before = everything(world)
    with pytest.raises(jobs.LeaseLost), world.database.write() as session:
        STEPS[name](session, job.id, 1, path)
    assert everything(world) == before


def test_every_step_of_an_import_may_be_run_again(world: World, job: Job, path: Path) -> None:
    claim(world, job)
    for name in ("stage", "finish_staging", "decide", "settle"):
        with world.database.write() as session:
            STEPS[name](session, job.id, 1, path)
        if name in {"stage", "decide"}:
            before = everything(world)[1:]
            with world.database.write() as session:
                STEPS[name](session, job.id, 1, path)
            assert everything(world)[1:] == before
    with world.database.write() as session:
        STEPS["finish"](session, job.id, 1, path)
    done = reload(world, job)
    assert (done.status, done.phase, done.lease_until) == (JobStatus.FINISHED, None, None)
    assert (done.total, done.applied, done.unchanged, done.failed) == (3, 2, 1, 0)
    assert len(world.entries()) == 2


def test_a_file_that_is_kept_again_takes_the_place_of_the_first(
    world: World, job: Job, path: Path
) -> None:
    claim(world, job)
    for _ in range(2):
        with world.database.write() as session:
            STEPS["keep_file"](session, job.id, 1, path)
    with world.database.write() as session:
        made = session.scalars(sa.select(File).where(File.kind == FileKind.ANNOTATED)).all()
        [kept] = session.scalars(sa.select(JobFile)).all()
    assert [file.id for file in made] == [kept.file_id]


def test_a_queued_job_is_lost_after_30_seconds_and_found_once(world: World, job: Job) -> None:
    set_job(world, job, queued_at=ago(29))
    assert lost(world) == []
    set_job(world, job, queued_at=ago(30.01))
    assert lost(world) == [(job.id, JobKind.IMPORT)]
    assert lost(world) == []


def test_a_running_job_is_lost_when_its_lease_is_over_and_found_once(
    world: World, job: Job
) -> None:
    claim(world, job)
    set_job(world, job, queued_at=ago(60))
    assert lost(world) == []
    set_job(world, job, lease_until=ago(0.01))
    assert lost(world) == [(job.id, JobKind.IMPORT)]
    assert lost(world) == []


def test_two_sweepers_at_the_same_time_find_a_job_once(world: World, job: Job) -> None:
    set_job(world, job, queued_at=ago(31))
    with world.database.write() as one, world.database.write() as other:
        assert [each.id for each in (*jobs.lost(one), *jobs.lost(other))] == [job.id]


def test_a_job_in_the_middle_of_a_long_batch_is_not_lost(world: World, job: Job) -> None:
    claim(world, job)
    set_job(world, job, queued_at=ago(60), lease_until=ago(0.01))
    with world.database.write() as batch:
        jobs.hold(batch, job.id, 1)
        assert lost(world) == []


def test_a_job_that_has_ended_is_never_lost(world: World, job: Job) -> None:
    set_job(world, job, status=JobStatus.FINISHED, queued_at=ago(60), lease_until=ago(60))
    assert lost(world) == []


def test_lost_exports_are_found_too(world: World) -> None:
    with world.database.write() as session:
        where = StudentFilter(ids.encode(Noun.SCHEME, world.scheme_id))
        request = MatrixRequest(where=where)
        export = exports.start(session, world.operator("library"), request)
    set_job(world, export, queued_at=ago(31))
    assert lost(world) == [(export.id, JobKind.EXPORT)]


def test_a_job_is_hopeless_after_ten_claims(world: World, job: Job) -> None:
    hopeless = []
    for _ in range(jobs.MOST_CLAIMS + 1):
        claimed = claim(world, job)
        assert claimed is not None
        hopeless.append(jobs.is_hopeless(claimed))
        set_job(world, job, lease_until=ago(0.01))
    assert hopeless == [*[False] * 10, True]


def test_a_claim_that_made_progress_starts_the_count_anew(world: World, job: Job) -> None:
    for _ in range(jobs.MOST_CLAIMS):
        assert claim(world, job) is not None
        set_job(world, job, lease_until=ago(0.01))
    with world.database.write() as session:
        jobs.advance(session, jobs.hold(session, job.id, jobs.MOST_CLAIMS), staged=1)
    set_job(world, job, lease_until=ago(0.01))
    again = claim(world, job)
    assert again is not None
    assert (again.token, again.progress_token, jobs.is_hopeless(again)) == (11, 10, False)


def test_the_kinds_of_workbooks_follow_the_outcomes(world: World, job: Job, path: Path) -> None:
    claim(world, job)
    run_to(world, job, path, "")
    with world.database.write() as session:
        assert results.kinds(session, job.id) == (FileKind.ANNOTATED,)
    assert reload(world, job).phase is JobPhase.WRITING
