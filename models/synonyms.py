"""Synonyms: words of files that an administrator gave a meaning, beside those that come along."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to


class SynonymKind(enum.StrEnum):
    """Where a word stands: in a cell of 办理结果, or in the header of a column."""

    RESULT = "RESULT"
    HEADER = "HEADER"


class Synonym(Base):
    """A word, folded as files are compared, and what it means; it wins over what comes along."""

    __tablename__ = "synonyms"
    __table_args__ = (sa.UniqueConstraint("kind", "folded"),)

    id: Mapped[Id]
    kind: Mapped[SynonymKind] = mapped_column(one_of(SynonymKind))
    word: Mapped[str]
    folded: Mapped[str]
    meaning: Mapped[str]
    operator_id: Mapped[int] = refers_to("operators.id")
    created_at: Mapped[Moment]
