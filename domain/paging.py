"""Keyset pages: a window of 1 to 100 rows in a total order, forward or backward."""

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain import arrays, errors
from domain.errors import Code, Refusal

T = TypeVar("T")
R = TypeVar("R")
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
LARGEST = 100


@dataclass(frozen=True)
class Window:
    """Relay's four arguments; exactly one of `first` and `last` is given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """The number of rows asked for; INVALID_INPUT if it is missing, doubled or not 1-100."""
        if (self.first is None) == (self.last is None):
            raise errors.invalid(("first",), self.first, "exactly one of first and last")
        name, size = ("first", self.first) if self.last is None else ("last", self.last)
        if size is None or not 1 <= size <= LARGEST:
            raise errors.invalid((name,), size, f"1-{LARGEST}")
        return size


@dataclass(frozen=True)
class Seek:
    """What is looked for in an order: so many rows, down or up, beyond these keys."""

    columns: tuple[Column, ...]
    size: int
    is_down: bool
    bounds: list[tuple[list[Any], bool]]

    def beyond(self, columns: Sequence[Column]) -> list[sa.ColumnElement[bool]]:
        """Rows behind the keys."""
        wanted = sa.tuple_(*columns)
        bounds = ((_values(columns, key), is_up) for key, is_up in self.bounds)
        return [wanted > values if is_up else wanted < values for values, is_up in bounds]

    def reached(self, columns: Sequence[Column]) -> list[sa.ColumnElement[bool]]:
        """Rows that these columns, the first ones of the order, do not put before the keys."""
        wanted = sa.tuple_(*columns)
        bounds = ((_values(columns, key), is_up) for key, is_up in self.bounds)
        return [wanted >= values if is_up else wanted <= values for values, is_up in bounds]


class First(Protocol):
    """Rows that an index holds in an order: the first of all, each of which meets a condition."""

    def among(self, rows: sa.Select[Any], seek: Seek) -> sa.ColumnElement[bool] | None:
        """A condition that all of the first rows meet, and not many more; None if it has none."""


def one_of(column: Column, found: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """As an array they are found by key, however many the planner takes them for."""
    return column == sa.any_(sa.func.array(found.correlate(None).scalar_subquery()))


@dataclass(frozen=True)
class Order:
    """A total order: columns that together are unique, all in one direction.

    `name` tells its cursors from those of another list. An index may hold only the `leading` ones,
    if the others are of another table.
    """

    name: str
    columns: tuple[Column, ...]
    descending: bool = False
    leading: int = 0
    first: First | None = None

    def by(self, columns: Sequence[Column] | None = None) -> list[sa.UnaryExpression[Any]]:
        """How rows are sorted: by its own columns, or by these, which stand for them."""
        return _directed(columns or self.columns, is_down=self.descending)


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list of which one page is asked: a statement that selects one entity, and its length."""

    rows: sa.Select[T]
    order: Order
    window: Window
    length: sa.Select[int]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows with their keys in an order, and whether there are more."""

    rows: tuple[T, ...]
    has_next: bool
    has_previous: bool
    order: str = ""
    keys: tuple[Sequence[Any], ...] = ()

    @property
    def cursors(self) -> tuple[str, ...]:
        """Of every row."""
        return tuple(map(self.cursor, range(len(self.rows))))

    def with_rows(self, rows: Iterable[R]) -> "Page[R]":
        """The same page of other rows, one for each of these."""
        return Page(tuple(rows), self.has_next, self.has_previous, self.order, self.keys)

    def cursor(self, place: int) -> str:
        """Where one row stands."""
        return _write(self.order, self.keys[place])

    @classmethod
    def empty(cls) -> "Page[T]":
        """No rows."""
        return cls((), has_next=False, has_previous=False)


def fetch(session: Session, statement: sa.Select[T], order: Order, window: Window) -> Page[T]:
    """One page of a statement that selects one entity; a single SQL statement."""
    found = session.execute(ordered(statement, order, window)).all()
    return page_of(order, found, window)


def fetch_each(
    session: Session,
    parents: Sequence[int],
    children: Callable[[sa.ColumnElement[int]], sa.Select[T]],
    order: Order,
    window: Window,
) -> dict[int, Page[T]]:
    """The same page below each of many parents, in a single SQL statement too."""
    parent = sa.func.unnest(arrays.ids(parents)).table_valued("id", name="parent").render_derived()
    below = children(parent.c.id)
    [entity] = (each["entity"] for each in below.column_descriptions)
    page = ordered(below, order, window).lateral("page")
    keys = keys_of(page, order)
    rows = session.execute(
        sa.select(parent.c.id, orm.aliased(entity, page), *keys)
        .join(page, sa.true())
        .order_by(*directed(keys, order, window))
    )
    found: dict[int, list[list[Any]]] = {each: [] for each in parents}
    for parent_id, *row in rows:
        found[parent_id].append(row)
    return {each: page_of(order, rows, window) for each, rows in found.items()}


def ordered(statement: sa.Select[T], order: Order, window: Window) -> sa.Select[Any]:
    """The rows of a page and one more, each with its key; backward ones come in reverse."""
    seek = _seek(order, window)
    statement = statement.where(*seek.beyond(order.columns))
    if order.leading:
        statement = statement.where(*seek.reached(order.columns[: order.leading]))
    keys = directed(order.columns, order, window)
    if order.first is not None:
        among = order.first.among(statement.order_by(*keys).limit(seek.size), seek)
        statement = statement if among is None else statement.where(among)
    named = [column.label(_key(place)) for place, column in enumerate(order.columns)]
    return statement.add_columns(*named).order_by(*keys).limit(seek.size)


def _seek(order: Order, window: Window) -> Seek:
    cursors = ((window.after, True), (window.before, False))
    bounds = [
        (_read(order, cursor), forward != order.descending)
        for cursor, forward in cursors
        if cursor is not None
    ]
    return Seek(order.columns, window.size + 1, _is_down(order, window), bounds)


def keys_of(page: sa.FromClause, order: Order) -> list[sa.ColumnElement[Any]]:
    """The key of each row of an ordered statement."""
    return [page.c[_key(place)] for place in range(len(order.columns))]


def directed(
    columns: Sequence[Column], order: Order, window: Window
) -> list[sa.UnaryExpression[Any]]:
    """How the rows of a page come: backward ones in reverse."""
    return _directed(columns, is_down=_is_down(order, window))


def _directed(columns: Sequence[Column], *, is_down: bool) -> list[sa.UnaryExpression[Any]]:
    return [column.desc() if is_down else column.asc() for column in columns]


def _is_down(order: Order, window: Window) -> bool:
    return order.descending != (window.last is not None)


def _key(place: int) -> str:
    return f"key_{place}"


def page_of(order: Order, found: Sequence[Sequence[Any]], window: Window) -> Page[Any]:
    """A page of what an ordered statement found: each row with its key behind it."""
    size, backward = window.size, window.last is not None
    more = len(found) > size
    rows = found[:size][::-1] if backward else found[:size]
    return Page(
        rows=tuple(row[0] for row in rows),
        order=order.name,
        keys=tuple(row[1:] for row in rows),
        has_next=window.before is not None if backward else more,
        has_previous=more if backward else window.after is not None,
    )


def _values(columns: Sequence[Column], key: list[Any]) -> sa.Tuple:
    pairs = zip(key, columns, strict=False)
    return sa.tuple_(*(sa.literal(value, column.type) for value, column in pairs))


def _write(order: str, key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([order, *key])).decode().rstrip("=")


def _read(order: Order, cursor: str) -> list[Any]:
    """The key in a cursor; INVALID_CURSOR unless it was written for this very order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *key = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise _bad_cursor(cursor) from None
    kinds = [column.type for column in order.columns]
    if name != order.name or len(key) != len(kinds):
        raise _bad_cursor(cursor)
    values = list(map(_value, key, kinds))
    if not all(map(_fits, values, kinds)):
        raise _bad_cursor(cursor)
    return values


def _value(written: object, kind: sa.types.TypeEngine[Any]) -> object:
    """A moment was written as text, to the microsecond."""
    if not isinstance(kind, sa.DateTime) or not isinstance(written, str):
        return written
    try:
        moment = dt.datetime.fromisoformat(written)
        return moment.astimezone(dt.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _fits(value: object, kind: sa.types.TypeEngine[Any]) -> bool:
    """Whether a column of this type could hold the value."""
    if type(value) is not kind.python_type:
        return False
    if isinstance(value, int):
        bits = 63 if isinstance(kind, sa.BigInteger) else 31
        return -(1 << bits) <= value < 1 << bits
    return "\0" not in str(value)


def _bad_cursor(cursor: str) -> Refusal:
    return Refusal(Code.INVALID_CURSOR, {"value": cursor[:40]})
