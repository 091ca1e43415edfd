"""What triggers keep, so that nobody need count or sort: how many stand where, who was changed."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, one_of
from models.clearances import ClearanceStatus


class Tally(Base):
    """So many active students of a department more (or fewer) stand here since the lines before.

    The sum of the lines is how many there are. Without a checkpoint they are counted themselves,
    else their clearances in a status. Only triggers write lines (decision 0024).
    """

    __tablename__ = "tallies"
    __table_args__ = (
        sa.Index("ix_tallies_of_department", "scheme_id", "department_id", "checkpoint_id"),
        sa.CheckConstraint(
            "(checkpoint_id IS NULL) = (status IS NULL)", name="students_or_clearances"
        ),
    )

    id: Mapped[Id]
    # Written for every decision, of rows that refer to all three: no second check.
    scheme_id: Mapped[int] = mapped_column(sa.BigInteger)
    department_id: Mapped[int] = mapped_column(sa.BigInteger)
    checkpoint_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    status: Mapped[ClearanceStatus | None] = mapped_column(one_of(ClearanceStatus))
    number: Mapped[int] = mapped_column(sa.BigInteger)


class ChangedStudents(Base):
    """Whose clearances a statement changed as of one moment; many are changed again later."""

    __tablename__ = "changed_students"
    __table_args__ = (sa.Index("ix_changed_students_at", "scheme_id", "at"),)

    id: Mapped[Id]
    scheme_id: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[dt.datetime]
    student_ids: Mapped[list[int]] = mapped_column(postgresql.ARRAY(sa.BigInteger))
