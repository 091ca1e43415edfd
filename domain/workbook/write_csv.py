"""Writes a table of any length as CSV for programs and for Excel, a row at a time."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.workbook.formulas import guarded
from domain.workbook.text import Cell, clean


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with a byte order mark, lines ended by CR LF; each row is as long as the header.

    No cell is a formula: see domain.workbook.formulas.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_cell(heading) for heading in header])
        for row in rows:
            if len(row) != len(header):
                raise ValueError("a row is as long as the header")
            writer.writerow([_cell(cell) for cell in row])


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(clean(cell))
    return "" if cell is None else str(cell)
