"""Accounts of students: they sign in with their number, in whatever schemes it stands."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment


class StudentAccount(Base):
    """One person by student number; `is_initial` until a password of their own is chosen."""

    __tablename__ = "student_accounts"

    number: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    password_hash: Mapped[str]
    is_initial: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.true())
    issued_at: Mapped[Moment]
    last_sign_in_at: Mapped[dt.datetime | None]
