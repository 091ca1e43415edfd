"""Reads an uploaded workbook in a bounded child process; whatever becomes of it is a Refusal."""

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from domain.errors import Refusal
from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.process import Child

__all__ = ["Cell", "Head", "Limits", "Row", "read"]

Cell = str | int | float | bool | None

_DEFAULT = Limits()


class Broken(str):
    """What a cell of an xlsx shows that has no value: an error, or a formula not calculated."""

    __slots__ = ()

    @property
    def is_formula(self) -> bool:
        """Whether it would have a value if an office program had opened the file."""
        return self.startswith("=")


class Row(NamedTuple):
    """A row that holds something: its number in Excel, and its cells from column A on.

    A date or time is ISO text. An integral number is an int; from 2**53 on it stays a float,
    since it need not be the number that was typed. Of a text file (csv) every cell is text.
    """

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A worksheet by its name and its first 30 rows."""

    name: str
    rows: tuple[Row, ...]


def read(
    path: Path,
    pick: Callable[[Sequence[Head]], int],
    limits: Limits = _DEFAULT,
    on_wait: Callable[[], None] | None = None,
    *,
    file: str,
) -> Generator[list[Row], None, None]:
    """The rows of the sheet that `pick` chooses from one or more, in batches of up to 1,000.

    Rows that came before a Refusal count for nothing. `on_wait` is called about once a second
    while the file is silent; `file` is the name that refusals show. Close it to leave early.
    """
    if path.stat().st_size > limits.file_bytes:
        raise too_large(Bound.BYTES, limits.file_bytes)
    with contextlib.closing(Child(path, limits, on_wait)) as child:
        with _naming(file):
            (heads,) = child.receive()
        child.send(pick([Head(name, tuple(_rows(rows))) for name, rows in heads]))
        while batch := _batch(child, file):
            yield batch


def _batch(child: Child, file: str) -> list[Row]:
    with _naming(file):
        carried = child.receive()
    return _rows(carried[0]) if carried else []


def _rows(rows: list[Any]) -> list[Row]:
    return [
        Row(number, tuple(cells if list not in map(type, cells) else map(_cell, cells)))
        for number, cells in rows
    ]


def _cell(cell: Any) -> Cell:
    return Broken(cell[0]) if type(cell) is list else cell


@contextlib.contextmanager
def _naming(file: str) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise Refusal(refusal.code, {**refusal.facts, "file": file}) from refusal
