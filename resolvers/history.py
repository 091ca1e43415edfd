"""The history: entries of a scheme, of a student, of a clearance; where a student stood once."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import moments
from domain.paging import Page
from domain.reports import history as domain_history
from domain.reports.history import EntriesOf, EntryFilter
from domain.reports.past_clearances import PastClearance
from resolvers import context
from resolvers.loaders import Loaders
from resolvers.paging import After, Before, Connection, First, Last, window

Moment = Annotated[
    dt.datetime,
    argument(description="What was changed at it counts; without an offset it is in UTC."),
]


async def page(
    info: Info,
    where: Annotated[EntryFilter, argument(description="Which entries.")],
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Entry]:
    """The newest first."""
    read = context.of(info).read
    found = await read(domain_history.page, where, window(first, after, last, before))
    return Connection(found, partial(read, domain_history.count, where))


async def of_student(
    root: Parent[models.Student],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Entry]:
    """The newest first; one statement for all students of a page."""
    wanted = EntriesOf(root.id, None, window(first, after, last, before))
    return await _entries(context.of(info).loaders, wanted)


async def of_clearance(
    root: Parent[models.Clearance],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Entry]:
    """The newest first; one statement for all clearances of a page."""
    wanted = EntriesOf(root.student_id, root.checkpoint_id, window(first, after, last, before))
    return await _entries(context.of(info).loaders, wanted)


async def _entries(loaders: Loaders, wanted: EntriesOf) -> Connection[models.Entry]:
    found = await loaders.entries.load(wanted)
    return Connection(found or Page.empty(), partial(_count, loaders, wanted))


async def _count(loaders: Loaders, wanted: EntriesOf) -> int:
    return await loaders.entry_count.load(wanted) or 0


async def student(root: Parent[models.Entry], info: Info) -> models.Student | None:
    """Whose clearance was changed."""
    return await context.of(info).loaders.student.load(root.student_id)


async def checkpoint(root: Parent[models.Entry], info: Info) -> models.Checkpoint | None:
    """Where it was."""
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def clearance(root: Parent[models.Entry], info: Info) -> models.Clearance | None:
    """As it is now."""
    return await context.of(info).loaders.clearance.load((root.student_id, root.checkpoint_id))


async def operator(root: Parent[models.Entry], info: Info) -> models.Operator | None:
    """Who made the change."""
    return await context.of(info).loaders.operator.load(root.operator_id)


async def job(root: Parent[models.Entry], info: Info) -> models.Job | None:
    """The job it came with; None for one that is not in sight."""
    if root.job_id is None:
        return None
    return await context.of(info).loaders.job.load(root.job_id)


async def past_clearances(
    root: Parent[models.Student], info: Info, moment: Moment
) -> Sequence[PastClearance]:
    """In checkpoint order."""
    wanted = (root.id, moments.in_utc(moment))
    return await context.of(info).loaders.past_clearances.load(wanted) or []


async def past_checkpoint(root: Parent[PastClearance], info: Info) -> models.Checkpoint | None:
    """Where it was."""
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def past_operator(root: Parent[PastClearance], info: Info) -> models.Operator | None:
    """Who had made the last change until then."""
    if root.operator_id is None:
        return None
    return await context.of(info).loaders.operator.load(root.operator_id)
