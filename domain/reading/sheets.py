"""A list under a header: which sheet of a file is meant, its columns, its rows in batches.

What a title means is the business of each kind of list; everything else is here.
"""

import contextlib
import enum
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from domain import errors, identifiers
from domain.errors import Code, Refusal
from domain.workbook import read
from domain.workbook.read import Cell, Head, Row

BATCH_ROWS = 5_000
# What an import appends to the workbook it answers; a file that comes back may have them.
RESULT_HEADERS = ("原行号", "导入结果", "错误代码", "错误原因")
# A row with nothing worse is not refused.
WARNINGS = frozenset({Code.ID_CHECK_DIGIT, Code.VALUE_UNUSUAL})

C = TypeVar("C", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell, or with the row as a whole (no column); texts shortened."""

    code: Code
    column: str | None = None
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = {name: errors.shortened(text) for name, text in self.facts.items()}
        object.__setattr__(self, "value", errors.shortened(self.value))
        object.__setattr__(self, "facts", facts)


@dataclass(frozen=True)
class Headers(Generic[C]):
    """What titles mean in a kind of list, folded; those in `ignored` are known and left alone.

    `wanted` is what a file without any header is told to have.
    """

    meanings: Mapping[str, C]
    ignored: Collection[str]
    wanted: str

    def column(self, title: str) -> C | None:
        """What stands under a title."""
        return self.meanings.get(folded(title))

    def is_known(self, title: str) -> bool:
        """Whether a title means something, or is left alone knowingly."""
        name = folded(title)
        return name in self.meanings or name in self.ignored or name in RESULT_HEADERS

    def score(self, row: Row) -> int:
        """How many cells of a row are headers that an import uses."""
        return sum(self.column(text_of(cell)) is not None for cell in row.cells)


@dataclass(frozen=True)
class Layout(Generic[C]):
    """Where the header stands, and which column means what (index 0 = column A)."""

    header_row: int
    titles: tuple[str, ...]
    columns: Mapping[C, int]
    unknown: tuple[str, ...]

    def cell(self, row: Row, column: C) -> Cell:
        """What a row has under a header; nothing if the file has no such column."""
        index = self.columns.get(column)
        return None if index is None or index >= len(row.cells) else row.cells[index]

    def letter(self, column: C) -> str:
        """The letters of a column that the file has."""
        return letter(self.columns[column])


@dataclass(frozen=True)
class Sheet(Generic[C]):
    """Some rows of the chosen sheet, and what its header means."""

    name: str
    layout: Layout[C]
    rows: list[Row]

    @property
    def header(self) -> dict[str, object]:
        """What a job keeps of it."""
        sheet = errors.shortened(self.name)
        header = {"sheet": sheet, "row": self.layout.header_row, "titles": self.layout.titles}
        return header | {"unknown": self.layout.unknown}


def key_missing(column: str, masked: str) -> Problem:
    """A row that names nobody: without any number, or with a masked one."""
    return Problem(Code.KEY_MISSING, column, masked, {"value": masked} if masked else {})


def text_of(cell: Cell) -> str:
    """A cell as a person would read it; 1.10101199601010E+17 shows that digits were lost."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float) and identifiers.is_imprecise(cell):
        return f"{cell:.14E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def letter(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def folded(text: str) -> str:
    """A title or a word as it is compared: spaces, width, case, and * or : at its ends are nil."""
    return identifiers.visible(text).strip("*:").casefold()


def find_layout(rows: Sequence[Row], headers: Headers[C]) -> Layout[C]:
    """The header among the first rows of a sheet, whatever titles stand above it."""
    best = max(rows, key=headers.score, default=None)
    if best is None or headers.score(best) == 0:
        raise Refusal(Code.HEADER_MISSING, {"columns": headers.wanted})
    titles = tuple(text_of(cell).strip() for cell in best.cells)
    unknown = tuple(title for title in titles if title and not headers.is_known(title))
    return Layout(best.number, titles, _columns(titles, headers), unknown)


def _columns(titles: Sequence[str], headers: Headers[C]) -> dict[C, int]:
    places: dict[C, list[int]] = {}
    for index, title in enumerate(titles):
        column = headers.column(title)
        if column is not None:
            places.setdefault(column, []).append(index)
    for indexes in places.values():
        if len(indexes) > 1:
            facts = {"header": titles[indexes[0]], "columns": "、".join(map(letter, indexes))}
            raise Refusal(Code.HEADER_DUPLICATE, facts)
    return {column: indexes[0] for column, indexes in places.items()}


def read_list(
    path: Path,
    headers: Headers[C],
    check: Callable[[Layout[C]], Layout[C]],
    *,
    file: str,
    on_wait: Callable[[], None],
) -> Generator[Sheet[C], None, None]:
    """The rows below the header of the one sheet that is meant, in batches, as they are read.

    `check` refuses a header that lacks something, or narrows it. Close it to leave early.
    """
    chosen: list[tuple[str, Layout[C]]] = []

    def pick(heads: Sequence[Head]) -> int:
        index = _pick(heads, headers)
        chosen.append((heads[index].name, check(find_layout(heads[index].rows, headers))))
        return index

    with contextlib.closing(read.read(path, pick, on_wait=on_wait, file=file)) as reading:
        for rows in _batches(reading, chosen):
            [(name, layout)] = chosen
            yield Sheet(name, layout, rows)


def _pick(heads: Sequence[Head], headers: Headers[C]) -> int:
    """The only sheet with a header; without any, the first that holds something."""
    with_header = [
        index
        for index, head in enumerate(heads)
        if any(headers.score(row) > 1 for row in head.rows)
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
    for rows in reading:
        [(_, layout)] = chosen
        batch += [row for row in rows if row.number > layout.header_row]
        if len(batch) >= BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch
