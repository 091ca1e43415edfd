"""How a job goes through the rows of a file: stage, apply in batches, settle, write workbooks."""

import contextlib
import gc
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain import files, job_batches, job_files, job_rows, jobs
from domain.importing import results
from domain.job_batches import Batch
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
# All of it, in batches, each in a transaction of its own.
Work = Callable[[Worker, Job], None]


@dataclass(frozen=True)
class Reading(Generic[S]):
    """How a list is read; but for `read_sheets` each step is a transaction, safe to repeat."""

    source: Callable[[Session, Job, Path], S]
    read_sheets: ReadSheets[S]
    stage: Callable[[Session, int, int, Any, S], None]
    finish: Step


@dataclass(frozen=True)
class Steps(Generic[S]):
    """What one kind of list does: `apply` all, then `settle`.

    `match`: look up anew whom rows name that are judged again.
    """

    reading: Reading[S]
    apply: Work
    settle: Step
    match: Work | None = None


def run(here: Worker, job: Job, steps: Steps[S]) -> None:
    """All of it, or what a dead worker left."""
    if job.phase in {None, JobPhase.STAGING}:
        stage(here, job, steps.reading)
    if job.phase is not JobPhase.WRITING:
        is_matching = steps.match and job.phase is JobPhase.MATCHING
        works = [steps.match, steps.apply] if is_matching else [steps.apply]
        apply_or_leave(here, job, filter(None, works), steps.settle)
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


def apply_or_leave(here: Worker, job: Job, works: Iterable[Work], settle: Step) -> None:
    """One work after the other; a cancelled job leaves the rest alone."""
    try:
        for work in works:
            work(here, job)
        with here.database.write() as session:
            settle(session, job.id, job.token)
    except jobs.CancelRequested:
        with here.database.write() as session:
            jobs.leave_rest(session, job.id, job.token)


def in_batches(step: Callable[[Session, int, int], bool]) -> Work:
    """The step again and again, until it says that nothing is left."""

    def batch(here: Worker, job: Job) -> bool:
        with here.database.write() as session:
            is_left = step(session, job.id, job.token)
        # Statements refer to themselves, and some to thousands of values; they are young yet.
        gc.collect(1)
        return is_left

    return repeated(batch)


def repeated(batch: Callable[[Worker, Job], bool]) -> Work:
    """Batches that need more than a transaction, until one says that nothing is left."""

    def work(here: Worker, job: Job) -> None:
        while batch(here, job):
            pass

    return work


def of_waiting(step: Callable[[Session, int, int, Batch], None]) -> Work:
    """The step for each batch of rows that wait, two at once; the next is read meanwhile.

    Those of one part are of other students. The next part may build on what this one decided.
    """

    def work(here: Worker, job: Job) -> None:
        def apply(batch: Batch) -> None:
            with here.database.write() as session:
                step(session, job.id, job.token, batch)

        with (
            running.renewing(here, job),
            contextlib.closing(running.ahead(_waiting(here, job))) as coming,
        ):
            for _, of_part in itertools.groupby(coming, key=attrgetter("part")):
                running.two_at_once(apply, of_part)

    return work


def with_statistics(work: Work) -> Work:
    """The work, and beside it what lets all rows of the job be gone through after it."""

    def known(here: Worker, job: Job) -> None:
        with running.beside(partial(_renew_statistics, here)):
            work(here, job)

    return known


def _renew_statistics(here: Worker) -> None:
    with here.database.write() as session:
        job_rows.renew_statistics(session)


def _waiting(here: Worker, job: Job) -> Iterator[Batch]:
    batch = None
    while True:
        with here.database.open_snapshot() as session:
            batch = job_batches.following(session, job.id, batch)
        if batch is None:
            return
        yield batch


def _write(here: Worker, job: Job, kind: FileKind) -> None:
    reader = Reader(Language(job.options["language"]), here.timezone)
    with files.scratch() as path:
        with here.database.open_snapshot() as session, running.renewing(here, job):
            results.write_workbook(session, job.id, kind, path, reader)
        with here.database.write() as session:
            held = jobs.hold(session, job.id, job.token)
            job_files.keep(session, held, kind, results.name(held, kind), path, here.files_last)
