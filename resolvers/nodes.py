"""Any row by its id, inside the scope: an id out of sight is null."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Annotated, Protocol, TypeVar

from strawberry import Info, argument

import models
from domain import errors, ids
from domain.ids import Noun, PublicId
from domain.paging import LARGEST
from resolvers import context
from resolvers.loaders import Loaders

K_contra = TypeVar("K_contra", contravariant=True)


class Loader(Protocol[K_contra]):
    """Any loader, whatever it loads."""

    def load(self, key: K_contra) -> Awaitable[models.Base | None]: ...


async def one(
    info: Info, public_id: Annotated[PublicId, argument(name="id", description="Any id.")]
) -> models.Base | None:
    """The row behind an id."""
    here = context.of(info)
    await here.signed_in()
    return await _one(here.loaders, public_id)


async def many(
    info: Info,
    public_ids: Annotated[list[PublicId], argument(name="ids", description="At most 100 ids.")],
) -> Sequence[models.Base | None]:
    """The rows behind ids, in their order."""
    here = context.of(info)
    await here.signed_in()
    if len(public_ids) > LARGEST:
        raise errors.exceeded(("ids",), LARGEST, len(public_ids))
    return await asyncio.gather(*(_one(here.loaders, each) for each in public_ids))


async def _one(loaders: Loaders, public_id: PublicId) -> models.Base | None:
    parsed = ids.parse(public_id)
    if parsed is None:
        return None
    noun, keys = parsed
    return await _load(loaders, noun, keys)


async def _load(loaders: Loaders, noun: Noun, keys: tuple[int, ...]) -> models.Base | None:
    singles: dict[Noun, Loader[int]] = {
        Noun.SCHEME: loaders.scheme,
        Noun.CHECKPOINT: loaders.checkpoint,
        Noun.STUDENT: loaders.student,
        Noun.WAIVER: loaders.waiver,
        Noun.HAND_OUT: loaders.hand_out,
        Noun.CLEARANCE_CERTIFICATE: loaders.certificate,
        Noun.DEPARTMENT: loaders.department,
        Noun.OPERATOR: loaders.operator_seen,
        Noun.GRANT: loaders.grant,
        Noun.JOB: loaders.job,
        Noun.FILE: loaders.file,
        Noun.FEED: loaders.feed,
        Noun.FEED_TOKEN: loaders.feed_token,
    }
    if noun in singles and len(keys) == 1:
        return await singles[noun].load(keys[0])
    if noun is Noun.CLEARANCE and len(keys) == 2:
        return await loaders.clearance.load((keys[0], keys[1]))
    if noun is Noun.JOB_ROW and len(keys) in {2, 3}:
        job_id, row_number, *others = keys
        return await loaders.job_row.load((job_id, row_number, sum(others)))
    return None
