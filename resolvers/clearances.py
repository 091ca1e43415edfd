"""Clearances as a list: what stands behind a number of the statistics."""

from functools import partial
from typing import Annotated

from strawberry import Info, argument

import models
from domain.ids import PublicId
from domain.lists import clearances
from domain.lists.clearances import ClearanceFilter
from domain.lists.students import StudentOrder
from models import ClearanceStatus
from resolvers import context
from resolvers.paging import After, Before, Connection, First, Last, window
from resolvers.students import Where

OrderBy = Annotated[
    StudentOrder,
    argument(
        description="How the students are sorted, each one's clearances in checkpoint order."
        " CHANGED: by the last change of the clearance itself."
    ),
]


async def page(
    info: Info,
    where: Where,
    checkpoint: Annotated[
        PublicId | None,
        argument(description="Only there; NOT_FOUND for a checkpoint of another scheme."),
    ] = None,
    statuses: Annotated[
        list[ClearanceStatus] | None, argument(description="Only in any of these.")
    ] = None,
    order_by: OrderBy = StudentOrder.NUMBER_ASC,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Clearance]:
    """One page; the total is counted only if it is selected."""
    read = context.of(info).read
    which = ClearanceFilter(where, checkpoint, statuses)
    found = await read(clearances.page, which, order_by, window(first, after, last, before))
    return Connection(found, partial(read, clearances.count, which))
