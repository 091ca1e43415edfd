"""First passwords by file: start, stage, find repeats (issued by `password_batches`).

Every function but `start` is one transaction of a worker, safe to run again after a death.
Passwords are read from the upload into the worker's memory and stay there; with the job's end the
upload is gone too.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import files, job_queues, job_rows, jobs, operators
from domain.configuration import schemes
from domain.errors import Code
from domain.ids import PublicId
from domain.importing import duplicates, matching, staging
from domain.lists import student_keys
from domain.lists.student_keys import Keys, Known
from domain.reading import lists
from domain.reading.sheets import WARNINGS, Problem
from domain.signed_in import SignedIn
from domain.staffing import grants, sessions
from domain.studying import password_rows
from domain.studying.password_rows import Column, Layout, Parsed, Sheet
from models import Job, JobKind, JobPhase, JobQueue, JobRow, Outcome

_NAMED = 20


@dataclass(frozen=True)
class PasswordsRequest:
    """Which file lets the students of which scheme in; `reset`: those too who chose their own."""

    file: PublicId
    scheme: PublicId
    dry_run: bool = False
    sheet: str | None = None
    reset: bool = False


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    sheet: str | None


@dataclass
class Passwords:
    """What a worker knows of the passwords of one file, by row."""

    known: dict[int, str] = field(default_factory=dict, repr=False)

    def take(self, rows: Iterable[Parsed]) -> None:
        """Those of rows without an error."""
        self.known |= {row.named.number: row.password for row in rows if not row.problems}

    def are_same(self, numbers: Iterable[int]) -> bool:
        """Whether these rows have one password."""
        return len({self.known[number] for number in numbers}) == 1

    def hashed(self, numbers: Iterable[int]) -> dict[int, str]:
        """Slow on purpose: never inside a transaction."""
        return {number: sessions.hash_password(self.known[number]) for number in numbers}


def start(session: Session, asker: SignedIn, request: PasswordsRequest, language: str) -> Job:
    """A queued job; the file is one's own, since it goes with the job."""
    upload = files.own_upload(session, asker, request.file)
    scheme = schemes.get(session, asker, request.scheme)
    operators.require_administering(asker, scheme.id)
    grants.require_living(scheme)
    job = Job(
        kind=JobKind.STUDENT_PASSWORDS,
        operator_id=asker.id,
        scheme_id=scheme.id,
        upload_id=upload.id,
        dry_run=request.dry_run,
        queue=_queue(upload.size, is_slow=not request.dry_run),
        options={"language": language, "sheet": request.sheet, "reset": request.reset},
    )
    return jobs.queue(session, job)


def _queue(size: int, *, is_slow: bool) -> JobQueue:
    """Few bytes are no small work where each row is hashed."""
    return JobQueue.BULK if is_slow else job_queues.of_bytes(size)


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    return Source(staging.fetch(session, job, path), job.options.get("sheet"))


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read."""
    return lists.read_list(
        path,
        password_rows.HEADERS,
        password_rows.check,
        file=about.file_name,
        sheet=about.sheet,
        on_wait=on_wait,
    )


def stage(session: Session, job_id: int, token: int, sheet: Sheet, passwords: Passwords) -> None:
    """One batch of rows; those that were staged before a death only give their passwords again."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    asker = operators.load(session, job.operator_id)
    operators.require_administering(asker, job.scheme_id)
    if job.header is None:
        jobs.advance(session, job, header=sheet.header)
    parsed = [password_rows.parse(row, sheet.layout) for row in sheet.rows]
    passwords.take(parsed)
    is_staging = job.phase in {None, JobPhase.STAGING}
    new = [row for row in parsed if is_staging and row.named.number > job.cursor]
    if not new:
        jobs.advance(session, job)
        return
    wanted = matching.wanted([each.named for each in new])
    known = student_keys.by_keys(session, asker, job.scheme_id, wanted)
    records = [_record(job.id, each, known, sheet.layout) for each in new]
    job_rows.insert(session, records)
    progress = staging.counted(records) | {"staged": Job.staged + len(new)}
    jobs.advance(session, job, cursor=new[-1].named.number, **progress)


def _record(job_id: int, row: Parsed, known: Keys, layout: Layout) -> tuple[object, ...]:
    student, found = matching.match(row.named, known)
    problems = [*row.problems, *found, *_name_problems(row, student, layout)]
    errors = [problem.code for problem in problems if problem.code not in WARNINGS]
    return (
        job_id,
        row.named.number,
        row.cells,
        row.named.keys[0].value if row.named.keys else "",
        row.named.name,
        student.id if student else None,
        None,
        "",
        Outcome.FAILED if errors else None,
        errors[0] if errors else None,
        [asdict(problem) for problem in problems],
    )


def _name_problems(row: Parsed, student: Known | None, layout: Layout) -> Sequence[Problem]:
    if student is None or Column.NAME not in layout.columns:
        return ()
    problem = matching.name_problem(row.named, student, layout.letter(Column.NAME))
    return (problem,) if problem else ()


def finish_staging(session: Session, job_id: int, token: int, passwords: Passwords) -> None:
    """All rows are there: those that repeat or contradict each other are marked, once."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.phase not in {None, JobPhase.STAGING}:
        return
    staging.look_through(session, job)
    failed = Job.failed + _mark(session, job, passwords)
    jobs.start_phase(session, job, JobPhase.APPLYING, total=job.staged, failed=failed)


def _mark(session: Session, job: Job, passwords: Passwords) -> int:
    """As `duplicates.mark`, but that no statement may see what differs; how many failed."""
    groups = _repeated(session, job.id)
    repeats = [
        (job.id, number, 0, rows[0])
        for rows in groups
        if passwords.are_same(rows)
        for number in rows[1:]
    ]
    conflicts = [
        (job.id, number, 0, Outcome.FAILED, Code.DUPLICATE_CONFLICT, [_conflict(rows)])
        for rows in groups
        if not passwords.are_same(rows)
        for number in rows
    ]
    key = ("job_id", "row_number", "part")
    job_rows.update(session, repeats, (*key, "duplicate_of"))
    job_rows.update(session, conflicts, (*key, "outcome", "code", "problems"))
    return len(conflicts)


def _repeated(session: Session, job_id: int) -> list[list[int]]:
    """The rows of each student who stands in several that wait, in order."""
    rows = postgresql.aggregate_order_by(JobRow.row_number, JobRow.row_number)
    statement = (
        sa.select(sa.func.array_agg(rows))
        .where(JobRow.job_id == job_id, JobRow.outcome.is_(None))
        .group_by(JobRow.student_id)
        .having(sa.func.count() > 1)
    )
    return list(session.scalars(statement))


def _conflict(rows: Sequence[int]) -> dict[str, object]:
    facts = {"rows": "、".join(map(str, rows[:_NAMED]))}
    return asdict(Problem(Code.DUPLICATE_CONFLICT, facts=facts))


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome, repeats that of their first; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = duplicates.settle(session, job)
    jobs.start_phase(session, job, JobPhase.WRITING, **jobs.counted(outcomes))
