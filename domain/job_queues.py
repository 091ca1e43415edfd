"""Whose turn it is among the jobs that wait: each operator's in turn, and so many at once.

Without turns one office with a hundred files would keep all others waiting. A message is only a
call to work: the claim asks here which job of the queue is the next.
"""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from domain import arrays, locks
from domain.signed_in import SignedIn
from models import Job, JobKind, JobQueue, JobStatus

# About five thousand rows.
SMALL_BYTES = 256 * 1024
# So many clearances or rows take a second.
SMALL_ROWS = 2_000


class Turn(NamedTuple):
    """The job whose turn it is."""

    id: int
    kind: JobKind
    queue: JobQueue


def of_bytes(size: int) -> JobQueue:
    """For a file of this size."""
    return JobQueue.INTERACTIVE if size <= SMALL_BYTES else JobQueue.BULK


def of_rows(count: int) -> JobQueue:
    """For so many rows."""
    return JobQueue.INTERACTIVE if count <= SMALL_ROWS else JobQueue.BULK


def hold(session: Session, queue: JobQueue) -> None:
    """Until the transaction ends nobody else takes a job from the queue."""
    locks.hold(session, f"queue.{queue}")


def following(session: Session, queue: JobQueue, limit: int) -> Turn | None:
    """Of the operators who have fewer than `limit` jobs running there, the one who was served
    longest ago, and of theirs the one that waits longest; None if nobody may go on."""
    waiting, other = orm.aliased(Job), orm.aliased(Job)
    running = (
        sa.select(sa.func.count())
        .where(
            other.operator_id == waiting.operator_id,
            other.queue == queue,
            other.status == JobStatus.RUNNING,
            other.lease_until > sa.func.clock_timestamp(),
        )
        .scalar_subquery()
    )
    served = (
        # What goes on after it had ended does not start again, but it ends again.
        sa.select(sa.func.max(sa.func.greatest(other.started_at, other.finished_at)))
        .where(other.operator_id == waiting.operator_id, other.queue == queue)
        .scalar_subquery()
    )
    row = session.execute(
        sa.select(waiting.id, waiting.kind, waiting.queue)
        .where(waiting.status == JobStatus.QUEUED, waiting.queue == queue, running < limit)
        .order_by(served.asc().nulls_first(), waiting.waiting_since, waiting.id)
        .limit(1)
    ).one_or_none()
    return Turn(*row) if row else None


def places(session: Session, _operator: SignedIn, job_ids: Collection[int]) -> dict[int, int]:
    """How long the line is up to each of these jobs, itself included; only those that wait."""
    place = sa.func.row_number().over(partition_by=Job.queue, order_by=(Job.waiting_since, Job.id))
    line = sa.select(Job.id, place.label("place")).where(Job.status == JobStatus.QUEUED).subquery()
    rows = session.execute(
        sa.select(line.c.id, line.c.place).where(arrays.any_of(line.c.id, job_ids))
    )
    return {row.id: row.place for row in rows}
