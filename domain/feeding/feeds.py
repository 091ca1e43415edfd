"""Feeds set up by administrators: which there are, at which checkpoint, when each is held."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors, ids, names, operators
from domain.configuration import checkpoints, schemes
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from domain.staffing import grants
from models import FEED_LOGIN, Checkpoint, Feed, Grant, Operator, Role

LARGEST_PERCENT, LARGEST_COUNT, MOST_HOURS = 100, 1_000_000, 8_760
_INPUT = ("input",)


@dataclass(frozen=True)
class NewFeed:
    """A system that is to decide at one checkpoint, and when it is held."""

    name: str
    checkpoint: PublicId
    brake_percent: int = 5
    brake_count: int = 10
    brake_hours: int = 24


@dataclass(frozen=True)
class FeedEdit:
    """Another name or brake; what is None stays."""

    name: str | None = None
    brake_percent: int | None = None
    brake_count: int | None = None
    brake_hours: int | None = None


def create(session: Session, asker: SignedIn, new: NewFeed) -> Feed:
    """A feed with an account of its own, which may decide at its checkpoint and no more."""
    found = checkpoints.get(session, asker, new.checkpoint)
    asker = grants.hold(session, asker, [found.scheme_id])
    operators.require_administering(asker, found.scheme_id)
    checkpoint = checkpoints.get(session, asker, new.checkpoint)
    grants.require_living(schemes.by_ids(session, asker, [found.scheme_id])[found.scheme_id])
    feed = Feed(
        scheme_id=checkpoint.scheme_id,
        checkpoint_id=checkpoint.id,
        created_by=asker.id,
        **_checked(new),
    )
    feed.operator_id = _account(session, feed.name, checkpoint).id
    session.add(feed)
    _flush(session, feed)
    session.refresh(feed)
    return feed


def _account(session: Session, name: str, checkpoint: Checkpoint) -> Operator:
    """Without a password, under a login that no person can have."""
    account = Operator(login=FEED_LOGIN + secrets.token_hex(), name=name)
    session.add(account)
    session.flush()
    account.login = f"{FEED_LOGIN}{account.id}"
    session.add(
        Grant(
            operator_id=account.id,
            role=Role.CHECKPOINT_OPERATOR,
            scheme_id=checkpoint.scheme_id,
            checkpoint_id=checkpoint.id,
        )
    )
    session.flush()
    return account


def edit(session: Session, asker: SignedIn, public_id: PublicId, changes: FeedEdit) -> Feed:
    """Its account has its name, which the history tells."""
    feed = hold(session, asker, public_id)
    account = session.get_one(Operator, feed.operator_id)
    for field, value in _checked(changes).items():
        setattr(feed, field, value)
    account.name = feed.name
    _flush(session, feed)
    return feed


def _checked(given: NewFeed | FeedEdit) -> dict[str, str | int]:
    """What is given, as it is stored."""
    numbers = (
        ("brake_percent", given.brake_percent, 0, LARGEST_PERCENT),
        ("brake_count", given.brake_count, 0, LARGEST_COUNT),
        ("brake_hours", given.brake_hours, 1, MOST_HOURS),
    )
    checked: dict[str, str | int] = {}
    if given.name is not None:
        checked["name"] = names.name(given.name, (*_INPUT, "name"))
    for field, value, least, most in numbers:
        if value is not None:
            checked[field] = errors.between((*_INPUT, field), value, least, most)
    return checked


def _flush(session: Session, feed: Feed) -> None:
    with names.unique(Noun.FEED, feed.name):
        session.flush()


def set_disabled(session: Session, asker: SignedIn, public_id: PublicId, *, value: bool) -> Feed:
    """Disabled, its tokens are worth nothing and a call that is under way is refused."""
    feed = hold(session, asker, public_id)
    account = session.get_one(Operator, feed.operator_id)
    account.is_disabled = value
    session.flush()
    return feed


def hold(session: Session, asker: SignedIn, public_id: PublicId) -> Feed:
    """Lock a feed of a scheme that is administered; NOT_FOUND out of sight."""
    feed_id = ids.decode(public_id, Noun.FEED)
    feed = by_ids(session, asker, [feed_id]).get(feed_id)
    if feed is None:
        raise ids.not_found(Noun.FEED)
    operators.require_administering(asker, feed.scheme_id)
    lock(session, feed)
    return feed


def lock(session: Session, feed: Feed) -> None:
    """One call of a feed comes after the other, and neither while it is changed."""
    session.refresh(feed, with_for_update={"key_share": True})


def of_scheme(session: Session, operator: SignedIn, scheme: PublicId) -> Sequence[Feed]:
    """The feeds in sight in a scheme, by name."""
    scheme_id = schemes.id_of(session, operator, scheme)
    statement = sa.select(Feed).where(Feed.scheme_id == scheme_id, operators.feeds_seen(operator))
    return session.scalars(statement.order_by(Feed.name)).all()


def by_ids(session: Session, operator: SignedIn, feed_ids: Collection[int]) -> dict[int, Feed]:
    """The feeds in sight among these."""
    statement = sa.select(Feed).where(Feed.id.in_(feed_ids), operators.feeds_seen(operator))
    return {feed.id: feed for feed in session.scalars(statement)}
