"""Taking a job's changes back: each clearance that is still as the job left it becomes what it was.

A version is told by the decision it stands for: an undo brings an earlier decision back, and so
stands for that one. So an undo can be undone, and what it undid can then be undone again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays
from domain.deciding import changes, gate, locked_states
from domain.deciding.changes import Author, Change
from domain.deciding.decisions import Origin
from domain.deciding.judgement import State, Verdict, handed_out, refuse
from domain.deciding.locked_states import Locked
from domain.errors import Code
from models import Channel, ClearanceStatus, Entry, Operator, Outcome, SchemeStatus

FIRST = 1
ALREADY_UNDONE = Verdict(Outcome.UNCHANGED, Code.ALREADY_UNDONE)


class Taken(NamedTuple):
    """A clearance whose changes by a job are to be taken back, and the row that asks for it."""

    student_id: int
    row_number: int


class Step(NamedTuple):
    """One entry of a clearance."""

    version: int
    job_id: int | None
    restores: int | None
    status: ClearanceStatus
    remark: str
    operator_id: int
    operator_name: str
    at: dt.datetime

    @property
    def stands_for(self) -> int:
        """The version of the decision."""
        return self.restores or self.version


def apply(
    session: Session,
    checkpoint_id: int,
    taken: Sequence[Taken],
    job_id: int,
    origin: Origin,
) -> list[Verdict]:
    """Take back what a job did at one checkpoint; one verdict for each, in their order.

    Neither window nor prerequisites bind it: what comes back was decided within them.
    """
    student_ids = sorted(each.student_id for each in taken)
    locked = locked_states.load(session, checkpoint_id, student_ids, origin.operator)
    steps = _steps(session, checkpoint_id, student_ids)
    judged = [_judge(each.student_id, steps[each.student_id], job_id, locked) for each in taken]
    if not origin.dry_run:
        author = Author(origin.operator.id, Channel.UNDO, locked.now, origin.job_id)
        made = [
            Change(
                each.student_id,
                locked.states[each.student_id],
                verdict.after,
                each.row_number,
                restored,
            )
            for each, (verdict, restored) in zip(taken, judged, strict=True)
            if verdict.after
        ]
        changes.write(session, checkpoint_id, made, author)
    return [verdict for verdict, _ in judged]


def _judge(
    student_id: int, steps: Sequence[Step], job_id: int, locked: Locked
) -> tuple[Verdict, int]:
    barred = locked.barred(student_id)
    if barred:
        return barred, FIRST
    if locked.rules.scheme_status is not SchemeStatus.OPEN:
        return refuse(Code.SCHEME_NOT_OPEN, scheme=locked.rules.scheme_name), FIRST
    verdict, version = judge(locked.states[student_id], steps, job_id)
    received = locked.received.get(student_id)
    if received and verdict.after and verdict.after.status in gate.OPEN:
        return handed_out(received), version
    return verdict, version


def judge(state: State, steps: Sequence[Step], job_id: int) -> tuple[Verdict, int]:
    """What becomes of one clearance, by its entries; and the version that comes back, if any."""
    of = {step.version: step for step in steps}
    last = max(step.version for step in steps if step.job_id == job_id)
    first = last
    while first - 1 in of and of[first - 1].job_id == job_id:
        first -= 1
    was = of[first - 1].stands_for if first - 1 in of else FIRST
    now = of[state.version]
    if now.stands_for == was:
        return ALREADY_UNDONE, was
    if now.stands_for != of[last].stands_for:
        facts = {"operator": now.operator_name, "time": now.at.isoformat(), "remark": now.remark}
        return refuse(Code.CHANGED_SINCE, status=now.status, **facts), was
    return Verdict(Outcome.APPLIED, after=_restored(state, of, was)), was


def _restored(state: State, of: Mapping[int, Step], version: int) -> State:
    """As it was; but for the version, which counts every change."""
    if version not in of:
        return State(ClearanceStatus.PENDING, "", state.version + 1)
    step = of[version]
    return State(step.status, step.remark, state.version + 1, step.operator_id)


def _steps(
    session: Session, checkpoint_id: int, student_ids: Sequence[int]
) -> defaultdict[int, list[Step]]:
    """All entries of these clearances."""
    rows = session.execute(
        sa.select(
            Entry.student_id,
            Entry.version,
            Entry.job_id,
            Entry.restores,
            Entry.new_status,
            Entry.new_remark,
            Entry.operator_id,
            Operator.name,
            Entry.at,
        )
        .join(Operator, Operator.id == Entry.operator_id)
        .where(
            Entry.student_id == sa.any_(arrays.ids(student_ids)),
            Entry.checkpoint_id == checkpoint_id,
        )
        .order_by(Entry.student_id, Entry.version)
    )
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for row in rows:
        steps[row.student_id].append(Step(*row[1:]))
    return steps
