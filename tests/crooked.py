"""Files made to do harm, by what they are; each must end with a code, soon, and change nothing."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests import workbooks

_DOCTYPE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_LAUGHS = "<!DOCTYPE a [" + '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + place)} "{f"&{chr(97 + place)};" * 10}">' for place in range(9)
) + "]>"  # fmt: skip
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = [("学号", "办理结果"), ("2020010101", "通过")]
# The file, and the codes with one of which it ends; "read" where it is harmless.
Crooked = tuple[Callable[[], bytes], frozenset[str]]


def honest() -> bytes:
    """A workbook that passes one student."""
    return workbooks.content(ROWS)


def _with(parts: Mapping[str, str | bytes], *, without: frozenset[str] = frozenset()) -> bytes:
    """The honest workbook with some parts replaced or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(honest())) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts and name not in without:
                new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return made.getvalue()


def _sheet(rows: str, before: str = "", head: str = "") -> bytes:
    text = head + workbooks.worksheet(rows, before)
    return _with({"xl/worksheets/sheet1.xml": text})


def _strings(inside: str) -> bytes:
    return _with({"xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{inside}</sst>'})


def _styles(inside: str) -> bytes:
    return _with({"xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{inside}</styleSheet>'})


def _flagged() -> bytes:
    """As if each part were encrypted."""
    content = bytearray(honest())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\1\2", at + 1)
    return bytes(content)


def _lie() -> bytes:
    """A part that inflates to a hundred times what it claims."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" + " " * 200_000_000)
    content = bytearray(made.getvalue())
    at = content.find(b"PK\1\2")
    content[at + 24 : at + 28] = struct.pack("<I", 1_000)
    return bytes(content)


def _overlapping() -> bytes:
    """Many entries of the directory that share one part of the file."""
    body = zlib.compress(bytes(1_000_000), 9)[2:-4]
    local = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(body), 1_000_000, 1, 0) + b"a"
    )
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(body), 1_000_000,
                    len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (f"xl/{place}.xml".encode() for place in range(5_000))
    )  # fmt: skip
    start = len(local) + len(body)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 5_000, 5_000, len(entries), start, 0)
    return local + body + entries + end


_READ = frozenset({"read"})
_HOSTILE = frozenset({"FILE_HOSTILE"})
_LARGE = frozenset({"FILE_TOO_LARGE", "FILE_HOSTILE"})
_BROKEN = frozenset({"FILE_DAMAGED", "NOT_A_WORKBOOK"})
ANY = _READ | _LARGE | _BROKEN | {"FILE_ENCRYPTED"}
FILES: dict[str, Crooked] = {
    "a zip bomb": (lambda: _sheet("<row/>" + " " * 500_000_000), _LARGE),
    "a part that lies about its size": (_lie, _LARGE | _BROKEN),
    "entries that overlap": (_overlapping, _LARGE | _BROKEN),
    "too many entries": (lambda: _with({f"xl/x{n}": "" for n in range(20_000)}), _HOSTILE),
    "a far cell": (
        lambda: _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), _LARGE),
    "two far cells": (
        lambda: _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'
                       '<row r="1000000"><c r="ZZ1000000"><v>1</v></c></row>'), _LARGE),
    "a dimension that is not there": (
        lambda: _sheet('<row r="1"><c r="A1"><v>1</v></c></row>',
                       '<dimension ref="A1:XFD1048576"/>'), ANY),
    "a reference beyond every sheet": (
        lambda: _sheet('<row r="99999999"><c r="A99999999"><v>1</v></c></row>'), _LARGE),
    "an external entity": (lambda: _sheet("", head=_DOCTYPE), _HOSTILE),
    "a billion laughs": (lambda: _sheet("", head=_LAUGHS), _HOSTILE),
    "a wide encoding that hides a DOCTYPE": (
        lambda: _with({"xl/worksheets/sheet1.xml": (_DOCTYPE + "<worksheet/>").encode("utf-16")}),
        _HOSTILE | _BROKEN),
    "encrypted parts": (_flagged, frozenset({"FILE_ENCRYPTED"})),
    "cut in the middle": (lambda: honest()[: len(honest()) // 2], _BROKEN),
    "cut before the end": (lambda: honest()[:-10], _BROKEN),
    "a way out of the archive": (lambda: _with({"../../etc/passwd": "x"}), _HOSTILE),
    "an absolute name": (lambda: _with({"/etc/passwd": "x"}), _HOSTILE),
    "a million styles": (
        lambda: _styles('<cellXfs count="1000000">' + '<xf numFmtId="0"/>' * 1_000_000
                        + "</cellXfs>"), ANY),
    "a format of ten million characters": (
        lambda: _styles('<numFmts count="1"><numFmt numFmtId="200" formatCode="'
                        + "0" * 10_000_000 + '"/></numFmts>'), ANY),
    "a million strings of one letter": (lambda: _strings("<si><t>a</t></si>" * 1_000_000), ANY),
    "one string of 15 million letters": (
        lambda: _strings("<si><t>" + "ab" * 7_500_000 + "</t></si>"), ANY),
    "a million merged cells": (
        lambda: _with({"xl/worksheets/sheet1.xml": workbooks.worksheet("").replace(
            "</worksheet>", "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 1_000_000
            + "</mergeCells></worksheet>")}), ANY),
    "elements a hundred thousand deep": (lambda: _sheet("<a>" * 100_000), ANY),
    "an attribute of ten million letters": (
        lambda: _sheet(f'<row r="1" x="{"y" * 10_000_000}"/>'), ANY),
    "no workbook in it": (lambda: _with({"word/document.xml": "<w/>"},
                                        without=frozenset({"xl/workbook.xml"})),
                          frozenset({"NOT_A_WORKBOOK"})),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(2_000), frozenset({"NOT_A_WORKBOOK"})),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(2_000),
              frozenset({"NOT_A_WORKBOOK"})),
    "nothing": (lambda: b"", frozenset({"NOT_A_WORKBOOK"})),
    "a compound file that is no workbook": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), _BROKEN),
    "a line of twenty million letters": (lambda: b"a,b\n" + b"x" * 20_000_000, _LARGE | _BROKEN),
    "a page of a million tables": (lambda: b"<table><tr><td>" * 300_000, _HOSTILE),
}  # fmt: skip
