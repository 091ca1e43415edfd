"""A list under a header: its columns, and the texts, letters and problems of its cells.

What a title means is the business of each kind of list; everything else is here.
"""

import functools
import itertools
import re
from collections.abc import (
    Collection,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from domain import errors, identifiers
from domain.errors import Code, Refusal
from domain.workbook.read import Broken, Cell, Row

BATCH_ROWS = 5_000
# What an import appends to the workbook it answers; a file that comes back may have them. Of
# several checkpoints each has an outcome of its own, whose title stands in brackets.
RESULT_HEADERS = ("原行号", "导入结果", "错误代码", "错误原因")
REPAIR_HEADER = "修正"
APPENDED = (*RESULT_HEADERS, REPAIR_HEADER)
_OUTCOME_OF = "导入结果("
_BETWEEN = re.compile(r"[-‐‑–—_/|:;,.·、()\[\]【】〔〕「」<>《》]")
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

    `wanted` is what a file without any header is told to have. What `joined` has are texts of two
    words, bare: they are known whatever stands between the words.
    """

    meanings: Mapping[str, C]
    ignored: Collection[str]
    wanted: str
    joined: Mapping[str, C] = field(default_factory=dict)

    def column(self, title: str) -> C | None:
        """What stands under a title."""
        found = self.meanings.get(folded(title))
        return self.joined.get(bare(title)) if found is None else found

    def is_known(self, title: str) -> bool:
        """Whether a title means something, or is left alone knowingly."""
        return self.column(title) is not None or self.is_left_alone(title)

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

    @functools.cached_property
    def from_left(self) -> list[tuple[int, C]]:
        """The columns in the order in which a person reads them."""
        return sorted((place, column) for column, place in self.columns.items())

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


def broken(cell: Cell, column: str) -> Problem | None:
    """What is wrong with a cell of a formula that has no value."""
    if not isinstance(cell, Broken):
        return None
    code = Code.FORMULA_NOT_CALCULATED if cell.is_formula else Code.FORMULA_ERROR
    return Problem(code, column, cell, {"value": cell})


def all_broken(row: Row, layout: Layout[C], *, but: C) -> dict[C, Problem]:
    """The same of every cell that means something, but for those of one column."""
    found = {each: broken(layout.cell(row, each), layout.letter(each)) for each in layout.columns}
    return {column: problem for column, problem in found.items() if problem and column != but}


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


@functools.cache
def letter(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@functools.lru_cache
def folded(text: str) -> str:
    """A title or a word as it is compared: spaces, width, case, and * or : at its ends are nil."""
    return identifiers.visible(text).strip("*:").casefold()


def bare(text: str) -> str:
    """A title as folded, without what parts its words: 图书馆（办理结果） as 图书馆办理结果."""
    return _BETWEEN.sub("", folded(text))


@dataclass(frozen=True)
class _Candidate:
    """What may be the header: one row, or two of which the upper one groups columns."""

    row: int
    titles: tuple[str, ...]
    columns: Mapping[Any, list[int]]
    unknown: tuple[str, ...] = ()

    @property
    def places(self) -> set[int]:
        """The columns that mean something."""
        return {place for places in self.columns.values() for place in places}

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


def has_header(rows: Sequence[Row], headers: Headers[Any]) -> bool:
    """Whether there is a header among these rows, and not only a word that may be one."""
    return _best(rows, headers).score > 1


def _best(rows: Sequence[Row], headers: Headers[C]) -> _Candidate:
    """Two rows only if they tell more than any row alone, or the lower one has titles only."""
    alone = [_of_one(row, headers) for row in rows]
    best = max(alone, key=lambda each: each.worth, default=_NONE)
    for upper, lower in itertools.pairwise(alone):
        if lower.row == upper.row + 1:
            two = _of_two(upper, lower, headers)
            goes_on = best is upper and two.worth == best.worth and _goes_on(upper, lower, two)
            best = two if goes_on or two.worth > best.worth else best
    return best


def _goes_on(upper: _Candidate, lower: _Candidate, two: _Candidate) -> bool:
    """Whether the lower row has nothing but titles, and none below some of the upper one."""
    below = {place for place, title in enumerate(lower.titles) if title}
    return bool(below) and below <= two.places and not upper.places <= below


def _of_one(row: Row, headers: Headers[C]) -> _Candidate:
    titles = tuple(text_of(cell).strip() for cell in row.cells)
    columns = _placed(map(headers.column, titles))
    unknown = tuple(title for title in titles if title and not headers.is_known(title))
    return _Candidate(row.number, titles, columns, unknown)


def _placed(meanings: Iterable[C | None]) -> dict[C, list[int]]:
    """Where each meaning stands."""
    columns: dict[C, list[int]] = {}
    for place, column in enumerate(meanings):
        if column is not None:
            columns.setdefault(column, []).append(place)
    return columns


def _of_two(upper: _Candidate, lower: _Candidate, headers: Headers[C]) -> _Candidate:
    """The title of a group holds until the next one, over columns that have a title below it."""
    titles = _joined(upper.titles, lower.titles)
    columns = _placed(headers.column(f"{group}{title}") for group, title in titles)
    # What stands below a group that says nothing means what it always does.
    own = _placed(headers.column(title) for _, title in titles)
    columns |= {column: own[column] for column in own if column not in columns}
    texts = tuple(" ".join(filter(None, pair)) for pair in titles)
    two = _Candidate(lower.row, texts, columns)
    used = two.places
    unknown = tuple(
        text
        for place, text in enumerate(texts)
        if text and place not in used and not headers.is_left_alone(titles[place][1] or text)
    )
    return replace(two, unknown=unknown)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, str]]:
    group = ""
    titles = []
    for above, title in itertools.zip_longest(upper, lower, fillvalue=""):
        group = above if above or not title else group
        titles.append((group, title))
    return titles
