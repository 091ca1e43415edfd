"""Waivers (免办): one person asks with a reason, a second confirms, and nothing is due any more.

The locks are those of a decision, and the waiver's own row comes last; what is judged is read
after them.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, names, operators, paging
from domain.configuration import checkpoints, schemes
from domain.deciding import changes, locked_states, requirements
from domain.deciding.changes import Author, Change
from domain.deciding.judgement import State
from domain.deciding.locked_states import Locked
from domain.deciding.requirements import Cause
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.lists import clearances, students
from domain.signed_in import Right, SignedIn
from models import (
    Channel,
    Checkpoint,
    ClearanceStatus,
    NotRequiredBy,
    SchemeStatus,
    Student,
    Waiver,
    WaiverStatus,
)

ORDER = paging.Order("waivers", (Waiver.id,), descending=True)
_CAN_BE_WAIVED = frozenset({ClearanceStatus.PENDING, ClearanceStatus.REFUSED})


@dataclass(frozen=True)
class WaiverFilter:
    """Which waivers of one scheme; every condition given must hold."""

    scheme: PublicId
    status: WaiverStatus | None = None
    checkpoint: PublicId | None = None
    student: PublicId | None = None


@dataclass(frozen=True)
class _Held:
    """One clearance under the locks of a decision, and who acts on it."""

    operator: SignedIn
    student_id: int
    state: State
    locked: Locked


def request(
    session: Session,
    operator: SignedIn,
    student: PublicId,
    checkpoint: PublicId,
    reason: str,
) -> Waiver:
    """Ask for a waiver; nothing else changes until another person confirms it."""
    place = checkpoints.get(session, operator, checkpoint)
    key = (ids.decode(student, Noun.STUDENT), place.id)
    held = _hold(session, operator, key, Noun.STUDENT)
    _require_right(held)
    given = names.reason(reason)
    _require_open(held)
    _require_due(held)
    _require_none_alive(session, held, place)
    waiver = Waiver(
        student_id=held.student_id,
        checkpoint_id=place.id,
        status=WaiverStatus.REQUESTED,
        reason=given,
        requested_by=operator.id,
        requested_at=held.locked.now,
    )
    session.add(waiver)
    session.flush()
    return waiver


def confirm(session: Session, operator: SignedIn, public_id: PublicId) -> Waiver:
    """The second person's word: the clearance is NOT_REQUIRED, with the reason as its remark."""
    known = get(session, operator, public_id)
    held = _hold(session, operator, (known.student_id, known.checkpoint_id), Noun.WAIVER)
    _require_right(held)
    _require_open(held)
    waiver = _lock(session, known)
    _require_confirmable(waiver, held)
    waiver.status = WaiverStatus.CONFIRMED
    waiver.confirmed_by, waiver.confirmed_at = operator.id, held.locked.now
    _change(session, held, waiver, ClearanceStatus.NOT_REQUIRED)
    return waiver


def withdraw(session: Session, operator: SignedIn, public_id: PublicId) -> Waiver:
    """Take a waiver back; a confirmed one leaves the clearance to the checkpoint's rule again."""
    known = get(session, operator, public_id)
    _hold_rule(session, known)
    held = _hold(session, operator, (known.student_id, known.checkpoint_id), Noun.WAIVER)
    waiver = _lock(session, known)
    was_confirmed = waiver.status is WaiverStatus.CONFIRMED
    if was_confirmed or waiver.requested_by != operator.id:
        _require_right(held)
    _require_open(held)
    if waiver.status is WaiverStatus.WITHDRAWN:
        raise Refusal(Code.WAIVER_ENDED, {"status": waiver.status})
    waiver.status = WaiverStatus.WITHDRAWN
    waiver.withdrawn_by, waiver.withdrawn_at = operator.id, held.locked.now
    if was_confirmed:
        _require_not_received(held)
        _change(session, held, waiver, ClearanceStatus.PENDING)
        _judge_by_rule(session, held, waiver)
    return waiver


def _hold_rule(session: Session, waiver: Waiver) -> None:
    """Before the locks of a decision: the rule is judged, so that it must not change meanwhile."""
    scheme_id = session.scalars(
        sa.select(Checkpoint.scheme_id).where(Checkpoint.id == waiver.checkpoint_id)
    ).one()
    schemes.lock(session, scheme_id)


def _hold(session: Session, operator: SignedIn, key: clearances.Key, noun: Noun) -> _Held:
    """The clearance under lock; NOT_FOUND by the name of what was asked for."""
    student_id, checkpoint_id = key
    locked = locked_states.load(session, checkpoint_id, [student_id], operator)
    if student_id not in locked.states:
        raise ids.not_found(noun)
    return _Held(operator, student_id, locked.states[student_id], locked)


def _lock(session: Session, known: Waiver) -> Waiver:
    statement = sa.select(Waiver).where(Waiver.id == known.id).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _require_right(held: _Held) -> None:
    if held.locked.departments[held.student_id] not in held.locked.may_decide:
        raise Refusal(Code.FORBIDDEN, {"right": Right.DECIDE})


def _require_open(held: _Held) -> None:
    if held.locked.rules.scheme_status is not SchemeStatus.OPEN:
        raise Refusal(Code.SCHEME_NOT_OPEN, {"scheme": held.locked.rules.scheme_name})


