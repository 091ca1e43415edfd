"""The ONLY way to decide: load with locks, judge, write, for any number at once.

A constant number of statements whatever the number of decisions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from domain.deciding import changes, locked_states
from domain.deciding.changes import Author, Change
from domain.deciding.judgement import Case, Decision, Since, State, Verdict, judge
from domain.deciding.locked_states import Imagined, Locked
from domain.errors import Refusal
from domain.signed_in import SignedIn
from models import Channel, Outcome


@dataclass(frozen=True)
class Origin:
    """By whom and by which way decisions come; what was decided after `since` is left alone.

    A dry run may imagine the decisions that an import makes before these.
    """

    operator: SignedIn
    channel: Channel
    job_id: int | None = None
    since: Since | None = None
    dry_run: bool = False
    imagined: Imagined = field(default_factory=dict)


def without_writing(origin: Origin) -> Origin:
    """The same judgement, with nothing written."""
    return replace(origin, dry_run=True)


def apply(
    session: Session, checkpoint_id: int, decisions: Sequence[Decision], origin: Origin
) -> list[Verdict]:
    """Judge and write decisions at one checkpoint; one verdict for each, in their order."""
    student_ids = sorted({decision.student_id for decision in decisions})
    locked = locked_states.load(
        session, checkpoint_id, student_ids, origin.operator, origin.imagined
    )
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
    judged: dict[object, Verdict] = {}
    verdicts = []
    for decision in decisions:
        student_id = decision.student_id
        verdict = locked.barred(student_id)
        if verdict is None:
            verdict = _judge_once(decision, origin, locked, states[student_id], judged)
        if verdict.after:
            states[student_id] = verdict.after
        verdicts.append(verdict)
    return verdicts


def _judge_once(
    decision: Decision,
    origin: Origin,
    locked: Locked,
    state: State,
    judged: dict[object, Verdict],
) -> Verdict:
    """What is asked alike of students who stand alike has one verdict; they share their state."""
    student_id, *asked, _ = decision
    unmet, received = locked.unmet.get(student_id, ()), locked.received.get(student_id, ())
    key = (*asked, id(state), unmet, received)
    if key not in judged:
        case = Case(state, locked.rules, locked.now, origin.since, unmet, received)
        judged[key] = judge(decision, case)
    return judged[key]


def _write(
    session: Session,
    checkpoint_id: int,
    decisions: Sequence[Decision],
    verdicts: Sequence[Verdict],
    locked: Locked,
    origin: Origin,
) -> None:
    befores = dict(locked.states)
    made = []
    for decision, verdict in zip(decisions, verdicts, strict=True):
        student_id, after = decision.student_id, verdict.after
        if after:
            made.append(Change(student_id, befores[student_id], after, decision.row_number))
            befores[student_id] = after
    author = Author(origin.operator.id, origin.channel, locked.now, origin.job_id)
    changes.write(session, checkpoint_id, made, author)
