"""One statement for all that a selection reads: rows, and what hangs on each by LATERAL joins.

The columns of a result stand in this order: those of the rows themselves, those of each branch, the
length of the whole list if it is asked for, and the key of the order. A branch of many rows answers
an array for each of its columns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg

from domain import arrays, paging
from domain.paging import Listing, Order
from domain.signed_in import SignedIn
from domain.staffing import acquaintance

# SQL with what stands for $1, $2 ..., and what it answers.
Query = tuple[str, Sequence[object]]
Row = Sequence[Any]
Rows = sa.Select[*tuple[Any, ...]]
Columns = Mapping[str, sa.ColumnElement[Any]]
_DIALECT: sa.Dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types there


@dataclass(frozen=True)
class Told:
    """SQL with $1, $2 ..., the names that these stand for, and the values known of them."""

    text: str
    names: Sequence[str]
    values: Mapping[str, object]


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


class Source:
    """What is read of rows of one kind; a selection adds to it until the statement is made."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.branches: list[Branch] = []
        self.is_counted = False
        self._places: dict[str, int] = {}

    def place(self, name: str) -> int:
        """Where a column of the rows stands; it is read once, however often it is selected."""
        return self._places.setdefault(name, len(self._places))

    def branch(self, related: Related, *, of_many: bool) -> "Branch":
        """What hangs on each row; it is joined once too."""
        for each in self.branches:
            if each.related is related:
                return each
        self.branches.append(Branch(self, related, of_many=of_many))
        return self.branches[-1]

    @cached_property
    def width(self) -> int:
        """The number of columns with those of the branches."""
        return len(self._places) + sum(each.source.width for each in self.branches)

    @property
    def any_place(self) -> int:
        """Where some column stands, whichever."""
        return self.place(next(iter(self._places or self.columns)))

    @property
    def has_lists(self) -> bool:
        """Whether many rows hang on one of these."""
        return any(each.of_many or each.source.has_lists for each in self.branches)

    def start_of(self, branch: "Branch") -> int:
        """Where the columns of a branch begin."""
        before = self.branches[: self.branches.index(branch)]
        return len(self._places) + sum(each.source.width for each in before)

    def own(self, rows: Rows) -> Rows:
        """The rows with nothing but the columns that are read."""
        selected = rows.selected_columns
        named = (selected[name].label(f"c{place}") for name, place in self._places.items())
        return rows.with_only_columns(*named, maintain_column_froms=True)

    def joined(self, rows: sa.FromClause, operator: SignedIn, *more: sa.ColumnElement[Any]) -> Rows:
        """The rows with what hangs on them, and more columns behind."""
        columns = [rows.c[f"c{place}"] for place in self._places.values()]
        tables = rows
        for branch in self.branches:
            below = branch.statement(rows, operator).lateral()
            columns += below.c
            tables = tables.outerjoin(below, sa.true())
        return sa.select(*columns, *more).select_from(tables)


class Branch:
    """What hangs on each row of another source."""

    def __init__(self, parent: Source, related: Related, *, of_many: bool) -> None:
        self.related = related
        self.source = Source(related.columns)
        self.of_many = of_many
        self._parent = parent
        self._by = parent.place(related.by)

    @cached_property
    def span(self) -> slice:
        """Its columns among those of the rows that it hangs on, once all are known."""
        start = self._parent.start_of(self)
        return slice(start, start + self.source.width)

    def statement(self, parent: sa.FromClause, operator: SignedIn) -> Rows:
        """One row: of the one that hangs there, or of arrays of the many."""
        below = self.related.rows(operator, parent.c[f"c{self._by}"]).correlate(parent)
        rows = _sorted(self.source, below, self.related.order, operator)
        if not self.of_many:
            return rows
        found = rows.lateral()
        return sa.select(*(sa.func.array_agg(each) for each in list(found.c)[: self.source.width]))


def page(source: Source, listing: Listing[Any], operator: SignedIn) -> Rows:
    """One page of a list, and one row more."""
    order, window = listing.order, listing.window
    allowed = listing.rows.where(acquaintance.still_holds())
    rows = paging.ordered(source.own(allowed), order, window).subquery()
    keys = paging.keys_of(rows, order)
    length = [listing.length.scalar_subquery()] if source.is_counted else []
    found = source.joined(rows, operator, *length, *keys)
    return found.order_by(*paging.directed(keys, order, window))


def rows(source: Source, rows: Rows, order: Order | None, operator: SignedIn) -> Rows:
    """All rows of a list that has no pages, or the one that is looked up."""
    return _sorted(source, rows.where(acquaintance.still_holds()), order, operator)


def _sorted(source: Source, rows: Rows, order: Order | None, operator: SignedIn) -> Rows:
    if order is None:
        return source.joined(source.own(rows).lateral(), operator)
    named = [column.label(f"key_{place}") for place, column in enumerate(order.columns)]
    found = source.own(rows).add_columns(*named).lateral()
    return source.joined(found, operator).order_by(*order.by([found.c[key.name] for key in named]))


def told(statement: Rows) -> Told:
    """As the driver of the readers takes it."""
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return Told(str(made), tuple(made.positiontup or ()), made.params)
