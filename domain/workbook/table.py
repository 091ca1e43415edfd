"""What a file holds, whatever its format: lists of rows, under their names."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

Numbered = tuple[int, list[object]]


class Table(NamedTuple):
    """One list of rows in a file, to be read from the start any number of times."""

    name: str
    rows: Callable[[], Iterator[Numbered]]
    batch: int = 1_000


def trimmed(texts: list[str]) -> list[object]:
    """The cells of a row of texts; an empty one holds nothing."""
    cells: list[object] = [text or None for text in texts]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
