"""A table of text (csv, tsv): its delimiter, its records; every cell is text."""

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Code, Refusal
from domain.workbook import formulas
from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.table import Numbered, trimmed

NAME = "csv"
_DELIMITERS = (",", "\t", ";")
_SAMPLE = 1 << 16
_SAMPLE_RECORDS = 30
# How some systems keep Excel from making a number of a text.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_WRAPPING = len('=""')


class TextTable:
    """A file that was found to be a table; the records are read anew each time."""

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._encoding = encoding
        self._delimiter = _delimiter(path, encoding)
        csv.field_size_limit(limits.cell_characters + _WRAPPING)

    def rows(self) -> Iterator[Numbered]:
        """The records that hold something, numbered as the rows that Excel makes of them."""
        cells = 0
        for number, record in self._records():
            cells += len(record)
            if number > self._limits.rows:
                raise too_large(Bound.ROWS, self._limits.rows)
            if cells > self._limits.cells:
                raise too_large(Bound.CELLS, self._limits.cells)
            row = trimmed([_text(cell) for cell in record])
            if row:
                yield number, row

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Strictly: a quote that is never closed would make one cell of the rest of the file."""
        with self._path.open(encoding=self._encoding, newline="") as lines:
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            number = 0
            try:
                for number, record in enumerate(reader, 1):
                    yield number, record
            except csv.Error as broken:
                if "field limit" in str(broken):
                    most = self._limits.cell_characters
                    raise too_large(Bound.CELL_CHARACTERS, most, number + 1) from broken
                raise Refusal(Code.FILE_DAMAGED) from broken


def _delimiter(path: Path, encoding: str) -> str:
    """What parts most of the first records, and then into the most cells."""
    with path.open(encoding=encoding, newline="") as lines:
        sample = lines.read(_SAMPLE)
    lines_of = sample.splitlines(keepends=True)
    widths = {each: _widths(lines_of, each) for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: (len(widths[each]), sum(widths[each])))
    if not widths[best]:
        raise Refusal(Code.NOT_A_WORKBOOK)
    return best


def _widths(sample: list[str], delimiter: str) -> list[int]:
    """How many cells each of the first records has, of those with more than one."""
    records = itertools.islice(csv.reader(sample, delimiter=delimiter), _SAMPLE_RECORDS)
    return [len(record) for record in records if len(record) > 1]


def _text(cell: str) -> str:
    found = _QUOTED_FORMULA.fullmatch(cell) if cell.startswith('="') else None
    return found[1] if found else formulas.plain(cell)
