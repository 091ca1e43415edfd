"""Counters per checkpoint under a filter: due = passed + pending + refused, from one statement."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators, students
from models import Checkpoint, Clearance, ClearanceStatus, Student


@dataclass(frozen=True)
class CheckpointCounts:
    """How many students stand where at one checkpoint."""

    checkpoint: Checkpoint
    passed: int
    pending: int
    refused: int
    not_required: int

    @property
    def due(self) -> int:
        """应办理."""
        return self.passed + self.pending + self.refused


def by_checkpoint(
    session: Session, operator: operators.SignedIn, where: students.StudentFilter
) -> list[CheckpointCounts]:
    """The counters of every checkpoint of the scheme, in order, over the students that match."""
    scheme_id = students.scheme_of(operator, where)
    matching = sa.select(Student.id).where(students.matching(operator, where)).subquery()
    tallied = (
        sa.select(Clearance.checkpoint_id, *(_tally(status) for status in ClearanceStatus))
        .join(matching, matching.c.id == Clearance.student_id)
        .group_by(Clearance.checkpoint_id)
        .subquery()
    )
    numbers = [sa.func.coalesce(tallied.c[status], 0) for status in ClearanceStatus]
    rows = session.execute(
        sa.select(Checkpoint, *numbers)
        .outerjoin(tallied, tallied.c.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.scheme_id == scheme_id)
        .order_by(Checkpoint.position)
    )
    return [_counts(checkpoint, *tallies) for checkpoint, *tallies in rows]


def _tally(status: ClearanceStatus) -> sa.Label[int]:
    return sa.func.count().filter(Clearance.status == status).label(status)


def _counts(checkpoint: Checkpoint, *tallies: int) -> CheckpointCounts:
    of = dict(zip(ClearanceStatus, tallies, strict=True))
    return CheckpointCounts(
        checkpoint=checkpoint,
        passed=of[ClearanceStatus.PASSED],
        pending=of[ClearanceStatus.PENDING],
        refused=of[ClearanceStatus.REFUSED],
        not_required=of[ClearanceStatus.NOT_REQUIRED],
    )
