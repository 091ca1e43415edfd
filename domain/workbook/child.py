"""Run as a process of its own: scans and parses one file, and prints it in JSON lines."""

import datetime as dt
import itertools
import mmap
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from domain.errors import Code, Refusal
from domain.workbook import (
    aside,
    encoding,
    excel,
    excel_book,
    html_page,
    markup,
    text_table,
    xml_book,
)
from domain.workbook.kind import Kind, kind
from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.scan import scan
from domain.workbook.table import Numbered, Table
from domain.workbook.text_table import TextTable

_HEAD_ROWS = 30
_BATCH_ROWS = 1_000
_BATCH_CELLS = 50_000
# No text means a NUL, and PostgreSQL stores none. Not where the backslash is itself escaped.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


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
    aside.die_with(parent)
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
        return excel_book.tables(path, found, limits)
    return _text_tables(path, encoding.of(path), limits)


def _text_tables(path: Path, encoded: str, limits: Limits) -> list[Table]:
    found = markup.kind(path, encoded)
    if found is markup.Kind.NONE:
        return [Table(text_table.NAME, TextTable(path, encoded, limits).rows)]
    of = html_page.tables if found is markup.Kind.PAGE else xml_book.tables
    return of(path.read_text(encoded), limits)


def _examine(path: Path, limits: Limits) -> Kind:
    if path.stat().st_size == 0:
        raise Refusal(Code.NOT_A_WORKBOOK, {"size": 0})
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = kind(data)
        if found is Kind.XLSX:
            scan(path, data, limits)
        return found


def _head(table: Table, limits: Limits) -> list[Numbered]:
    return list(itertools.islice(_bounded(table, limits), _HEAD_ROWS))


def _batches(table: Table, limits: Limits) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    cells = 0
    for row in _bounded(table, limits):
        batch.append(row)
        cells += len(row[1])
        if len(batch) == _BATCH_ROWS or cells >= _BATCH_CELLS:
            yield batch
            batch, cells = [], 0
    if batch:
        yield batch


def _bounded(table: Table, limits: Limits) -> Iterator[Numbered]:
    """The rows as they are read; one that is wider or longer than a row may be is refused."""
    for number, cells in table.rows():
        _check_row(number, cells, limits)
        yield number, cells


def _check_row(number: int, cells: list[object], limits: Limits) -> None:
    """No text has more of Excel's characters than bytes: few rows are looked through."""
    if len(cells) > limits.columns:
        raise too_large(Bound.COLUMNS, limits.columns, number)
    size = len(orjson.dumps(cells, default=_duration))
    most = limits.cell_characters
    if size > most and any(excel.length(cell) > most for cell in cells if isinstance(cell, str)):
        raise too_large(Bound.CELL_CHARACTERS, most, number)
    if size > limits.row_bytes:
        raise too_large(Bound.ROW_BYTES, limits.row_bytes, number)


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
