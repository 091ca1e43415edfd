"""An export as a job: asked for, made with the rights its operator has then, told of."""

import enum
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from domain import jobs, options
from domain.configuration import checkpoints
from domain.errors import Code, Refusal
from domain.exports import clearances, counts, deciders, history, matrix, notes, signing
from domain.exports.table import FileFormat, Line, Subject, Table
from domain.signed_in import SignedIn
from domain.workbook import excel, write, write_csv
from models import Job, JobKind, Scheme


class ExportSubject(enum.StrEnum):
    """What an export is about, as the options of its job name it."""

    MATRIX = "MATRIX"
    CLEARANCES = "CLEARANCES"
    COUNTS = "COUNTS"
    HISTORY = "HISTORY"
    DECIDERS = "DECIDERS"
    SIGNING_SHEET = "SIGNING_SHEET"


_SUBJECTS: dict[ExportSubject, Subject[Any]] = {
    ExportSubject.MATRIX: matrix.SUBJECT,
    ExportSubject.CLEARANCES: clearances.SUBJECT,
    ExportSubject.COUNTS: counts.SUBJECT,
    ExportSubject.HISTORY: history.SUBJECT,
    ExportSubject.DECIDERS: deciders.SUBJECT,
    ExportSubject.SIGNING_SHEET: signing.SUBJECT,
}
_NAMES = {subject.request: name for name, subject in _SUBJECTS.items()}


def start(
    session: Session,
    operator: SignedIn,
    request: object,
    file_format: FileFormat = FileFormat.XLSX,
) -> Job:
    """A queued job that holds the request; whoever may not ask for it is refused."""
    name = _NAMES[type(request)]
    subject = _SUBJECTS[name]
    place = subject.place(session, operator, request)
    total = subject.count(session, operator, request)
    if file_format is FileFormat.XLSX:
        _check_fits("rows", excel.ROWS - 1, total or 0)
    if place.checkpoint_id is not None:
        checkpoints.keep(session, place.checkpoint_id)
    job = Job(
        kind=JobKind.EXPORT,
        operator_id=operator.id,
        scheme_id=place.scheme_id,
        checkpoint_id=place.checkpoint_id,
        options={"subject": name, "format": file_format, **options.plain(request)},
        total=total,
    )
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def table(session: Session, operator: SignedIn, job: Job, timezone: zoneinfo.ZoneInfo) -> Table:
    """The table of a job; its rows come from the session's snapshot, page by page."""
    made = _subject(job).table(session, operator, _request(job), timezone)
    return replace(made, about=notes.when_and_who(operator, timezone) + made.about)


def exported(job: Job) -> ExportSubject | None:
    """What an export is about; None of another job."""
    return _subject_name(job) if job.kind is JobKind.EXPORT else None


def has_full_id_numbers(job: Job) -> bool | None:
    """Whether full ID numbers were asked for; None of what tells none of anybody."""
    if exported(job) is None:
        return None
    return getattr(_request(job), "full_id_numbers", None)


def _subject_name(job: Job) -> ExportSubject:
    return ExportSubject(job.options.get("subject", ExportSubject.MATRIX))


def _subject(job: Job) -> Subject[Any]:
    return _SUBJECTS[_subject_name(job)]


def _request(job: Job) -> Any:
    return options.read(_subject(job).request, job.options)


def write_file(job: Job, table: Table, path: Path) -> None:
    """Write a table in the format of its job; LIMIT_EXCEEDED if that cannot hold it."""
    if _format(job) is FileFormat.CSV:
        write_csv.write_csv(path, table.header, table.rows)
        return
    own = _subject(job).write
    if own:
        own(path, table)
        return
    _check_fits("columns", excel.COLUMNS, len(table.header))
    write.write_table(path, table.title, table.header, _fitting(table.rows), table.about)


def _fitting(rows: Iterator[Line]) -> Iterator[Line]:
    """Not every list was counted, and one that was may have grown since."""
    for number, row in enumerate(rows, 1):
        _check_fits("rows", excel.ROWS - 1, number)
        yield row


def _check_fits(name: str, limit: int, value: int) -> None:
    """What a sheet cannot hold, a CSV file may; the argument at fault is the format."""
    if value > limit:
        facts = {"name": name, "limit": limit, "value": value, "format": FileFormat.XLSX}
        raise Refusal(Code.LIMIT_EXCEEDED, facts, path=("format",))


def file_name(session: Session, job: Job, table: Table) -> str:
    """What the file holds, and of which scheme."""
    name = f"{table.title}-{session.get_one(Scheme, job.scheme_id).name}"
    plain = name.replace("/", " ").replace("\\", " ")
    return f"{plain}.{_format(job).lower()}"


def _format(job: Job) -> FileFormat:
    return FileFormat(job.options.get("format", FileFormat.XLSX))


def report(
    session: Session, job_id: int, token: int, written: int, *, are_all: bool = False
) -> None:
    """How many rows are in the file so far, or in all; after a death the file starts anew."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    # Counted when the job was started, before its snapshot.
    total = written if are_all else job.total
    jobs.tell(session, job, staged=written, applied=written, total=total)
