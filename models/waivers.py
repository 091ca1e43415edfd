"""Waivers (免办): NOT_REQUIRED by decision of two people."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to


class WaiverStatus(enum.StrEnum):
    """REQUESTED decides nothing yet; CONFIRMED makes NOT_REQUIRED; WITHDRAWN is over."""

    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"


class Waiver(Base):
    """One request for one clearance, and what became of it."""

    __tablename__ = "waivers"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["student_id", "checkpoint_id"], ["clearances.student_id", "clearances.checkpoint_id"]
        ),
        # At most one that is not over.
        sa.Index(
            "uq_waivers_alive",
            "student_id",
            "checkpoint_id",
            unique=True,
            postgresql_where=sa.text("status <> 'WITHDRAWN'"),
        ),
        sa.Index("ix_waivers_of_checkpoint", "checkpoint_id", "id"),
        sa.CheckConstraint("requested_by <> confirmed_by", name="two_people"),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR confirmed_by IS NOT NULL", name="confirmed_by_somebody"
        ),
    )

    id: Mapped[Id]
    student_id: Mapped[int] = mapped_column(sa.BigInteger)
    checkpoint_id: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[WaiverStatus] = mapped_column(
        one_of(WaiverStatus), server_default=WaiverStatus.REQUESTED
    )
    reason: Mapped[str]
    requested_by: Mapped[int] = refers_to("operators.id")
    requested_at: Mapped[Moment]
    confirmed_by: Mapped[int | None] = refers_to("operators.id")
    confirmed_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[int | None] = refers_to("operators.id")
    withdrawn_at: Mapped[dt.datetime | None]
