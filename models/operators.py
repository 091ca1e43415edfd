"""Operators (操作员), what was granted to them, their sessions and their looks at ID numbers."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to


class Role(enum.StrEnum):
    """离校点操作员, 院系操作员, 系统管理员."""

    CHECKPOINT_OPERATOR = "CHECKPOINT_OPERATOR"
    DEPARTMENT_OPERATOR = "DEPARTMENT_OPERATOR"
    ADMINISTRATOR = "ADMINISTRATOR"


# No person's login begins so: a login tells whether it is that of a feed.
FEED_LOGIN = "feed:"


class Operator(Base):
    """A person who signs in; without a password only another way of sign-in is open.

    A feed is one too, so that it decides, is granted and is remembered as everybody.
    """

    __tablename__ = "operators"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(sa.Text, unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    is_disabled: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())
    created_at: Mapped[Moment]
    last_sign_in_at: Mapped[dt.datetime | None]

    @property
    def is_feed(self) -> bool:
        """Whether it is a machine's account, which is changed as a feed only."""
        return self.login.startswith(FEED_LOGIN)


class Grant(Base):
    """A right: in one scheme or all, at one checkpoint or all, for one department or all."""

    __tablename__ = "grants"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"], ["checkpoints.scheme_id", "checkpoints.id"]
        ),
        # MATCH SIMPLE would not check a checkpoint without its scheme.
        sa.CheckConstraint("checkpoint_id IS NULL OR scheme_id IS NOT NULL", name="checkpoint"),
        sa.UniqueConstraint(
            "operator_id",
            "role",
            "scheme_id",
            "checkpoint_id",
            "department_id",
            name="uq_grants_scope",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    operator_id: Mapped[int] = refers_to("operators.id")
    role: Mapped[Role] = mapped_column(one_of(Role))
    scheme_id: Mapped[int | None] = refers_to("schemes.id")
    checkpoint_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    department_id: Mapped[int | None] = refers_to("departments.id")
    may_see_id_numbers: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())


class Session(Base):
    """A signed-in operator or student. Only the hash of the token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.CheckConstraint("num_nonnulls(operator_id, student_number) = 1", name="whose"),
    )

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True)
    operator_id: Mapped[int | None] = refers_to("operators.id", index=True)
    student_number: Mapped[str | None] = mapped_column(
        sa.Text, sa.ForeignKey("student_accounts.number"), index=True
    )
    created_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), index=True)


class SignInFailures(Base):
    """How often sign-in failed for a login, known or not, since it last succeeded."""

    __tablename__ = "sign_in_failures"

    login: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[dt.datetime]


class Reveal(Base):
    """The access line of one look at a full ID number."""

    __tablename__ = "reveals"

    id: Mapped[Id]
    at: Mapped[Moment]
    operator_id: Mapped[int] = refers_to("operators.id")
    student_id: Mapped[int] = refers_to("students.id", index=True)
    reason: Mapped[str]
