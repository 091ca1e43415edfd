"""Files in and out of the database, a chunk at a time: the whole is never in memory."""

import contextlib
import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, operators
from domain.signed_in import SignedIn
from models import File, FileChunk, FileKind

CHUNK_BYTES = 1024 * 1024
NAME_LENGTH = 200


@dataclass(frozen=True)
class NewFile:
    """What a file is before its bytes are read."""

    operator_id: int
    kind: FileKind
    name: str
    keep: dt.timedelta


def store(session: Session, new: NewFile, content: BinaryIO) -> File:
    """Read a stream to its end into a new file."""
    now = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    file = File(
        operator_id=new.operator_id,
        kind=new.kind,
        name=_plain(new.name),
        size=0,
        sha256=b"",
        created_at=now,
        expires_at=now + new.keep,
    )
    session.add(file)
    session.flush()
    file.size, file.sha256 = _store_chunks(session, file.id, content)
    session.flush()
    return file


def _plain(name: str) -> str:
    """The last part of a path, without control characters or dots in front; not too long."""
    last = Path(name.replace("\\", "/")).name
    return "".join(filter(str.isprintable, last))[-NAME_LENGTH:].lstrip(".") or "file"


def _store_chunks(session: Session, file_id: int, content: BinaryIO) -> tuple[int, bytes]:
    size, digest = 0, hashlib.sha256()
    for position, chunk in enumerate(iter(lambda: content.read(CHUNK_BYTES), b"")):
        session.execute(
            sa.insert(FileChunk).values(file_id=file_id, position=position, content=chunk)
        )
        digest.update(chunk)
        size += len(chunk)
    return size, digest.digest()


def get(session: Session, operator: SignedIn, public_id: str) -> File:
    """A file in sight that has not expired; NOT_FOUND otherwise."""
    file_id = ids.decode(public_id, ids.Noun.FILE)
    file = by_ids(session, operator, [file_id]).get(file_id)
    if file is None:
        raise ids.not_found(ids.Noun.FILE)
    return file


def upload(session: Session, operator: SignedIn, public_id: str) -> File:
    """The same of what somebody has sent; what a job has made is no upload."""
    file = get(session, operator, public_id)
    if file.kind is not FileKind.UPLOAD:
        raise ids.not_found(ids.Noun.FILE)
    return file


def own_upload(session: Session, operator: SignedIn, public_id: str) -> File:
    """The same of what one has sent oneself: it holds passwords, and goes with its job."""
    file = upload(session, operator, public_id)
    if file.operator_id != operator.id:
        raise ids.not_found(ids.Noun.FILE)
    return file


def by_ids(session: Session, operator: SignedIn, file_ids: Collection[int]) -> dict[int, File]:
    """The files in sight among these."""
    statement = sa.select(File).where(
        File.id.in_(file_ids), File.expires_at > sa.func.now(), operators.files_seen(operator)
    )
    return {file.id: file for file in session.scalars(statement)}


def chunk(session: Session, file_id: int, position: int) -> bytes | None:
    """One chunk of a file, None past its end."""
    return session.scalars(
        sa.select(FileChunk.content).where(
            FileChunk.file_id == file_id, FileChunk.position == position
        )
    ).one_or_none()


def chunks(session: Session, file_id: int) -> Iterator[bytes]:
    """The bytes of a file in order."""
    position = 0
    while (content := chunk(session, file_id, position)) is not None:
        yield content
        position += 1


def delete(session: Session, file_id: int) -> None:
    """Drop a file before its date."""
    session.execute(
        sa.delete(File).where(File.id == file_id),
        execution_options={"synchronize_session": False},
    )


def delete_expired(session: Session) -> None:
    """Drop files past their date; the jobs and rows they came from stay."""
    session.execute(sa.delete(File).where(File.expires_at <= sa.func.now()))


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """The path of a file without a name: however the process dies, nothing is left behind.

    A child of this process can open the path too.
    """
    with tempfile.TemporaryFile() as nameless:
        yield Path(f"/proc/{os.getpid()}/fd/{nameless.fileno()}")
