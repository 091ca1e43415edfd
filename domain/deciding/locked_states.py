"""The state that decisions are judged by, read under locks.

Students are locked first, then their clearances, both in id order; what the judgement needs besides
comes in the next statements of the same transaction, so that it sees what others committed while
the locks were awaited.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, ids, operators
from domain.deciding import gate
from domain.deciding.judgement import Rules, State, Verdict, refuse
from domain.errors import Code
from domain.signed_in import Departments, Right, SignedIn
from models import (
    Checkpoint,
    Clearance,
    ClearanceStatus,
    HandOutKind,
    Operator,
    Prerequisite,
    Scheme,
    Student,
)

_STATE = (
    Clearance.status,
    Clearance.remark,
    Clearance.version,
    Clearance.operator_id,
    Clearance.decided_at,
    Clearance.not_required_by,
)
_Any = tuple[Any, ...]
# Where students would stand: by student and checkpoint.
Imagined = Mapping[tuple[int, int], ClearanceStatus]


@dataclass(frozen=True)
class Locked:
    """What decisions at one checkpoint are judged by; nobody else changes it meanwhile."""

    rules: Rules
    now: dt.datetime
    departments: dict[int, int]
    may_decide: Departments
    states: dict[int, State]
    unmet: dict[int, tuple[str, ...]]
    received: Mapping[int, tuple[HandOutKind, ...]]

    def barred(self, student_id: int) -> Verdict | None:
        """Why nothing is decided about a student: out of sight, or of departments of others."""
        if student_id not in self.states:
            return refuse(Code.NOT_FOUND, noun=ids.Noun.STUDENT)
        if self.departments[student_id] not in self.may_decide:
            return refuse(Code.FORBIDDEN, right=Right.DECIDE, checkpoint=self.rules.title)
        return None


def load(
    session: Session,
    checkpoint_id: int,
    student_ids: list[int],
    operator: SignedIn,
    imagined: Imagined | None = None,
) -> Locked:
    """Lock and read; students out of sight have no state. NOT_FOUND for such a checkpoint."""
    arrays.find_by_index(session)
    scheme_id, rules = lock_scheme(session, checkpoint_id)
    if not operator.sees_scheme(scheme_id):
        raise ids.not_found(ids.Noun.CHECKPOINT)
    departments = _lock_students(session, scheme_id, student_ids)
    visible = operator.departments_seen(scheme_id)
    seen = sorted(student for student, department in departments.items() if department in visible)
    states = lock_clearances(session, checkpoint_id, seen)
    if imagined:
        unmet = _unmet_if(session, checkpoint_id, seen, imagined)
    else:
        unmet = _unmet_prerequisites(session, checkpoint_id, seen)
    now = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    may_decide = operator.departments_decided(scheme_id, checkpoint_id)
    received = gate.handed_out(session, seen)
    return Locked(rules, now, departments, may_decide, states, unmet, received)


def lock_scheme(session: Session, checkpoint_id: int) -> tuple[int, Rules]:
    """Changing the scheme waits for us; other decisions do not. NOT_FOUND if it is gone by now.

    Before a row that refers to the scheme or the checkpoint is written: its foreign keys hold both,
    and who changes the scheme would wait for us while we wait for them.
    The checkpoint comes in a statement of its own: it may have changed while the scheme was waited
    for, and what is joined to a row that was waited for is not read anew.
    """
    of_checkpoint = sa.select(Checkpoint.scheme_id).where(Checkpoint.id == checkpoint_id)
    session.execute(
        sa.select(Scheme.id)
        .where(Scheme.id == of_checkpoint.scalar_subquery())
        .with_for_update(read=True)
    )
    row = session.execute(
        sa.select(
            Scheme.id,
            Scheme.name,
            Scheme.status,
            Checkpoint.title,
            Checkpoint.opens_at,
            Checkpoint.closes_at,
        )
        .join(Scheme, Scheme.id == Checkpoint.scheme_id)
        .where(Checkpoint.id == checkpoint_id)
    ).one_or_none()
    if row is None:
        raise ids.not_found(ids.Noun.CHECKPOINT)
    return row.id, Rules(row.name, row.status, row.title, row.opens_at, row.closes_at)


def _lock_students(session: Session, scheme_id: int, student_ids: list[int]) -> dict[int, int]:
    locked = (
        sa.select(Student.id, Student.department_id)
        .where(
            Student.id == sa.any_(arrays.ids(student_ids)),
            Student.scheme_id == scheme_id,
            operators.is_active(),
        )
        .order_by(Student.id)
        .with_for_update(key_share=True)
    )
    return {
        student_id: department_id
        for department_id, alike in _grouped(session, locked)
        for student_id in alike
    }


def lock_clearances(
    session: Session, checkpoint_id: int, student_ids: list[int]
) -> dict[int, State]:
    """The clearances of these students at a checkpoint, locked; those in one state share it.

    The names come in a statement of their own: a row that was waited for is joined anew only with
    what the statement saw before the wait.
    """
    locked = (
        sa.select(Clearance.student_id, *_STATE)
        .where(
            Clearance.student_id == sa.any_(arrays.ids(student_ids)),
            Clearance.checkpoint_id == checkpoint_id,
        )
        .order_by(Clearance.student_id)
        .with_for_update(key_share=True)
    )
    found = _grouped(session, locked)
    names = _names(session, {row.operator_id for row in found if row.operator_id})
    states: dict[int, State] = {}
    for status, remark, version, operator_id, decided_at, reason, alike in found:
        name = names.get(operator_id or 0, "")
        state = State(status, remark, version, operator_id, decided_at, name, reason)
        states |= dict.fromkeys(alike, state)
    return states


def _grouped(session: Session, locked: sa.Select[*_Any]) -> Sequence[sa.Row[*_Any]]:
    """The ids of the first column of rows that are alike in the others, behind these."""
    key, *others = locked.cte("locked").c
    return session.execute(sa.select(*others, sa.func.array_agg(key)).group_by(*others)).all()


def _names(session: Session, operator_ids: set[int]) -> dict[int, str]:
    rows = session.execute(
        sa.select(Operator.id, Operator.name).where(
            Operator.id == sa.any_(arrays.ids(sorted(operator_ids)))
        )
    )
    return {row.id: row.name for row in rows}


def _unmet_prerequisites(
    session: Session, checkpoint_id: int, student_ids: list[int]
) -> dict[int, tuple[str, ...]]:
    titles = postgresql.aggregate_order_by(Checkpoint.title, Checkpoint.position)
    rows = session.execute(
        sa.select(Clearance.student_id, sa.func.array_agg(titles))
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .join(Prerequisite, Prerequisite.required_id == Checkpoint.id)
        .where(
            Prerequisite.checkpoint_id == checkpoint_id,
            Clearance.student_id == sa.any_(arrays.ids(student_ids)),
            Clearance.status.in_(gate.OPEN),
        )
        .group_by(Clearance.student_id)
    )
    return {student_id: tuple(unmet) for student_id, unmet in rows}


def _unmet_if(
    session: Session, checkpoint_id: int, student_ids: list[int], imagined: Imagined
) -> dict[int, tuple[str, ...]]:
    """The same where some clearances are imagined to stand otherwise."""
    unmet: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(Clearance.student_id, Checkpoint.id, Checkpoint.title, Clearance.status)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .join(Prerequisite, Prerequisite.required_id == Checkpoint.id)
        .where(
            Prerequisite.checkpoint_id == checkpoint_id,
            Clearance.student_id == sa.any_(arrays.ids(student_ids)),
        )
        .order_by(Checkpoint.position)
    )
    for student_id, required_id, title, status in rows:
        if imagined.get((student_id, required_id), status) in gate.OPEN:
            unmet[student_id].append(title)
    return {student_id: tuple(titles) for student_id, titles in unmet.items()}
