"""What an uploaded workbook may cost, and the refusals of one that costs more or means harm."""

import enum
from dataclasses import dataclass

from domain.errors import Code, Refusal
from domain.workbook import excel


@dataclass(frozen=True)
class Limits:
    """Bounds of one workbook; `cells` is the area between the corners of its used sheets."""

    file_bytes: int = 50 * 1024**2
    inflated_bytes: int = 1024**3
    rows: int = excel.ROWS
    # A result appends up to five columns to those of the file, and must fit into a sheet too.
    columns: int = excel.COLUMNS - 5
    # calamine spends about 100 bytes a filled cell: this many fit into memory_bytes.
    cells: int = 10_000_000
    cell_characters: int = excel.CELL_CHARACTERS
    # As much as any one cell may take, and more than any list has. A page of rows is held, and
    # told, as often as a request names it.
    row_bytes: int = 256 * 1024
    entries: int = 10_000
    # One line between child and parent, so also what the parent holds at once.
    line_bytes: int = 8 * 1024**2
    memory_bytes: int = 1536 * 1024**2
    # A larger sheet is read in slices of this size.
    slice_bytes: int = 2 * 1024**2
    seconds: int = 120


class Bound(enum.StrEnum):
    """The name of an exceeded limit, as the message shows it."""

    BYTES = "bytes"
    INFLATED_BYTES = "inflated bytes"
    ROWS = "rows"
    COLUMNS = "columns"
    CELLS = "cells"
    CELL_CHARACTERS = "characters in one cell"
    ROW_BYTES = "bytes in one row"
    MEMORY = "bytes of memory"
    SECONDS = "seconds"


def too_large(bound: Bound, limit: int, row: int | None = None) -> Refusal:
    """The refusal of a file that exceeds a limit, perhaps in one row of it."""
    where = {} if row is None else {"row": row}
    return Refusal(Code.FILE_TOO_LARGE, {"name": bound, "limit": limit, **where})


class Reason(enum.StrEnum):
    """Why a file is refused as hostile, as the message shows it."""

    ENTRIES = "too many entries"
    NAME = "entry name"
    SIZE = "entry size"
    RATIO = "compression ratio"
    DOCTYPE = "DOCTYPE"
    REFERENCE = "cell reference"
    MARKUP = "markup"


def hostile(reason: Reason) -> Refusal:
    """The refusal of a file that looks made to do harm."""
    return Refusal(Code.FILE_HOSTILE, {"reason": reason})
