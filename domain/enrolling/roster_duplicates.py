"""Who stands in a roster twice, by whatever key: set against each other over the whole file."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain.enrolling.student_writes import COLUMNS
from domain.errors import Code
from domain.importing import duplicates
from domain.reading.student_records import KEYS
from models import JobRow, Outcome, Student

_NAMED = 20


def mark(session: Session, job_id: int) -> int:
    """Identical rows point at the first of them; contradictory ones fail, naming each other."""
    waiting = sa.and_(JobRow.job_id == job_id, JobRow.outcome.is_(None))
    rows = _rows(waiting)
    groups = _groups(rows)
    failed = _fail(session, waiting, _conflicts(rows, groups))
    firsts = (
        sa.select(rows.c.row_number, sa.func.min(groups.c.first).label("first"))
        .join(groups, groups.c.token == rows.c.token)
        .group_by(rows.c.row_number)
        .subquery()
    )
    session.execute(
        sa.update(JobRow)
        .where(
            waiting, JobRow.row_number == firsts.c.row_number, firsts.c.row_number > firsts.c.first
        )
        .values(duplicate_of=firsts.c.first),
        execution_options={"synchronize_session": False},
    )
    return failed


def _rows(waiting: sa.ColumnElement[bool]) -> sa.CTE:
    """Each row once for every way it names its student, with what it would make of them.

    A key that the row leaves empty stays what it is.
    """
    record = JobRow.record
    kept = [part for field in KEYS for part in (field.value, COLUMNS[field])]
    said = sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*kept)).op("||")(
        sa.func.jsonb_strip_nulls(record)
    )
    tokens = postgresql.array(
        [
            sa.literal("ID ") + sa.cast(JobRow.student_id, sa.Text),
            *(sa.literal(f"{field} ") + record[field.value].astext for field in KEYS),
        ]
    )
    token = sa.func.unnest(sa.func.array_remove(tokens, None)).label("token")
    return (
        sa.select(JobRow.row_number, said.label("said"), token)
        .outerjoin(Student, Student.id == JobRow.student_id)
        .where(waiting)
        .cte("rows")
    )


def _groups(rows: sa.CTE) -> sa.CTE:
    """The rows that share a token, if there are several."""
    numbers = postgresql.aggregate_order_by(rows.c.row_number, rows.c.row_number)
    return (
        sa.select(
            rows.c.token,
            sa.func.min(rows.c.row_number).label("first"),
            sa.func.array_agg(numbers).label("numbers"),
            (sa.func.count(sa.distinct(rows.c.said)) > 1).label("differ"),
        )
        .group_by(rows.c.token)
        .having(sa.func.count() > 1)
        .cte("groups")
    )


def _conflicts(rows: sa.CTE, groups: sa.CTE) -> sa.Subquery:
    """The rows that contradict others, with the numbers of all of these."""
    number = sa.func.unnest(groups.c.numbers[1:_NAMED]).label("number")
    others = (
        sa.select(rows.c.row_number, number)
        .join(groups, sa.and_(groups.c.token == rows.c.token, groups.c.differ))
        .distinct()
        .subquery()
    )
    ordered = postgresql.aggregate_order_by(others.c.number, others.c.number)
    return (
        sa.select(others.c.row_number, sa.func.array_agg(ordered).label("numbers"))
        .group_by(others.c.row_number)
        .subquery()
    )


def _fail(session: Session, waiting: sa.ColumnElement[bool], conflicts: sa.Subquery) -> int:
    problem: sa.ColumnElement[Any] = duplicates.conflict(conflicts.c.numbers)
    failed = session.execute(
        sa.update(JobRow)
        .where(waiting, JobRow.row_number == conflicts.c.row_number)
        .values(
            outcome=Outcome.FAILED,
            code=Code.DUPLICATE_CONFLICT,
            problems=JobRow.problems + problem,
        )
        .returning(JobRow.row_number),
        execution_options={"synchronize_session": False},
    )
    return len(failed.all())
