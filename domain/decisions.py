"""The ONLY path that changes a clearance: load with locks, judge, write, for any number at once.

A constant number of statements whatever the number of decisions.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, locked_states, operators
from domain.errors import Code, Refusal
from domain.judgement import Case, Decision, Since, State, Verdict, judge, refuse
from domain.locked_states import Locked
from domain.operators import Right
from models import Channel, Clearance, Entry, Outcome

_ID, _NUMBER, _TEXT = sa.BigInteger(), sa.Integer(), sa.Text()


@dataclass(frozen=True)
class Origin:
    """By whom and by which way decisions come; what was decided after `since` is left alone."""

    operator: operators.SignedIn
    channel: Channel
    job_id: int | None = None
    since: Since | None = None
    dry_run: bool = False


def without_writing(origin: Origin) -> Origin:
    """The same judgement, with nothing written."""
    return replace(origin, dry_run=True)


class _Change(NamedTuple):
    decision: Decision
    before: State
    after: State


def apply(
    session: Session, checkpoint_id: int, decisions: Sequence[Decision], origin: Origin
) -> list[Verdict]:
    """Judge and write decisions at one checkpoint; one verdict for each, in their order."""
    student_ids = sorted({decision.student_id for decision in decisions})
    locked = locked_states.load(session, checkpoint_id, student_ids, origin.operator)
    verdicts = _judge_all(decisions, origin, locked)
    if not origin.dry_run:
        _write(session, checkpoint_id, decisions, verdicts, locked, origin)
    return verdicts


def apply_one(session: Session, checkpoint_id: int, decision: Decision, origin: Origin) -> Verdict:
    """The single case; an expected failure is raised."""
    [verdict] = apply(session, checkpoint_id, [decision], origin)
    if verdict.outcome is Outcome.FAILED and verdict.code:
        raise Refusal(verdict.code, verdict.facts)
    return verdict


def _judge_all(decisions: Sequence[Decision], origin: Origin, locked: Locked) -> list[Verdict]:
    """In order, each on the state the one before it left: a student may stand in a batch twice."""
    states = dict(locked.states)
    verdicts = []
    for decision in decisions:
        verdict = _judge_one(decision, origin, locked, states)
        if verdict.after:
            states[decision.student_id] = verdict.after
        verdicts.append(verdict)
    return verdicts


def _judge_one(
    decision: Decision, origin: Origin, locked: Locked, states: dict[int, State]
) -> Verdict:
    state = states.get(decision.student_id)
    if state is None:
        return refuse(Code.NOT_FOUND, noun=ids.Noun.STUDENT)
    if locked.departments[decision.student_id] not in locked.may_decide:
        return refuse(Code.FORBIDDEN, right=Right.DECIDE, checkpoint=locked.rules.title)
    unmet = locked.unmet.get(decision.student_id, ())
    case = Case(state, locked.rules, locked.now, origin.since, unmet)
    return judge(decision, case)


def _write(
    session: Session,
    checkpoint_id: int,
    decisions: Sequence[Decision],
    verdicts: Sequence[Verdict],
    locked: Locked,
    origin: Origin,
) -> None:
    befores = dict(locked.states)
    changes = []
    for decision, verdict in zip(decisions, verdicts, strict=True):
        if verdict.after:
            changes.append(_Change(decision, befores[decision.student_id], verdict.after))
            befores[decision.student_id] = verdict.after
    if changes:
        _update_clearances(session, checkpoint_id, changes, locked.now, origin)
        _insert_entries(session, checkpoint_id, changes, locked.now, origin)


def _update_clearances(
    session: Session,
    checkpoint_id: int,
    changes: Sequence[_Change],
    now: dt.datetime,
    origin: Origin,
) -> None:
    last = list({change.decision.student_id: change for change in changes}.values())
    new = arrays.rows(
        "new",
        student_id=(_ID, [change.decision.student_id for change in last]),
        status=(_TEXT, [change.after.status for change in last]),
        remark=(_TEXT, [change.after.remark for change in last]),
        version=(_NUMBER, [change.after.version for change in last]),
    )
    session.execute(
        sa.update(Clearance)
        .where(Clearance.student_id == new.c.student_id, Clearance.checkpoint_id == checkpoint_id)
        .values(
            status=new.c.status,
            remark=new.c.remark,
            version=new.c.version,
            operator_id=origin.operator.id,
            decided_at=now,
        ),
        execution_options={"synchronize_session": False},
    )


def _insert_entries(
    session: Session,
    checkpoint_id: int,
    changes: Sequence[_Change],
    now: dt.datetime,
    origin: Origin,
) -> None:
    new = arrays.rows(
        "new",
        student_id=(_ID, [change.decision.student_id for change in changes]),
        version=(_NUMBER, [change.after.version for change in changes]),
        row_number=(_NUMBER, [change.decision.row_number for change in changes]),
        old_status=(_TEXT, [change.before.status for change in changes]),
        new_status=(_TEXT, [change.after.status for change in changes]),
        old_remark=(_TEXT, [change.before.remark for change in changes]),
        new_remark=(_TEXT, [change.after.remark for change in changes]),
    )
    same: dict[str, sa.ColumnElement[Any]] = {
        "checkpoint_id": sa.literal(checkpoint_id, sa.BigInteger),
        "at": sa.literal(now, sa.DateTime(timezone=True)),
        "operator_id": sa.literal(origin.operator.id, sa.BigInteger),
        "job_id": sa.literal(origin.job_id, sa.BigInteger),
        "channel": sa.literal(origin.channel, sa.Text),
    }
    session.execute(
        sa.insert(Entry).from_select(
            [*new.c.keys(), *same], sa.select(*new.c, *same.values()), include_defaults=False
        )
    )
