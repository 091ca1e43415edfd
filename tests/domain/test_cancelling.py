"""A wish to cancel: what it stops, and when."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain import ids, jobs
from domain.errors import Code, Refusal
from domain.ids import Noun
from models import Job, JobStatus
from tests.domain.import_steps import STEPS, claim, reload, run_to
from tests.locks import frozen_waiter, wait_for_locks
from tests.world import World


def cancel(world: World, job: Job) -> Job:
    operator = world.operator("library")
    with world.database.write() as session:
        return jobs.cancel(session, operator, ids.encode(Noun.JOB, job.id))


def test_an_import_that_writes_its_workbooks_can_no_longer_be_cancelled(
    world: World, job: Job, path: Path
) -> None:
    claim(world, job)
    run_to(world, job, path, "")

    with pytest.raises(Refusal) as refused:
        cancel(world, job)
    assert refused.value.code is Code.JOB_NOT_CANCELLABLE
    assert refused.value.facts == {"status": "RUNNING", "phase": "WRITING"}
    assert reload(world, job).cancel_requested_at is None


def test_an_import_that_is_cancelled_while_its_file_is_read_counts_the_rows_so_far(
    world: World, job: Job, path: Path
) -> None:
    claim(world, job)
    run_to(world, job, path, "finish_staging")
    cancel(world, job)
    with world.database.write() as session:
        jobs.end_cancelled(session, job.id, 1)

    ended = reload(world, job)
    assert (ended.status, ended.total, ended.unprocessed) == (JobStatus.CANCELLED, 3, 3)


def test_what_a_cancelled_import_left_alone_is_counted_once(
    world: World, job: Job, path: Path
) -> None:
    claim(world, job)
    run_to(world, job, path, "decide")
    cancel(world, job)
    for name in ("leave_rest", "finish"):
        with world.database.write() as session:
            STEPS[name](session, job.id, 1, path)

    ended = reload(world, job)
    assert (ended.status, ended.unprocessed) == (JobStatus.CANCELLED, 3)


def test_no_batch_slips_in_before_a_wish_that_waits(world: World, job: Job) -> None:
    """However slowly it wakes: the worker takes hold again at once, and would be the first."""
    claim(world, job)
    wish = threading.Thread(target=cancel, args=(world, job))
    with Session(world.database.engine) as worker, world.database.write() as watching:
        held = jobs.hold_unless_cancelled(worker, job.id, 1)
        wish.start()
        wait_for_locks(watching, 1)
        with frozen_waiter(watching, seconds=0.3):
            jobs.advance(worker, held, staged=1)
            worker.commit()
            with pytest.raises(jobs.CancelRequested):
                jobs.hold_unless_cancelled(worker, job.id, 1)
    wish.join()
    assert reload(world, job).staged == 1
