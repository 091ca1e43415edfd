"""Runs an import: stage, decide in batches, settle, write the workbooks."""

import contextlib
from collections.abc import Iterable
from functools import partial

from domain import files, imports, jobs, results
from domain.messages import Language, Reader
from models import FileKind, Job, JobPhase
from tasks import running
from tasks.app import Worker, app, worker


@app.task(name="imports.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the import with this id, or go on where a dead worker stopped."""
    running.run(worker(), job_id, _import)


def _import(here: Worker, job: Job) -> None:
    if job.phase in {None, JobPhase.STAGING}:
        _stage(here, job)
    if job.phase is not JobPhase.WRITING:
        _decide_or_leave(here, job)
    with here.database.write() as session:
        kinds = results.kinds(session, job.id)
    for kind in kinds:
        _write(here, job, kind)
    with here.database.write() as session:
        jobs.finish(session, job.id, job.token)


def _stage(here: Worker, job: Job) -> None:
    renew = partial(running.renew, here, job)
    with files.scratch() as path:
        with here.database.write() as session:
            source = imports.source(session, job, path)
        with contextlib.closing(imports.sheets(path, source, on_wait=renew)) as sheets:
            _stage_each(here, job, sheets)
    with here.database.write() as session:
        imports.finish_staging(session, job.id, job.token)


def _stage_each(here: Worker, job: Job, sheets: Iterable[imports.Sheet]) -> None:
    for sheet in sheets:
        with here.database.write() as session:
            imports.stage(session, job.id, job.token, sheet)


def _decide_or_leave(here: Worker, job: Job) -> None:
    try:
        _decide(here, job)
    except jobs.CancelRequested:
        with here.database.write() as session:
            jobs.leave_rest(session, job.id, job.token)


def _decide(here: Worker, job: Job) -> None:
    more = True
    while more:
        with here.database.write() as session:
            more = imports.decide(session, job.id, job.token)
    with here.database.write() as session:
        imports.settle(session, job.id, job.token)


def _write(here: Worker, job: Job, kind: FileKind) -> None:
    reader = Reader(Language(job.options["language"]), here.timezone)
    with files.scratch() as path:
        with here.database.open_snapshot() as session, running.renewing(here, job):
            results.write_workbook(session, job.id, kind, path, reader)
        with here.database.write() as session:
            held = jobs.hold(session, job.id, job.token)
            jobs.keep_file(session, held, kind, results.NAMES[kind], path, here.files_last)
