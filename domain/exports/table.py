"""What an export is: a list that may be asked for, and the table that comes of it."""

import enum
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.signed_in import SignedIn

R = TypeVar("R")
# A number is a number in the file too; whatever names somebody or something is text.
Line = Sequence[str | int | None]
Row = sa.Row[*tuple[Any, ...]]
Statement = sa.Select[*tuple[Any, ...]]
PAGE = 2_000


class FileFormat(enum.StrEnum):
    """How a table is written."""

    XLSX = "XLSX"
    CSV = "CSV"


class Place(NamedTuple):
    """Where the list is: in a scheme, perhaps at one checkpoint of it."""

    scheme_id: int
    checkpoint_id: int | None = None


@dataclass(frozen=True)
class Table:
    """A header, rows as they are read, and under which conditions they were chosen."""

    title: str
    header: list[str]
    rows: Iterator[Line]
    about: list[tuple[str, str]]


@dataclass(frozen=True)
class Subject(Generic[R]):
    """A list that can be exported, by the request for it.

    `place` refuses whoever may not ask for it; `count` is None where only the table tells. That is
    made later, with the rights of then.
    """

    request: type[R]
    place: Callable[[Session, SignedIn, R], Place]
    count: Callable[[Session, SignedIn, R], int | None]
    table: Callable[[Session, SignedIn, R, zoneinfo.ZoneInfo], Table]
    # Of a list that is for paper.
    write: Callable[[Path, Table], None] | None = None


def pages(session: Session, statement: Statement) -> Iterator[Sequence[Row]]:
    """The rows of a statement through a cursor of the server: sorted once, and never all here."""
    found = session.execute(statement, execution_options={"yield_per": PAGE})
    yield from found.partitions()
