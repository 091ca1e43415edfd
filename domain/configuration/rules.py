"""The rule of a checkpoint: tried first, then changed; both by the same condition."""

import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators, paging
from domain.configuration import checkpoints
from domain.deciding import applicability, requirements
from domain.deciding.applicability import Applicability
from domain.ids import PublicId
from models import Channel, Checkpoint, Clearance, ClearanceStatus, Student

_PATH = ("applicability",)
_ORDER = paging.Order("TURNING", (sa.func.coalesce(Student.number, ""), Student.id))


class Turn(enum.StrEnum):
    """Which way a clearance turns when a rule is changed."""

    TO_NOT_REQUIRED = "TO_NOT_REQUIRED"
    TO_PENDING = "TO_PENDING"


_BEFORE = {
    Turn.TO_NOT_REQUIRED: ClearanceStatus.PENDING,
    Turn.TO_PENDING: ClearanceStatus.NOT_REQUIRED,
}


@dataclass(frozen=True)
class Change:
    """A checkpoint with its new rule, and how many clearances turned."""

    checkpoint: Checkpoint
    turned: requirements.Turned


@dataclass(frozen=True)
class Preview:
    """What a rule would do at a checkpoint if it were set now."""

    checkpoint: Checkpoint
    rule: Applicability
    turned: requirements.Turned


def change(
    session: Session,
    operator: operators.SignedIn,
    public_id: PublicId,
    rule: Applicability,
) -> Change:
    """Set the rule and turn what differs from it."""
    checkpoint = checkpoints.hold(session, operator, public_id)
    checkpoint.applicability = applicability.stored(session, rule, _PATH)
    session.flush()
    cause = requirements.Cause(operator, Channel.RULE)
    return Change(checkpoint, requirements.apply_at(session, checkpoint, cause))


def preview(
    session: Session,
    operator: operators.SignedIn,
    public_id: PublicId,
    rule: Applicability,
) -> Preview:
    """The same without doing it; FORBIDDEN unless the scheme is administered."""
    checkpoint = checkpoints.get(session, operator, public_id)
    operators.require_administering(operator, checkpoint.scheme_id)
    tried = applicability.read(applicability.stored(session, rule, _PATH))
    found = requirements.differing(checkpoint, tried)
    to_not_required, to_pending = (
        sa.func.count().filter(Clearance.status == _BEFORE[way]) for way in Turn
    )
    off, back = session.execute(found.with_only_columns(to_not_required, to_pending)).one()
    return Preview(checkpoint, tried, requirements.Turned(off, back))


def page(
    session: Session,
    operator: operators.SignedIn,
    tried: Preview,
    way: Turn | None,
    window: paging.Window,
) -> paging.Page[Student]:
    """One page of the students whose clearance would turn, by number."""
    seen = operators.students_seen(operator, tried.checkpoint.scheme_id)
    return paging.fetch(session, _turning(tried, way).where(seen), _ORDER, window)


def count(session: Session, operator: operators.SignedIn, tried: Preview, way: Turn | None) -> int:
    """How many they are."""
    seen = operators.students_seen(operator, tried.checkpoint.scheme_id)
    statement = _turning(tried, way).where(seen).with_only_columns(sa.func.count())
    return session.scalars(statement).one()


def _turning(tried: Preview, way: Turn | None) -> sa.Select[Student]:
    found = requirements.differing(tried.checkpoint, tried.rule)
    return found.where(Clearance.status == _BEFORE[way]) if way else found
