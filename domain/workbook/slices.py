"""A large sheet of an xlsx in slices, each a small workbook: calamine holds the whole of a sheet,
and for a moment twice."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

_CHUNK = 1 << 18
_HEAD_BYTES = 1 << 20
# The head of a list is in the first one, and is wanted soon.
_FIRST_PART = 8
# A slice reads all texts of the workbook again: so many times at most, for its size.
_SHARED_PART = 4
_BEGIN = re.compile(
    rb"<(?P<root>(?:\w+:)?worksheet)[\s>].*?<(?P<own>(?P<prefix>(?:\w+:)?)sheetData)(?:\s[^<>]*)?>",
    re.DOTALL,
)
# Parts that no value of a cell comes from.
_LEFT_OUT = re.compile(r"(?i)(^|[\\/])(worksheets|media|drawings|docProps|printerSettings)[\\/]")


class Slice(NamedTuple):
    """Some rows in a row: as a workbook with the same sheets, and as XML."""

    book: io.BytesIO
    text: bytes


@dataclass(frozen=True)
class _Begin:
    """The XML before the rows of a sheet, and how the tags are called there."""

    head: bytes
    root: bytes
    own: bytes
    row: bytes

    def closed(self, rows: bytes) -> bytes:
        """A sheet of these rows."""
        return b"%b%b</%b></%b>" % (self.head, rows, self.own, self.root)


def cutting(path: Path, part: str, size: int) -> Callable[[], Iterator[Slice]] | None:
    """Cuts the sheet into slices of about so many bytes of XML; None if it is smaller, or cannot be
    cut."""
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(part).file_size <= size:
            return None
        with archive.open(part) as file:
            head = file.read(_HEAD_BYTES)
    begin = _begin(head)
    # One that cannot be cut where it begins would be held several times: at once it is held twice.
    can_be_cut = begin and _end(head[len(begin.head) :], begin)
    return partial(_cut, path, part, size, begin) if begin and can_be_cut else None


def _cut(path: Path, part: str, size: int, begin: _Begin) -> Iterator[Slice]:
    with zipfile.ZipFile(path) as archive:
        others = [
            (each.orig_filename, archive.read(each))
            for each in archive.infolist()
            if not _LEFT_OUT.search(each.filename) and each.filename != part
        ]
        size = max(size, sum(len(content) for _, content in others) // _SHARED_PART)
        with archive.open(part) as file:
            file.read(len(begin.head))
            for text in _texts(iter(partial(file.read, _CHUNK), b""), begin, size):
                yield Slice(_book([*others, (part, begin.closed(text))]), text)


def _begin(head: bytes) -> _Begin | None:
    found = _BEGIN.search(head)
    if found is None or b"<!" in found[0]:
        return None
    return _Begin(head[: found.end()], found["root"], found["own"], found["prefix"] + b"row")


def _texts(pieces: Iterator[bytes], begin: _Begin, size: int) -> Iterator[bytes]:
    text = bytearray()
    wanted = size // _FIRST_PART
    for piece in pieces:
        text += piece
        if len(text) < wanted:
            continue
        if end := _end(text, begin):
            yield bytes(text[:end])
            del text[:end]
            wanted = size
        else:
            # Looked through with every piece, a long one would take for ever.
            wanted = 2 * len(text)
    # What follows the rows says nothing of them.
    yield bytes(text[: text.rfind(b"</%b" % begin.own)])


def _end(text: bytes | bytearray, begin: _Begin) -> int:
    """Behind the last row that is followed by one with a number: others count from the one before.

    Not behind a comment or CDATA, where what looks like a tag may be none.
    """
    close = b"</%b>" % begin.row
    follows = re.compile(rb"\s*<%b\s[^<>]*?\br\s*=\s*[\"'][0-9]+[\"'][^<>]*>" % begin.row)
    strange = text.find(b"<!")
    at = text.rfind(close, 0, strange if strange >= 0 else len(text))
    while at >= 0 and not follows.match(text, at + len(close)):
        at = text.rfind(close, 0, at)
    return at + len(close) if at >= 0 else 0


def _book(parts: Sequence[tuple[str, bytes]]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    made.seek(0)
    return made
