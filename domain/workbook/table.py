"""What a file holds, whatever its format: lists of rows, under their names."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Numbered = tuple[int, list[object]]
_EXACT = 2**53


class Table(NamedTuple):
    """One list of rows in a file, to be read from the start any number of times."""

    name: str
    rows: Callable[[], Iterator[Numbered]]


def trimmed(row: Sequence[object]) -> list[object]:
    """The cells of a row up to the last one that holds something; an empty text does not."""
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def exact(number: float) -> object:
    """A number of a cell, as an int if it is one."""
    if not math.isfinite(number):
        return str(number)
    # Beyond this a float is not the number that was typed, and the reader must see that.
    return int(number) if number.is_integer() and abs(number) < _EXACT else number
