"""Conditions on what a student is called: numbers and names."""

from collections.abc import Sequence

import sqlalchemy as sa

from domain import arrays, identifiers
from models import Student


def numbered(
    numbers: Sequence[str] | None,
    candidate_numbers: Sequence[str] | None,
    id_numbers: Sequence[str] | None,
) -> list[sa.ColumnElement[bool]]:
    """One of the numbers of each kind that is given."""
    keys = (
        (Student.number, numbers),
        (Student.candidate_number, candidate_numbers),
        (Student.id_number, id_numbers),
    )
    return [
        arrays.any_of(column, [identifiers.clean(value) for value in values])
        for column, values in keys
        if values is not None
    ]


def named(prefix: str | None, part: str | None) -> list[sa.ColumnElement[bool]]:
    """How the name begins, and what is in it; an empty text says nothing."""
    conditions: list[sa.ColumnElement[bool]] = []
    if prefix:
        # A range of the index: LIKE with a parameter cannot use it.
        begin = prefix.strip()
        conditions += [Student.name >= begin, Student.name < begin + chr(0x10FFFF)]
    if part:
        conditions.append(sa.func.strpos(Student.name, part.strip()) > 0)
    return conditions
