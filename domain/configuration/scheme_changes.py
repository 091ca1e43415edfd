"""Schemes set up, opened, closed and put away; last year's cloned for this year."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from domain import names, operators
from domain.configuration import schemes
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Checkpoint, Feed, Grant, Prerequisite, Scheme, SchemeStatus

_BEFORE: Mapping[SchemeStatus, frozenset[SchemeStatus]] = {
    SchemeStatus.OPEN: frozenset({SchemeStatus.DRAFT, SchemeStatus.CLOSED}),
    SchemeStatus.CLOSED: frozenset({SchemeStatus.OPEN, SchemeStatus.ARCHIVED}),
    SchemeStatus.ARCHIVED: frozenset({SchemeStatus.DRAFT, SchemeStatus.CLOSED}),
}
# The window is left out: it names dates of last year.
_CLONED = ("position", "title", "requirement", "place", "contact", "hours", "applicability")


def create(session: Session, operator: SignedIn, name: str) -> Scheme:
    """An empty DRAFT."""
    operators.require_administering_all(operator)
    return add(session, name)


def add(session: Session, name: str, status: SchemeStatus = SchemeStatus.DRAFT) -> Scheme:
    """A new scheme, for who asked for the right already."""
    scheme = Scheme(name=names.name(name, ("name",)), status=status)
    session.add(scheme)
    with names.unique(Noun.SCHEME, scheme.name):
        session.flush()
    return scheme


def rename(session: Session, operator: SignedIn, public_id: PublicId, name: str) -> Scheme:
    """Give a scheme another name."""
    found = schemes.get(session, operator, public_id)
    scheme = schemes.hold(session, operator, found.id)
    scheme.name = names.name(name, ("name",))
    with names.unique(Noun.SCHEME, scheme.name):
        session.flush()
    return scheme


def turn(session: Session, operator: SignedIn, public_id: PublicId, wanted: SchemeStatus) -> Scheme:
    """Open, close or archive a scheme; whoever decides in it meanwhile is done first."""
    found = schemes.get(session, operator, public_id)
    operators.require_administering(operator, found.id)
    scheme = schemes.lock(session, found.id)
    if scheme.status not in _BEFORE[wanted]:
        possible = " ".join(each for each, before in _BEFORE.items() if scheme.status in before)
        facts = {"scheme": scheme.name, "status": scheme.status, "wanted": wanted}
        facts["possible"] = possible
        raise Refusal(Code.TRANSITION_NOT_ALLOWED, facts)
    scheme.status = wanted
    return scheme


def clone(session: Session, operator: SignedIn, public_id: PublicId, name: str) -> Scheme:
    """A DRAFT with the checkpoints, rules, prerequisites and grants of another, without students.

    The other is held meanwhile, so that all of it is of one state.
    """
    found = schemes.get(session, operator, public_id)
    operators.require_administering_all(operator)
    source = schemes.lock(session, found.id)
    scheme = add(session, name)
    _clone_checkpoints(session, source.id, scheme.id)
    pairs = _pairs(source.id, scheme.id)
    _clone_prerequisites(session, source.id, scheme.id, pairs)
    _clone_grants(session, operator, source.id, scheme.id, pairs)
    return scheme


def _clone_checkpoints(session: Session, source_id: int, scheme_id: int) -> None:
    columns = [getattr(Checkpoint, name) for name in _CLONED]
    session.execute(
        sa.insert(Checkpoint).from_select(
            ["scheme_id", *_CLONED],
            sa.select(_id(scheme_id), *columns)
            .where(Checkpoint.scheme_id == source_id)
            .order_by(Checkpoint.position),
            include_defaults=False,
        )
    )


def _pairs(source_id: int, scheme_id: int) -> sa.Subquery:
    """Each checkpoint with its clone, by their place."""
    old, new = orm.aliased(Checkpoint), orm.aliased(Checkpoint)
    return (
        sa.select(old.id.label("old"), new.id.label("new"))
        .join(new, new.position == old.position)
        .where(old.scheme_id == source_id, new.scheme_id == scheme_id)
        .subquery()
    )


def _clone_prerequisites(
    session: Session, source_id: int, scheme_id: int, pairs: sa.Subquery
) -> None:
    waiting, required = pairs.alias(), pairs.alias()
    session.execute(
        sa.insert(Prerequisite).from_select(
            ["scheme_id", "checkpoint_id", "required_id"],
            sa.select(_id(scheme_id), waiting.c.new, required.c.new)
            .select_from(Prerequisite)
            .join(waiting, waiting.c.old == Prerequisite.checkpoint_id)
            .join(required, required.c.old == Prerequisite.required_id)
            .where(Prerequisite.scheme_id == source_id),
            include_defaults=False,
        )
    )


def _clone_grants(
    session: Session,
    operator: SignedIn,
    source_id: int,
    scheme_id: int,
    pairs: sa.Subquery,
) -> None:
    """Nobody gives what they do not hold: ID numbers only if one sees those of every scheme."""
    kept = [Grant.operator_id, Grant.role, Grant.department_id]
    shows = sa.and_(Grant.may_see_id_numbers, sa.literal(operator.sees_id_numbers(None, None)))
    session.execute(
        sa.insert(Grant).from_select(
            ["scheme_id", "checkpoint_id", *(each.key for each in kept), "may_see_id_numbers"],
            sa.select(_id(scheme_id), pairs.c.new, *kept, shows)
            .outerjoin(pairs, pairs.c.old == Grant.checkpoint_id)
            .where(
                Grant.scheme_id == source_id,
                # A feed decides at its one checkpoint.
                Grant.operator_id.not_in(sa.select(Feed.operator_id)),
            )
            .order_by(Grant.id),
            include_defaults=False,
        )
    )


def _id(scheme_id: int) -> sa.ColumnElement[int]:
    return sa.literal(scheme_id, sa.BigInteger())
