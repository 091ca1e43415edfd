"""What a field can be that is read as columns of one statement; `resolvers.readings` lists them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.paging import Listing, Order
from domain.signed_in import SignedIn
from domain.sources import Columns, Related, Rows


@dataclass(frozen=True)
class Computed:
    """A field that its resolver makes of nothing but these columns of its row."""

    columns: tuple[str, ...]


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
