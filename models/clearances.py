"""Clearances (办理情况), one for every student at every checkpoint, and their history."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment, one_of, refers_to


class ClearanceStatus(enum.StrEnum):
    """未办理, 已通过, 未通过, 无需办理."""

    PENDING = "PENDING"
    PASSED = "PASSED"
    REFUSED = "REFUSED"
    NOT_REQUIRED = "NOT_REQUIRED"


class NotRequiredBy(enum.StrEnum):
    """Why a student is not required: by the checkpoint's rule, or by a waiver of two people."""

    RULE = "RULE"
    WAIVER = "WAIVER"


class Channel(enum.StrEnum):
    """By which way a change came."""

    SINGLE = "SINGLE"
    BATCH = "BATCH"
    IMPORT = "IMPORT"
    REPAIR = "REPAIR"
    FEED = "FEED"
    UNDO = "UNDO"
    WAIVER = "WAIVER"
    RULE = "RULE"
    ROSTER = "ROSTER"


class Clearance(Base):
    """Where one student stands at one checkpoint; `version` counts its changes from 1."""

    __tablename__ = "clearances"
    __table_args__ = (
        sa.CheckConstraint(
            "(status = 'NOT_REQUIRED') = (not_required_by IS NOT NULL)", name="not_required_reason"
        ),
        sa.CheckConstraint("char_length(remark) <= 500", name="remark_length"),
        # No index but the key, and room on each page: a decision then changes the row in place.
        {"postgresql_with": {"fillfactor": "90"}},
    )

    student_id: Mapped[int] = refers_to("students.id", primary_key=True)
    checkpoint_id: Mapped[int] = refers_to("checkpoints.id", primary_key=True)
    status: Mapped[ClearanceStatus] = mapped_column(
        one_of(ClearanceStatus), server_default=ClearanceStatus.PENDING
    )
    not_required_by: Mapped[NotRequiredBy | None] = mapped_column(one_of(NotRequiredBy))
    remark: Mapped[str] = mapped_column(sa.Text, server_default="")
    version: Mapped[int] = mapped_column(sa.Integer, server_default="1")
    # The entry of this version refers to the operator; a second check for each row costs time.
    operator_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_at: Mapped[dt.datetime | None]


class Entry(Base):
    """One change of a clearance. A trigger lets nothing but INSERT through.

    The key holds the version that the change led to: two changes cannot lead to the same one. What
    an entry refers to is looked up by triggers, once a statement (decision 0023).
    """

    __tablename__ = "entries"
    __table_args__ = (
        sa.Index("ix_entries_job", "job_id", postgresql_where=sa.text("job_id IS NOT NULL")),
        # The history is read from its newest line on.
        sa.Index("ix_entries_at", "at"),
    )

    student_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    at: Mapped[Moment]
    operator_id: Mapped[int] = mapped_column(sa.BigInteger)
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    # Written while the job's own row is locked: no check for each entry.
    job_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    row_number: Mapped[int | None]
    # Of an UNDO: the version whose state came back, with its operator and time.
    restores: Mapped[int | None]
    old_status: Mapped[ClearanceStatus] = mapped_column(one_of(ClearanceStatus, "old_status"))
    new_status: Mapped[ClearanceStatus] = mapped_column(one_of(ClearanceStatus, "new_status"))
    old_remark: Mapped[str]
    new_remark: Mapped[str]
