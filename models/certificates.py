"""Certificates of clearance (离校单): the proof that a student is cleared everywhere."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, refers_to


class ClearanceCertificate(Base):
    """A trigger lets none through while a due clearance is open, and withdraws it when one opens.

    `code` is what its QR code leads to: whoever has the paper may ask whether it is valid.
    """

    __tablename__ = "clearance_certificates"
    __table_args__ = (
        sa.Index(
            "uq_clearance_certificates_alive",
            "student_id",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.Index("ix_clearance_certificates_student", "student_id", "id"),
    )

    id: Mapped[Id]
    student_id: Mapped[int] = refers_to("students.id")
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    issued_at: Mapped[Moment]
    # Null: the student did it.
    issued_by: Mapped[int | None] = refers_to("operators.id")
    withdrawn_at: Mapped[dt.datetime | None]
