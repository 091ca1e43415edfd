"""An "XML Spreadsheet 2003", which Excel and older systems save under the name of an xls."""

import re
from collections.abc import Iterator
from functools import partial

from domain.errors import Code, Refusal
from domain.workbook import markup
from domain.workbook.grid import Grid
from domain.workbook.limits import Limits, Reason, hostile
from domain.workbook.markup import Token
from domain.workbook.table import Numbered, Table, exact

_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_MIDNIGHT = re.compile(r"T00:00:00(\.0+)?")


def tables(book: str, limits: Limits) -> list[Table]:
    """Every worksheet; one that does not end before the next one was cut off."""
    found: list[Table] = []
    ended = 0
    for token in markup.tokens(book):
        name = _name(token)
        ended += name == "/worksheet"
        if name == "worksheet":
            title = markup.attribute(token.attributes, "ss:name") or f"表{len(found) + 1}"
            found.append(Table(title, partial(_rows, book, token.end, limits)))
        if len(found) > limits.entries:
            raise hostile(Reason.MARKUP)
        if name == "worksheet" and ended < len(found) - 1:
            break
    if not found or ended != len(found):
        raise Refusal(Code.FILE_DAMAGED)
    return found


def _name(token: Token) -> str:
    """Of a tag, whatever its namespace is called: ss:Row is a row."""
    end, prefixed = token.name[:1] == "/", token.name.rpartition(":")[2]
    return f"/{prefixed.lstrip('/')}" if end else prefixed


def _number(token: Token, name: str, least: int) -> int:
    found = _NUMBER.fullmatch(markup.attribute(token.attributes, name))
    return max(int(found[0]), least) if found else least


def _rows(book: str, start: int, limits: Limits) -> Iterator[Numbered]:
    """The rows of the worksheet that begins there."""
    grid = Grid(limits)
    cell = _Cell()
    for token in markup.tokens(book, start):
        name = _name(token)
        if name == "/worksheet":
            return
        if name == "row":
            grid.begin(_number(token, "ss:index", grid.number + 1))
        cell.take(name, token)
        if cell.is_whole:
            grid.skip(cell.column - 1)
            grid.add(cell.value, cell.width, cell.height)
            cell = _Cell()
        row = grid.row() if name == "/row" else None
        if row:
            yield row


class _Cell:
    """A cell as its tags come; a comment on it has data too."""

    def __init__(self) -> None:
        self.is_whole = False
        self.column = self.width = self.height = 1
        self.value: object = ""
        self._type = ""
        self._texts: list[str] | None = None
        self._is_aside = False

    def take(self, name: str, token: Token) -> None:
        """Go on by one tag."""
        if self._texts is not None:
            self._texts.append(token.before)
        if name == "cell":
            self._begin(token)
        elif name in {"comment", "/comment"}:
            self._is_aside = name == "comment"
        elif name == "data" and not self._is_aside:
            self._type = markup.attribute(token.attributes, "ss:type").lower()
            self._texts = []
        elif name == "/data" and self._texts is not None:
            self.value = _value(markup.plain("".join(self._texts)), self._type)
            self._texts = None
        elif name == "/cell":
            self.is_whole = True

    def _begin(self, token: Token) -> None:
        self.column = _number(token, "ss:index", 1)
        self.width = _number(token, "ss:mergeacross", 0) + 1
        self.height = _number(token, "ss:mergedown", 0) + 1
        self.is_whole = token.attributes.endswith("/")


def _value(text: str, kind: str) -> object:
    if kind == "boolean":
        return text.strip() == "1"
    if kind == "datetime":
        return _MIDNIGHT.sub("", text)
    try:
        return exact(float(text)) if kind == "number" else text
    except ValueError:
        return text
