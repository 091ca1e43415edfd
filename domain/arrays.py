"""Thousands of values as one parameter of a statement: arrays, to compare or to join with."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Kind = sa.types.TypeEngine[Any]


def array(kind: Kind, values: Iterable[object]) -> sa.ColumnElement[Any]:
    """The values as an array of this type."""
    of_kind: sa.types.TypeEngine[Any] = postgresql.ARRAY(kind)
    return sa.literal(list(values), of_kind)


def ids(values: Iterable[int]) -> sa.ColumnElement[Any]:
    """Primary keys."""
    return array(sa.BigInteger(), values)


def rows(name: str, **columns: tuple[Kind, Iterable[object]]) -> sa.TableValuedAlias:
    """Columns of equal length as a table to join with."""
    arrays = [array(kind, values) for kind, values in columns.values()]
    return sa.func.unnest(*arrays).table_valued(*columns, name=name).render_derived()
