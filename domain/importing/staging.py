"""The first half of an import: every row of the file into a job row, with the student it names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased

from domain import files, ids, job_rows, jobs, operators
from domain.errors import Code, Refusal
from domain.importing import matching
from domain.lists import student_keys
from domain.reading import cells, sheets
from domain.reading.cells import Column, Layout, Parsed, Sheet
from domain.reading.sheets import WARNINGS, Problem
from domain.reading.vocabulary import Results
from models import File, Job, JobPhase, JobRow, MatchBy, Outcome


def fetch(session: Session, job: Job, path: Path) -> str:
    """Put the uploaded bytes into a file that a reader can open; the name they came under."""
    upload = session.get(File, job.upload_id) if job.upload_id else None
    if upload is None:
        raise ids.not_found(ids.Noun.FILE)
    with path.open("wb") as target:
        target.writelines(files.chunks(session, upload.id))
    return upload.name


def stage(
    session: Session, job: Job, operator: operators.SignedIn, sheet: Sheet, results: Results
) -> None:
    """One batch of sheet rows into job rows; those up to the job's cursor are there already."""
    match_by = job.match_by or MatchBy.AUTO
    rows = [row for row in sheet.rows if row.number > job.cursor]
    parsed = [cells.parse(row, sheet.layout, match_by, results) for row in rows]
    if not parsed:
        return
    known = student_keys.by_keys(session, operator, job.scheme_id, matching.wanted(parsed))
    records = [_record(job.id, row, known, sheet.layout) for row in parsed]
    job_rows.insert(session, records)
    outcomes = Counter(record[8] for record in records)
    jobs.advance(
        session,
        job,
        cursor=parsed[-1].number,
        staged=Job.staged + len(records),
        failed=Job.failed + outcomes[Outcome.FAILED],
        unchanged=Job.unchanged + outcomes[Outcome.UNCHANGED],
    )


def _record(
    job_id: int, row: Parsed, known: student_keys.Keys, layout: Layout
) -> tuple[object, ...]:
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
        [asdict(problem) for problem in problems],
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
    errors = [problem.code for problem in problems if problem.code not in WARNINGS]
    if errors:
        return Outcome.FAILED, errors[0]
    if row.act is None:
        return Outcome.UNCHANGED, Code.NO_RESULT
    return None, None


def finish(session: Session, job: Job) -> None:
    """Find students that stand in the file twice, then go on to deciding."""
    require_rows(session, job)
    conflicts = _mark_duplicates(session, job.id)
    jobs.start_phase(
        session,
        job,
        JobPhase.DECIDING,
        total=job.staged,
        failed=Job.failed + conflicts,
    )


def require_rows(session: Session, job: Job) -> None:
    """NO_ROWS for an empty file; the others are to be looked through as a whole."""
    if not job.staged:
        raise Refusal(Code.NO_ROWS)
    # To the server's statistics a new job has no rows: it would compare each of them with each.
    session.execute(sa.text("ANALYZE job_rows"))


def _mark_duplicates(session: Session, job_id: int) -> int:
    """Identical rows point at the first of them; contradictory ones fail, naming each other."""
    waiting = sa.and_(JobRow.job_id == job_id, JobRow.outcome.is_(None))
    several = (
        sa.select(
            JobRow.student_id,
            sa.func.min(JobRow.row_number).label("first"),
            sa.func.array_agg(
                postgresql.aggregate_order_by(JobRow.row_number, JobRow.row_number)
            ).label("rows"),
            (sa.func.count(sa.distinct(sa.tuple_(JobRow.act, JobRow.remark))) > 1).label("differ"),
        )
        .where(waiting)
        .group_by(JobRow.student_id)
        .having(sa.func.count() > 1)
        .subquery()
    )
    session.execute(
        sa.update(JobRow)
        .where(
            waiting,
            JobRow.student_id == several.c.student_id,
            sa.not_(several.c.differ),
            JobRow.row_number > several.c.first,
        )
        .values(duplicate_of=several.c.first)
    )
    failed = session.execute(
        sa.update(JobRow)
        .where(waiting, JobRow.student_id == several.c.student_id, several.c.differ)
        .values(
            outcome=Outcome.FAILED,
            code=Code.DUPLICATE_CONFLICT,
            problems=JobRow.problems + conflict(several.c.rows),
        )
        .returning(JobRow.row_number)
    )
    return len(failed.all())


def conflict(rows: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """One problem as JSON; of very many rows only the first twenty are named."""
    named = sa.func.array_to_string(rows[1:20], "、")
    facts = sa.func.jsonb_build_object("rows", named)
    problem = sa.func.jsonb_build_object(
        *("code", sa.literal(Code.DUPLICATE_CONFLICT.value), "column", None),
        *("value", sa.literal(""), "facts", facts),
    )
    return sa.func.jsonb_build_array(problem)


def settle_duplicates(session: Session, job: Job) -> Counter[Outcome]:
    """Rows that repeat an earlier one share its fate: UNCHANGED if it was decided.

    A row keeps its own warnings; why the first one failed is the last of that one's problems.
    """
    first = aliased(JobRow)
    was_decided = first.outcome.in_([Outcome.APPLIED, Outcome.UNCHANGED])
    facts = sa.func.jsonb_build_object("row", sa.cast(first.row_number, sa.Text))
    repeats = sa.func.jsonb_build_array(
        sa.func.jsonb_build_object(
            *("code", sa.literal(Code.DUPLICATE_ROW.value), "column", None),
            *("value", sa.literal(""), "facts", facts),
        )
    )
    settled = session.scalars(
        sa.update(JobRow)
        .where(
            JobRow.job_id == job.id,
            JobRow.outcome.is_(None),
            first.job_id == job.id,
            first.row_number == JobRow.duplicate_of,
        )
        .values(
            outcome=sa.case((was_decided, Outcome.UNCHANGED.value), else_=first.outcome),
            code=sa.case((was_decided, Code.DUPLICATE_ROW.value), else_=first.code),
            problems=JobRow.problems
            + sa.case(
                (was_decided, repeats),
                else_=sa.func.jsonb_build_array(first.problems[-1]),
            ),
        )
        .returning(JobRow.outcome),
        execution_options={"synchronize_session": False},
    )
    return Counter(Outcome(outcome) for outcome in settled if outcome)
