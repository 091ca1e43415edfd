"""Students: pages, look-up, counters, and what hangs on a student."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import identifiers, ids, reveals
from domain.ids import Noun, PublicId
from domain.lists import student_keys
from domain.lists import students as domain_students
from domain.lists.student_filters import StudentFilter
from domain.lists.student_keys import StudentKey
from domain.lists.students import StudentOrder
from resolvers import context
from resolvers.paging import After, Before, Connection, First, Last, window

Where = Annotated[StudentFilter, argument(description="Which students.")]
OrderBy = Annotated[StudentOrder, argument(description="How they are sorted.")]


async def page(
    info: Info,
    where: Where,
    order_by: OrderBy = StudentOrder.NUMBER_ASC,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Student]:
    """One page; the total is counted only if it is selected."""
    read = context.of(info).read
    asked = window(first, after, last, before)
    found = await read(domain_students.page, where, order_by, asked)
    return Connection(found, partial(read, domain_students.count, where))


async def find(
    info: Info,
    scheme: Annotated[PublicId, argument(description="The scheme to look in.")],
    key: Annotated[StudentKey, argument(description="One key of the student.")],
) -> models.Student | None:
    """By any key; None if there is no such student in sight."""
    return await context.of(info).read(student_keys.find, scheme, key)


def public_id(root: Parent[models.Student]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.STUDENT, root.id)


def itself(root: Parent[models.Student]) -> models.Student:
    """The same row under another type."""
    return root


def masked_id_number(root: Parent[models.Student]) -> str | None:
    """Never the full number."""
    return root.id_number and identifiers.mask(root.id_number)


async def scheme(root: Parent[models.Student], info: Info) -> models.Scheme | None:
    """The scheme the student leaves in."""
    return await context.of(info).loaders.scheme.load(root.scheme_id)


async def department(root: Parent[models.Student], info: Info) -> models.Department | None:
    """The training unit."""
    return await context.of(info).loaders.department.load(root.department_id)


async def clearances(root: Parent[models.Student], info: Info) -> Sequence[models.Clearance]:
    """In checkpoint order."""
    return await context.of(info).loaders.clearances.load(root.id) or []


async def reveal_id_number(
    info: Info,
    student: Annotated[PublicId, argument(description="Whose.")],
    reason: Annotated[str, argument(description="Why; 1-200 characters, kept with the line.")],
) -> models.Student:
    """Leaves an access line."""
    return await context.of(info).write(reveals.reveal, student, reason)
