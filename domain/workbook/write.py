"""Writes a table of any length as an xlsx, in constant memory; what is text stays text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from rustpy_xlsxwriter import Format, write_worksheets

from domain.workbook.text import Cell, Heading, headings, records, sheet_name, widths

_SAMPLE = 100
_ABOUT_WIDTHS = [24.0, 60.0]


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
    table, notes = _names(sheet, about_sheet)
    keys = headings(header)
    coming = iter(rows)
    # The header is taken from the first record, so there must be one.
    sample = list(islice(coming, _SAMPLE)) or [[None] * len(keys)]
    write_worksheets(
        [(table, records(keys, chain(sample, coming))), *_about(notes, about)],
        str(path),
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
