"""Operators, grants and accounts by file: start, stage, settle (applied by `hiring_batches`).

Every function is one transaction of a worker and safe to run again after a death at any point.
Passwords are read from the upload into the worker's memory and stay there; with the job's end the
upload is gone too.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import files, job_queues, job_rows, jobs, operators
from domain.configuration import schemes
from domain.ids import PublicId
from domain.importing import staging
from domain.reading import lists
from domain.reading.sheets import Problem
from domain.signed_in import SignedIn
from domain.staffing import grants, hiring_cells, sessions
from domain.staffing.acts import StaffAct
from domain.staffing.hiring_cells import Named, Parsed, Places, Sheet
from models import (
    Checkpoint,
    Department,
    Job,
    JobKind,
    JobPhase,
    Outcome,
)


@dataclass(frozen=True)
class OperatorImportRequest:
    """Which file grants what in which scheme."""

    file: PublicId
    scheme: PublicId
    dry_run: bool = False
    sheet: str | None = None


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    sheet: str | None = None


@dataclass
class Passwords:
    """What a worker knows of the passwords of one file, and of rows without a good one.

    By login the one to hire with, of the first row that has a good one; by row the one to reset to.
    """

    known: dict[str | int, str] = field(default_factory=dict, repr=False)
    missing: dict[int, Problem] = field(default_factory=dict)

    def take(self, rows: Iterable[Parsed]) -> None:
        """Those of rows that hire or reset."""
        for row in rows:
            if row.password_problem:
                self.missing[row.number] = row.password_problem
            elif row.act is StaffAct.RESET_PASSWORD:
                self.known[row.number] = row.password
            elif row.act is StaffAct.GRANT and row.login:
                self.known.setdefault(row.login, row.password)

    def hashed(self, whose: Collection[str | int]) -> dict[str | int, str]:
        """Slow on purpose: never inside a transaction."""
        return {
            each: sessions.hash_password(self.known[each]) for each in whose if each in self.known
        }


def start(session: Session, asker: SignedIn, request: OperatorImportRequest, language: str) -> Job:
    """A queued job; the file is one's own, since it goes with the job."""
    upload = files.own_upload(session, asker, request.file)
    scheme = schemes.get(session, asker, request.scheme)
    operators.require_administering(asker, scheme.id)
    grants.require_living(scheme)
    job = Job(
        kind=JobKind.OPERATORS,
        operator_id=asker.id,
        scheme_id=scheme.id,
        upload_id=upload.id,
        dry_run=request.dry_run,
        queue=job_queues.of_bytes(upload.size),
        options={"language": language, "sheet": request.sheet},
    )
    return jobs.queue(session, job)


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    return Source(staging.fetch(session, job, path), job.options.get("sheet"))


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read."""
    return lists.read_list(
        path,
        hiring_cells.HEADERS,
        hiring_cells.check,
        file=about.file_name,
        sheet=about.sheet,
        on_wait=on_wait,
    )


def stage(session: Session, job_id: int, token: int, sheet: Sheet, passwords: Passwords) -> None:
    """One batch of rows; those that were staged before a death only give their passwords again."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    operators.require_administering(operators.load(session, job.operator_id), job.scheme_id)
    if job.header is None:
        letters = {each.value: sheet.layout.letter(each) for each in sheet.layout.columns}
        jobs.advance(session, job, header=sheet.header | {"letters": letters})
    places = _places(session, job.scheme_id)
    parsed = [hiring_cells.parse(row, sheet.layout, places) for row in sheet.rows]
    passwords.take(parsed)
    is_staging = job.phase in {None, JobPhase.STAGING}
    _insert(session, job, [row for row in parsed if is_staging and row.number > job.cursor])


def _places(session: Session, scheme_id: int) -> Places:
    checkpoints = session.execute(
        sa.select(Checkpoint.title, Checkpoint.id).where(Checkpoint.scheme_id == scheme_id)
    )
    departments = session.execute(sa.select(Department.name, Department.id))
    return Places(
        Named({row.title: row.id for row in checkpoints}),
        Named({row.name: row.id for row in departments}),
    )


def _insert(session: Session, job: Job, parsed: Sequence[Parsed]) -> None:
    if not parsed:
        jobs.advance(session, job)
        return
    job_rows.insert(session, [_record(job.id, row) for row in parsed], job_rows.RECORD_COLUMNS)
    failed = sum(bool(row.problems) for row in parsed)
    staged = {"staged": Job.staged + len(parsed), "failed": Job.failed + failed}
    jobs.advance(session, job, cursor=parsed[-1].number, **staged)


def _record(job_id: int, row: Parsed) -> tuple[object, ...]:
    return (
        job_id,
        row.number,
        row.cells,
        row.login,
        row.name,
        None,
        None,
        "",
        Outcome.FAILED if row.problems else None,
        row.problems[0].code if row.problems else None,
        [asdict(problem) for problem in row.problems],
        None if row.problems else {"act": row.act} | (row.wanted._asdict() if row.wanted else {}),
    )


def finish_staging(session: Session, job_id: int, token: int) -> None:
    """All rows are there."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.phase in {None, JobPhase.STAGING}:
        staging.look_through(session, job)
        jobs.start_phase(session, job, JobPhase.APPLYING, total=job.staged)


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.start_phase(session, job, JobPhase.WRITING)
