"""Students that stand in a file twice, by whatever key: one change, or a conflict of all rows."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased

from domain.errors import Code
from models import Job, JobRow, Outcome

# How many of very many rows a conflict names.
NAMED = 20
_DECIDED = (Outcome.APPLIED, Outcome.UNCHANGED)


def mark(session: Session, job_id: int) -> int:
    """Identical rows point at the first of them; contradictory ones fail, naming each other.

    How many failed. A row that is judged again is compared with those that were decided, too.
    """
    # The server does not know yet that a new job has rows, and would compare each with each.
    session.execute(sa.text("SET LOCAL enable_nestloop = off"))
    several = _several(job_id)
    of_several = sa.update(JobRow).where(
        JobRow.job_id == job_id,
        JobRow.outcome.is_(None),
        JobRow.student_id == several.c.student_id,
        JobRow.part == several.c.part,
    )
    repeated = of_several.where(
        sa.not_(several.c.differ), JobRow.row_number != several.c.first
    ).values(duplicate_of=several.c.first)
    failed = of_several.where(several.c.differ).values(
        outcome=Outcome.FAILED,
        code=Code.DUPLICATE_CONFLICT,
        problems=JobRow.problems + conflict(several.c.rows),
    )
    count = sa.select(sa.func.count()).select_from(failed.returning(JobRow.row_number).cte())
    return session.scalars(count.add_cte(repeated.cte())).one()


def _several(job_id: int) -> sa.CTE:
    """The students of several rows, of which some wait: the first row (one that was decided, if
    there is any), all of them, and whether they differ.

    They are looked for first: nearly every student has one row, and to sort them all takes long.
    """
    compared = sa.and_(
        JobRow.job_id == job_id,
        JobRow.student_id.is_not(None),
        JobRow.act.is_not(None),
        sa.or_(JobRow.outcome.is_(None), JobRow.outcome.in_(_DECIDED)),
    )
    of_student = (JobRow.student_id, JobRow.part)
    grouped = sa.select(*of_student).where(compared).group_by(*of_student)
    repeated = grouped.having(sa.func.count() > 1).cte("repeated")
    is_decided = sa.and_(JobRow.outcome.is_not(None), JobRow.duplicate_of.is_(None))
    rows = postgresql.aggregate_order_by(JobRow.row_number, JobRow.row_number)
    asked = sa.distinct(sa.tuple_(JobRow.act, JobRow.remark))
    first_decided = sa.func.min(JobRow.row_number).filter(is_decided)
    return (
        sa.select(
            JobRow.student_id,
            JobRow.part,
            sa.func.coalesce(first_decided, sa.func.min(JobRow.row_number)).label("first"),
            sa.func.array_agg(rows).label("rows"),
            (sa.func.count(asked) > 1).label("differ"),
        )
        .join(repeated, sa.tuple_(*of_student) == sa.tuple_(*repeated.c))
        .where(compared)
        .group_by(*of_student)
        .having(sa.func.count().filter(JobRow.outcome.is_(None)) > 0)
        .cte("several")
    )


def conflict(rows: sa.ColumnElement[Any], *facts: Any) -> sa.ColumnElement[Any]:
    """One problem as JSON, with more facts by name and value; of very many rows only the first
    ones are named."""
    named = sa.func.array_to_string(rows[1:NAMED], "、")
    told = sa.func.jsonb_build_object("rows", named, *facts)
    return _problem(Code.DUPLICATE_CONFLICT, told)


def settle(session: Session, job: Job) -> Counter[Outcome]:
    """Rows that repeat an earlier one share its fate: UNCHANGED if it was decided.

    A row keeps its own warnings; why the first one failed is the last of that one's problems.
    """
    first = aliased(JobRow)
    was_decided = first.outcome.in_(_DECIDED)
    repeats = _problem(
        Code.DUPLICATE_ROW,
        sa.func.jsonb_build_object("row", sa.cast(first.row_number, sa.Text)),
    )
    fate = sa.case((was_decided, repeats), else_=sa.func.jsonb_build_array(first.problems[-1]))
    settled = session.scalars(
        sa.update(JobRow)
        .where(
            JobRow.job_id == job.id,
            JobRow.outcome.is_(None),
            first.job_id == job.id,
            first.row_number == JobRow.duplicate_of,
            first.part == JobRow.part,
        )
        .values(
            outcome=sa.case((was_decided, Outcome.UNCHANGED.value), else_=first.outcome),
            code=sa.case((was_decided, Code.DUPLICATE_ROW.value), else_=first.code),
            problems=JobRow.problems + fate,
        )
        .returning(JobRow.outcome),
        execution_options={"synchronize_session": False},
    )
    return Counter(Outcome(outcome) for outcome in settled if outcome)


def _problem(code: Code, facts: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    problem = sa.func.jsonb_build_object(
        *("code", sa.literal(code.value), "column", None),
        *("value", sa.literal("")),
        *("facts", facts),
    )
    return sa.func.jsonb_build_array(problem)
