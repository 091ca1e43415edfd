"""The second half of handing out by file: its rows, batch after batch, and the end."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import job_batches, jobs, operators
from domain.handing import hand_outs
from domain.handing.hand_outs import Origin
from domain.handing.judgement import Handing, Item
from models import HandOutKind, Job, JobPhase, JobRow, Receiver

# The scheme is held while a batch is written, and nobody else gives a certificate out.
BATCH_ROWS = 1_000


def apply(session: Session, job_id: int, token: int) -> bool:
    """Judge and write the next batch of rows; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    rows = _waiting(session, job)
    if not rows:
        return False
    origin = Origin(operators.load(session, job.operator_id), job.id, dry_run=job.dry_run)
    handings = [_handing(row) for row in rows]
    verdicts = hand_outs.apply(session, job.scheme_id, handings, origin)
    job_batches.write_part(session, job, 0, rows, verdicts)
    return True


def _waiting(session: Session, job: Job) -> Sequence[sa.Row[Any]]:
    return session.execute(
        sa.select(JobRow.row_number, JobRow.student_id, JobRow.remark, JobRow.record)
        .where(JobRow.job_id == job.id, JobRow.row_number > job.cursor, JobRow.outcome.is_(None))
        .order_by(JobRow.row_number)
        .limit(BATCH_ROWS)
    ).all()


def _handing(row: sa.Row[Any]) -> Handing:
    given = row.record
    at = given["handed_out_at"]
    return Handing(
        row.student_id,
        tuple(Item(HandOutKind(kind), number) for kind, number in given["items"]),
        Receiver(given["receiver"]),
        given["proxy_name"],
        given["proxy_id_number"],
        row.remark,
        dt.datetime.fromisoformat(at) if at else None,
        row.row_number,
    )


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: the workbook comes next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.start_phase(session, job, JobPhase.WRITING)
