"""What mutations answered under a client's key, so that a repeat is answered alike."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment, refers_to


class IdempotencyKey(Base):
    """The first answer under a key: what it answered by its noun and numbers, or its refusal.

    The key itself is not kept, only its hash; the body is hashed by the key, since it may hold a
    password.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.Index("ix_idempotency_keys_created_at", "created_at"),)

    operator_id: Mapped[int] = refers_to("operators.id", primary_key=True)
    mutation: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(sa.LargeBinary, primary_key=True)
    body_hash: Mapped[bytes]
    created_at: Mapped[Moment]
    # What was answered.
    noun: Mapped[str | None]
    numbers: Mapped[list[int] | None] = mapped_column(postgresql.ARRAY(sa.BigInteger))
    word: Mapped[str | None]
    # Why it was refused; facts are names and values in turn, ID numbers among them masked.
    code: Mapped[str | None]
    facts: Mapped[list[str] | None] = mapped_column(postgresql.ARRAY(sa.Text))
    path: Mapped[list[str] | None] = mapped_column(postgresql.ARRAY(sa.Text))
