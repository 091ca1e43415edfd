"""From a domain page to a Relay connection."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import Info, Parent

from domain.paging import Page, Window
from resolvers import context

T = TypeVar("T")
First = Annotated[
    int | None, strawberry.argument(description="This many rows from the front, 1-100.")
]
After = Annotated[str | None, strawberry.argument(description="Only rows after this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="This many rows from the back, 1-100.")
]
Before = Annotated[str | None, strawberry.argument(description="Only rows before this cursor.")]


@dataclass(frozen=True)
class Edge(Generic[T]):
    """A row with its cursor."""

    node: T
    cursor: str


@dataclass(frozen=True)
class PageInfo:
    """Relay's page info."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Connection(Generic[T]):
    """A page, and how to count the whole list should somebody ask."""

    page: Page[T]
    count: Callable[[], Awaitable[int]]

    @property
    def edges(self) -> list[Edge[T]]:
        """The rows with their cursors."""
        return [Edge(*each) for each in zip(self.page.rows, self.page.cursors, strict=True)]

    @property
    def nodes(self) -> tuple[T, ...]:
        """The rows alone."""
        return self.page.rows

    @property
    def page_info(self) -> PageInfo:
        """Whether there is more, and where."""
        return page_info(self.page)


def page_info(page: Page[T]) -> PageInfo:
    """What is around a page; its ends are None where there is none."""
    last = len(page.rows) - 1
    ends = (page.cursor(0), page.cursor(last)) if page.rows else (None, None)
    return PageInfo(page.has_next, page.has_previous, *ends)


async def total_count(root: Parent[Connection[T]]) -> int:
    """Counted only when it is selected."""
    return await root.count()


async def as_of(info: Info) -> dt.datetime:
    """Taken before the snapshot of the operation was opened."""
    return await context.of(info).moment()


def window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The four arguments as one value."""
    return Window(first, after, last, before)
