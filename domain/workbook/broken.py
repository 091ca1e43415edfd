"""Cells of an xlsx that are not empty and have no value; calamine leaves them out.

They show an error (#N/A), or are formulas that were never calculated, since no office program has
opened the file yet.
"""

import functools
import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from domain.workbook.table import Numbered

_CHUNK = 1 << 18
# Literal ones are found at once; a pattern would cost as much as reading the sheet.
_SIGNS = (b"<f>", b"<f ", b":f>", b":f ", b't="e"', b"t='e'")
_LONGEST_SIGN = 5
_LONGEST_ROW = 4 * 1024**2
_LONGEST_BOOK = 16 * 1024**2
_LONGEST_FORMULA = 500
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?\w{1,40}:id\s*=\s*[\"']([^\"'<>]*)")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"\b(Id|Target)\s*=\s*[\"']([^\"'<>]*)")
_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?P<about>[^<>]*)(?<!/)>\s*"
    rb"(?P<calculated><(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>(?P<formula>[^<]*)</(?:\w+:)?f>)\s*)?"
    rb"(?:<(?:\w+:)?v(?:\s*/>|>(?P<value>[^<]*)</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")


def rows(path: Path, index: int) -> list[Numbered]:
    """Such cells of a sheet, each as a list of its text; the file was looked through before."""
    with zipfile.ZipFile(path) as archive:
        part = part_of(archive, index)
        return _found(_texts(archive, part)) if part and _has_any(archive, part) else []


def rows_of(text: bytes) -> list[Numbered]:
    """The same of some rows of a sheet."""
    return _found([text]) if any(sign in text for sign in _SIGNS) else []


def _found(texts: Iterable[bytes]) -> list[Numbered]:
    found: dict[int, list[object]] = {}
    for text in texts:
        for cell in _CELL.finditer(text):
            _take(cell, found)
    return sorted(found.items())


def part_of(archive: zipfile.ZipFile, index: int) -> str:
    """The name of the part that holds a sheet; none if it stands where nobody looks for it."""
    names = set(archive.namelist())
    books = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if not names.issuperset(books):
        return ""
    book, relations = (_beginning(archive, each) for each in books)
    sheets = _SHEET.findall(book)
    for each in map(dict, map(_ATTRIBUTE.findall, _RELATION.findall(relations))):
        if index < len(sheets) and each.get(b"Id") == sheets[index]:
            part = str(PurePosixPath("/xl", each.get(b"Target", b"").decode()))[1:]
            return part if part in names else ""
    return ""


def _beginning(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as file:
        return file.read(_LONGEST_BOOK)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            yield piece


def _has_any(archive: zipfile.ZipFile, part: str) -> bool:
    """Most sheets have no formula and no error, and need not be looked through by cells."""
    tail = b""
    for piece in _pieces(archive, part):
        text = tail + piece
        if any(sign in text for sign in _SIGNS):
            return True
        tail = piece[-_LONGEST_SIGN:]
    return False


def _texts(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of the sheet, cut between its rows."""
    text = b""
    for piece in _pieces(archive, part):
        text += piece
        cut = text.rfind(b"row>")
        if cut > 0 or len(text) > _LONGEST_ROW:
            yield text[: cut if cut > 0 else len(text)]
            text = text[cut:] if cut > 0 else b""
    yield text


def _take(cell: re.Match[bytes], found: dict[int, list[object]]) -> None:
    place, text = _PLACE.search(cell["about"]), _shown(cell)
    if place and text:
        column = functools.reduce(lambda number, each: number * 26 + each - 64, place[1], 0)
        row = found.setdefault(int(place[2]), [])
        row.extend([None] * (column - len(row)))
        # In a list of its own, which tells it from a text of the same letters.
        row[column - 1] = [text]


def _shown(cell: re.Match[bytes]) -> str:
    """What a cell without a value shows. A formula may well have calculated an empty text."""
    kind = _TYPE.search(cell["about"])
    value = cell["value"] or b""
    if kind and kind[1] == b"e":
        return value.decode(errors="replace")
    if cell["calculated"] and not value and not (kind and kind[1] == b"str"):
        formula = html.unescape((cell["formula"] or b"").decode(errors="replace"))
        return f"={formula[:_LONGEST_FORMULA]}"
    return ""
