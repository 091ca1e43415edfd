"""What a field can be that is read as columns of one statement; `resolvers.readings` lists them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain import arrays
from domain.paging import Listing, Order
from domain.signed_in import SignedIn

# SQL with its parameters, and what it answers.
Query = tuple[bytes, Mapping[str, object]]
Row = tuple[Any, ...]
Rows = sa.Select[*tuple[Any, ...]]
Columns = Mapping[str, sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Computed:
    """A field that its resolver makes of nothing but these columns of its row."""

    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Related:
    """The row or rows that hang on a row, by one of its columns."""

    by: str
    rows: Callable[[SignedIn, arrays.Key], Rows]
    columns: Columns
    order: Order | None = None

    @property
    def identity(self) -> str:
        """A column that is never null."""
        return next(name for name, column in self.columns.items() if column.primary_key)


@dataclass(frozen=True)
class ColumnOf:
    """A column of what hangs on a row."""

    related: Related
    name: str


@dataclass(frozen=True)
class Itself:
    """The same row under another type."""


@dataclass(frozen=True)
class Asked:
    """The rows of a field of the root, for any operator.

    Those of one shape are read by one statement, of which `values` are parameters.
    """

    shape: Hashable
    rows: Callable[[SignedIn], Rows | Listing[Any]] = field(compare=False)
    values: Mapping[str, object] = field(default_factory=dict, compare=False)
    order: Order | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Root:
    """A field whose rows depend on nothing but arguments: its own, and those of its parents."""

    ask: Callable[..., Asked]
    columns: Columns


@dataclass(frozen=True)
class Parent:
    """A field that has no row, only arguments for the fields below it."""


Kind = Computed | Related | ColumnOf | Itself | Root | Parent
