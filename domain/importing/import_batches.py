"""The second half of an import: its rows decided batch after batch, then those that repeat others.

Repaired rows are decided by who repaired them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from domain import job_batches, jobs, operators
from domain.deciding import decisions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision, Since
from domain.importing import duplicates, rehearsals
from domain.job_batches import Batch, Waiting
from models import Channel, File, IfNewer, Job, JobKind, JobPhase, Repair

_CHANNELS = {JobKind.IMPORT: Channel.IMPORT, JobKind.BATCH: Channel.BATCH}


def decide(session: Session, job_id: int, token: int, batch: Batch) -> None:
    """Judge and write a batch; the job is held last, as others may be at theirs."""
    job = jobs.see(session, job_id, token)
    made = _decisions(batch.rows)
    origin = _origin(session, job, batch)
    verdicts = decisions.apply(session, batch.checkpoint_id, made, origin)
    held = jobs.hold_unless_cancelled(session, job_id, token)
    job_batches.write(session, held, batch, verdicts)


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: repeated rows take that of the first; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = duplicates.settle(session, job)
    jobs.start_phase(session, job, JobPhase.WRITING, **jobs.counted(outcomes))


def _decisions(rows: Sequence[Waiting]) -> list[Decision]:
    return [
        Decision(student_id, act, remark, row_number=number)
        for number, student_id, act, remark, _ in rows
        if student_id is not None and act is not None
    ]


def _origin(session: Session, job: Job, batch: Batch) -> Origin:
    repair = session.get_one(Repair, batch.repair_id) if batch.repair_id else None
    operator = operators.load(session, repair.operator_id if repair else job.operator_id)
    channel = Channel.REPAIR if repair else _CHANNELS[job.kind]
    origin = Origin(operator, channel, job.id, _since(session, job, repair), dry_run=job.dry_run)
    if not (job.dry_run and batch.part):
        return origin
    return replace(origin, imagined=rehearsals.statuses(session, job, batch))


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
