"""Tables of a page: what office systems save as .xls and is HTML, or the XML of Excel 2003.

Each table of the page is a sheet, and every cell is text. Row numbers are those of its rows.
"""

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from domain.errors import Code, Refusal
from domain.workbook.limits import Bound, Limits, Reason, hostile, too_large
from domain.workbook.table import Numbered, Table, trimmed

_ROW = frozenset({"tr", "row"})
_CELL = frozenset({"td", "th", "cell"})
_SILENT = frozenset({"script", "style"})
# As browsers bound them.
_WIDEST, _TALLEST = 1_000, 65_534
_SPACE = re.compile(r"\s+")
# Where the parser would look through the rest of the page for an end, again and again.
_DECLARATIONS = 1_000
_NO_END = re.compile(r"[^>]{1000000}")
_DEEPEST = 50
_Attributes = dict[str, str | None]


def tables(text: str, limits: Limits) -> list[Table]:
    """The tables with rows; a page without any is no workbook."""
    if text.count("<!") > _DECLARATIONS or _NO_END.search(text):
        raise hostile(Reason.MARKUP)
    page = _Page(limits)
    page.feed(text)
    page.close()
    found = [grid for grid in page.grids if grid.rows]
    if not found:
        raise Refusal(Code.NOT_A_WORKBOOK)
    return [
        Table(grid.name or f"表{number}", grid.rows.__iter__)
        for number, grid in enumerate(found, 1)
    ]


class _Grid:
    """One table: where its cells stand, as they span columns and rows."""

    def __init__(self, name: str, limits: Limits, spare: Iterator[int]) -> None:
        self.name = name
        self.rows: list[Numbered] = []
        self._limits = limits
        self._spare = spare
        self._number = 0
        self._cells: list[str] | None = None
        # How many more rows the cell above takes in a column.
        self._taken: dict[int, int] = {}

    def begin_row(self, attributes: _Attributes) -> None:
        """The one before ends, if nothing has said so."""
        self.end_row()
        self._number = max(_number(attributes, "ss:index", 0), self._number + 1)
        if self._number > self._limits.rows:
            raise too_large(Bound.ROWS, self._limits.rows)
        self._cells = []

    def end_row(self) -> None:
        """Keep what it holds."""
        if self._cells is None:
            return
        cells = trimmed(self._cells)
        self._cells = None
        if cells:
            if sum(1 for _ in itertools.islice(self._spare, len(cells))) < len(cells):
                raise too_large(Bound.CELLS, self._limits.cells)
            self.rows.append((self._number, cells))
        self._taken = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}

    def add(self, text: str, attributes: _Attributes) -> None:
        """A cell at the next free place."""
        if self._cells is None:
            return
        column = max(_number(attributes, "ss:index", 0) - 1, len(self._cells))
        while self._taken.get(column):
            column += 1
        width = min(_number(attributes, "colspan", 1), _WIDEST)
        width += min(_number(attributes, "ss:mergeacross", 0), _WIDEST)
        height = min(_number(attributes, "rowspan", 1), _TALLEST)
        if column + width > self._limits.columns:
            raise too_large(Bound.COLUMNS, self._limits.columns)
        self._cells += [""] * (column - len(self._cells))
        self._cells += [text, *[""] * (width - 1)]
        if height > 1:
            # The row itself is one of them, and ends before the next begins.
            self._taken |= dict.fromkeys(range(column, column + width), height)


class _Page(HTMLParser):
    """Walks through the page; a table in a cell is a part of the cell's text."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.grids: list[_Grid] = []
        self._limits = limits
        self._spare = iter(range(limits.cells))
        self._name = ""
        self._depth = 0
        self._is_silent = False
        self._is_caption = False
        self._cell: tuple[list[str], _Attributes] | None = None
        self._length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Whatever is left open ends where the next of its kind begins."""
        self._is_silent = tag in _SILENT
        attributes = dict(attrs)
        if tag == "worksheet":
            self._name = attributes.get("ss:name") or ""
        elif tag == "table":
            self._begin_table()
        elif tag == "br":
            self._hear("\n")
        elif self._depth == 1:
            self._begin(tag, attributes)

    def _begin_table(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise hostile(Reason.MARKUP)
        if self._depth == 1:
            self.grids.append(_Grid(self._name, self._limits, self._spare))

    def _begin(self, tag: str, attributes: _Attributes) -> None:
        self._is_caption = tag == "caption"
        if tag in _ROW | _CELL:
            self._end_cell()
        if tag in _ROW:
            self.grids[-1].begin_row(attributes)
        elif tag in _CELL:
            self._cell, self._length = ([], attributes), 0

    def handle_endtag(self, tag: str) -> None:
        """The end of a table ends all in it."""
        self._is_silent = False
        if tag == "caption":
            self._is_caption = False
        if tag == "table" and self._depth:
            self._depth -= 1
        if self._depth > 1 or not self.grids:
            return
        if tag in _ROW | _CELL or tag == "table":
            self._end_cell()
        if tag in _ROW or tag == "table":
            self.grids[-1].end_row()

    def handle_data(self, data: str) -> None:
        """Of text every space is one, as a browser shows it."""
        if self._is_caption:
            self.grids[-1].name += data.strip()
        if not self._is_silent:
            self._hear(_SPACE.sub(" ", data))

    def close(self) -> None:
        """A page that is cut off has what came before."""
        super().close()
        self._end_cell()
        if self.grids:
            self.grids[-1].end_row()

    def _hear(self, text: str) -> None:
        if self._cell is None:
            return
        self._cell[0].append(text)
        self._length += len(text)
        if self._length > self._limits.cell_characters:
            raise too_large(Bound.CELL_CHARACTERS, self._limits.cell_characters)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        pieces, attributes = self._cell
        self._cell = None
        lines = "".join(pieces).split("\n")
        self.grids[-1].add("\n".join(line.strip() for line in lines).strip(), attributes)


def _number(attributes: _Attributes, name: str, default: int) -> int:
    text = attributes.get(name) or ""
    is_number = text.isascii() and text.isdecimal() and len(text) < 8
    return max(int(text), default) if is_number else default
