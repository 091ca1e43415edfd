"""Runs an export: reads its table in one snapshot, writes the workbook, keeps it."""

from collections.abc import Iterator

from domain import exports, files, jobs, operators
from domain.workbook import write
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
            rows = _reporting(here, job, table.rows)
            write.write_table(path, "学生列表", table.header, rows, table.about)
        with here.database.write() as session:
            held = jobs.hold_unless_cancelled(session, job.id, job.token)
            jobs.keep_file(session, held, FileKind.EXPORT, exports.NAME, path, here.files_last)
            jobs.finish(session, job.id, job.token)


def _reporting(
    here: Worker, job: Job, rows: Iterator[list[str | None]]
) -> Iterator[list[str | None]]:
    """The rows as they pass, with progress told every page."""
    number = 0
    for number, row in enumerate(rows, 1):
        yield row
        if number % exports.PAGE == 0:
            with here.database.write() as session:
                exports.report(session, job.id, job.token, number)
    with here.database.write() as session:
        exports.report(session, job.id, job.token, number, are_all=True)
