"""Files up and down. The bytes lie in the database: web and workers share no disk, and a file
appears in the same transaction as the job that names it."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to


class FileKind(enum.StrEnum):
    """What a file is: sent by an operator, or made by a job."""

    UPLOAD = "UPLOAD"
    ANNOTATED = "ANNOTATED"
    FAILED_ROWS = "FAILED_ROWS"
    EXPORT = "EXPORT"


class File(Base):
    """A stored file; its bytes are the chunks in order."""

    __tablename__ = "files"
    __table_args__ = (sa.Index("ix_files_expires_at", "expires_at"),)

    id: Mapped[Id]
    operator_id: Mapped[int] = refers_to("operators.id", index=True)
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind))
    name: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[bytes]
    created_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime]


class FileChunk(Base):
    """At most 1 MiB of a file."""

    __tablename__ = "file_chunks"

    file_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    content: Mapped[bytes]
