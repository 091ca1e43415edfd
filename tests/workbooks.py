"""Workbooks for tests: plain ones by openpyxl and xlwt, crooked ones byte by byte."""

import io
import os
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import psutil
import xlwt

Value = str | int | float | bool | None

# Seconds of the processor within which a small file, however crooked, is read or refused, of the
# 120 it may take: 2.1 were seen on a loaded machine, whose seconds are longer.
SOON = 5.0

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def first(heads: Sequence[object]) -> int:
    """Pick the first sheet, whatever there is."""
    return 0


def xlsx(path: Path, rows: Iterable[Sequence[Value]], sheet: str = "Sheet1") -> Path:
    """One sheet with these rows; text is stored as text, numbers as numbers."""
    return sheets_xlsx(path, {sheet: rows})


def sheets_xlsx(
    path: Path, sheets: Mapping[str, Iterable[Sequence[Value]]], hidden: Sequence[str] = ()
) -> Path:
    """Several sheets in this order."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def xls(path: Path, rows: Iterable[Sequence[Value]], sheet: str = "Sheet1") -> Path:
    """The same in the old format."""
    book = xlwt.Workbook()
    written = book.add_sheet(sheet)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                written.write(number, column, value)
    book.save(str(path))
    return path


def worksheet(rows: str, before: str = "") -> str:
    """A worksheet part around the XML of its rows."""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def cell(reference: str, text: str) -> str:
    """The XML of a text cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def raw_xlsx(
    path: Path, sheet: str | bytes, others: Mapping[str, str | bytes] | None = None
) -> Path:
    """A workbook of one sheet, whose XML is given; `others` are added or take a part's place."""
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/%s" Target="%s"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{_CONTENT}.worksheet+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": _relations(relation % ("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(relation % ("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in (parts | dict(others or {})).items():
            archive.writestr(name, content)
    return path


def _relations(relation: str) -> str:
    return f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'


def far_cell(path: Path, reference: str = "XFD1048576") -> Path:
    """A legal workbook of a kilobyte that calamine lays out as a rectangle of 550 GB."""
    row = int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    far = f'<row r="{row}">{cell(reference, "far")}</row>'
    return raw_xlsx(path, worksheet(f'<row r="1">{cell("A1", "near")}</row>{far}'))


def zip_bomb(path: Path) -> Path:
    """A part of 40 MB of spaces in 200 KB."""
    return raw_xlsx(path, worksheet(" " * 40 * 1024**2))


def lying_bomb(path: Path) -> Path:
    """The same, but the part claims to be of 100 bytes."""
    return claiming(zip_bomb(path), len(worksheet(" " * 40 * 1024**2)), 100)


def claiming(path: Path, true: int, claimed: int) -> Path:
    """The same file, but parts of this true size claim another."""
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", true), struct.pack("<I", claimed)))
    return path


def repeated_text(path: Path, rows: int) -> Path:
    """A small file that takes 32 KB of memory for every row."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, rows + 1)
    )
    relation = f'<Relationship Id="%s" Type="{_OFFICE}/%s" Target="%s"/>'
    return raw_xlsx(
        path,
        worksheet(cells),
        {
            "xl/_rels/workbook.xml.rels": _relations(
                relation % ("r1", "worksheet", "worksheets/sheet1.xml")
                + relation % ("r2", "sharedStrings", "sharedStrings.xml")
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>{"长" * 11_000}</t></si></sst>',
        },
    )


def encrypted_xlsx(path: Path) -> Path:
    """What Excel makes of an xlsx with a password: an OLE2 file with the package inside."""
    return compound(path, {"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"\x5a" * 600})


def encrypted_xls(path: Path) -> Path:
    """An xls whose second record says that what follows is encrypted."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0, 0, 0, 0)
    return compound(path, {"Workbook": begin + struct.pack("<HHH", 0x002F, 2, 0) + b"\x5a" * 5000})


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """An OLE2 file: header, allocation table, directory (three streams at most), streams."""
    table = [_FAT, _END]
    body = b""
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), 1):
        count = -(-len(content) // _SECTOR)
        start = len(table)
        table += [*range(start + 1, start + count), _END]
        body += content.ljust(count * _SECTOR, b"\0")
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, start, len(content), right=right))
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 0, _END, 0, _END, 0),
    )
    difat = struct.pack("<109I", 0, *[_FREE] * 108)
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    path.write_bytes(header + difat + struct.pack("<128I", *table) + directory + body)
    return path


def _entry(name: str, kind: int, start: int, size: int, **links: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ",
        encoded,
        len(encoded),
        kind,
        1,
        _FREE,
        links.get("right", _FREE),
        links.get("child", _FREE),
        start,
        size,
    )


def truncated(path: Path, part: float = 0.6) -> Path:
    """The same file, cut off."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    return path


def content(rows: Iterable[Sequence[Value]]) -> bytes:
    """The bytes of a workbook with these rows."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(made)
    return made.getvalue()


def readers() -> list[psutil.Process]:
    """The processes that read files for this one. Those of a worker beside it are its own."""
    every = psutil.Process().children()
    return [each for each in every if "domain.workbook.child" in each.cmdline()]


def reader_seconds() -> float:
    """Of the processor, by the processes that have read files and ended. The clock on the wall
    tells as much of everybody else on the machine."""
    times = os.times()
    return times.children_user + times.children_system
