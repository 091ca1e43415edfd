"""How a job goes through the rows of a file: stage, apply in batches, settle, write workbooks."""

import contextlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain import files, job_files, jobs
from domain.importing import results
from domain.messages import Language, Reader
from models import FileKind, Job, JobPhase
from tasks import running
from tasks.app import Worker

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)


class ReadSheets(Protocol[S_contra]):
    """Yields rows of a file, as `stage` takes them, by what `source` told of it."""

    def __call__(
        self, path: Path, about: S_contra, *, on_wait: Callable[[], None]
    ) -> Generator[Any, None, None]: ...


Step = Callable[[Session, int, int], None]
Batch = Callable[[Session, int, int], bool]


@dataclass(frozen=True)
class Reading(Generic[S]):
    """How a list is read; but for `read_sheets` each step is a transaction, safe to repeat."""

    source: Callable[[Session, Job, Path], S]
    read_sheets: ReadSheets[S]
    stage: Callable[[Session, int, int, Any, S], None]
    finish: Step


@dataclass(frozen=True)
class Steps(Generic[S]):
    """What one kind of list does: `apply` a batch while there is one, then `settle`.

    `match`: look up anew, batch after batch, whom rows name that are judged again.
    """

    reading: Reading[S]
    apply: Batch
    settle: Step
    match: Batch | None = None


def run(here: Worker, job: Job, steps: Steps[S]) -> None:
    """All of it, or what a dead worker left."""
    if job.phase in {None, JobPhase.STAGING}:
        stage(here, job, steps.reading)
    if job.phase is not JobPhase.WRITING:
        is_matching = steps.match and job.phase is JobPhase.MATCHING
        batches = [steps.match, steps.apply] if is_matching else [steps.apply]
        apply_or_leave(
            here, job, [partial(batch, here, job, each) for each in batches if each], steps.settle
        )
    write_workbooks(here, job)


def write_workbooks(here: Worker, job: Job) -> None:
    """Every row has its outcome; with its workbooks the job ends."""
    with here.database.write() as session:
        kinds = results.kinds(session, job.id)
        job_files.drop_others(session, jobs.hold(session, job.id, job.token), kinds)
    for kind in kinds:
        _write(here, job, kind)
    with here.database.write() as session:
        jobs.finish(session, job.id, job.token)


def stage(here: Worker, job: Job, reading: Reading[S]) -> None:
    """Every row of the file into a job row, as far as they are not there yet."""
    renew = partial(running.renew, here, job)
    with files.scratch() as path:
        with here.database.write() as session:
            source = reading.source(session, job, path)
        with (
            contextlib.closing(reading.read_sheets(path, source, on_wait=renew)) as sheets,
            contextlib.closing(running.ahead(sheets)) as coming,
        ):
            for sheet in coming:
                with here.database.write() as session:
                    reading.stage(session, job.id, job.token, sheet, source)
    with here.database.write() as session:
        reading.finish(session, job.id, job.token)


def apply_or_leave(
    here: Worker, job: Job, steps: Iterable[Callable[[], bool]], settle: Step
) -> None:
    """Of each step batch after batch until none is left; a cancelled job leaves the rest alone."""
    try:
        for batch in steps:
            while batch():
                pass
        with here.database.write() as session:
            settle(session, job.id, job.token)
    except jobs.CancelRequested:
        with here.database.write() as session:
            jobs.leave_rest(session, job.id, job.token)


def batch(here: Worker, job: Job, step: Batch) -> bool:
    """One batch in a transaction of its own."""
    with here.database.write() as session:
        return step(session, job.id, job.token)


def _write(here: Worker, job: Job, kind: FileKind) -> None:
    reader = Reader(Language(job.options["language"]), here.timezone)
    with files.scratch() as path:
        with here.database.open_snapshot() as session, running.renewing(here, job):
            results.write_workbook(session, job.id, kind, path, reader)
        with here.database.write() as session:
            held = jobs.hold(session, job.id, job.token)
            job_files.keep(session, held, kind, results.name(held, kind), path, here.files_last)
