"""Looks through an xlsx before it is parsed: what would blow up on inflating or loading."""

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from domain.errors import Code, Refusal
from domain.workbook.area import Area, filled, normal
from domain.workbook.limits import Bound, Limits, Reason, hostile, too_large

_CHUNK = 1 << 18
_ENTRY = re.compile(rb"PK\x01\x02")
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 1
_WORKSHEET = re.compile(rb"[<:]WORKSHEET[ >]")
# Longer than any reference.
_OVERLAP = 64
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# A real sheet reaches about 60; deflate ends at 1,032.
_RATIO = 200
_RATIO_FROM = 16 * 1024**2
# A flipped bit makes a part somewhat longer than it claims, but not by so much.
_LIE = 16 * 1024**2


def scan(path: Path, data: mmap.mmap, limits: Limits) -> None:
    """Refuse a zip that is no workbook, is damaged, is hostile or exceeds a limit."""
    # Counted before zipfile reads the directory, which takes a kilobyte for each.
    if sum(1 for _ in islice(_ENTRY.finditer(data), limits.entries + 1)) > limits.entries:
        raise hostile(Reason.ENTRIES)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as broken:
        raise Refusal(Code.FILE_DAMAGED) from broken
    _check_names(entries)
    _check_claims(entries, limits)
    for entry in entries:
        _check_content(data, entry, limits)


def _check_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    # Some writers separate by a backslash, which is how calamine reads them too.
    names = [entry.orig_filename.replace("\\", "/").lower() for entry in entries]
    if len(set(names)) < len(names) or not all(map(_is_inside, names)):
        raise hostile(Reason.NAME)
    if "xl/workbook.xml" not in names:
        raise Refusal(Code.NOT_A_WORKBOOK)


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not (name.startswith("/") or ".." in parts or ":" in name or "\0" in name)


def _check_claims(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """Look at the sizes the entries claim; that they are true is seen on inflating."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refusal(Code.FILE_ENCRYPTED)
    if any(entry.file_size > max(_RATIO_FROM, entry.compress_size * _RATIO) for entry in entries):
        raise hostile(Reason.RATIO)
    if sum(entry.file_size for entry in entries) > limits.inflated_bytes:
        raise too_large(Bound.INFLATED_BYTES, limits.inflated_bytes)


def _check_content(data: mmap.mmap, entry: zipfile.ZipInfo, limits: Limits) -> None:
    part = _Part(entry.filename)
    size = 0
    for piece in _pieces(data, entry):
        size += len(piece)
        if size > entry.file_size + _LIE:
            raise hostile(Reason.SIZE)
        part.look(piece)
    if size != entry.file_size:
        raise Refusal(Code.FILE_DAMAGED)
    if _exceeds(part.area, limits) is not None:
        over = _exceeds(filled(_pieces(data, entry)), limits)
        if over is not None:
            raise over


def _exceeds(area: Area, limits: Limits) -> Refusal | None:
    if area.rows > limits.rows:
        return too_large(Bound.ROWS, limits.rows)
    if area.rows * area.columns > limits.cells:
        return too_large(Bound.CELLS, limits.cells)
    return None


class _Part:
    """What has been seen of one entry; pieces overlap, lest something stands across a seam."""

    def __init__(self, name: str) -> None:
        self.area = Area()
        self._may_be_wide = name.lower().endswith((".xml", ".rels"))
        self._is_xml: bool | None = None
        self._is_sheet = False
        self._tail = b""

    def look(self, piece: bytes) -> None:
        """Refuse what no part of a workbook has, and follow the references of a worksheet."""
        if self._is_xml is None:
            self._begin(piece)
        if not self._is_xml:
            return
        text = self._tail + normal(piece)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise hostile(Reason.DOCTYPE)
        self._is_sheet = self._is_sheet or _WORKSHEET.search(text) is not None
        if self._is_sheet:
            self.area.add_roughly(text)
        self._tail = text[-_OVERLAP:]

    def _begin(self, piece: bytes) -> None:
        # calamine reads XML of two bytes a character as an empty sheet, without a word.
        if self._may_be_wide and piece[:2] in _WIDE:
            raise Refusal(Code.FILE_DAMAGED)
        self._is_xml = piece.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _pieces(data: mmap.mmap, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry's content in pieces of bounded size.

    Not by zipfile, which stops at the size the entry claims; calamine goes on to the end.
    """
    start = entry.header_offset
    header = data[start : start + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise Refusal(Code.FILE_DAMAGED)
    _, name, extra = _LOCAL_HEADER.unpack(header)
    start += _LOCAL_HEADER.size + name + extra
    end = start + entry.compress_size
    if end > len(data):
        raise Refusal(Code.FILE_DAMAGED)
    if entry.compress_type == zipfile.ZIP_STORED:
        return (data[at : min(at + _CHUNK, end)] for at in range(start, end, _CHUNK))
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        return _inflated(data, start, end)
    raise Refusal(Code.FILE_DAMAGED)


def _inflated(data: mmap.mmap, start: int, end: int) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(start, end, _CHUNK):
            waiting = data[at : min(at + _CHUNK, end)]
            while waiting and not stream.eof:
                yield stream.decompress(waiting, _CHUNK)
                waiting = stream.unconsumed_tail
        yield stream.flush()
    except zlib.error as broken:
        raise Refusal(Code.FILE_DAMAGED) from broken
