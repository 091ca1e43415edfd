"""Who is required where, by the checkpoints' rules: only PENDING and NOT_REQUIRED by rule turn.

A decision or a waiver is never touched. Whoever calls holds the scheme (`schemes.hold`), so nobody
decides in it meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, operators
from domain.deciding import applicability, changes, gate, locked_states
from domain.deciding.applicability import Applicability
from domain.deciding.changes import Author, Change
from domain.deciding.judgement import State
from domain.signed_in import SignedIn
from models import Channel, Checkpoint, Clearance, ClearanceStatus, NotRequiredBy, Student

_AT_ONCE = 5_000
# What turns to NOT_REQUIRED, and what turns back.
_TURNING = (ClearanceStatus.PENDING, ClearanceStatus.NOT_REQUIRED)


@dataclass(frozen=True)
class Cause:
    """Who changed a rule or a student, by which way, and in which row of a roster."""

    operator: SignedIn
    channel: Channel
    job_id: int | None = None
    rows: Mapping[int, int] = field(default_factory=dict)


class Turned(NamedTuple):
    """How many clearances turned each way."""

    to_not_required: int
    to_pending: int


def differing(checkpoint: Checkpoint, rule: Applicability) -> sa.Select[Student]:
    """The active students whose clearance a rule would turn; joined with that clearance.

    Whoever has received something is asked for nothing more.
    """
    applies = applicability.applies(rule)
    pending = sa.and_(Clearance.status == ClearanceStatus.PENDING, sa.not_(applies))
    let_off = sa.and_(
        Clearance.not_required_by == NotRequiredBy.RULE, applies, sa.not_(gate.has_received())
    )
    return (
        sa.select(Student)
        .join(Clearance, Clearance.student_id == Student.id)
        .where(
            # By the scheme the clearances are found by their key, not by reading every year's.
            Student.scheme_id == checkpoint.scheme_id,
            Clearance.checkpoint_id == checkpoint.id,
            operators.is_active(),
            sa.or_(pending, let_off),
        )
    )


def turned(state: State) -> State:
    """PENDING to NOT_REQUIRED by rule, and back; the remark stays."""
    is_pending = state.status is ClearanceStatus.PENDING
    return State(
        status=ClearanceStatus.NOT_REQUIRED if is_pending else ClearanceStatus.PENDING,
        remark=state.remark,
        version=state.version + 1,
        not_required_by=NotRequiredBy.RULE if is_pending else None,
    )


def give(session: Session, checkpoint: Checkpoint, cause: Cause) -> None:
    """Everybody's clearance at a new checkpoint, that of the archived too, so that restoring them
    needs nothing. Whom the rule lets off, and who has received, are not due there even at first."""
    is_let_off = _is_let_off(applicability.read(checkpoint.applicability))
    now = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    author = Author(cause.operator.id, cause.channel, now, cause.job_id)
    changes.give(session, checkpoint, is_let_off, author)


def _is_let_off(rule: Applicability) -> sa.ColumnElement[bool]:
    active = sa.and_(operators.is_active(), sa.not_(applicability.applies(rule)))
    return sa.or_(active, gate.has_received())


def apply_at(
    session: Session,
    checkpoint: Checkpoint,
    cause: Cause,
    student_ids: Sequence[int] | None = None,
) -> Turned:
    """Turn what differs from the rule, for all students or these."""
    arrays.find_by_index(session)
    found = differing(checkpoint, applicability.read(checkpoint.applicability))
    if student_ids is not None:
        found = found.where(Student.id == sa.any_(arrays.ids(student_ids)))
    by_status = _by_status(session, found)
    wanted = sorted(student_id for some in by_status.values() for student_id in some)
    for start in range(0, len(wanted), _AT_ONCE):
        _turn(session, checkpoint.id, wanted[start : start + _AT_ONCE], cause)
    return Turned(*(len(by_status[each]) for each in _TURNING))


def apply_everywhere(
    session: Session, scheme_id: int, cause: Cause, student_ids: Sequence[int]
) -> None:
    """The same at every checkpoint of a scheme."""
    of_scheme = sa.select(Checkpoint).where(Checkpoint.scheme_id == scheme_id)
    for checkpoint in session.scalars(of_scheme.order_by(Checkpoint.id)):
        apply_at(session, checkpoint, cause, student_ids)


def _by_status(session: Session, found: sa.Select[Student]) -> dict[ClearanceStatus, list[int]]:
    by_status: dict[ClearanceStatus, list[int]] = {each: [] for each in _TURNING}
    for student_id, status in session.execute(
        found.with_only_columns(Student.id, Clearance.status)
    ):
        by_status[status].append(student_id)
    return by_status


def _turn(session: Session, checkpoint_id: int, student_ids: list[int], cause: Cause) -> None:
    states = locked_states.lock_clearances(session, checkpoint_id, student_ids)
    now = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    author = Author(cause.operator.id, cause.channel, now, cause.job_id)
    made = [
        Change(student_id, state, turned(state), cause.rows.get(student_id))
        for student_id, state in states.items()
    ]
    changes.write(session, checkpoint_id, made, author)
