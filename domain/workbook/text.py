"""What Excel can hold: the text of a cell, the name of a sheet, the columns of a table."""

import re
from collections.abc import Iterable, Iterator, Sequence

from domain.workbook.excel import CELL_CHARACTERS

Cell = str | int | None
_SHEET_LENGTH = 31
_NARROWEST, _WIDEST, _AIR = 10.0, 50.0, 2.0
# XML knows no control characters but tab and line feed, and half a surrogate pair is no text.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\n\t]")


class Heading(str):
    """The text over a column. Two columns may bear the same one, so none equals another."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


def clean(text: str) -> str:
    """The text as a cell can hold it."""
    # Nearly every cell ends here; a character outside the basic plane counts twice.
    if text.isprintable() and len(text) <= CELL_CHARACTERS // 2:
        return text
    return _cut(_FORBIDDEN.sub("", _LINE_END.sub("\n", text)), CELL_CHARACTERS)


def sheet_name(text: str) -> str:
    """The text as a sheet may be named."""
    name = _cut(_NOT_IN_SHEET_NAME.sub(" ", clean(text)).strip("' "), _SHEET_LENGTH)
    return name.strip("' ") or "Sheet1"


def headings(header: Sequence[str]) -> list[Heading]:
    """The header as the keys of records."""
    return [Heading(clean(name)) for name in header]


def records(
    keys: Sequence[Heading], rows: Iterable[Sequence[Cell]]
) -> Iterator[dict[Heading, Cell]]:
    """The rows as the writer takes them, which goes by the order of a record's values."""
    for row in rows:
        text = "".join([cell for cell in row if isinstance(cell, str)])
        # Nearly every row is written as it is.
        cells = row if clean(text) is text else map(_clean, row)
        if "" in row:
            cells = [None if cell == "" else cell for cell in cells]
        yield dict(zip(keys, cells, strict=True))


def _clean(cell: Cell) -> Cell:
    return (clean(cell) or None) if isinstance(cell, str) else cell


def widths(lines: Sequence[Sequence[Cell]]) -> list[float]:
    """How wide each column should be for these lines, the header among them."""
    columns = zip(*lines, strict=True)
    return [
        min(
            max(
                _NARROWEST, *(_AIR + letters("" if cell is None else str(cell)) for cell in column)
            ),
            _WIDEST,
        )
        for column in columns
    ]


def letters(text: str) -> int:
    """How many narrow letters are as wide as the text's longest line."""
    lines = text.split("\n")
    return max(sum(1 if letter < "\u1100" else 2 for letter in line) for line in lines)


def _cut(text: str, length: int) -> str:
    """Cut at a number of UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: length * 2].decode("utf-16-le", "ignore")
