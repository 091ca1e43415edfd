"""Feeds (系统对接): machine accounts that decide at one checkpoint, and their tokens."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, refers_to


class Feed(Base):
    """A system that decides as an operator without a password; `brake_*`: when it is held."""

    __tablename__ = "feeds"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"], ["checkpoints.scheme_id", "checkpoints.id"]
        ),
        sa.CheckConstraint(
            "brake_percent BETWEEN 0 AND 100 AND brake_count >= 0 AND brake_hours > 0",
            name="brake",
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    operator_id: Mapped[int] = refers_to("operators.id", unique=True)
    scheme_id: Mapped[int] = mapped_column(sa.BigInteger)
    checkpoint_id: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    brake_percent: Mapped[int] = mapped_column(sa.Integer, server_default="5")
    brake_count: Mapped[int] = mapped_column(sa.Integer, server_default="10")
    brake_hours: Mapped[int] = mapped_column(sa.Integer, server_default="24")
    created_by: Mapped[int] = refers_to("operators.id")
    created_at: Mapped[Moment]


class FeedToken(Base):
    """Only the hash is kept; several at once, so that one can be changed without a gap."""

    __tablename__ = "feed_tokens"

    id: Mapped[Id]
    feed_id: Mapped[int] = refers_to("feeds.id", index=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    created_by: Mapped[int] = refers_to("operators.id")
    created_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[int | None] = refers_to("operators.id")
