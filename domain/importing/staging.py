"""The first half of an import: every row of the file into a job row, with the student it names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from domain import files, ids, job_rows, jobs
from domain.errors import Code, Refusal
from domain.importing import duplicates, matching
from domain.lists import student_keys
from domain.reading import sheets
from domain.reading.cells import Column, Layout, Parsed, Parser
from domain.reading.sheets import WARNINGS, Problem
from domain.reading.vocabulary import Results
from domain.signed_in import SignedIn
from domain.workbook.read import Row
from models import File, Job, JobPhase, MatchBy, Outcome


def fetch(session: Session, job: Job, path: Path) -> str:
    """Put the uploaded bytes into a file that a reader can open; the name they came under."""
    upload = session.get(File, job.upload_id) if job.upload_id else None
    if upload is None:
        raise ids.not_found(ids.Noun.FILE)
    with path.open("wb") as target:
        target.writelines(files.chunks(session, upload.id))
    return upload.name


@dataclass(frozen=True)
class Reading:
    """How the rows of a job are understood; a layout for each of its checkpoints, in order."""

    layouts: Sequence[Layout]
    match_by: MatchBy
    results: Results

    @cached_property
    def parsers(self) -> list[Parser]:
        """For each of the layouts."""
        return [Parser(layout, self.match_by, self.results) for layout in self.layouts]


class Part(NamedTuple):
    """A row of the file as it was understood, for one of the job's checkpoints."""

    row: Parsed
    part: int


def understood(row: Row, part: int, reading: Reading) -> Part:
    """What a row says for one of the checkpoints."""
    return Part(reading.parsers[part].parse(row), part)


def stage(
    session: Session,
    job: Job,
    operator: SignedIn,
    parts: Sequence[Part],
    layouts: Sequence[Layout],
) -> None:
    """One batch of rows into job rows; those up to the job's cursor are there already."""
    cursor = job.cursor
    new = [each for each in parts if each.row.number > cursor]
    if not new:
        return
    found = records(session, job, operator, new, layouts)
    job_rows.insert(session, found, job_rows.PART_COLUMNS)
    progress = counted(found) | {"staged": Job.staged + len(found)}
    jobs.advance(session, job, cursor=new[-1].row.number, **progress)


def records(
    session: Session,
    job: Job,
    operator: SignedIn,
    parts: Sequence[Part],
    layouts: Sequence[Layout],
) -> list[tuple[object, ...]]:
    """The job rows of these, each with the student it names within the operator's scope."""
    wanted = matching.wanted([each.row for each in parts])
    known = student_keys.by_keys(session, operator, job.scheme_id, wanted)
    job_id = job.id
    return [_record(job_id, each, known, layouts[each.part]) for each in parts]


def counted(records: Sequence[tuple[object, ...]]) -> dict[str, object]:
    """How many of these have an outcome already, as progress."""
    place = job_rows.COLUMNS.index("outcome")
    outcomes = (record[place] for record in records)
    return jobs.counted(Counter(each for each in outcomes if isinstance(each, Outcome)))


def _record(
    job_id: int, said: Part, known: student_keys.Keys, layout: Layout
) -> tuple[object, ...]:
    row, part = said
    student, found = matching.match(row, known)
    problems = [*row.problems, *found, *_name_problems(row, student, layout)]
    outcome, code = _outcome(row, problems)
    if code is Code.NO_RESULT:
        problems.append(_no_result(row, layout.columns[Column.RESULT]))
    return (
        job_id,
        row.number,
        row.cells,
        row.keys[0].value if row.keys else "",
        row.name,
        student.id if student else None,
        row.act,
        row.remark,
        outcome,
        code,
        problems,
        part,
    )


def _no_result(row: Parsed, place: int) -> Problem:
    text = row.cells[place] if place < len(row.cells) else ""
    return Problem(Code.NO_RESULT, sheets.letter(place), text)


def _name_problems(
    row: Parsed, student: student_keys.Known | None, layout: Layout
) -> Iterable[Problem]:
    if student is None or Column.NAME not in layout.columns:
        return ()
    problem = matching.name_problem(row, student, layout.letter(Column.NAME))
    return (problem,) if problem else ()


def _outcome(row: Parsed, problems: Sequence[Problem]) -> tuple[Outcome | None, Code | None]:
    """A row with an error is FAILED, one that decides nothing UNCHANGED; the rest waits."""
    for problem in problems:
        if problem.code not in WARNINGS:
            return Outcome.FAILED, problem.code
    if row.act is None:
        return Outcome.UNCHANGED, Code.NO_RESULT
    return None, None


def finish(session: Session, job: Job) -> None:
    """Find students that stand in the file twice, then go on to deciding."""
    _require_rows(job)
    conflicts = duplicates.mark(session, job.id)
    jobs.start_phase(
        session,
        job,
        JobPhase.DECIDING,
        total=job.staged,
        failed=Job.failed + conflicts,
    )


def look_through(session: Session, job: Job) -> None:
    """Let all rows be looked through as a whole; NO_ROWS if there are none."""
    _require_rows(job)
    job_rows.renew_statistics(session)


def _require_rows(job: Job) -> None:
    if not job.staged:
        raise Refusal(Code.NO_ROWS)
