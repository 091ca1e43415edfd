"""Counters: per checkpoint, by group of students, by day, by operator."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from strawberry import Info, argument

from domain.days import Span
from domain.ids import PublicId
from domain.reports import counts as domain_counts
from domain.reports import day_counts, statistics
from domain.reports.counts import CheckpointCounts
from domain.reports.day_counts import CheckpointDays
from domain.reports.statistics import CountBy, GroupCounts, OperatorCounts
from resolvers import context
from resolvers.students import Where

AtCheckpoint = Annotated[
    PublicId | None,
    argument(
        description="Only this one; null: every checkpoint of the scheme. NOT_FOUND for one"
        " of another scheme."
    ),
]


async def counts(info: Info, where: Where) -> Sequence[CheckpointCounts]:
    """The counters of every checkpoint under a filter."""
    return await context.of(info).read(domain_counts.by_checkpoint, where)


async def counts_by(
    info: Info,
    where: Where,
    by: Annotated[CountBy, argument(description="What the students of a group share.")],
    checkpoint: AtCheckpoint = None,
) -> Sequence[GroupCounts]:
    """By label."""
    return await context.of(info).read(statistics.by_group, where, by, checkpoint)


async def counts_by_day(
    info: Info,
    where: Where,
    first: Annotated[dt.date, argument(name="from", description="The first day.")],
    last: Annotated[
        dt.date, argument(name="until", description="The last day, included; at most 400 days.")
    ],
    checkpoint: AtCheckpoint = None,
) -> Sequence[CheckpointDays]:
    """In checkpoint order."""
    here = context.of(info)
    span = Span(here.reader.timezone, first, last)
    return await here.read(day_counts.by_day, where, span, checkpoint)


async def counts_by_operator(
    info: Info,
    where: Where,
    checkpoint: AtCheckpoint = None,
    first: Annotated[
        dt.date | None, argument(name="from", description="Only changes of this day or later.")
    ] = None,
    last: Annotated[
        dt.date | None, argument(name="until", description="Only changes of this day or earlier.")
    ] = None,
) -> Sequence[OperatorCounts]:
    """By name."""
    here = context.of(info)
    span = Span(here.reader.timezone, first, last)
    return await here.read(statistics.by_operator, where, span, checkpoint)
