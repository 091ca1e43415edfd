"""Checkpoints of the schemes in sight, in their order, with their prerequisites."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, operators, paging
from domain.configuration import schemes
from domain.signed_in import SignedIn
from models import Checkpoint, Prerequisite

# Of the checkpoints of one scheme.
IN_ORDER = paging.Order("CHECKPOINTS", (Checkpoint.position,))


def of_schemes(
    session: Session, operator: SignedIn, scheme_ids: Collection[int]
) -> dict[int, list[Checkpoint]]:
    """The checkpoints of each scheme in order."""
    found: dict[int, list[Checkpoint]] = {scheme_id: [] for scheme_id in scheme_ids}
    statement = below(operator, sa.any_(arrays.ids(scheme_ids))).order_by(*IN_ORDER.by())
    for checkpoint in session.scalars(statement):
        found[checkpoint.scheme_id].append(checkpoint)
    return found


def below(operator: SignedIn, scheme_id: arrays.Key) -> sa.Select[Checkpoint]:
    """Every checkpoint of a scheme in sight, or of an array of them."""
    return sa.select(Checkpoint).where(
        Checkpoint.scheme_id == scheme_id, operators.schemes_seen(operator, Checkpoint.scheme_id)
    )


def by_ids(
    session: Session, operator: SignedIn, checkpoint_ids: Collection[int]
) -> dict[int, Checkpoint]:
    """The checkpoints in sight among these."""
    found = session.scalars(with_id(operator, sa.any_(arrays.ids(checkpoint_ids))))
    return {checkpoint.id: checkpoint for checkpoint in found}


def with_id(operator: SignedIn, checkpoint_id: arrays.Key) -> sa.Select[Checkpoint]:
    """A checkpoint in sight, or any of an array of them."""
    return sa.select(Checkpoint).where(
        Checkpoint.id == checkpoint_id, operators.schemes_seen(operator, Checkpoint.scheme_id)
    )


def get(session: Session, operator: SignedIn, public_id: str) -> Checkpoint:
    """One checkpoint in sight; NOT_FOUND otherwise."""
    checkpoint_id = ids.decode(public_id, ids.Noun.CHECKPOINT)
    checkpoint = by_ids(session, operator, [checkpoint_id]).get(checkpoint_id)
    if checkpoint is None:
        raise ids.not_found(ids.Noun.CHECKPOINT)
    return checkpoint


def hold(session: Session, operator: SignedIn, public_id: str) -> Checkpoint:
    """Lock the scheme of a checkpoint that is to be changed, as `schemes.hold`; read it anew."""
    found = get(session, operator, public_id)
    schemes.hold(session, operator, found.scheme_id)
    statement = sa.select(Checkpoint).where(Checkpoint.id == found.id)
    again = session.scalars(statement, execution_options={"populate_existing": True})
    checkpoint = again.one_or_none()
    if checkpoint is None:
        raise ids.not_found(ids.Noun.CHECKPOINT)
    return checkpoint


def of_scheme(session: Session, scheme_id: int) -> Sequence[Checkpoint]:
    """All of a scheme that is held, in order."""
    statement = (
        sa.select(Checkpoint).where(Checkpoint.scheme_id == scheme_id).order_by(Checkpoint.position)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).all()


def keep(session: Session, checkpoint_id: int) -> None:
    """Nobody deletes it until the transaction ends; NOT_FOUND if somebody has by now."""
    statement = sa.select(Checkpoint.id).where(Checkpoint.id == checkpoint_id)
    kept = session.scalars(statement.with_for_update(read=True, key_share=True))
    if kept.one_or_none() is None:
        raise ids.not_found(ids.Noun.CHECKPOINT)


def require(
    session: Session,
    operator: SignedIn,
    scheme_id: int,
    public_ids: Collection[str],
) -> None:
    """NOT_FOUND unless each of these is a checkpoint of the scheme, in sight."""
    wanted = {ids.decode(each, ids.Noun.CHECKPOINT) for each in public_ids}
    found = by_ids(session, operator, wanted) if wanted else {}
    if any(each not in found or found[each].scheme_id != scheme_id for each in wanted):
        raise ids.not_found(ids.Noun.CHECKPOINT)


def prerequisites(
    session: Session, _operator: SignedIn, checkpoint_ids: Collection[int]
) -> dict[int, Sequence[Checkpoint]]:
    """What must be passed before each of these checkpoints, in order."""
    found: dict[int, list[Checkpoint]] = {checkpoint_id: [] for checkpoint_id in checkpoint_ids}
    rows = session.execute(
        sa.select(Prerequisite.checkpoint_id, Checkpoint)
        .join(Checkpoint, Checkpoint.id == Prerequisite.required_id)
        .where(Prerequisite.checkpoint_id.in_(checkpoint_ids))
        .order_by(Checkpoint.position)
    )
    for checkpoint_id, required in rows:
        found[checkpoint_id].append(required)
    return {**found}
