"""Cells with initial passwords: what somebody will type, what is wrong with it; never told.

A password is in memory only: wherever a cell is kept or told, it reads as MASK.
"""

from domain import identifiers
from domain.errors import Code
from domain.reading.sheets import C, Headers, Layout, Problem, text_of
from domain.staffing.sessions import LONGEST_PASSWORD, SHORTEST_PASSWORD
from domain.workbook.read import Broken, Cell, Row

MASK = "******"
TITLES = ("初始密码", "密码", "口令", "password")
AS_TEXT = "文本格式的单元格"


def password(cell: Cell) -> str:
    """What somebody will type: without what stands around it, and otherwise as it is.

    What an earlier import wrote into its result is none, nor is a formula without a value.
    """
    text = text_of(cell).strip()
    return "" if text == MASK or isinstance(cell, Broken) else text


def problem(cell: Cell, letter: str | None) -> Problem | None:
    """What is wrong with the password of a row that needs one; no letter: there is no column."""
    title = {"column": TITLES[0]}
    text = password(cell)
    if not text:
        return Problem(Code.VALUE_MISSING, letter, "", title)
    if identifiers.is_imprecise(cell):
        return Problem(Code.VALUE_UNKNOWN, letter, MASK, title | _unknown(AS_TEXT))
    if len(text) < SHORTEST_PASSWORD:
        return Problem(Code.PASSWORD_TOO_SHORT, letter, MASK, {"limit": str(SHORTEST_PASSWORD)})
    if len(text) > LONGEST_PASSWORD:
        facts = {"length": str(len(text)), "limit": str(LONGEST_PASSWORD)}
        return Problem(Code.VALUE_TOO_LONG, letter, MASK, title | facts)
    if not text.isprintable():
        return Problem(Code.VALUE_UNKNOWN, letter, MASK, title | _unknown("可见字符"))
    return None


def _unknown(expected: str) -> dict[str, str]:
    return {"value": MASK, "expected": expected}


def masked(row: Row, layout: Layout[C], headers: Headers[C], hidden: C) -> tuple[str, ...]:
    """The cells as they are kept: not those of passwords, nor where nobody knows what they are."""
    known = {index for index, title in enumerate(layout.titles) if headers.is_known(title)}
    known -= {layout.columns.get(hidden, -1)}
    texts = enumerate(map(text_of, row.cells))
    return tuple(MASK if text and index not in known else text for index, text in texts)
