"""The rule of a checkpoint: tried first, then changed; both by the same condition."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, operators, paging
from domain.configuration import checkpoints
from domain.deciding import applicability, requirements
from domain.deciding.applicability import Applicability, Conditions
from domain.ids import PublicId
from domain.signed_in import SignedIn
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
    operator: SignedIn,
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
    operator: SignedIn,
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
    operator: SignedIn,
    tried: Preview,
    way: Turn | None,
    window: paging.Window,
) -> paging.Page[Student]:
    """One page of the students whose clearance would turn, by number."""
    seen = operators.students_seen(operator, tried.checkpoint.scheme_id)
    return paging.fetch(session, _turning(tried, way).where(seen), _ORDER, window)


def count(session: Session, operator: SignedIn, tried: Preview, way: Turn | None) -> int:
    """How many they are."""
    seen = operators.students_seen(operator, tried.checkpoint.scheme_id)
    statement = _turning(tried, way).where(seen).with_only_columns(sa.func.count())
    return session.scalars(statement).one()


def _turning(tried: Preview, way: Turn | None) -> sa.Select[Student]:
    found = requirements.differing(tried.checkpoint, tried.rule)
    return found.where(Clearance.status == _BEFORE[way]) if way else found


def unmatched_values(session: Session, _operator: SignedIn, tried: Preview) -> list[str]:
    """What the rule names and no active student of the scheme has; a statement for each list."""
    of_scheme = sa.and_(Student.scheme_id == tried.checkpoint.scheme_id, operators.is_active())
    return [
        str(value)
        for conditions in (tried.rule.only, tried.rule.not_for)
        for column, values in _listed(conditions)
        for value in _without(session, column, values, of_scheme)
    ]


def _listed(given: Conditions | None) -> list[tuple[paging.Column, Sequence[object]]]:
    if given is None:
        return []
    lists: tuple[tuple[paging.Column, Sequence[object] | None], ...] = (
        (Student.training_level, given.training_levels),
        (Student.category, given.categories),
        (Student.entry_year, given.entry_years),
    )
    return [(column, values) for column, values in lists if values]


def _without(
    session: Session,
    column: paging.Column,
    values: Sequence[object],
    of_scheme: sa.ColumnElement[bool],
) -> list[object]:
    held = sa.select(column).where(of_scheme, arrays.any_of(column, values)).distinct()
    found = set(session.scalars(held))
    return [value for value in dict.fromkeys(values) if value not in found]
