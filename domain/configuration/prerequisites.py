"""What must be passed before a checkpoint: never in a circle."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.configuration import checkpoints
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Checkpoint, Prerequisite


def replace(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    required: Sequence[PublicId],
) -> Checkpoint:
    """Let a checkpoint wait for these, and no others; PREREQUISITE_CYCLE names a circle."""
    checkpoint = checkpoints.hold(session, operator, public_id)
    siblings = checkpoints.of_scheme(session, checkpoint.scheme_id)
    required_ids = among(siblings, required)
    edges = _edges(session, checkpoint.scheme_id) | {checkpoint.id: required_ids}
    found = circle(edges, checkpoint.id)
    if found:
        titles = {each.id: each.title for each in siblings}
        named = " → ".join(titles[each] for each in found)
        raise Refusal(Code.PREREQUISITE_CYCLE, {"cycle": named}, path=("prerequisites",))
    session.execute(sa.delete(Prerequisite).where(Prerequisite.checkpoint_id == checkpoint.id))
    add(session, checkpoint, required_ids)
    return checkpoint


def among(siblings: Sequence[Checkpoint], public_ids: Sequence[PublicId]) -> list[int]:
    """Their keys, each once; NOT_FOUND for what is no checkpoint of the same scheme."""
    known = {checkpoint.id for checkpoint in siblings}
    wanted = dict.fromkeys(ids.decode(each, Noun.CHECKPOINT) for each in public_ids)
    if not wanted.keys() <= known:
        raise ids.not_found(Noun.CHECKPOINT)
    return list(wanted)


def add(session: Session, checkpoint: Checkpoint, required_ids: Collection[int]) -> None:
    """Let a checkpoint wait for more."""
    session.add_all(
        Prerequisite(
            scheme_id=checkpoint.scheme_id, checkpoint_id=checkpoint.id, required_id=required_id
        )
        for required_id in required_ids
    )
    session.flush()


def _edges(session: Session, scheme_id: int) -> dict[int, list[int]]:
    rows = session.execute(
        sa.select(Prerequisite.checkpoint_id, Prerequisite.required_id)
        .where(Prerequisite.scheme_id == scheme_id)
        .order_by(Prerequisite.checkpoint_id, Prerequisite.required_id)
    )
    edges: dict[int, list[int]] = {}
    for checkpoint_id, required_id in rows:
        edges.setdefault(checkpoint_id, []).append(required_id)
    return edges


def circle(edges: Mapping[int, Collection[int]], start: int) -> list[int]:
    """The shortest way from `start` back to it, with `start` at both ends; empty without one."""
    ways: deque[list[int]] = deque([[start]])
    seen: set[int] = set()
    while ways:
        way = ways.popleft()
        for following in edges.get(way[-1], ()):
            if following == start:
                return [*way, start]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []
