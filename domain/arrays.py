"""Thousands of values as one parameter of a statement.

Written as PostgreSQL's array text: psycopg's own arrays are put together value by value in Python
and cost a batch of an import more than its judgement.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Value = int | str | None


def array(
    kind: sa.types.TypeEngine[int] | sa.types.TypeEngine[str], values: Iterable[Value]
) -> sa.ColumnElement[Any]:
    """The values as an array of this type."""
    text = ",".join(map(_element, values))
    of_kind: sa.types.TypeEngine[Any] = postgresql.ARRAY(kind)
    return sa.cast(sa.literal(f"{{{text}}}", sa.Text), of_kind)


def ids(values: Iterable[int]) -> sa.ColumnElement[Any]:
    """Primary keys."""
    return array(sa.BigInteger(), values)


def rows(
    name: str,
    **columns: tuple[sa.types.TypeEngine[int] | sa.types.TypeEngine[str], Iterable[Value]],
) -> sa.TableValuedAlias:
    """Columns of equal length as a table to join with."""
    arrays = [array(kind, values) for kind, values in columns.values()]
    return sa.func.unnest(*arrays).table_valued(*columns, name=name).render_derived()


def _element(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
