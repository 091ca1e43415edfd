"""The checkpoints of a scheme that an export is about."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain import ids
from domain.configuration import checkpoints
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Checkpoint


def chosen(
    session: Session,
    operator: SignedIn,
    scheme_id: int,
    wanted: Sequence[PublicId] | None,
) -> list[Checkpoint]:
    """Those asked for in their order, each once; NOT_FOUND for one that the scheme does not have.

    All of the scheme's if nobody chose; none is a choice too.
    """
    every = checkpoints.of_schemes(session, operator, [scheme_id])[scheme_id]
    if wanted is None:
        return every
    by_id = {each.id: each for each in every}
    keys = list(dict.fromkeys(ids.decode(each, Noun.CHECKPOINT) for each in wanted))
    if not by_id.keys() >= set(keys):
        raise ids.not_found(Noun.CHECKPOINT)
    return [by_id[key] for key in keys]
