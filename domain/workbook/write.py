"""Writes a table of any length as an xlsx, in constant memory; what is text stays text.

A long one is written by a process of its own, while its next rows are read here.
"""

import contextlib
import os
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, cast

import orjson

from domain.workbook import aside, bulk
from domain.workbook.bulk import Book
from domain.workbook.text import Cell

# To start a process takes as long as to write some thousand rows.
_LONG = 2_000
_LINE_ROWS = 200


def write_table(
    path: Path,
    sheet: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Sequence[tuple[str, str]] = (),
    about_sheet: str = "说明",
) -> None:
    """Write the rows under a frozen header with filters, and what they are on a second sheet.

    Each row is as long as the header. Text is never a formula or a number, whatever it looks like.
    """
    book = Book(str(path.absolute()), sheet, header, about, about_sheet)
    coming = iter(rows)
    first = deque(islice(coming, _LONG))
    write = _write_aside if len(first) == _LONG else bulk.write
    write(book, chain(_taken(first), coming))


def _taken(rows: deque[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """None is held longer than it is needed."""
    while rows:
        yield rows.popleft()


def _write_aside(book: Book, rows: Iterator[Sequence[Cell]]) -> None:
    process = subprocess.Popen(
        [*aside.command(bulk.__name__), str(os.getpid())],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=aside.environment(),
        # Ctrl-C is for this process, which ends the other in its own time.
        process_group=0,
    )
    stdin, stderr = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stderr)
    with stderr:
        try:
            # Its death is told of below.
            with contextlib.suppress(BrokenPipeError), stdin:
                stdin.writelines(_lines(book, rows))
        except BaseException:
            process.kill()
            process.wait()
            raise
        said = stderr.read().decode(errors="replace")
    if process.wait():
        raise RuntimeError(f"the writer of a workbook ended with {process.returncode}: {said}")


def _lines(book: Book, rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    yield orjson.dumps(book, option=orjson.OPT_APPEND_NEWLINE)
    while some := list(islice(rows, _LINE_ROWS)):
        # A row that is a tuple with names is none to orjson.
        yield orjson.dumps(some, default=list, option=orjson.OPT_APPEND_NEWLINE)
    yield b"null\n"
