"""A list under a header: which sheet of a file is meant, its columns, its rows in batches.

What a title means is the business of each kind of list; everything else is here.
"""

import contextlib
import itertools
from collections.abc import Callable, Collection, Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from domain import errors, identifiers
from domain.errors import Code, Refusal
from domain.workbook import read
from domain.workbook.read import Cell, Head, Row

BATCH_ROWS = 5_000
# What an import appends to the workbook it answers; a file that comes back may have them. Of
# several checkpoints each has an outcome of its own, whose title stands in brackets.
RESULT_HEADERS = ("原行号", "导入结果", "错误代码", "错误原因")
REPAIR_HEADER = "修正"
APPENDED = (*RESULT_HEADERS, REPAIR_HEADER)
_OUTCOME_OF = "导入结果("
# A row with nothing worse is not refused.
WARNINGS = frozenset({Code.ID_CHECK_DIGIT, Code.VALUE_UNUSUAL})

C = TypeVar("C", bound=Hashable)


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
        return folded(title) in self.meanings or self.is_left_alone(title)

    def is_left_alone(self, title: str) -> bool:
        """Whether a title is known and says nothing that an import uses."""
        return folded(title) in self.ignored or is_result(title)


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


@dataclass(frozen=True)
class _Candidate:
    """What may be the header: one row, or two of which the upper one groups columns."""

    row: int
    titles: tuple[str, ...]
    columns: Mapping[Any, list[int]]
    unknown: tuple[str, ...] = ()

    @property
    def score(self) -> int:
        """How many columns an import can use."""
        return len(self.columns)

    @property
    def worth(self) -> tuple[int, int]:
        """The more columns the better, and then the fewer that mean the same."""
        return self.score, self.score - sum(map(len, self.columns.values()))


_NONE = _Candidate(0, (), {})


def is_result(title: str) -> bool:
    """Whether an import has appended the column."""
    name = folded(title)
    return name in APPENDED or name.startswith(_OUTCOME_OF)


def find_layout(rows: Sequence[Row], headers: Headers[C]) -> Layout[C]:
    """The header among the first rows of a sheet, whatever titles stand above it."""
    best = _best(rows, headers)
    if best.score == 0:
        raise Refusal(Code.HEADER_MISSING, {"columns": headers.wanted})
    for places in best.columns.values():
        if len(places) > 1:
            letters = "、".join(map(letter, places))
            facts = {"header": best.titles[places[0]], "columns": letters}
            raise Refusal(Code.HEADER_DUPLICATE, facts)
    columns = {column: places[0] for column, places in best.columns.items()}
    return Layout(best.row, best.titles, columns, best.unknown)


def _best(rows: Sequence[Row], headers: Headers[C]) -> _Candidate:
    """Two rows only if they tell more than any row alone."""
    alone = [_of_one(row, headers) for row in rows]
    two = [
        _of_two(upper, lower, headers)
        for upper, lower in itertools.pairwise(rows)
        if lower.number == upper.number + 1
    ]
    return max([*alone, *two], key=lambda each: each.worth, default=_NONE)


def _of_one(row: Row, headers: Headers[C]) -> _Candidate:
    titles = tuple(text_of(cell).strip() for cell in row.cells)
    columns: dict[C, list[int]] = {}
    for place, title in enumerate(titles):
        column = headers.column(title)
        if column is not None:
            columns.setdefault(column, []).append(place)
    unknown = tuple(title for title in titles if title and not headers.is_known(title))
    return _Candidate(row.number, titles, columns, unknown)


def _of_two(upper: Row, lower: Row, headers: Headers[C]) -> _Candidate:
    """The title of a group holds until the next one, over columns that have a title below it."""
    titles = _joined(_of_one(upper, headers).titles, _of_one(lower, headers).titles)
    columns: dict[C, list[int]] = {}
    unclear = []
    for place, (group, title) in enumerate(titles):
        column = headers.column(f"{group}{title}")
        if column is None:
            unclear.append(place)
        else:
            columns.setdefault(column, []).append(place)
    for place in unclear:
        # What stands below a group that says nothing means what it always does.
        column = headers.column(titles[place][1])
        if column is not None and column not in columns:
            columns[column] = [place]
    texts = tuple(" ".join(filter(None, pair)) for pair in titles)
    used = {place for places in columns.values() for place in places}
    unknown = tuple(
        text
        for place, text in enumerate(texts)
        if text and place not in used and not headers.is_left_alone(titles[place][1] or text)
    )
    return _Candidate(lower.number, texts, columns, unknown)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, str]]:
    group = ""
    titles = []
    for above, title in itertools.zip_longest(upper, lower, fillvalue=""):
        group = above if above or not title else group
        titles.append((group, title))
    return titles


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
        chosen.append((heads[index].name, check(find_layout(heads[index].rows, headers))))
        return index

    with contextlib.closing(read.read(path, pick, on_wait=on_wait, file=file)) as reading:
        for rows in _batches(reading, chosen):
            [(name, layout)] = chosen
            yield Sheet(name, layout, rows)


def _named(heads: Sequence[Head], sheet: str) -> int:
    for index, head in enumerate(heads):
        if folded(head.name) == folded(sheet):
            return index
    names = "、".join(head.name for head in heads)
    raise Refusal(Code.SHEET_UNKNOWN, {"value": sheet, "sheets": names})


def _pick(heads: Sequence[Head], headers: Headers[C]) -> int:
    """The only sheet with a header; without any, the first that holds something."""
    with_header = [index for index, head in enumerate(heads) if _best(head.rows, headers).score > 1]
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
