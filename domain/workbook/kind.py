"""Whether a file is an xlsx, an xls or neither, by its content and never by its name."""

import enum
import mmap

from domain.errors import Code, Refusal

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS = b"\x2f\x00"
# An OpenDocument names its type before anything else; names of parts are never compressed.
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_XLSB, _XLSX = b"xl/workbook.bin", b"xl/workbook.xml"


class Kind(enum.Enum):
    """The two formats of a workbook; whatever else may be text."""

    XLSX = enum.auto()
    XLS = enum.auto()
    OTHER = enum.auto()


def kind(data: mmap.mmap) -> Kind:
    """The format; refuses what is encrypted, what is cut off, and other documents."""
    if data[:4] == ZIP:
        _refuse_others(data)
        return Kind.XLSX
    if data[:8] != COMPOUND:
        return Kind.OTHER
    if not _has_directory(data):
        raise Refusal(Code.FILE_DAMAGED)
    if _stream(data, "EncryptedPackage") is not None:
        raise Refusal(Code.FILE_ENCRYPTED)
    start = _stream(data, "Workbook")
    start = _stream(data, "Book") if start is None else start
    if start is None:
        raise Refusal(Code.NOT_A_WORKBOOK)
    if _is_locked(data, start):
        raise Refusal(Code.FILE_ENCRYPTED)
    return Kind.XLS


def _refuse_others(data: mmap.mmap) -> None:
    """Workbooks that are not read, but can be saved as one that is."""
    is_binary = data.find(_XLSB) >= 0 and data.find(_XLSX) < 0
    format_ = "xlsb" if is_binary else "ods" if data.find(_ODS, 0, 256) >= 0 else None
    if format_:
        raise Refusal(Code.NOT_A_WORKBOOK, {"format": format_})


def _has_directory(data: mmap.mmap) -> bool:
    return len(data) >= 512 and _entry(data, _sector(data, 48), "Root Entry", storage=5)


def _sector(data: mmap.mmap, at: int) -> int:
    """The offset of the sector whose number stands at a place of the header or the directory."""
    size = 1 << min(int.from_bytes(data[30:32], "little"), 12)
    return (int.from_bytes(data[at : at + 4], "little") + 1) * size


def _stream(data: mmap.mmap, name: str) -> int | None:
    """The offset of a stream's first sector.

    Directory entries are searched by their look, not by walking the allocation table: a
    table that lies must not hide an encrypted package.
    """
    encoded = name.encode("utf-16-le") + b"\0\0"
    at = data.find(encoded, 512)
    while at >= 0:
        if _entry(data, at, name, storage=2):
            return _sector(data, at + 116)
        at = data.find(encoded, at + 1)
    return None


def _entry(data: mmap.mmap, at: int, name: str, *, storage: int) -> bool:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        at % 128 == 0
        and data[at : at + len(encoded)] == encoded
        and data[at + 64 : at + 67] == len(encoded).to_bytes(2, "little") + bytes([storage])
    )


def _is_locked(data: mmap.mmap, start: int) -> bool:
    """Whether FILEPASS is among the first records after the one that opens the stream."""
    at = start
    for _ in range(8):
        if data[at : at + 2] == _FILEPASS:
            return True
        at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    return False
