"""Thousands of values as one parameter of a statement: arrays, to compare or to join with."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
Kind = sa.types.TypeEngine[Any]
# What the key of a row is compared with: a value, a column of another row, or any of an array.
Key = int | sa.ColumnElement[Any] | sa.CollectionAggregate[Any]


def array(kind: Kind, values: Iterable[object]) -> sa.ColumnElement[Any]:
    """The values as an array of this type."""
    return sa.literal(list(values), _array_of(kind))


def ids(values: Iterable[int]) -> sa.ColumnElement[Any]:
    """Primary keys."""
    return array(sa.BigInteger(), values)


def find_by_index(session: Session) -> None:
    """Let the rows of an array of thousands be found by index until the transaction ends.

    Planned by their very values, whole tables are read, or the rows of a checkpoint that is newer
    than the statistics are taken for none and joined in a loop: minutes instead of a second.
    """
    session.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))


def any_of(column: Column, values: Iterable[object]) -> sa.ColumnElement[bool]:
    """`= ANY(array)`: one parameter however long the list; a single value is compared as itself, so
    that an index which begins with it serves the order behind it."""
    kind = sa.Text() if isinstance(column.type, sa.Enum) else column.type
    listed = list(values)
    if len(listed) == 1:
        return column == sa.literal(listed[0], kind)
    return column == sa.any_(array(kind, listed))


def element(values: Iterable[int], place: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The primary key at a place, counted from 1."""
    element: sa.ColumnElement[int] = sa.select(ids(values)).scalar_subquery()[place]
    return element


class Table:
    """Columns of equal length as a table of a statement that is built once: its values come when
    it runs. A statement that holds its values is a circle of objects: they stay until it is found.
    """

    def __init__(self, name: str, /, **kinds: Kind) -> None:
        self._name = name
        arrays = {
            column: sa.bindparam(self._parameter(column), type_=_array_of(kind))
            for column, kind in kinds.items()
        }
        self.c = _side_by_side(name, arrays).c

    def holding(self, **columns: Iterable[object]) -> dict[str, object]:
        """The parameters for these values of every column."""
        return {self._parameter(column): list(values) for column, values in columns.items()}

    def _parameter(self, column: str) -> str:
        return f"{self._name}_{column}"


def _array_of(kind: Kind) -> Kind:
    return postgresql.ARRAY(kind)


def rows(name: str, /, **columns: tuple[Kind, Iterable[object]]) -> sa.TableValuedAlias:
    """Columns of equal length as a table to join with."""
    arrays = {column: array(kind, values) for column, (kind, values) in columns.items()}
    return _side_by_side(name, arrays)


def _side_by_side(name: str, arrays: Mapping[str, sa.ColumnElement[Any]]) -> sa.TableValuedAlias:
    return sa.func.unnest(*arrays.values()).table_valued(*arrays, name=name).render_derived()
