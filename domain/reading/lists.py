"""Which sheet of a file is the list that is meant, and its rows in batches."""

import contextlib
from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from domain.errors import Code, Refusal
from domain.reading import sheets
from domain.reading.sheets import Headers, Layout, Sheet
from domain.workbook import read
from domain.workbook.read import Head, Row

C = TypeVar("C", bound=Hashable)


def read_list(
    path: Path,
    headers: Headers[C],
    check: Callable[[Layout[C]], Layout[C]],
    *,
    file: str,
    sheet: str | None = None,
    on_wait: Callable[[], None],
) -> Generator[Sheet[C], None, None]:
    """The rows below the header of the one sheet that is meant, in batches, as they are read.

    `sheet` names it. `check` refuses a header that lacks something. Close it to leave early.
    """
    chosen: list[tuple[str, Layout[C]]] = []

    def pick(heads: Sequence[Head]) -> int:
        index = _named(heads, sheet) if sheet else _pick(heads, headers)
        chosen.append((heads[index].name, check(sheets.find_layout(heads[index].rows, headers))))
        return index

    with contextlib.closing(read.read(path, pick, on_wait=on_wait, file=file)) as reading:
        for rows in _batches(reading, chosen):
            [(name, layout)] = chosen
            yield Sheet(name, layout, rows)


def _named(heads: Sequence[Head], sheet: str) -> int:
    for index, head in enumerate(heads):
        if sheets.folded(head.name) == sheets.folded(sheet):
            return index
    names = "、".join(head.name for head in heads)
    raise Refusal(Code.SHEET_UNKNOWN, {"value": sheet, "sheets": names})


def _pick(heads: Sequence[Head], headers: Headers[C]) -> int:
    """The only sheet with a header; without any, the first that holds something."""
    with_header = [
        index for index, head in enumerate(heads) if sheets.has_header(head.rows, headers)
    ]
    if len(with_header) > 1:
        names = "、".join(heads[index].name for index in with_header)
        raise Refusal(Code.SHEET_AMBIGUOUS, {"sheets": names})
    filled = [index for index, head in enumerate(heads) if head.rows]
    return (with_header or filled or [0])[0]


def _batches(
    reading: Iterator[list[Row]], chosen: Sequence[tuple[str, Layout[C]]]
) -> Iterator[list[Row]]:
    batch: list[Row] = []
    # The first rows come alone: whoever waits for the file sees that it is being read.
    size = 1
    for rows in reading:
        [(_, layout)] = chosen
        batch += [row for row in rows if row.number > layout.header_row]
        if len(batch) >= size:
            yield batch
            batch, size = [], sheets.BATCH_ROWS
    if batch:
        yield batch
