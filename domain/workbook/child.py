"""Run as a process of its own: scans and parses one file, and prints it in JSON lines."""

import contextlib
import ctypes
import datetime as dt
import heapq
import itertools
import mmap
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import orjson
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from domain.errors import Code, Refusal
from domain.workbook import broken, encoding, excel, html_page, markup, text_table, xml_book
from domain.workbook.kind import Kind, kind
from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.scan import scan
from domain.workbook.table import Numbered, Table, exact, trimmed
from domain.workbook.text_table import TextTable

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_HEAD_ROWS = 30
_BATCH_ROWS = 1_000
_BATCH_CELLS = 50_000
# No text means a NUL, and PostgreSQL stores none. Not where the backslash is itself escaped.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


class _Sheet(NamedTuple):
    """A worksheet, and its place in the file."""

    place: int
    cells: CalamineSheet


def main() -> None:
    """Serve the file named by the arguments: path, limits, process id of the parent."""
    path, packed, parent = sys.argv[1:]
    limits = Limits(**orjson.loads(packed))
    try:
        _confine(limits, int(parent))
        _serve(Path(path), limits)
    except Refusal as refusal:
        _refuse(refusal)
    except MemoryError:
        _refuse(too_large(Bound.MEMORY, limits.memory_bytes))


def _confine(limits: Limits, parent: int) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent has gone")
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CPU, limits.seconds)
    _bound(resource.RLIMIT_AS, limits.memory_bytes)


def _bound(what: int, limit: int) -> None:
    _, most = resource.getrlimit(what)
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(what, (limit, most))


def _serve(path: Path, limits: Limits) -> None:
    tables = _tables(path, limits)
    _print(["heads", [[table.name, _head(table, limits)] for table in tables]], limits)
    picked = sys.stdin.buffer.readline()
    if not picked:
        return
    table = tables[int(picked)]
    tables.clear()
    for batch in _batches(table, limits):
        _print_rows(batch, limits)
    _print(["end"])


def _tables(path: Path, limits: Limits) -> list[Table]:
    found = _examine(path, limits)
    if found is not Kind.OTHER:
        return [_table(path, found, sheet) for sheet in _load(path, limits)]
    return _text_tables(path, encoding.of(path), limits)


def _text_tables(path: Path, encoded: str, limits: Limits) -> list[Table]:
    found = markup.kind(path, encoded)
    if found is markup.Kind.NONE:
        return [Table(text_table.NAME, TextTable(path, encoded, limits).rows)]
    of = html_page.tables if found is markup.Kind.PAGE else xml_book.tables
    return of(path.read_text(encoded), limits)


