"""Rows that are judged again: understood anew from the cells that are kept of them.

Whom a row names is looked up in the scope of who repaired it, or else of who uploaded it.
"""

import itertools
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import job_rows, jobs, operators
from domain.importing import duplicates, staging
from domain.importing.staging import Reading
from domain.reading import cells, sheets, synonyms
from domain.reading.cells import Column, Layout
from domain.workbook.read import Row
from models import Job, JobPhase, JobRow, MatchBy, Repair

# Rows of several checkpoints share a row number, and stay together.
_AT_ONCE = sheets.BATCH_ROWS


def match(session: Session, job_id: int, token: int) -> bool:
    """The next rows that wait; False when none is left, and the job goes on to deciding."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    rows = _waiting(session, job)
    if not rows:
        failed = Job.failed + duplicates.mark(session, job.id)
        jobs.start_phase(session, job, JobPhase.DECIDING, failed=failed)
        return False
    reading = _reading(session, job)
    found: list[tuple[object, ...]] = []
    for repair_id, alike in itertools.groupby(rows, key=lambda row: row.repair_id):
        operator = operators.load(session, _author(session, job, repair_id))
        again = [
            staging.understood(Row(row.row_number, tuple(row.cells)), row.part, reading)
            for row in alike
        ]
        found += staging.records(session, job, operator, again, reading.layouts)
    job_rows.update(session, found)
    jobs.advance(session, job, cursor=rows[-1].row_number, **staging.counted(found))
    return True


def _author(session: Session, job: Job, repair_id: int | None) -> int:
    return session.get_one(Repair, repair_id).operator_id if repair_id else job.operator_id


def _waiting(session: Session, job: Job) -> Sequence[JobRow]:
    """All rows of the same numbers: the cursor knows no parts."""
    numbers = (
        sa.select(JobRow.row_number)
        .distinct()
        .where(JobRow.job_id == job.id, JobRow.row_number > job.cursor, job_rows.wait())
        .order_by(JobRow.row_number)
        .limit(_AT_ONCE)
    )
    return session.scalars(
        sa.select(JobRow)
        .where(
            JobRow.job_id == job.id,
            JobRow.row_number.in_(numbers),
            JobRow.outcome.is_(None),
        )
        .order_by(JobRow.row_number, JobRow.part)
    ).all()


def _reading(session: Session, job: Job) -> Reading:
    """The columns as they were understood when the file was read, and the words of today."""
    header = job.header or {}
    titles = tuple(header["titles"])
    layouts = [
        Layout(header["row"], titles, {Column(name): at for name, at in columns.items()}, ())
        for columns in header["columns"]
    ]
    results = synonyms.vocabulary(session).acts(cells.RESULTS)
    return Reading(layouts, job.match_by or MatchBy.AUTO, results)
