"""Undo (撤回): a job that takes back what another did, clearance by clearance, as far as they are
still as that left them.

Every function but `start` is one transaction of a worker, safe to run again after a death.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, job_batches, job_checkpoints, job_queues, jobs, operators, reopening
from domain.deciding import restoring
from domain.deciding.decisions import Origin
from domain.deciding.restoring import Taken
from domain.errors import Code, Refusal
from domain.job_batches import Batch
from domain.signed_in import SignedIn
from models import (
    Channel,
    Checkpoint,
    Entry,
    Job,
    JobKind,
    JobPhase,
    JobRow,
    JobStatus,
    Student,
)

UNDOABLE = frozenset({JobKind.BATCH, JobKind.IMPORT, JobKind.FEED, JobKind.UNDO})
_NOT_YET = frozenset({*jobs.UNFINISHED, JobStatus.HELD})
TITLES = ("学号", "姓名", "离校环节")


def start(
    session: Session,
    operator: SignedIn,
    public_id: str,
    language: str,
    *,
    dry_run: bool = False,
) -> Job:
    """A queued job that takes another back; JOB_NOT_UNDOABLE if that is nothing to take back.

    Whoever sees the job and may decide where it did may start one.
    """
    undone = reopening.hold(session, operator, public_id)
    if undone.kind not in UNDOABLE or undone.dry_run or undone.status in _NOT_YET:
        facts = {"kind": undone.kind, "status": undone.status}
        raise Refusal(Code.JOB_NOT_UNDOABLE, facts)
    job = Job(
        kind=JobKind.UNDO,
        operator_id=operator.id,
        scheme_id=undone.scheme_id,
        checkpoint_id=undone.checkpoint_id,
        undoes_id=undone.id,
        dry_run=dry_run,
        queue=job_queues.of_rows(undone.applied),
        options={"language": language},
        header={"titles": TITLES},
    )
    jobs.queue(session, job)
    if job.checkpoint_id is None:
        job_checkpoints.put(session, job, job_checkpoints.of(session, undone))
    return job


def stage(session: Session, job_id: int, token: int) -> None:
    """A row for each clearance that the job has changed, numbered as the row that did."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    made = session.execute(
        sa.insert(JobRow)
        .from_select(
            ["job_id", "row_number", "part", "cells", "key", "name", "student_id"],
            _changed(session, job),
            include_defaults=False,
        )
        .returning(JobRow.row_number)
    )
    count = len(made.all())
    jobs.start_phase(session, job, JobPhase.APPLYING, staged=count, total=count)


def _changed(session: Session, job: Job) -> sa.Select[Any]:
    """A number tells the student; an ID number is shown nowhere in full."""
    checkpoint_ids = job_checkpoints.of(session, job)
    parts = arrays.rows(
        "parts",
        part=(sa.SmallInteger(), range(len(checkpoint_ids))),
        checkpoint_id=(sa.BigInteger(), checkpoint_ids),
    )
    last = (
        sa.select(Entry)
        .where(Entry.job_id == job.undoes_id)
        .ext(postgresql.distinct_on(Entry.student_id, Entry.checkpoint_id))
        .order_by(Entry.student_id, Entry.checkpoint_id, Entry.version.desc())
        .subquery()
    )
    number = sa.func.coalesce(Student.number, Student.candidate_number, "")
    cells = sa.func.jsonb_build_array(number, Student.name, Checkpoint.title)
    return (
        sa.select(
            sa.literal(job.id, sa.BigInteger),
            last.c.row_number,
            parts.c.part,
            sa.type_coerce(cells, postgresql.JSONB),
            number,
            Student.name,
            last.c.student_id,
        )
        .join(Student, Student.id == last.c.student_id)
        .join(Checkpoint, Checkpoint.id == last.c.checkpoint_id)
        .join(parts, parts.c.checkpoint_id == last.c.checkpoint_id)
    )


def apply(session: Session, job_id: int, token: int, batch: Batch) -> None:
    """Take back a batch; the job is held last, as others may be at theirs."""
    job = jobs.see(session, job_id, token)
    operator = operators.load(session, job.operator_id)
    origin = Origin(operator, Channel.UNDO, job.id, dry_run=job.dry_run)
    taken = [Taken(row.student_id or 0, row.row_number) for row in batch.rows]
    verdicts = restoring.apply(session, batch.checkpoint_id, taken, job.undoes_id or 0, origin)
    held = jobs.hold_unless_cancelled(session, job_id, token)
    job_batches.write(session, held, batch, verdicts)


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: the workbook comes next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.start_phase(session, job, JobPhase.WRITING)


def of_jobs(session: Session, operator: SignedIn, job_ids: Sequence[int]) -> dict[int, Job]:
    """The newest job in sight that takes each of these back, or is about to; no dry run, and none
    that has failed or ended without a change."""
    does_something = sa.or_(Job.applied > 0, Job.status.in_(jobs.UNFINISHED))
    newest = (
        sa.select(Job)
        .where(
            arrays.any_of(Job.undoes_id, job_ids),
            ~Job.dry_run,
            Job.status != JobStatus.FAILED,
            does_something,
            operators.jobs_seen(operator),
        )
        .ext(postgresql.distinct_on(Job.undoes_id))
        .order_by(Job.undoes_id, Job.id.desc())
    )
    return {job.undoes_id: job for job in session.scalars(newest) if job.undoes_id is not None}
