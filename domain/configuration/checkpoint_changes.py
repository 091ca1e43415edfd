"""Checkpoints of a scheme that is held: added, edited, put into order, deleted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, jobs, moments, names
from domain.configuration import checkpoints, prerequisites, schemes
from domain.deciding import applicability, requirements
from domain.deciding.applicability import Applicability
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import (
    Channel,
    Checkpoint,
    Clearance,
    Entry,
    Feed,
    Grant,
    Job,
    JobCheckpoint,
    JobKind,
    Prerequisite,
    Scheme,
    Student,
    Waiver,
)

MOST = 100
_INPUT = ("input",)


@dataclass(frozen=True)
class CheckpointInput:
    """A checkpoint to add; without a position it becomes the last."""

    title: str
    requirement: str = ""
    place: str = ""
    contact: str = ""
    hours: str = ""
    position: int | None = None
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    prerequisites: list[PublicId] | None = None
    applicability: Applicability | None = None


@dataclass(frozen=True)
class CheckpointEdit:
    """Other texts; what is None stays."""

    title: str | None = None
    requirement: str | None = None
    place: str | None = None
    contact: str | None = None
    hours: str | None = None


def create(
    session: Session, operator: SignedIn, scheme: PublicId, new: CheckpointInput
) -> Checkpoint:
    """Add a checkpoint; every student gets a clearance there, as its rule says."""
    found = schemes.get(session, operator, scheme)
    scheme_id = schemes.hold(session, operator, found.id).id
    siblings = checkpoints.of_scheme(session, scheme_id)
    position = _place(new.position, len(siblings))
    required_ids = prerequisites.among(siblings, new.prerequisites or ())
    checkpoint = _made(session, scheme_id, position, new)
    _make_room(session, scheme_id, position)
    session.add(checkpoint)
    with names.unique(Noun.CHECKPOINT, checkpoint.title):
        session.flush()
    prerequisites.add(session, checkpoint, required_ids)
    requirements.give(session, checkpoint, requirements.Cause(operator, Channel.RULE))
    return checkpoint


def _place(wanted: int | None, present: int) -> int:
    if present >= MOST:
        facts = {"name": "checkpoints", "limit": MOST, "value": present + 1}
        raise Refusal(Code.LIMIT_EXCEEDED, facts, path=_INPUT)
    last = present + 1
    if wanted is not None and not 1 <= wanted <= last:
        raise errors.invalid((*_INPUT, "position"), wanted, f"1-{last}")
    return wanted or last


def _made(session: Session, scheme_id: int, position: int, new: CheckpointInput) -> Checkpoint:
    opens_at, closes_at = _window(new.opens_at, new.closes_at, _INPUT)
    rule = new.applicability or Applicability()
    return Checkpoint(
        scheme_id=scheme_id,
        position=position,
        title=names.name(new.title, (*_INPUT, "title")),
        requirement=names.text(new.requirement, (*_INPUT, "requirement")),
        place=names.text(new.place, (*_INPUT, "place")),
        contact=names.text(new.contact, (*_INPUT, "contact")),
        hours=names.text(new.hours, (*_INPUT, "hours")),
        opens_at=opens_at,
        closes_at=closes_at,
        applicability=applicability.stored(session, rule, (*_INPUT, "applicability")),
    )


def _make_room(session: Session, scheme_id: int, position: int) -> None:
    """One place further for all from this one on."""
    session.execute(
        sa.update(Checkpoint)
        .where(Checkpoint.scheme_id == scheme_id, Checkpoint.position >= position)
        .values(position=Checkpoint.position + 1),
        execution_options={"synchronize_session": False},
    )


def update(
    session: Session, operator: SignedIn, public_id: PublicId, edit: CheckpointEdit
) -> Checkpoint:
    """Change texts; what is None stays."""
    checkpoint = checkpoints.hold(session, operator, public_id)
    for field, value in asdict(edit).items():
        if value is not None:
            check = names.name if field == "title" else names.text
            setattr(checkpoint, field, check(value, (*_INPUT, field)))
    with names.unique(Noun.CHECKPOINT, checkpoint.title):
        session.flush()
    return checkpoint


def set_window(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
) -> Checkpoint:
    """When somebody can be passed there; None is no bound."""
    checkpoint = checkpoints.hold(session, operator, public_id)
    checkpoint.opens_at, checkpoint.closes_at = _window(opens_at, closes_at, ())
    session.flush()
    return checkpoint


def _window(
    opens_at: dt.datetime | None, closes_at: dt.datetime | None, path: tuple[str, ...]
) -> tuple[dt.datetime | None, dt.datetime | None]:
    opens = opens_at and moments.in_utc(opens_at, (*path, "opens_at"))
    closes = closes_at and moments.in_utc(closes_at, (*path, "closes_at"))
    if opens and closes and opens >= closes:
        raise errors.invalid((*path, "closes_at"), closes.isoformat(), "later than opensAt")
    return opens, closes


def order(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    wanted: Sequence[PublicId],
) -> Scheme:
    """Put all checkpoints of a scheme into this order."""
    found = schemes.get(session, operator, public_id)
    scheme = schemes.hold(session, operator, found.id)
    siblings = checkpoints.of_scheme(session, scheme.id)
    ordered = prerequisites.among(siblings, wanted)
    if not len(wanted) == len(ordered) == len(siblings):
        expected = "every checkpoint of the scheme, each once"
        raise errors.invalid(("checkpoints",), len(wanted), expected)
    new = arrays.rows(
        "new",
        id=(sa.BigInteger(), ordered),
        position=(sa.Integer(), range(1, len(ordered) + 1)),
    )
    session.execute(
        sa.update(Checkpoint).where(Checkpoint.id == new.c.id).values(position=new.c.position),
        execution_options={"synchronize_session": False},
    )
    return scheme


def delete(session: Session, operator: SignedIn, public_id: PublicId) -> Scheme:
    """Delete a checkpoint that nobody has used, with its clearances; answer the scheme."""
    checkpoint = checkpoints.hold(session, operator, public_id)
    # Whoever grants or starts something there at this moment is waited for, or comes too late.
    session.execute(
        sa.select(Checkpoint.id).where(Checkpoint.id == checkpoint.id).with_for_update()
    )
    _check_unused(session, checkpoint)
    _delete(session, checkpoint)
    return session.get_one(Scheme, checkpoint.scheme_id)


def _check_unused(session: Session, checkpoint: Checkpoint) -> None:
    of_scheme = sa.select(Student.id).where(Student.scheme_id == checkpoint.scheme_id)
    uses = {
        "Entry": sa.and_(Entry.checkpoint_id == checkpoint.id, Entry.student_id.in_(of_scheme)),
        Noun.JOB: sa.or_(
            Job.checkpoint_id == checkpoint.id,
            sa.exists().where(JobCheckpoint.checkpoint_id == checkpoint.id),
            _may_grant(checkpoint),
        ),
        Noun.FEED: Feed.checkpoint_id == checkpoint.id,
        Noun.GRANT: Grant.checkpoint_id == checkpoint.id,
        Noun.WAIVER: Waiver.checkpoint_id == checkpoint.id,
    }
    told = sa.select(*(sa.exists().where(use).label(noun) for noun, use in uses.items()))
    for noun, is_used in session.execute(told).one()._asdict().items():
        if is_used:
            facts = {"checkpoint": checkpoint.title, "noun": noun}
            raise Refusal(Code.CHECKPOINT_IN_USE, facts)


def _may_grant(checkpoint: Checkpoint) -> sa.ColumnElement[bool]:
    """A list of operators that is still read may have found the checkpoint already."""
    return sa.and_(
        Job.scheme_id == checkpoint.scheme_id,
        Job.kind == JobKind.OPERATORS,
        Job.status.in_(jobs.UNFINISHED),
    )


def _delete(session: Session, checkpoint: Checkpoint) -> None:
    of_scheme = sa.select(Student.id).where(Student.scheme_id == checkpoint.scheme_id)
    waits = sa.or_(
        Prerequisite.checkpoint_id == checkpoint.id, Prerequisite.required_id == checkpoint.id
    )
    statements = (
        sa.delete(Prerequisite).where(waits),
        sa.delete(Clearance).where(
            Clearance.checkpoint_id == checkpoint.id, Clearance.student_id.in_(of_scheme)
        ),
        sa.delete(Checkpoint).where(Checkpoint.id == checkpoint.id),
        sa.update(Checkpoint)
        .where(
            Checkpoint.scheme_id == checkpoint.scheme_id, Checkpoint.position > checkpoint.position
        )
        .values(position=Checkpoint.position - 1),
    )
    for statement in statements:
        session.execute(statement, execution_options={"synchronize_session": False})
