"""Waivers: asked for, confirmed, withdrawn, listed."""

from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import ids
from domain import waivers as domain_waivers
from domain.ids import Noun, PublicId
from domain.waivers import WaiverFilter
from models import WaiverStatus
from resolvers import context
from resolvers.paging import After, Before, Connection, First, Last, window


async def request(
    info: Info,
    student: Annotated[PublicId, argument(description="Whom.")],
    checkpoint: Annotated[PublicId, argument(description="Where.")],
    reason: Annotated[
        str, argument(description="Why; 1-200 characters, the remark once it is confirmed.")
    ],
) -> models.Waiver:
    """Nothing but the request is written."""
    return await context.of(info).write(domain_waivers.request, student, checkpoint, reason)


async def confirm(
    info: Info, waiver: Annotated[PublicId, argument(description="The waiver.")]
) -> models.Waiver:
    """By another person than who asked."""
    return await context.of(info).write(domain_waivers.confirm, waiver)


async def withdraw(
    info: Info, waiver: Annotated[PublicId, argument(description="The waiver.")]
) -> models.Waiver:
    """Requested or confirmed."""
    return await context.of(info).write(domain_waivers.withdraw, waiver)


async def page(
    info: Info,
    scheme: Annotated[PublicId, argument(description="The scheme.")],
    status: Annotated[WaiverStatus | None, argument(description="Only these.")] = None,
    checkpoint: Annotated[PublicId | None, argument(description="Only at this one.")] = None,
    student: Annotated[PublicId | None, argument(description="Only this student's.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Waiver]:
    """The newest first."""
    read = context.of(info).read
    where = WaiverFilter(scheme, status, checkpoint, student)
    found = await read(domain_waivers.page, where, window(first, after, last, before))
    return Connection(found, partial(read, domain_waivers.count, where))


def public_id(root: Parent[models.Waiver]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.WAIVER, root.id)


async def student(root: Parent[models.Waiver], info: Info) -> models.Student | None:
    """Who is let off."""
    return await context.of(info).loaders.student.load(root.student_id)


async def checkpoint(root: Parent[models.Waiver], info: Info) -> models.Checkpoint | None:
    """Where."""
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def clearance(root: Parent[models.Waiver], info: Info) -> models.Clearance | None:
    """What is waived."""
    return await context.of(info).loaders.clearance.load((root.student_id, root.checkpoint_id))


async def requested_by(root: Parent[models.Waiver], info: Info) -> models.Operator | None:
    """Who asked."""
    return await context.of(info).loaders.operator.load(root.requested_by)


async def confirmed_by(root: Parent[models.Waiver], info: Info) -> models.Operator | None:
    """The second person; None before there is one."""
    return await _operator(info, root.confirmed_by)


async def withdrawn_by(root: Parent[models.Waiver], info: Info) -> models.Operator | None:
    """Who took it back; None while nobody has."""
    return await _operator(info, root.withdrawn_by)


async def _operator(info: Info, operator_id: int | None) -> models.Operator | None:
    if operator_id is None:
        return None
    return await context.of(info).loaders.operator.load(operator_id)


async def of_clearance(root: Parent[models.Clearance], info: Info) -> models.Waiver | None:
    """The one that is not over; None without."""
    return await context.of(info).loaders.waiver_of.load((root.student_id, root.checkpoint_id))
