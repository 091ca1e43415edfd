"""The second half of an import: its rows decided batch after batch, then those that repeat others.

A batch is of one checkpoint and of one author: repaired rows are decided by who repaired them.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, job_checkpoints, jobs, operators
from domain.deciding import decisions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision, Since, Verdict
from domain.importing import duplicates, rehearsals
from domain.reading import sheets
from models import Act, Channel, File, IfNewer, Job, JobKind, JobPhase, JobRow, Repair

_Waiting = sa.Row[int, int | None, Act | None, str, int | None]
# The cursor of a job that decides part after part holds both: no sheet has so many rows.
_PART = 2**32
_CHANNELS = {JobKind.IMPORT: Channel.IMPORT, JobKind.BATCH: Channel.BATCH}


def decide(session: Session, job_id: int, token: int) -> bool:
    """Judge and write the next batch of rows; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    checkpoint_ids = job_checkpoints.of(session, job)
    part, after = divmod(job.cursor, _PART)
    for place in range(part, len(checkpoint_ids)):
        rows = _waiting_rows(session, job, place, after if place == part else 0)
        if rows:
            _decide(session, job, checkpoint_ids[place], place, rows)
            return True
    return False


def _decide(
    session: Session, job: Job, checkpoint_id: int, part: int, rows: Sequence[_Waiting]
) -> None:
    made = _decisions(rows)
    origin = _origin(session, job, rows[0].repair_id)
    if job.dry_run and part:
        student_ids = [each.student_id for each in made]
        imagined = rehearsals.statuses(session, job, part, student_ids)
        origin = replace(origin, imagined=imagined)
    verdicts = decisions.apply(session, checkpoint_id, made, origin)
    _write_outcomes(session, job, part, rows, verdicts)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    cursor = part * _PART + rows[-1].row_number
    jobs.advance(session, job, cursor=cursor, **jobs.counted(outcomes))


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: repeated rows take that of the first; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = duplicates.settle(session, job)
    jobs.start_phase(session, job, JobPhase.WRITING, **jobs.counted(outcomes))


def _waiting_rows(session: Session, job: Job, part: int, after: int) -> Sequence[_Waiting]:
    """The next ones, as far as they have the same author."""
    rows = session.execute(
        sa.select(JobRow.row_number, JobRow.student_id, JobRow.act, JobRow.remark, JobRow.repair_id)
        .where(
            JobRow.job_id == job.id,
            JobRow.part == part,
            JobRow.row_number > after,
            JobRow.outcome.is_(None),
            JobRow.duplicate_of.is_(None),
        )
        .order_by(JobRow.row_number)
        .limit(sheets.BATCH_ROWS)
    ).all()
    return list(itertools.takewhile(lambda row: row.repair_id == rows[0].repair_id, rows))


def _decisions(rows: Sequence[_Waiting]) -> list[Decision]:
    return [
        Decision(row.student_id, row.act, row.remark, row_number=row.row_number)
        for row in rows
        if row.student_id is not None and row.act is not None
    ]


def _origin(session: Session, job: Job, repair_id: int | None) -> Origin:
    repair = session.get_one(Repair, repair_id) if repair_id else None
    operator_id = repair.operator_id if repair else job.operator_id
    operator = operators.load(session, operator_id)
    channel = Channel.REPAIR if repair else _CHANNELS[job.kind]
    return Origin(operator, channel, job.id, _since(session, job, repair), dry_run=job.dry_run)


def _since(session: Session, job: Job, repair: Repair | None) -> Since | None:
    """What was decided after the upload, or after the repair began, is left alone."""
    if job.kind is JobKind.BATCH:
        as_of = job.options.get("as_of")
        return Since(dt.datetime.fromisoformat(as_of), job.operator_id) if as_of else None
    if job.if_newer is not IfNewer.KEEP:
        return None
    if repair:
        return Since(repair.created_at)
    upload = session.get(File, job.upload_id) if job.upload_id else None
    return Since(upload.created_at if upload else job.created_at)


def _write_outcomes(
    session: Session, job: Job, part: int, rows: Sequence[_Waiting], verdicts: Sequence[Verdict]
) -> None:
    text = sa.Text()
    new = arrays.rows(
        "new",
        row_number=(sa.Integer(), [row.row_number for row in rows]),
        outcome=(text, [verdict.outcome for verdict in verdicts]),
        code=(text, [verdict.code for verdict in verdicts]),
        problems=(text, [_problems(verdict) for verdict in verdicts]),
    )
    session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job.id, JobRow.row_number == new.c.row_number, JobRow.part == part)
        .values(
            outcome=new.c.outcome,
            code=new.c.code,
            problems=JobRow.problems + sa.cast(new.c.problems, postgresql.JSONB),
        ),
        execution_options={"synchronize_session": False},
    )


def _problems(verdict: Verdict) -> str:
    if verdict.code is None:
        return "[]"
    problem = sheets.Problem(verdict.code, facts=verdict.facts)
    return orjson.dumps([problem]).decode()
