"""The second half of handing out by file: its rows, batch after batch, and the end."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import identifiers, job_batches, job_rows, jobs, operators
from domain.deciding.judgement import Verdict, refuse
from domain.errors import Code
from domain.handing import hand_outs, locked_students
from domain.handing.hand_outs import Origin
from domain.handing.judgement import Handing, Item
from models import HandOutKind, Job, JobPhase, JobRow, Receiver, Student

# The scheme is held while a batch is written, and nobody else gives a certificate out.
BATCH_ROWS = 1_000


def apply(session: Session, job_id: int, token: int) -> bool:
    """Judge and write the next batch of rows; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    # From here on nobody gets another number.
    locked_students.hold_scheme(session, job.scheme_id)
    rows = _waiting(session, job)
    if not rows:
        return False
    origin = Origin(operators.load(session, job.operator_id), job.id, dry_run=job.dry_run)
    handings = [_handing(row) for row in rows if row.is_named]
    made = iter(hand_outs.apply(session, job.scheme_id, handings, origin))
    verdicts = [next(made) if row.is_named else _unknown(row) for row in rows]
    job_batches.write_some(session, job, rows, verdicts)
    return True


def _unknown(row: sa.Row[Any]) -> Verdict:
    return refuse(Code.STUDENT_NOT_FOUND, value=identifiers.masked(row.key))


def _waiting(session: Session, job: Job) -> Sequence[sa.Row[Any]]:
    """`is_named`: a row that is judged long after it was read may name somebody else by now."""
    keys = (Student.number, Student.candidate_number, Student.id_number)
    is_named = sa.or_(*(sa.func.coalesce(key == JobRow.key, sa.false()) for key in keys))
    return session.execute(
        sa.select(
            JobRow.row_number,
            JobRow.student_id,
            JobRow.key,
            JobRow.remark,
            JobRow.record,
            is_named.label("is_named"),
        )
        .join(Student, Student.id == JobRow.student_id)
        .where(JobRow.job_id == job.id, JobRow.row_number > job.cursor, job_rows.wait())
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