def _require_due(held: _Held) -> None:
    if held.state.status is ClearanceStatus.NOT_REQUIRED:
        raise Refusal(Code.NOT_REQUIRED, {"checkpoint": held.locked.rules.title})
    _require_not_passed(held)


def _require_not_passed(held: _Held) -> None:
    """What is passed, or not required any more, leaves nothing to waive."""
    if held.state.status not in _CAN_BE_WAIVED:
        raise Refusal(Code.WAIVER_NOT_POSSIBLE, {"status": held.state.status})


def _require_not_received(held: _Held) -> None:
    """What was let off stays so behind a hand-out."""
    received = held.locked.received.get(held.student_id)
    if received:
        raise Refusal(Code.HANDED_OUT, {"kinds": " ".join(received)})


def _require_none_alive(session: Session, held: _Held, checkpoint: Checkpoint) -> None:
    """Under the lock of the clearance, so that of two at once the second one finds the first."""
    key = (held.student_id, checkpoint.id)
    if alive(session, held.operator, [key]):
        name = session.get_one(Student, held.student_id).name
        facts = {"noun": Noun.WAIVER, "value": f"{name} · {checkpoint.title}"}
        raise Refusal(Code.ALREADY_EXISTS, facts)


def _require_confirmable(waiver: Waiver, held: _Held) -> None:
    if waiver.status is not WaiverStatus.REQUESTED:
        raise Refusal(Code.WAIVER_ENDED, {"status": waiver.status})
    if waiver.requested_by == held.operator.id:
        raise Refusal(Code.SECOND_PERSON_NEEDED)
    _require_not_passed(held)


def _change(session: Session, held: _Held, waiver: Waiver, status: ClearanceStatus) -> None:
    """To NOT_REQUIRED for the reason given, or back to PENDING without it."""
    is_waived = status is ClearanceStatus.NOT_REQUIRED
    after = State(
        status=status,
        remark=waiver.reason if is_waived else "",
        version=held.state.version + 1,
        not_required_by=NotRequiredBy.WAIVER if is_waived else None,
    )
    author = Author(held.operator.id, Channel.WAIVER, held.locked.now)
    change = Change(held.student_id, held.state, after)
    changes.write(session, waiver.checkpoint_id, [change], author)


def _judge_by_rule(session: Session, held: _Held, waiver: Waiver) -> None:
    checkpoint = session.get_one(Checkpoint, waiver.checkpoint_id)
    cause = Cause(held.operator, Channel.RULE)
    requirements.apply_at(session, checkpoint, cause, [waiver.student_id])


def get(session: Session, operator: SignedIn, public_id: PublicId) -> Waiver:
    """One waiver in sight; NOT_FOUND otherwise."""
    waiver_id = ids.decode(public_id, Noun.WAIVER)
    waiver = by_ids(session, operator, [waiver_id]).get(waiver_id)
    if waiver is None:
        raise ids.not_found(Noun.WAIVER)
    return waiver


def by_ids(session: Session, operator: SignedIn, waiver_ids: Collection[int]) -> dict[int, Waiver]:
    """The waivers of students in sight among these."""
    statement = (
        sa.select(Waiver)
        .join(Student, Student.id == Waiver.student_id)
        .where(Waiver.id.in_(waiver_ids), operators.students_seen_anywhere(operator))
    )
    return {waiver.id: waiver for waiver in session.scalars(statement)}


def alive(
    session: Session, _operator: SignedIn, keys: Collection[clearances.Key]
) -> dict[clearances.Key, Waiver]:
    """The waiver of each clearance that is not over. The clearances were seen already."""
    statement = sa.select(Waiver).where(
        sa.tuple_(Waiver.student_id, Waiver.checkpoint_id).in_(list(keys)),
        Waiver.status != WaiverStatus.WITHDRAWN,
    )
    return {(row.student_id, row.checkpoint_id): row for row in session.scalars(statement)}


def page(
    session: Session,
    operator: SignedIn,
    where: WaiverFilter,
    window: paging.Window,
) -> paging.Page[Waiver]:
    """The waivers of students in sight, the newest first."""
    statement = sa.select(Waiver).join(Student, Student.id == Waiver.student_id)
    return paging.fetch(session, statement.where(_listed(session, operator, where)), ORDER, window)


def count(session: Session, operator: SignedIn, where: WaiverFilter) -> int:
    """How many waivers match."""
    statement = sa.select(sa.func.count(Waiver.id)).join(Student, Student.id == Waiver.student_id)
    return session.scalars(statement.where(_listed(session, operator, where))).one()


def _listed(session: Session, operator: SignedIn, where: WaiverFilter) -> sa.ColumnElement[bool]:
    scheme_id = schemes.id_of(session, operator, where.scheme)
    _check_names(session, operator, where, scheme_id)
    conditions = [operators.students_seen(operator, scheme_id)]
    if where.status is not None:
        conditions.append(Waiver.status == where.status)
    if where.checkpoint is not None:
        conditions.append(Waiver.checkpoint_id == ids.decode(where.checkpoint, Noun.CHECKPOINT))
    if where.student is not None:
        conditions.append(Waiver.student_id == ids.decode(where.student, Noun.STUDENT))
    return sa.and_(*conditions)


def _check_names(session: Session, operator: SignedIn, where: WaiverFilter, scheme_id: int) -> None:
    if where.checkpoint is not None:
        checkpoints.require(session, operator, scheme_id, [where.checkpoint])
    if where.student is not None:
        students.require(session, operator, scheme_id, where.student)
