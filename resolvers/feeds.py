"""Feeds: set up, given tokens, listened to; their held jobs released or dropped."""

from collections.abc import Sequence
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import ids
from domain.feeding import feeds as domain_feeds
from domain.feeding import held, sending, tokens
from domain.feeding.feeds import FeedEdit, NewFeed
from domain.feeding.sending import FeedRow
from domain.feeding.tokens import NewToken
from domain.ids import Noun, PublicId
from resolvers import context

Which = Annotated[PublicId, argument(name="feed", description="Which feed.")]
HeldJob = Annotated[PublicId, argument(description="A job that is HELD.")]


async def of_scheme(
    info: Info, scheme: Annotated[PublicId, argument(description="The scheme.")]
) -> Sequence[models.Feed]:
    """By name."""
    return await context.of(info).read(domain_feeds.of_scheme, scheme)


async def create(
    info: Info,
    new: Annotated[NewFeed, argument(name="input", description="The feed to set up.")],
) -> models.Feed:
    """With an account of its own, and no token yet."""
    return await context.of(info).write(domain_feeds.create, new)


async def edit(
    info: Info,
    feed: Which,
    changes: Annotated[FeedEdit, argument(name="input", description="What becomes different.")],
) -> models.Feed:
    """What is not given stays."""
    return await context.of(info).write(domain_feeds.edit, feed, changes)


async def disable(info: Info, feed: Which) -> models.Feed:
    """At once."""
    return await context.of(info).write(domain_feeds.set_disabled, feed, value=True)


async def enable(info: Info, feed: Which) -> models.Feed:
    """With the tokens that live still."""
    return await context.of(info).write(domain_feeds.set_disabled, feed, value=False)


async def issue_token(
    info: Info,
    feed: Which,
    days: Annotated[int, argument(description="How long it lasts, 1-730.")],
) -> NewToken:
    """Shown once."""
    return await context.of(info).write(tokens.issue, feed, days)


async def revoke_token(
    info: Info, token: Annotated[PublicId, argument(description="The id of the token.")]
) -> models.FeedToken:
    """At once."""
    return await context.of(info).write(tokens.revoke, token)


async def send(
    info: Info,
    rows: Annotated[list[FeedRow], argument(description="At most 5,000 students.")],
) -> models.Job:
    """As the feed whose token it is."""
    return await context.of(info).write(sending.send, rows)


async def release(info: Info, job: HeldJob) -> models.Job:
    """Its rows are decided."""
    return await context.of(info).write(held.release, job)


async def drop(info: Info, job: HeldJob) -> models.Job:
    """Its rows are left alone."""
    return await context.of(info).write(held.drop, job)


def feed_id(root: Parent[models.Feed]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.FEED, root.id)


def token_id(root: Parent[models.FeedToken]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.FEED_TOKEN, root.id)


async def checkpoint(root: Parent[models.Feed], info: Info) -> models.Checkpoint | None:
    """Where it decides."""
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def account(root: Parent[models.Feed], info: Info) -> models.Operator | None:
    """As whom it decides."""
    return await context.of(info).loaders.operator.load(root.operator_id)


async def is_disabled(root: Parent[models.Feed], info: Info) -> bool:
    """Whether its account is."""
    found = await context.of(info).loaders.operator.load(root.operator_id)
    return found is None or found.is_disabled


async def created_by(
    root: Parent[models.Feed | models.FeedToken], info: Info
) -> models.Operator | None:
    """Who set it up, or issued it."""
    return await context.of(info).loaders.operator.load(root.created_by)


async def of_feed(root: Parent[models.Feed], info: Info) -> Sequence[models.FeedToken]:
    """The newest first."""
    return await context.of(info).loaders.feed_tokens.load(root.id) or []


async def revoked_by(root: Parent[models.FeedToken], info: Info) -> models.Operator | None:
    """Who, if anybody."""
    if root.revoked_by is None:
        return None
    return await context.of(info).loaders.operator.load(root.revoked_by)
