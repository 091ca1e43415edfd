"""The sheets of a workbook that calamine reads, as tables of numbered rows."""

import contextlib
import heapq
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from domain.errors import Code, Refusal
from domain.workbook import broken, slices
from domain.workbook.kind import Kind
from domain.workbook.limits import Bound, Limits, too_large
from domain.workbook.slices import Slice
from domain.workbook.table import Numbered, Table, exact, trimmed


def tables(path: Path, found: Kind, limits: Limits) -> list[Table]:
    """Every worksheet, hidden ones too, as long as they fit into the limits together."""
    made: list[Table] = []
    cells = 0
    # Opened as a file object: by its path, calamine would go by the extension.
    with path.open("rb") as file, _parsing():
        workbook = CalamineWorkbook.from_filelike(file)
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            cutting = _cutting(path, index, limits) if found is Kind.XLSX else None
            if cutting:
                made.append(Table(about.name, partial(_sliced, cutting, index, limits)))
                continue
            sheet = workbook.get_sheet_by_index(index)
            cells += _area(sheet)
            _check(sheet, cells, limits)
            left_out = broken.rows(path, index) if found is Kind.XLSX else []
            made.append(Table(about.name, partial(_whole, sheet, left_out)))
    if not made:
        raise Refusal(Code.FILE_DAMAGED)
    return made


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


def _cutting(path: Path, index: int, limits: Limits) -> Callable[[], Iterator[Slice]] | None:
    with zipfile.ZipFile(path) as archive:
        part = broken.part_of(archive, index)
    return slices.cutting(path, part, limits.slice_bytes) if part else None


def _area(sheet: CalamineSheet) -> int:
    return sheet.height * sheet.width


def _check(sheet: CalamineSheet, cells: int, limits: Limits) -> None:
    if sheet.end is not None and sheet.end[0] >= limits.rows:
        raise too_large(Bound.ROWS, limits.rows)
    if cells > limits.cells:
        raise too_large(Bound.CELLS, limits.cells)


def _whole(sheet: CalamineSheet, left_out: Sequence[Numbered]) -> Iterator[Numbered]:
    # calamine leaves out the columns before the first filled one, but not the rows.
    return _together(_rows(sheet, sheet.iter_rows(), 1), left_out)


def _sliced(
    cutting: Callable[[], Iterator[Slice]], index: int, limits: Limits
) -> Iterator[Numbered]:
    """The rows of a large sheet, one slice after the other."""
    cells = end = 0
    for each in cutting():
        with _parsing():
            sheet = CalamineWorkbook.from_filelike(each.book).get_sheet_by_index(index)
            cells += _area(sheet)
            _check(sheet, cells, limits)
            start, _ = sheet.start or (end, 0)
            if start < end:
                raise Refusal(Code.FILE_DAMAGED)
            end, _ = sheet.end or (end, 0)
            rows = _rows(sheet, sheet.to_python(), start + 1)
        yield from _together(rows, broken.rows_of(each.text))


def _rows(sheet: CalamineSheet, rows: Iterable[Sequence[object]], first: int) -> Iterator[Numbered]:
    """The rows that hold something, numbered as Excel does, from column A on."""
    if sheet.start is None:
        return
    before: list[object] = [None] * sheet.start[1]
    empty = [""] * sheet.width
    for number, row in enumerate(rows, first):
        if row != empty:
            yield number, before + _cells(row)


def _together(found: Iterator[Numbered], left_out: Sequence[Numbered]) -> Iterator[Numbered]:
    """The same rows with the cells that calamine leaves out, and the rows of nothing else."""
    if not left_out:
        yield from found
        return
    rows = heapq.merge(found, left_out, key=itemgetter(0))
    for number, alike in itertools.groupby(rows, key=itemgetter(0)):
        columns = itertools.zip_longest(*(cells for _, cells in alike))
        yield (
            number,
            [next((cell for cell in cells if cell is not None), None) for cells in columns],
        )


def _cells(row: Sequence[object]) -> list[object]:
    return trimmed([exact(cell) if type(cell) is float else cell for cell in row])
