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
    new = arrays.rows(
        "new",
        student_id=(_ID, [change.student_id for change in last]),
        status=(_TEXT, [change.after.status for change in last]),
        not_required_by=(_TEXT, [change.after.not_required_by for change in last]),
        remark=(_TEXT, [change.after.remark for change in last]),
        version=(_NUMBER, [change.after.version for change in last]),
        operator_id=(_ID, [_operator_id(change, author) for change in last]),
    )
    session.execute(
        sa.update(Clearance)
        .where(Clearance.student_id == new.c.student_id, Clearance.checkpoint_id == checkpoint_id)
        .values(
            status=new.c.status,
            not_required_by=new.c.not_required_by,
            remark=new.c.remark,
            version=new.c.version,
            operator_id=new.c.operator_id,
            decided_at=author.at,
        ),
        execution_options={"synchronize_session": False},
    )


def _operator_id(change: Change, author: Author) -> int | None:
    return author.operator_id if change.restores is None else change.after.operator_id


def _insert_entries(
    session: Session, checkpoint_id: int, changes: Sequence[Change], author: Author
) -> None:
    new = arrays.rows(
        "new",
        student_id=(_ID, [change.student_id for change in changes]),
        version=(_NUMBER, [change.after.version for change in changes]),
        row_number=(_NUMBER, [change.row_number for change in changes]),
        restores=(_NUMBER, [change.restores for change in changes]),
        old_status=(_TEXT, [change.before.status for change in changes]),
        new_status=(_TEXT, [change.after.status for change in changes]),
        old_remark=(_TEXT, [change.before.remark for change in changes]),
        new_remark=(_TEXT, [change.after.remark for change in changes]),
    )
    same: dict[str, sa.ColumnElement[Any]] = {
        "checkpoint_id": sa.literal(checkpoint_id, _ID),
        "at": sa.literal(author.at, sa.DateTime(timezone=True)),
        "operator_id": sa.literal(author.operator_id, _ID),
        "job_id": sa.literal(author.job_id, _ID),
        "channel": sa.literal(author.channel, _TEXT),
    }
    session.execute(
        sa.insert(Entry).from_select(
            [*new.c.keys(), *same], sa.select(*new.c, *same.values()), include_defaults=False
        )
    )


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
