"""A table of text (csv, tsv): its encoding, its delimiter, its records; every cell is text."""

import codecs
import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Code, Refusal
from domain.workbook import formulas
from domain.workbook.limits import Bound, Limits, too_large

Numbered = tuple[int, list[object]]

NAME = "csv"
# In the order they are tried: hardly a text in GB18030 is by chance one in UTF-8 too.
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK = 1 << 18
_SAMPLE = 1 << 16
_SAMPLE_RECORDS = 30
# How some systems keep Excel from making a number of a text.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_WRAPPING = len('=""')


class TextTable:
    """A file that was found to be a table; the records are read anew each time."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._encoding = _encoding(path)
        self._delimiter = _delimiter(path, self._encoding)
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
            row = _cells(record)
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


def _encoding(path: Path) -> str:
    for encoding in _ENCODINGS:
        if _is_text(path, encoding):
            return encoding
    raise Refusal(Code.NOT_A_WORKBOOK)


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_CHUNK):
                if _NO_TEXT.search(piece):
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """What parts most of the first records, and then into the most cells; markup has none."""
    with path.open(encoding=encoding, newline="") as lines:
        sample = lines.read(_SAMPLE)
    lines_of = sample.splitlines(keepends=True)
    widths = {each: _widths(lines_of, each) for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: (len(widths[each]), sum(widths[each])))
    if not widths[best] or sample.lstrip().startswith("<"):
        raise Refusal(Code.NOT_A_WORKBOOK)
    return best


def _widths(sample: list[str], delimiter: str) -> list[int]:
    """How many cells each of the first records has, of those with more than one."""
    records = itertools.islice(csv.reader(sample, delimiter=delimiter), _SAMPLE_RECORDS)
    return [len(record) for record in records if len(record) > 1]


def _cells(record: list[str]) -> list[object]:
    cells: list[object] = [_text(cell) or None for cell in record]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _text(cell: str) -> str:
    found = _QUOTED_FORMULA.fullmatch(cell) if cell.startswith('="') else None
    return found[1] if found else formulas.plain(cell)
