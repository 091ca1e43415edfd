"""How far the cell references of a worksheet's XML reach, found without parsing it.

calamine lays a sheet out as a full rectangle between its outermost filled cells, and one legal
cell far away aborts the process (tafia/calamine#693).
"""

import re
import string
from collections.abc import Iterable

from domain.workbook import excel
from domain.workbook.limits import Reason, hostile

_ROW_DIGITS = 7
_COLUMN_LETTERS = 3
# Upper case, double quotes, plain spaces: then one literal beginning finds every reference,
# which is three times as fast as a pattern that allows for each way to write it.
_NORMAL = bytes.maketrans(
    string.ascii_lowercase.encode() + b"'\t\r\n", string.ascii_uppercase.encode() + b'"   '
)
_FAR = re.compile(rb' R="(?:[A-Z]*[0-9]{6}|[A-Z]{2})')
_NEAR_ROWS, _NEAR_COLUMNS = 99_999, 26
_ROW = re.compile(rb' R="[A-Z]*([0-9]+)"')
_COLUMN = re.compile(rb' R="([A-Z]+)[0-9]')
_EMPTY_CELL = re.compile(rb"<C [^<>]*(?:/>|> *(?:<V/>|<V></V>)? *</C>)")
_EMPTY_ROW = re.compile(rb"<ROW [^<>]*(?:/>|> *</ROW>)")
_LONGEST_ROW = 4 * 1024**2


class Area:
    """The outermost row and column referred to; counted from 1."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0

    def add(self, text: bytes) -> None:
        """Reach as far as the references of a normalised text."""
        rows = set(_ROW.findall(text))
        columns = set(_COLUMN.findall(text))
        if any(len(row) > _ROW_DIGITS for row in rows):
            raise hostile(Reason.REFERENCE)
        self.rows = max(self.rows, *map(int, rows), 0)
        self.columns = max(self.columns, *map(_number, columns), 0)
        if self.rows > excel.ROWS or self.columns > excel.COLUMNS:
            raise hostile(Reason.REFERENCE)

    def add_roughly(self, text: bytes) -> None:
        """The same, but a text within A1:Z99999 counts as all of that, which is quicker."""
        if _FAR.search(text):
            self.add(text)
        self.rows = max(self.rows, _NEAR_ROWS)
        self.columns = max(self.columns, _NEAR_COLUMNS)


def normal(piece: bytes) -> bytes:
    """The text in the one spelling that `Area` reads."""
    return piece.translate(_NORMAL)


def filled(pieces: Iterable[bytes]) -> Area:
    """The area of the cells that hold something: formats alone reach to the end of many sheets."""
    area = Area()
    text = b""
    for piece in pieces:
        text += normal(piece)
        cut = text.rfind(b"<ROW ")
        if cut <= 0 and len(text) < _LONGEST_ROW:
            continue
        cut = cut if cut > 0 else len(text)
        area.add(_without_empty(text[:cut]))
        text = text[cut:]
    area.add(_without_empty(text))
    return area


def _without_empty(text: bytes) -> bytes:
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", text))


def _number(letters: bytes) -> int:
    if len(letters) > _COLUMN_LETTERS:
        return excel.COLUMNS + 1
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
