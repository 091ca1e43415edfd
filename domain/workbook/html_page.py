"""A web page under the name of a workbook, as many systems export it: its tables are sheets.

Rows are counted within their table. A table within a cell of another is a sheet of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from domain.errors import Code, Refusal
from domain.workbook import markup, text
from domain.workbook.grid import Grid
from domain.workbook.limits import Limits, Reason, hostile
from domain.workbook.markup import Token
from domain.workbook.table import Numbered, Table

_DEEPEST = 10
# As far as a browser lets a cell reach.
_WIDEST, _HIGHEST = 1_000, 65_534
_SPAN = re.compile(r"\s*0*([1-9][0-9]{0,5})")
_SHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
# A page that ends, ends its tables too.
_ENDS = ("/body", "/html")
_CELLS = ("td", "th")
_LINES = ("br", "br/", "p", "div", "li")


def tables(page: str, limits: Limits) -> list[Table]:
    """Every table that has cells; a page without any is no workbook."""
    outline = _Outline(limits)
    for token in markup.tokens(page):
        outline.take(token)
    names = iter(outline.names)
    found = [
        Table(each.name(next(names, ""), number), partial(_rows, page, each.start, limits))
        for number, each in enumerate(outline.found(), 1)
    ]
    if not found:
        raise Refusal(Code.NOT_A_WORKBOOK, {"format": "html"})
    return found


@dataclass
class _Place:
    """Where a table begins, and what it is called on the page."""

    start: int
    id: str
    caption: list[str] = field(default_factory=list)
    is_captioned: bool = False
    has_cells: bool = False

    def name(self, usual: str, number: int) -> str:
        own = markup.shown(self.caption) or usual or self.id
        return text.sheet_name(own or f"表{number}")


class _Outline:
    """The tables of a page, in the order they begin."""

    def __init__(self, limits: Limits) -> None:
        self.names: list[str] = []
        self._most = limits.entries
        self._all: list[_Place] = []
        self._open: list[_Place] = []

    def take(self, token: Token) -> None:
        """Look at a tag."""
        name = token.name
        if name == "table":
            self._begin(token)
        elif name == markup.COMMENT:
            self.names += map(markup.plain, _SHEET_NAME.findall(token.attributes))
        elif name in _ENDS:
            self._open.clear()
        elif self._open:
            self._look(self._open[-1], token)

    def _look(self, place: _Place, token: Token) -> None:
        name = token.name
        if place.is_captioned:
            place.caption.append(token.before)
        if name in {"caption", "/caption"}:
            place.is_captioned = name == "caption"
        elif name in _CELLS:
            place.has_cells = True
        elif name == "/table":
            self._open.pop()

    def _begin(self, token: Token) -> None:
        place = _Place(token.end, markup.attribute(token.attributes, "id"))
        self._open.append(place)
        self._all.append(place)
        if len(self._open) > _DEEPEST or len(self._all) > self._most:
            raise hostile(Reason.MARKUP)

    def found(self) -> list[_Place]:
        """Those with cells; a page that stops in the middle of one was cut off."""
        if self._open:
            raise Refusal(Code.FILE_DAMAGED)
        return [place for place in self._all if place.has_cells]


def _rows(page: str, start: int, limits: Limits) -> Iterator[Numbered]:
    """The rows of the table that begins there."""
    rows = _Rows(limits)
    inside = 0
    for token in markup.tokens(page, start):
        name = token.name
        if name in _ENDS or (name == "/table" and not inside):
            yield from rows.end(token.before)
            return
        if not inside:
            yield from rows.take(token)
        inside += (name == "table") - (name == "/table")


class _Rows:
    """Rows as their tags come; a cell or a row that is not ended is ended by the next one."""

    def __init__(self, limits: Limits) -> None:
        self._grid = Grid(limits)
        self._is_in_row = False
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def take(self, token: Token) -> Iterator[Numbered]:
        """Go on by one tag; the row that it ends, if it holds something."""
        name = token.name
        if self._cell is not None:
            self._cell.append(token.before)
        if name in _CELLS:
            self._begin(token.attributes)
        elif name in {"/td", "/th"}:
            self._end_cell()
        elif name in _LINES and self._cell is not None:
            self._cell.append("\n")
        elif name in {"tr", "/tr"}:
            yield from self.end("")
            self._is_in_row = name == "tr"
            if self._is_in_row:
                self._grid.begin()

    def _begin(self, attributes: str) -> None:
        self._end_cell()
        if not self._is_in_row:
            self._grid.begin()
            self._is_in_row = True
        self._cell = []
        self._span = _span(attributes) if attributes else (1, 1)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._grid.add(markup.shown(self._cell), *self._span)
            self._cell = None

    def end(self, before: str) -> Iterator[Numbered]:
        """The row that ends here, if it holds something."""
        if self._cell is not None:
            self._cell.append(before)
        self._end_cell()
        row = self._grid.row() if self._is_in_row else None
        if row:
            yield row
        self._is_in_row = False


def _span(attributes: str) -> tuple[int, int]:
    """How many columns and rows a cell covers."""
    if "span" not in attributes.lower():
        return 1, 1
    wide = _SPAN.match(markup.attribute(attributes, "colspan"))
    high = _SPAN.match(markup.attribute(attributes, "rowspan"))
    return (
        min(int(wide[1]), _WIDEST) if wide else 1,
        min(int(high[1]), _HIGHEST) if high else 1,
    )
