"""Runs an export: reads its table in one snapshot, writes the file, keeps it."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import replace

from domain import files, job_files, jobs, operators
from domain.exports import jobs as exports
from domain.exports.table import PAGE, Line
from models import FileKind, Job
from tasks import running
from tasks.app import Worker, app, worker


@app.task(name="exports.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run(job_id: int) -> None:
    """Run the export with this id; after a death it starts anew."""
    running.run(worker(), job_id, _export)


def _export(here: Worker, job: Job) -> None:
    with files.scratch() as path:
        with here.database.open_snapshot() as session, running.renewing(here, job):
            operator = operators.load(session, job.operator_id)
            table = exports.table(session, operator, job, here.timezone)
            name = exports.file_name(session, job, table)
            rows = _reporting(here, job, table.rows)
            exports.write_file(job, replace(table, rows=rows), path)
        with here.database.write() as session:
            held = jobs.hold_unless_cancelled(session, job.id, job.token)
            job_files.keep(session, held, FileKind.EXPORT, name, path, here.files_last)
            jobs.finish(session, job.id, job.token)


def _reporting(here: Worker, job: Job, rows: Iterator[Line]) -> Iterator[Line]:
    """The rows as they pass, with progress told every page; the next one is read meanwhile."""
    number = 0
    with contextlib.closing(running.ahead(_pages(rows))) as pages:
        for page in pages:
            yield from page
            number += len(page)
            with here.database.write() as session:
                exports.report(session, job.id, job.token, number)
    with here.database.write() as session:
        exports.report(session, job.id, job.token, number, are_all=True)


def _pages(rows: Iterator[Line]) -> Iterator[list[Line]]:
    while page := list(itertools.islice(rows, PAGE)):
        yield page
