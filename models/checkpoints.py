"""Checkpoints (离校环节) and what must be passed before them."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, refers_to


class Checkpoint(Base):
    """One office's step in a scheme."""

    __tablename__ = "checkpoints"
    __table_args__ = (
        # Checked at the end of a statement, so that one can put all into another order.
        sa.UniqueConstraint("scheme_id", "position", deferrable=True, initially="IMMEDIATE"),
        sa.UniqueConstraint("scheme_id", "title"),
        # The target of the composite foreign keys that keep a checkpoint in its scheme.
        sa.UniqueConstraint("scheme_id", "id"),
        sa.CheckConstraint("opens_at < closes_at", name="window"),
    )

    id: Mapped[Id]
    scheme_id: Mapped[int] = refers_to("schemes.id")
    position: Mapped[int]
    title: Mapped[str]
    requirement: Mapped[str] = mapped_column(sa.Text, server_default="")
    place: Mapped[str] = mapped_column(sa.Text, server_default="")
    contact: Mapped[str] = mapped_column(sa.Text, server_default="")
    hours: Mapped[str] = mapped_column(sa.Text, server_default="")
    opens_at: Mapped[dt.datetime | None]
    closes_at: Mapped[dt.datetime | None]
    # Whom it applies to, as domain.deciding.applicability writes it; null: to everybody.
    applicability: Mapped[dict[str, Any] | None] = mapped_column(
        postgresql.JSONB(none_as_null=True)
    )


class Prerequisite(Base):
    """`checkpoint` can only be passed when `required` is PASSED or NOT_REQUIRED."""

    __tablename__ = "prerequisites"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"], ["checkpoints.scheme_id", "checkpoints.id"]
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "required_id"], ["checkpoints.scheme_id", "checkpoints.id"]
        ),
        sa.CheckConstraint("checkpoint_id <> required_id", name="not_itself"),
    )

    checkpoint_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    required_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    scheme_id: Mapped[int] = mapped_column(sa.BigInteger)
