"""How a decision is judged, pure: the one table that every way of deciding goes through."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.errors import Code
from models import Act, ClearanceStatus, HandOutKind, NotRequiredBy, Outcome, SchemeStatus

REMARK_LENGTH = 500


class Decision(NamedTuple):
    """One act on one student. An empty remark keeps the old one while the status stays."""

    student_id: int
    act: Act
    remark: str = ""
    expected_version: int | None = None
    row_number: int | None = None


class State(NamedTuple):
    """A clearance as it was locked, with who changed it last."""

    status: ClearanceStatus
    remark: str
    version: int
    operator_id: int | None = None
    decided_at: dt.datetime | None = None
    operator_name: str = ""
    not_required_by: NotRequiredBy | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every student of one checkpoint."""

    scheme_name: str
    scheme_status: SchemeStatus
    title: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """What counts as decided meanwhile: later than `moment`, by anyone or by others only."""

    moment: dt.datetime
    but_by: int | None = None


class Case(NamedTuple):
    """All that a decision is judged by; `unmet` are the titles of the open prerequisites,
    `received` is what was handed out to the student."""

    state: State
    rules: Rules
    now: dt.datetime
    since: Since | None
    unmet: tuple[str, ...]
    received: tuple[HandOutKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one decision; `after` is the clearance it leads to when APPLIED."""

    outcome: Outcome
    code: Code | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    after: State | None = None


UNCHANGED = Verdict(Outcome.UNCHANGED)
STATUS_OF = {
    Act.PASS: ClearanceStatus.PASSED,
    Act.REFUSE: ClearanceStatus.REFUSED,
    Act.RESET: ClearanceStatus.PENDING,
}


def refuse(code: Code, **facts: object) -> Verdict:
    """A FAILED verdict with its facts."""
    return Verdict(Outcome.FAILED, code, {name: str(value) for name, value in facts.items()})


def handed_out(kinds: Sequence[HandOutKind]) -> Verdict:
    """Nothing opens behind a hand-out."""
    return refuse(Code.HANDED_OUT, kinds=" ".join(kinds))


def judge(decision: Decision, case: Case) -> Verdict:
    """Judge one decision on one clearance.

    What changes nothing overwrites nothing: UNCHANGED comes before "decided meanwhile", so that
    the same file twice is harmless. An expected version is asked for by name and comes first.
    """
    state = case.state
    target = STATUS_OF[decision.act]
    remark = decision.remark
    if target == state.status and (not remark or target is ClearanceStatus.PENDING):
        remark = state.remark
    refusal = _refusal_of_state(decision, case)
    if refusal:
        return refusal
    if (target, remark) == (state.status, state.remark):
        return UNCHANGED
    refusal = _refusal_of_change(decision, case)
    if refusal:
        return refusal
    return Verdict(Outcome.APPLIED, after=_changed(state, target, remark))


def _changed(state: State, status: ClearanceStatus, remark: str) -> State:
    version = state.version + 1
    return State(status, remark, version, state.operator_id, state.decided_at, state.operator_name)


def _refusal_of_state(decision: Decision, case: Case) -> Verdict | None:
    if case.rules.scheme_status is not SchemeStatus.OPEN:
        return refuse(Code.SCHEME_NOT_OPEN, scheme=case.rules.scheme_name)
    if decision.expected_version not in {None, case.state.version}:
        return _stale(case.state)
    if case.state.status is ClearanceStatus.NOT_REQUIRED:
        return refuse(Code.NOT_REQUIRED, checkpoint=case.rules.title)
    if len(decision.remark) > REMARK_LENGTH:
        return refuse(Code.REMARK_TOO_LONG, length=len(decision.remark))
    return None


def _refusal_of_change(decision: Decision, case: Case) -> Verdict | None:
    if case.received and decision.act is not Act.PASS:
        return handed_out(case.received)
    if case.since and _was_decided(case.state, case.since):
        return _stale(case.state)
    if decision.act is not Act.PASS:
        return None
    if not _is_open(case.rules, case.now):
        return _not_open(case.rules)
    if case.unmet:
        return refuse(Code.PREREQUISITE_PENDING, checkpoints="、".join(case.unmet))
    return None


def _was_decided(state: State, since: Since) -> bool:
    if state.decided_at is None or (since.but_by and state.operator_id == since.but_by):
        return False
    return state.decided_at > since.moment


def _is_open(rules: Rules, now: dt.datetime) -> bool:
    has_begun = rules.opens_at is None or rules.opens_at <= now
    return has_begun and (rules.closes_at is None or now < rules.closes_at)


def _not_open(rules: Rules) -> Verdict:
    facts = {"opens": rules.opens_at, "closes": rules.closes_at}
    known = {name: moment.isoformat() for name, moment in facts.items() if moment}
    return refuse(Code.CHECKPOINT_NOT_OPEN, checkpoint=rules.title, **known)


def _stale(state: State) -> Verdict:
    """Who decided what and when; what nobody decided, or not any more, has no such facts."""
    facts: dict[str, object] = {"status": state.status, "version": state.version}
    if state.decided_at and state.operator_id:
        facts |= {"operator": state.operator_name, "time": state.decided_at.isoformat()}
        facts |= {"remark": state.remark}
    return refuse(Code.STALE_STATE, **facts)
