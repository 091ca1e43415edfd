"""The file that is imported: a row for each student, with the faults that such files have."""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks.house import House
from domain.workbook import write
from models import Student

HEADER = ["学号", "姓名", "办理结果", "备注"]
PASSED, REFUSED, REMARK = "通过", "未通过", "尚未还清图书"
WRONG_EVERY = 100


class Row(NamedTuple):
    """One row as a person typed it."""

    number: str
    name: str
    result: str
    remark: str


def rows(house: House, count: int) -> list[Row]:
    """By number, which is the order of every list and template of the house."""
    statement = sa.select(Student.number, Student.name).order_by(Student.number).limit(count)
    with house.database.write() as session:
        found = session.execute(statement).all()
    return [_row(place, number or "", name) for place, (number, name) in enumerate(found)]


def shuffled(rows: Sequence[Row]) -> list[Row]:
    """In no order, so that every batch is spread over the whole of every table."""
    return random.Random(1).sample(rows, len(rows))  # noqa: S311 -- the same order every time


def wrong(rows: int) -> int:
    """How many of so many rows cannot be decided."""
    return -(-rows // WRONG_EVERY)


def workbook(rows: Sequence[Row]) -> bytes:
    """As an office sends it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "导入.xlsx")
        write.write_table(path, "导入", HEADER, rows)
        return path.read_bytes()


def _row(place: int, number: str, name: str) -> Row:
    """One in ten is refused, with a remark; one in a hundred names nobody or the wrong person."""
    is_wrong = place % WRONG_EVERY == 0
    is_unknown = is_wrong and place % (2 * WRONG_EVERY) == 0
    is_refused = place % 10 == 5
    return Row(
        f"9{number[1:]}" if is_unknown else number,
        f"{name}甲" if is_wrong and not is_unknown else name,
        REFUSED if is_refused else PASSED,
        REMARK if is_refused else "",
    )
