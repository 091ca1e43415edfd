"""A roster from a file: start, stage, find who is twice or missing, apply in batches, settle.

Every function is one transaction of a worker and safe to run again after a death at any point.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from domain import files, job_queues, job_rows, jobs, operators, options
from domain.configuration import schemes
from domain.enrolling import roster_batches, roster_duplicates, roster_missing, roster_rows
from domain.enrolling.roster_batches import RosterRequest
from domain.enrolling.roster_rows import Terms
from domain.errors import Code
from domain.importing import duplicates, staging
from domain.reading import lists, roster_cells, sheets, synonyms
from domain.reading.roster_cells import Parsed, Sheet
from domain.reading.sheets import Headers, Problem
from domain.reading.student_records import KEYS
from domain.signed_in import SignedIn
from models import Job, JobKind, JobPhase, Outcome, StudentField


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    headers: Headers[StudentField]
    sheet: str | None = None


def start(session: Session, operator: SignedIn, request: RosterRequest, language: str) -> Job:
    """A queued job; the file is read by the worker."""
    upload = files.upload(session, operator, request.file)
    scheme = schemes.get(session, operator, request.scheme)
    operators.require_administering(operator, scheme.id)
    schemes.require_changeable(scheme)
    if request.create_departments:
        operators.require_administering_all(operator)
    job = Job(
        kind=JobKind.ROSTER,
        operator_id=operator.id,
        scheme_id=scheme.id,
        upload_id=upload.id,
        dry_run=request.dry_run,
        queue=job_queues.of_bytes(upload.size),
        options={"language": language, **options.plain(request)},
        tally={"missing": 0, "archived": 0},
    )
    return jobs.queue(session, job)


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    name = staging.fetch(session, job, path)
    headers = synonyms.vocabulary(session).titles(roster_cells.HEADERS, StudentField)
    return Source(name, headers, job.options.get("sheet"))


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read."""
    check = roster_cells.check
    return lists.read_list(
        path, about.headers, check, file=about.file_name, sheet=about.sheet, on_wait=on_wait
    )


def stage(
    session: Session, job_id: int, token: int, sheet: Sheet, _about: Source | None = None
) -> None:
    """One batch of rows; a cancelled job stops here."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    _require(session, job)
    columns = {field.value: place for field, place in sheet.layout.columns.items()}
    if job.header is None:
        jobs.advance(session, job, header=sheet.header | {"columns": columns})
        session.refresh(job)
    rows = [row for row in sheet.rows if row.number > job.cursor]
    parsed = [roster_cells.parse(row, sheet.layout) for row in rows]
    if not parsed:
        return
    terms = roster_batches.terms(session, job, [row.record for row in parsed])
    records = [_record(job.id, row, terms) for row in parsed]
    job_rows.insert(session, records, job_rows.RECORD_COLUMNS)
    failed = sum(record[8] is not None for record in records)
    staged = {"staged": Job.staged + len(records), "failed": Job.failed + failed}
    jobs.advance(session, job, cursor=parsed[-1].number, **staged)


def _require(session: Session, job: Job) -> SignedIn:
    """The operator as the grants stand now: a right that was revoked ends the job."""
    operator = operators.load(session, job.operator_id)
    operators.require_administering(operator, job.scheme_id)
    if roster_batches.request_of(job).create_departments:
        operators.require_administering_all(operator)
    return operator


def _record(job_id: int, row: Parsed, terms: Terms) -> tuple[object, ...]:
    judged = roster_rows.judge(row.record, terms, row.faulty)
    problems = [*row.problems, *judged.problems]
    errors = [each.code for each in problems if each.code not in sheets.WARNINGS]
    keys = [str(row.record[each]) for each in KEYS if each in row.record]
    return (
        job_id,
        row.number,
        row.cells,
        keys[0] if keys else "",
        row.record.get(StudentField.NAME, ""),
        judged.student_id,
        None,
        "",
        Outcome.FAILED if errors else None,
        errors[0] if errors else None,
        [asdict(problem) for problem in problems],
        {field.value: value for field, value in row.record.items()},
    )


def finish_staging(session: Session, job_id: int, token: int) -> None:
    """All rows are there: look for who stands in the file twice, and who is missing from it."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    staging.look_through(session, job)
    conflicts = roster_duplicates.mark(session, job.id)
    missing = roster_missing.find(session, job)
    new = roster_batches.unknown_departments(session, job)
    tally = {**(job.tally or {}), "missing": missing, "unknown_departments": new}
    progress = {"total": job.staged, "failed": Job.failed + conflicts, "tally": tally}
    jobs.start_phase(session, job, JobPhase.APPLYING, **progress)


def apply(session: Session, job_id: int, token: int) -> bool:
    """Judge and write the next batch of rows; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    operator = _require(session, job)
    schemes.hold(session, operator, job.scheme_id)
    return roster_batches.apply(session, job, operator)


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: repeated rows take that of the first; the missing may go."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = duplicates.settle(session, job)
    failed = job.failed + outcomes[Outcome.FAILED]
    tally = dict(job.tally or {})
    limit = roster_batches.request_of(job).archive_missing
    if limit is not None and tally["missing"]:
        tally |= _archive_missing(session, job, {"limit": limit, "failed": failed} | tally)
    jobs.start_phase(session, job, JobPhase.WRITING, tally=tally, **jobs.counted(outcomes))


def _archive_missing(session: Session, job: Job, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A row that failed may be somebody who is missing, and a list of one department names nobody
    of the others: then nobody goes."""
    told = {name: str(numbers[name]) for name in ("missing", "failed", "limit")}
    if numbers["failed"]:
        return _not_archived(missing=told["missing"], failed=told["failed"])
    if numbers["missing"] > numbers["limit"]:
        return _not_archived(missing=told["missing"], limit=told["limit"])
    operator = _require(session, job)
    schemes.hold(session, operator, job.scheme_id)
    return {"archived": roster_missing.archive(session, job, operator)}


def _not_archived(**facts: str) -> dict[str, Any]:
    return {"not_archived": asdict(Problem(Code.MISSING_NOT_ARCHIVED, facts=facts))}
