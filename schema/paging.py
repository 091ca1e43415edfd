"""Relay connections over keyset pages."""

import datetime as dt
from collections.abc import Iterator
from typing import Generic, TypeVar

import strawberry
from strawberry.extensions import SchemaExtension

from resolvers import paging

T = TypeVar("T")


@strawberry.type(description="Whether there is more before or after a page, and where.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="There are rows after this page.")
    has_previous_page: bool = strawberry.field(description="There are rows before this page.")
    start_cursor: str | None = strawberry.field(description="The first row's cursor.")
    end_cursor: str | None = strawberry.field(description="The last row's cursor.")


@strawberry.type(description="A row of a page with its cursor.")
class Edge(Generic[T]):
    """Relay's Edge."""

    node: T = strawberry.field(description="The row.")
    cursor: str = strawberry.field(description="Give it as `after` or `before` to go on here.")


@strawberry.type(
    description="A page of a list. Exactly one of `first` and `last` (1-100) must be given."
)
class Connection(Generic[T]):
    """Relay's Connection."""

    edges: list[Edge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows alone.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")
    total_count: int = strawberry.field(
        resolver=paging.total_count,
        description="The length of the whole list; counted only when it is selected.",
    )
    as_of: dt.datetime = strawberry.field(
        resolver=paging.as_of,
        description="What was decided later than this may be missing here; for `decideMany`.",
    )


class TellMoment(SchemaExtension):
    """`asOf` must be taken before anything is read, so it is looked for in the document's text."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        context.context.tells_moment = "asOf" in (context.query or "")
        yield
