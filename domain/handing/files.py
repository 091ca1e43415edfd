"""Handing out by file: start it, read its rows, find whom they name (given by `file_batches`).

Every function but `start` is one transaction of a worker, safe to run again after a death.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from domain import files, job_queues, job_rows, jobs, operators
from domain.configuration import schemes
from domain.errors import Code
from domain.handing import cells, conflicts
from domain.handing.cells import Clock, Given, Layout, Parsed, Sheet
from domain.ids import PublicId
from domain.importing import matching, staging
from domain.lists import student_keys
from domain.lists.student_keys import Keys, Known
from domain.messages import Reader
from domain.reading import lists
from domain.reading.sheets import WARNINGS, Problem
from domain.signed_in import SignedIn
from models import Job, JobKind, JobPhase, Outcome


@dataclass(frozen=True)
class HandOutsRequest:
    """Which file hands out in which scheme."""

    file: PublicId
    scheme: PublicId
    dry_run: bool = False
    sheet: str | None = None


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    sheet: str | None
    clock: Clock


def start(session: Session, operator: SignedIn, request: HandOutsRequest, reader: Reader) -> Job:
    """A queued job; FORBIDDEN for who hands nothing out in the scheme."""
    upload = files.upload(session, operator, request.file)
    scheme = schemes.get(session, operator, request.scheme)
    operators.require_handing(operator, scheme.id)
    job = Job(
        kind=JobKind.HAND_OUT,
        operator_id=operator.id,
        scheme_id=scheme.id,
        upload_id=upload.id,
        dry_run=request.dry_run,
        queue=job_queues.of_bytes(upload.size),
        options={
            "language": reader.language,
            "timezone": reader.timezone.key,
            "sheet": request.sheet,
        },
    )
    return jobs.queue(session, job)


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    clock = Clock(zoneinfo.ZoneInfo(job.options["timezone"]), dt.datetime.now(dt.UTC))
    return Source(staging.fetch(session, job, path), job.options.get("sheet"), clock)


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read."""
    return lists.read_list(
        path,
        cells.HEADERS,
        cells.check,
        file=about.file_name,
        sheet=about.sheet,
        on_wait=on_wait,
    )


def stage(session: Session, job_id: int, token: int, sheet: Sheet, about: Source) -> None:
    """One batch of rows; those up to the job's cursor are there already."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.header is None:
        jobs.advance(session, job, header=sheet.header)
    new = [row for row in sheet.rows if row.number > job.cursor]
    if not new:
        return
    parsed = [cells.parse(row, sheet.layout, about.clock) for row in new]
    operator = operators.load(session, job.operator_id)
    wanted = matching.wanted([each.row for each in parsed])
    known = student_keys.by_keys(session, operator, job.scheme_id, wanted)
    records = [_record(job.id, each, known, sheet.layout) for each in parsed]
    job_rows.insert(session, records, job_rows.RECORD_COLUMNS)
    progress = staging.counted(records)
    jobs.advance(session, job, cursor=new[-1].number, staged=Job.staged + len(new), **progress)


def _record(job_id: int, parsed: Parsed, known: Keys, layout: Layout) -> tuple[object, ...]:
    row = parsed.row
    student, found = matching.match(row, known)
    problems = [*parsed.problems, *found, *_name_problems(parsed, student, layout)]
    outcome, code = _outcome(parsed, problems)
    if code is Code.NOTHING_GIVEN:
        problems.append(Problem(code))
    return (
        job_id,
        row.number,
        row.cells,
        row.keys[0].value if row.keys else "",
        row.name,
        student.id if student else None,
        None,
        row.remark,
        outcome,
        code,
        [asdict(problem) for problem in problems],
        _kept(parsed.given) if parsed.given and outcome is None else None,
    )


def _name_problems(parsed: Parsed, student: Known | None, layout: Layout) -> Sequence[Problem]:
    if student is None or cells.Column.NAME not in layout.columns:
        return ()
    problem = matching.name_problem(parsed.row, student, layout.letter(cells.Column.NAME))
    return (problem,) if problem else ()


def _outcome(parsed: Parsed, problems: Sequence[Problem]) -> tuple[Outcome | None, Code | None]:
    """A row with an error is FAILED, one that gives nothing UNCHANGED; the rest waits."""
    errors = [problem.code for problem in problems if problem.code not in WARNINGS]
    if errors:
        return Outcome.FAILED, errors[0]
    if parsed.given is None or not parsed.given.items:
        return Outcome.UNCHANGED, Code.NOTHING_GIVEN
    return None, None


def _kept(given: Given) -> dict[str, object]:
    at = given.handed_out_at
    items = [list(item) for item in given.items]
    return given._asdict() | {"items": items, "handed_out_at": at.isoformat() if at else None}


def finish_staging(session: Session, job_id: int, token: int) -> None:
    """All rows are there: those that contradict each other fail."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    staging.look_through(session, job)
    failed = Job.failed + conflicts.mark(session, job.id)
    jobs.start_phase(session, job, JobPhase.APPLYING, total=job.staged, failed=failed)
