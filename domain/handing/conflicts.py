"""Rows of a list of hand-outs that contradict each other: all of them fail, naming each other."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain.errors import Code
from domain.importing import duplicates
from models import JobRow, Outcome


def mark(session: Session, job_id: int) -> int:
    """A student to whom one kind is given in two ways, or a number with two students; how many
    failed. Ways differ by the number, by who receives it, by the time and by the remark."""
    items = _items(job_id)
    of_student = _groups(items, items.c.student_id, items.c.way)
    of_number = _groups(items, items.c.number, items.c.student_id)
    failed = _fail(session, job_id, of_student)
    return failed + _fail(session, job_id, of_number, "number", of_number.c.same)


def _items(job_id: int) -> sa.CTE:
    """What each row that waits gives, item by item."""
    element = sa.func.jsonb_array_elements(JobRow.record["items"]).table_valued("value")
    item = sa.type_coerce(element.c.value, postgresql.JSONB)
    return (
        sa.select(
            JobRow.row_number,
            JobRow.student_id,
            item[0].astext.label("kind"),
            item[1].astext.label("number"),
            sa.func.jsonb_build_array(
                item[1], JobRow.record.op("-")("items"), JobRow.remark, type_=postgresql.JSONB
            ).label("way"),
        )
        .select_from(JobRow)
        .join(element, sa.true())
        .where(JobRow.job_id == job_id, JobRow.outcome.is_(None), JobRow.record.is_not(None))
        .cte("items")
    )


def _groups(
    items: sa.CTE, same: sa.ColumnElement[object], different: sa.ColumnElement[object]
) -> sa.Subquery:
    """Each of the rows that say the same of one kind and differ, with those that are named there.

    One by one, so that they are joined by number: thousands of pairs would be tried with each row.
    """
    rows = sa.func.array_agg(postgresql.aggregate_order_by(items.c.row_number, items.c.row_number))
    return (
        sa.select(
            same.label("same"),
            sa.func.unnest(rows).label("row_number"),
            rows[1 : duplicates.NAMED].label("named"),
        )
        .where(same.is_not(None))
        .group_by(items.c.kind, same)
        .having(sa.func.count(sa.distinct(different)) > 1)
        .subquery()
    )


def _fail(session: Session, job_id: int, groups: sa.Subquery, *facts: object) -> int:
    failed = session.execute(
        sa.update(JobRow)
        .where(
            JobRow.job_id == job_id,
            JobRow.outcome.is_(None),
            JobRow.row_number == groups.c.row_number,
        )
        .values(
            outcome=Outcome.FAILED,
            code=Code.DUPLICATE_CONFLICT,
            problems=JobRow.problems + duplicates.conflict(groups.c.named, *facts),
        )
        .returning(JobRow.row_number),
        execution_options={"synchronize_session": False},
    )
    return len(failed.all())