def _table(path: Path, found: Kind, sheet: _Sheet) -> Table:
    batch = max(1, min(_BATCH_ROWS, _BATCH_CELLS // max(sheet.cells.width, 1)))
    with _parsing():
        left_out = broken.rows(path, sheet.place) if found is Kind.XLSX else []
    rows = partial(_together, sheet.cells, left_out) if left_out else partial(_rows, sheet.cells)
    return Table(sheet.cells.name, rows, batch)


def _examine(path: Path, limits: Limits) -> Kind:
    if path.stat().st_size == 0:
        raise Refusal(Code.NOT_A_WORKBOOK, {"size": 0})
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = kind(data)
        if found is Kind.XLSX:
            scan(path, data, limits)
        return found


def _load(path: Path, limits: Limits) -> list[_Sheet]:
    """Every worksheet, hidden ones too, as long as they fit into the limits together."""
    sheets: list[_Sheet] = []
    cells = 0
    # Opened as a file object: by its path, calamine would go by the extension.
    with path.open("rb") as file, _parsing():
        workbook = CalamineWorkbook.from_filelike(file)
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            cells += sheet.height * sheet.width
            _check(sheet, cells, limits)
            sheets.append(_Sheet(index, sheet))
    if not sheets:
        raise Refusal(Code.FILE_DAMAGED)
    return sheets


@contextlib.contextmanager
def _parsing() -> Iterator[None]:
    try:
        yield
    except (Refusal, MemoryError):
        raise
    except PasswordError as locked:
        raise Refusal(Code.FILE_ENCRYPTED) from locked
    except BaseException as broken:  # a panic of calamine is no Exception
        raise Refusal(Code.FILE_DAMAGED) from broken


def _check(sheet: CalamineSheet, cells: int, limits: Limits) -> None:
    if sheet.end is not None and sheet.end[0] >= limits.rows:
        raise too_large(Bound.ROWS, limits.rows)
    if cells > limits.cells:
        raise too_large(Bound.CELLS, limits.cells)


def _head(table: Table, limits: Limits) -> list[Numbered]:
    return list(itertools.islice(_bounded(table, limits), _HEAD_ROWS))


def _batches(table: Table, limits: Limits) -> Iterator[list[Numbered]]:
    rows = _bounded(table, limits)
    while batch := list(itertools.islice(rows, table.batch)):
        yield batch


def _bounded(table: Table, limits: Limits) -> Iterator[Numbered]:
    """The rows as they are read; one that is wider or longer than a row may be is refused."""
    for number, cells in table.rows():
        _check_row(number, cells, limits)
        yield number, cells


def _check_row(number: int, cells: list[object], limits: Limits) -> None:
    """A character is two units of Excel's at most, and six bytes: few rows are really measured."""
    if len(cells) > limits.columns:
        raise too_large(Bound.COLUMNS, limits.columns, number)
    texts = [cell for cell in cells if isinstance(cell, str)]
    lengths = [len(text) for text in texts]
    most = limits.cell_characters
    if 2 * max(lengths, default=0) > most and any(excel.length(text) > most for text in texts):
        raise too_large(Bound.CELL_CHARACTERS, most, number)
    may_be_long = 8 * (sum(lengths) + len(cells)) > limits.row_bytes
    if may_be_long and len(orjson.dumps(cells, default=_duration)) > limits.row_bytes:
        raise too_large(Bound.ROW_BYTES, limits.row_bytes, number)


def _rows(sheet: CalamineSheet) -> Iterator[Numbered]:
    """The rows that hold something, numbered as Excel does, from column A on."""
    if sheet.start is None:
        return
    before: list[object] = [None] * sheet.start[1]
    empty = [""] * sheet.width
    # calamine leaves out the columns before the first filled one, but not the rows.
    for number, row in enumerate(sheet.iter_rows(), 1):
        if row != empty:
            yield number, before + _cells(row)


def _together(sheet: CalamineSheet, left_out: Sequence[Numbered]) -> Iterator[Numbered]:
    """The same rows with the cells that calamine leaves out, and the rows of nothing else."""
    rows = heapq.merge(_rows(sheet), left_out, key=itemgetter(0))
    for number, found in itertools.groupby(rows, key=itemgetter(0)):
        columns = itertools.zip_longest(*(cells for _, cells in found))
        yield (
            number,
            [next((cell for cell in cells if cell is not None), None) for cells in columns],
        )


def _cells(row: Sequence[object]) -> list[object]:
    return trimmed([exact(cell) if type(cell) is float else cell for cell in row])


def _print(line: list[object], limits: Limits | None = None) -> None:
    packed = orjson.dumps(line, default=_duration, option=orjson.OPT_APPEND_NEWLINE)
    if rb"\u0000" in packed:
        packed = _NUL.sub(rb"\1", packed)
    if limits is not None and len(packed) > limits.line_bytes:
        raise too_large(Bound.ROW_BYTES, limits.line_bytes)
    sys.stdout.buffer.write(packed)
    sys.stdout.buffer.flush()


def _print_rows(rows: Sequence[Numbered], limits: Limits) -> None:
    """In as many lines as it takes: only a single row may be too long."""
    try:
        _print(["rows", rows], limits)
    except Refusal:
        if len(rows) == 1:
            raise
        middle = len(rows) // 2
        _print_rows(rows[:middle], limits)
        _print_rows(rows[middle:], limits)


def _refuse(refusal: Refusal) -> None:
    _print(["refused", refusal.code, refusal.facts])


def _duration(value: object) -> str:
    """The one kind of cell that orjson does not know, as Excel shows it."""
    if not isinstance(value, dt.timedelta):
        raise TypeError
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


if __name__ == "__main__":
    main()
