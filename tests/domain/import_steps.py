"""An import step by step, as a worker does it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from domain import job_batches, job_files, jobs
from domain.errors import Code
from domain.exports import jobs as exports
from domain.importing import import_batches, imports
from domain.importing.imports import Understood
from domain.job_batches import Batch
from models import FileKind, Job, MatchBy
from tests.world import LIBRARY, World

KEEP = dt.timedelta(days=1)


def claim(world: World, job: Job) -> Job | None:
    with world.database.write() as session:
        return jobs.claim(session, job.id)


def reload(world: World, job: Job) -> Job:
    with world.database.write() as session:
        return session.get_one(Job, job.id)


def sheet(path: Path) -> Understood:
    [only] = imports.read_sheets(path, SOURCE, on_wait=lambda: None)
    return only


def of_waiting(
    step: Callable[[Session, int, int, Batch], None],
) -> Callable[[Session, int, int], bool]:
    """The step for the batch that follows, if there is one."""

    def work(session: Session, job: int, token: int) -> bool:
        batch = job_batches.following(session, job)
        if batch:
            step(session, job, token, batch)
        return batch is not None

    return work


decide = of_waiting(import_batches.decide)
SOURCE = imports.Source("import.xlsx", (LIBRARY,), MatchBy.AUTO)
Step = Callable[[Session, int, int, Path], object]
STEPS: dict[str, Step] = {
    "stage": lambda session, job, token, path: imports.stage(
        session, job, token, sheet(path), SOURCE
    ),
    "finish_staging": lambda session, job, token, _: imports.finish_staging(session, job, token),
    "decide": lambda session, job, token, _: decide(session, job, token),
    "settle": lambda session, job, token, _: import_batches.settle(session, job, token),
    "report": lambda session, job, token, _: exports.report(session, job, token, 1),
    "renew": lambda session, job, token, _: jobs.advance(session, jobs.hold(session, job, token)),
    "keep_file": lambda session, job, token, path: job_files.keep(
        session, jobs.hold(session, job, token), FileKind.ANNOTATED, "结果.xlsx", path, KEEP
    ),
    "finish": lambda session, job, token, _: jobs.finish(session, job, token),
    "leave_rest": lambda session, job, token, _: jobs.leave_rest(session, job, token),
    "end_cancelled": lambda session, job, token, _: jobs.end_cancelled(session, job, token),
    "fail": lambda session, job, token, _: jobs.fail(
        session, jobs.hold(session, job, token), Code.NO_ROWS, {}
    ),
}


def run_to(world: World, job: Job, path: Path, last: str) -> None:
    """The steps of the first worker before this one."""
    for name in ("stage", "finish_staging", "decide", "settle"):
        if name == last:
            return
        with world.database.write() as session:
            STEPS[name](session, job.id, 1, path)
