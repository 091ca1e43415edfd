"""Writes the workbook that people fill in: title, hints, header, the rows known so far."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from pathlib import Path

from rustpy_xlsxwriter import Format, write_worksheet

from domain.workbook.text import clean, headings, letters, records, sheet_name, widths

_SPARE_ROWS = 500
_TITLE_HEIGHT = 30.0
_LINE_HEIGHT = 16.0


def write_template(
    path: Path,
    title: str,
    hints: Sequence[str],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    choices: tuple[int, Sequence[str]],
) -> None:
    """Write the title, a line for each hint, the header and the rows, with a drop-down.

    `choices` are the index of a column and what may be chosen in it, also in the spare rows
    below. Every cell is text, so that a number typed in keeps its zeros and its last digits.
    """
    filled = list(rows)
    keys = headings(header)
    column, offered = choices
    wide = widths([keys, *filled])
    spare: list[None] = [None] * len(keys)
    above = [(clean(title), _title()), *((clean(hint), _hint()) for hint in hints)]
    write_worksheet(
        records(keys, chain(filled, repeat(spare, _SPARE_ROWS))),
        str(path),
        sheet_name=sheet_name(title),
        freeze_row=len(above) + 1,
        header_row=len(above),
        header_format=_header(),
        merge_ranges=[
            (row, 0, row, max(len(keys) - 1, 1), text, style)
            for row, (text, style) in enumerate(above)
        ],
        row_heights=_heights(hints, sum(wide)),
        column_widths=wide,
        column_formats=[Format().set_num_format("@")] * len(keys),
        data_validations={keys[column]: _one_of(offered)},
        # In constant memory the heights of merged rows are lost.
        dedupe_strings=True,
    )


def _one_of(offered: Sequence[str]) -> dict[str, object]:
    return {
        "type": "list",
        "values": list(offered),
        "ignore_blank": True,
        "error_message": "、".join(offered),
    }


def _heights(hints: Sequence[str], wide: float) -> dict[int, float]:
    """Excel never fits the height of merged cells to their text."""
    heights = {0: _TITLE_HEIGHT}
    for row, hint in enumerate(hints, 1):
        lines = sum(1 + int(letters(line) // wide) for line in clean(hint).split("\n"))
        heights[row] = _LINE_HEIGHT * lines
    return heights


def _title() -> Format:
    return Format().set_bold().set_font_size(16).set_align("center").set_align("vcenter")


def _hint() -> Format:
    return Format().set_text_wrap().set_align("left").set_align("vcenter")


def _header() -> Format:
    style = Format().set_bold().set_background_color("#DDEBF7").set_border("thin")
    return style.set_num_format("@")
