"""Tokens of feeds: shown once, kept as a hash, worth something until they expire or are revoked."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors, ids, operators
from domain.feeding import feeds
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Feed, FeedToken, Operator

# Whoever searches code and logs for secrets knows one by this.
PREFIX = "lixiao_feed_"
LONGEST_DAYS = 730
# Two are needed to change one for another without a gap.
MOST_ALIVE = 10
# A use is told to the minute, so that not every call writes.
_USE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """The token is shown once, here."""

    token: str
    feed_token: FeedToken


def issue(session: Session, asker: SignedIn, public_id: PublicId, days: int) -> NewToken:
    """Another token of a feed; the ones before stay as they are."""
    errors.between(("days",), days, 1, LONGEST_DAYS)
    feed = feeds.hold(session, asker, public_id)
    _require_room(session, feed)
    token = PREFIX + secrets.token_urlsafe(32)
    now = session.scalars(sa.select(sa.func.now())).one()
    row = FeedToken(
        feed_id=feed.id,
        token_hash=hashed(token),
        created_by=asker.id,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    session.add(row)
    session.flush()
    return NewToken(token, row)


def _require_room(session: Session, feed: Feed) -> None:
    alive = sa.select(sa.func.count()).select_from(FeedToken)
    count = session.scalars(alive.where(FeedToken.feed_id == feed.id, _is_alive())).one()
    if count >= MOST_ALIVE:
        raise errors.exceeded(("tokens",), MOST_ALIVE, count + 1)


def revoke(session: Session, asker: SignedIn, public_id: PublicId) -> FeedToken:
    """Worth nothing from now on; what was revoked or has expired stays so."""
    token_id = ids.decode(public_id, Noun.FEED_TOKEN)
    row = by_ids(session, asker, [token_id]).get(token_id)
    if row is None:
        raise ids.not_found(Noun.FEED_TOKEN)
    feed = session.get_one(Feed, row.feed_id)
    operators.require_administering(asker, feed.scheme_id)
    session.execute(
        sa.update(FeedToken)
        .where(FeedToken.id == row.id, FeedToken.revoked_at.is_(None))
        .values(revoked_at=sa.func.now(), revoked_by=asker.id)
    )
    session.refresh(row)
    return row


def operator_of(session: Session, token: str) -> SignedIn | None:
    """The account of an enabled feed with a token that lives; None otherwise."""
    statement = (
        sa.select(Feed.operator_id)
        .join(FeedToken, FeedToken.feed_id == Feed.id)
        .join(Operator, Operator.id == Feed.operator_id)
        .where(FeedToken.token_hash == hashed(token), _is_alive(), Operator.is_disabled.is_(False))
    )
    operator_id = session.scalars(statement).one_or_none()
    return None if operator_id is None else operators.load(session, operator_id)


def note_use(session: Session, token: str) -> None:
    """Tell that a token that lives was used, unless that was told a moment ago."""
    is_told = FeedToken.last_used_at > sa.func.now() - _USE
    session.execute(
        sa.update(FeedToken)
        .where(FeedToken.token_hash == hashed(token), _is_alive(), is_told.is_not(True))
        .values(last_used_at=sa.func.now()),
        execution_options={"synchronize_session": False},
    )


def by_ids(
    session: Session, operator: SignedIn, token_ids: Collection[int]
) -> dict[int, FeedToken]:
    """The tokens of feeds in sight among these."""
    found = session.scalars(sa.select(FeedToken).where(FeedToken.id.in_(token_ids))).all()
    seen = feeds.by_ids(session, operator, {row.feed_id for row in found})
    return {row.id: row for row in found if row.feed_id in seen}


def of_feeds(
    session: Session, _operator: SignedIn, feed_ids: Collection[int]
) -> dict[int, Sequence[FeedToken]]:
    """The tokens of feeds that were seen already, the newest first."""
    found: dict[int, list[FeedToken]] = {feed_id: [] for feed_id in feed_ids}
    statement = sa.select(FeedToken).where(FeedToken.feed_id.in_(feed_ids))
    for row in session.scalars(statement.order_by(FeedToken.id.desc())):
        found[row.feed_id].append(row)
    return {**found}


def _is_alive() -> sa.ColumnElement[bool]:
    return sa.and_(FeedToken.revoked_at.is_(None), FeedToken.expires_at > sa.func.now())


def hashed(token: str) -> bytes:
    """A random token of 256 bits needs no salt."""
    return hashlib.sha256(token.encode()).digest()
