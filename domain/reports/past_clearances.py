"""Where students stood at a past moment, told from the entries alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from domain import arrays
from domain.signed_in import SignedIn
from models import Channel, Checkpoint, Clearance, ClearanceStatus, Entry, NotRequiredBy

Key = tuple[int, dt.datetime]


@dataclass(frozen=True)
class PastClearance:
    """A clearance as it was; without a change until then it was PENDING at version 1."""

    checkpoint_id: int
    status: ClearanceStatus = ClearanceStatus.PENDING
    not_required_by: NotRequiredBy | None = None
    remark: str = ""
    version: int = 1
    decided_at: dt.datetime | None = None
    operator_id: int | None = None


def at(
    session: Session, _operator: SignedIn, wanted: Collection[Key]
) -> dict[Key, list[PastClearance]]:
    """What each student's clearances were at a moment, in checkpoint order.

    One statement a moment; the students were seen already.
    """
    students: dict[dt.datetime, list[int]] = defaultdict(list)
    for student_id, moment in wanted:
        students[moment].append(student_id)
    found: dict[Key, list[PastClearance]] = {each: [] for each in wanted}
    for moment, student_ids in students.items():
        for student_id, clearance in _at(session, moment, student_ids):
            found[student_id, moment].append(clearance)
    return found


def _at(
    session: Session, moment: dt.datetime, student_ids: Collection[int]
) -> list[tuple[int, PastClearance]]:
    last = orm.aliased(
        Entry,
        sa.select(Entry)
        .where(
            Entry.student_id == Clearance.student_id,
            Entry.checkpoint_id == Clearance.checkpoint_id,
            Entry.at <= moment,
        )
        .order_by(Entry.version.desc())
        .limit(1)
        .lateral("last"),
    )
    restored = orm.aliased(Entry)
    is_restored = sa.and_(
        restored.student_id == last.student_id,
        restored.checkpoint_id == last.checkpoint_id,
        restored.version == last.restores,
    )
    rows = session.execute(
        sa.select(Clearance.student_id, Clearance.checkpoint_id, last, restored.operator_id)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .outerjoin(last, sa.true())
        .outerjoin(restored, is_restored)
        .where(arrays.any_of(Clearance.student_id, student_ids))
        .order_by(Checkpoint.position)
    )
    return [
        (student_id, _past(checkpoint_id, entry, restored_operator))
        for student_id, checkpoint_id, entry, restored_operator in rows
    ]


def _past(checkpoint_id: int, last: Entry | None, restored_operator: int | None) -> PastClearance:
    """After an undo, whose decision it was before."""
    if last is None:
        return PastClearance(checkpoint_id)
    return PastClearance(
        checkpoint_id,
        status=last.new_status,
        not_required_by=_reason(last),
        remark=last.new_remark,
        version=last.version,
        decided_at=last.at,
        operator_id=last.operator_id if last.restores is None else restored_operator,
    )


def _reason(entry: Entry) -> NotRequiredBy | None:
    """Only a rule and a waiver make NOT_REQUIRED, and each by channels of its own."""
    if entry.new_status is not ClearanceStatus.NOT_REQUIRED:
        return None
    return NotRequiredBy.WAIVER if entry.channel is Channel.WAIVER else NotRequiredBy.RULE
