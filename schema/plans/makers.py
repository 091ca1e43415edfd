"""How answers are made, column by column: a field is all of its values on a page at once.

Objects are their fields put side by side; nothing is done for each field of each row.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from itertools import chain, compress, islice, repeat
from typing import Any

from domain.sources import Branch

Values = Sequence[Sequence[Any]]
# All values of a field on the rows whose columns these are.
Maker = Callable[[Values], Sequence[Any]]


class Unplanned(Exception):  # noqa: N818 -- an expected turn, not a fault
    """Why an operation is left to graphql-core."""


def column(place: int) -> Maker:
    """The values as they are stored."""
    return lambda values: values[place]


def constant(value: str, place: int) -> Maker:
    """The same on every row; the place is of any column."""
    return lambda values: list(repeat(value, len(values[place])))


def computed(resolver: Callable[..., Any], columns: dict[str, int]) -> Maker:
    """What a resolver makes of a row that has these columns and no other."""
    row: Any = namedtuple("Row", tuple(columns))  # type: ignore[misc]  # known at run time only
    places = tuple(columns.values())

    def make(values: Values) -> Sequence[Any]:
        rows = map(row._make, zip(*(values[place] for place in places), strict=True))
        return list(map(resolver, rows))

    return make


def within(branch: Branch, make: Maker) -> Maker:
    """A field of what hangs on each row; where its columns stand is known once all are."""
    return lambda values: make(values[branch.span])


def required(make: Maker, name: str) -> Maker:
    """A null where none may be is an error that graphql-core has to tell."""

    def checked(values: Values) -> Sequence[Any]:
        made = make(values)
        if None in made:
            raise Unplanned(f"null in {name}")
        return made

    return checked


def objects(fields: dict[str, Maker], place: int) -> Maker:
    """One object for each row; the place is of any column."""
    names, makers = tuple(fields), tuple(fields.values())
    if not fields:
        # Every field was skipped.
        return lambda values: [{} for _ in values[place]]

    def make(values: Values) -> Sequence[Any]:
        columns = [each(values) for each in makers]
        return [dict(zip(names, row)) for row in zip(*columns, strict=True)]  # noqa: B905 -- as many

    return make


def present(make: Maker, place: int) -> Maker:
    """The object that hangs on each row, and None where the column at `place` shows that there is
    none."""

    def made(values: Values) -> Sequence[Any]:
        if None not in values[place]:
            return make(values)
        there = [each is not None for each in values[place]]
        found = iter(make([list(compress(each, there)) for each in values]))
        return [next(found) if each else None for each in there]

    return made


def lists(make: Maker) -> Maker:
    """The objects that hang on each row: those of the whole page are made at once, then parted."""

    def made(values: Values) -> Sequence[Any]:
        arrays = [[each or () for each in column] for column in values]
        found = iter(make([list(chain.from_iterable(each)) for each in arrays]))
        return [list(islice(found, len(each))) for each in arrays[0]]

    return made
