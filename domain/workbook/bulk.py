"""Writes a table of any length as an xlsx, in constant memory; what is text stays text.

As a process of its own it takes JSON lines: the table without its rows, its rows by hundreds, and
null when that is all.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import orjson
from rustpy_xlsxwriter import Format, write_worksheets

from domain.workbook import aside
from domain.workbook.text import Cell, Heading, headings, records, sheet_name, widths

_SAMPLE = 100
_ABOUT_WIDTHS = [24.0, 60.0]


@dataclass(frozen=True)
class Book:
    """Where a table is written, under which header; and what it is, on a second sheet."""

    path: str
    sheet: str
    header: Sequence[str]
    about: Sequence[tuple[str, str]]
    about_sheet: str


def main() -> None:
    """Write what comes from the parent, whose process id is the argument."""
    aside.die_with(int(sys.argv[1]))
    lines = sys.stdin.buffer
    write(Book(**orjson.loads(lines.readline())), _rows(lines))


def _rows(lines: Iterable[bytes]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        rows = orjson.loads(line)
        if rows is None:
            return
        yield from rows
    # The parent has stopped amid the rows, and half a table is none.
    raise EOFError


def write(book: Book, rows: Iterable[Sequence[Cell]]) -> None:
    """The rows under a frozen header with filters; each is as long as the header."""
    table, notes = _names(book.sheet, book.about_sheet)
    keys = headings(book.header)
    coming = iter(rows)
    # The header is taken from the first record, so there must be one.
    sample = list(islice(coming, _SAMPLE)) or [[None] * len(keys)]
    write_worksheets(
        [(table, records(keys, chain(sample, coming))), *_about(notes, book.about)],
        book.path,
        freeze_panes={table: {"row": 1, "col": 0}},
        autofilter={table: True},
        column_widths={table: widths([keys, *sample]), notes: _ABOUT_WIDTHS},
        column_formats={
            table: [_format(cell) for cell in sample[0]],
            notes: [_text().set_text_wrap()] * 2,
        },
        header_format={table: _text().set_bold(), notes: _text().set_text_wrap()},
    )


def _names(sheet: str, about_sheet: str) -> tuple[str, str]:
    table, notes = sheet_name(sheet), sheet_name(about_sheet)
    return table, notes if notes.lower() != table.lower() else f"{notes[:29]} 2"


def _about(
    name: str, lines: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Iterator[dict[Heading, Cell]]]]:
    """The second sheet, if there is something to say; its first line stands as the header."""
    if lines:
        yield name, records(headings(lines[0]), lines[1:] or [(None, None)])


def _format(cell: Cell) -> Format:
    """As the first cell of a column, so all of them."""
    return Format() if isinstance(cell, int) else _text()


def _text() -> Format:
    """Cells that stay text when they are edited: Excel would make 00123 a number."""
    return Format().set_num_format("@")


if __name__ == "__main__":
    main()
