"""The only statements that change a clearance: its new state, and the entry that tells of it.

Whoever calls holds the locks: the scheme, then the students, then the clearances, in id order.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain import arrays
from domain.deciding.judgement import State
from models import (
    Channel,
    Checkpoint,
    Clearance,
    ClearanceStatus,
    Entry,
    NotRequiredBy,
    Student,
)

_ID, _NUMBER, _TEXT = sa.BigInteger(), sa.Integer(), sa.Text()
_PLACE = sa.bindparam("place", type_=_ID)
_MOMENT = sa.bindparam("moment", type_=sa.DateTime(timezone=True))
_AFTER = arrays.Table(
    "after",
    student_id=_ID,
    status=_TEXT,
    not_required_by=_TEXT,
    remark=_TEXT,
    version=_NUMBER,
    operator_id=_ID,
)
_CLEARANCES = Clearance.__table__
_UPDATE = (
    sa.update(_CLEARANCES)
    .where(_CLEARANCES.c.student_id == _AFTER.c.student_id, _CLEARANCES.c.checkpoint_id == _PLACE)
    .values(
        status=_AFTER.c.status,
        not_required_by=_AFTER.c.not_required_by,
        remark=_AFTER.c.remark,
        version=_AFTER.c.version,
        operator_id=_AFTER.c.operator_id,
        decided_at=_MOMENT,
    )
)
_TOLD = arrays.Table(
    "told",
    student_id=_ID,
    version=_NUMBER,
    row_number=_NUMBER,
    restores=_NUMBER,
    old_status=_TEXT,
    new_status=_TEXT,
    old_remark=_TEXT,
    new_remark=_TEXT,
)
_OF_ALL: dict[str, sa.ColumnElement[Any]] = {
    "checkpoint_id": _PLACE,
    "at": _MOMENT,
    "operator_id": sa.bindparam("who", type_=_ID),
    "job_id": sa.bindparam("job", type_=_ID),
    "channel": sa.bindparam("way", type_=_TEXT),
}
_INSERT = sa.insert(Entry.__table__).from_select(
    [*_TOLD.c.keys(), *_OF_ALL],
    sa.select(*_TOLD.c, *_OF_ALL.values()),
    include_defaults=False,
)


class Change(NamedTuple):
    """One clearance from one state to the next; a student may stand in a batch twice.

    What restores a version has the operator of then, not the one who restores it.
    """

    student_id: int
    before: State
    after: State
    row_number: int | None = None
    restores: int | None = None


@dataclass(frozen=True)
class Author:
    """Who changes by which way, when."""

    operator_id: int
    channel: Channel
    at: dt.datetime
    job_id: int | None = None


def write(session: Session, checkpoint_id: int, changes: Sequence[Change], author: Author) -> None:
    """Write changes at one checkpoint, in their order; two statements however many they are."""
    if changes:
        _update_clearances(session, checkpoint_id, changes, author)
        _insert_entries(session, checkpoint_id, changes, author)


def _update_clearances(
    session: Session, checkpoint_id: int, changes: Sequence[Change], author: Author
) -> None:
    last = list({change.student_id: change for change in changes}.values())
    after = [change.after for change in last]
    values = _AFTER.holding(
        student_id=[change.student_id for change in last],
        status=[state.status for state in after],
        not_required_by=[state.not_required_by for state in after],
        remark=[state.remark for state in after],
        version=[state.version for state in after],
        operator_id=[_operator_id(change, author) for change in last],
    )
    session.execute(_UPDATE, {"place": checkpoint_id, "moment": author.at, **values})


def _operator_id(change: Change, author: Author) -> int | None:
    return author.operator_id if change.restores is None else change.after.operator_id


def _insert_entries(
    session: Session, checkpoint_id: int, changes: Sequence[Change], author: Author
) -> None:
    values = _TOLD.holding(
        student_id=[change.student_id for change in changes],
        version=[change.after.version for change in changes],
        row_number=[change.row_number for change in changes],
        restores=[change.restores for change in changes],
        old_status=[change.before.status for change in changes],
        new_status=[change.after.status for change in changes],
        old_remark=[change.before.remark for change in changes],
        new_remark=[change.after.remark for change in changes],
    )
    same = {
        "place": checkpoint_id,
        "moment": author.at,
        "who": author.operator_id,
        "job": author.job_id,
        "way": author.channel,
    }
    session.execute(_INSERT, same | values)


def give(
    session: Session, checkpoint: Checkpoint, is_let_off: sa.ColumnElement[bool], author: Author
) -> None:
    """A clearance at a new checkpoint for every student, PENDING, and for some turned at once."""
    values: tuple[tuple[InstrumentedAttribute[Any], object, object], ...] = (
        (Clearance.status, ClearanceStatus.NOT_REQUIRED, ClearanceStatus.PENDING),
        (Clearance.not_required_by, NotRequiredBy.RULE, None),
        (Clearance.version, 2, 1),
        (Clearance.operator_id, author.operator_id, None),
        (Clearance.decided_at, author.at, None),
    )
    given = [
        sa.case((is_let_off, sa.literal(turned, column.type)), else_=sa.literal(new, column.type))
        for column, turned, new in values
    ]
    session.execute(
        sa.insert(Clearance).from_select(
            ["student_id", "checkpoint_id", *(column.key for column, _, _ in values)],
            sa.select(Student.id, sa.literal(checkpoint.id, _ID), *given)
            .where(Student.scheme_id == checkpoint.scheme_id)
            .order_by(Student.id),
            include_defaults=False,
        )
    )
    _tell_turned(session, checkpoint, author)


def _tell_turned(session: Session, checkpoint: Checkpoint, author: Author) -> None:
    told: dict[str, Any] = {
        "student_id": Clearance.student_id,
        "checkpoint_id": Clearance.checkpoint_id,
        "version": Clearance.version,
        "at": sa.literal(author.at, sa.DateTime(timezone=True)),
        "operator_id": sa.literal(author.operator_id, _ID),
        "job_id": sa.literal(author.job_id, _ID),
        "channel": sa.literal(author.channel, _TEXT),
        "old_status": sa.literal(ClearanceStatus.PENDING, _TEXT),
        "new_status": Clearance.status,
        "old_remark": Clearance.remark,
        "new_remark": Clearance.remark,
    }
    of_scheme = sa.select(Student.id).where(Student.scheme_id == checkpoint.scheme_id)
    turned = sa.select(*told.values()).where(
        Clearance.checkpoint_id == checkpoint.id,
        # By the students the clearances are found by their key, not by reading every year's.
        Clearance.student_id.in_(of_scheme),
        Clearance.status == ClearanceStatus.NOT_REQUIRED,
    )
    session.execute(sa.insert(Entry).from_select([*told], turned, include_defaults=False))
