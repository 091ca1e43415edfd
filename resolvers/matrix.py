"""The compact matrix: its columns once, then the rows of its students."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from strawberry import Info, Parent

import models
from domain.configuration import schemes
from domain.lists import matrix
from domain.lists import students as domain_students
from domain.lists.student_filters import StudentFilter
from domain.lists.students import StudentOrder
from models import ClearanceStatus
from resolvers import context
from resolvers.paging import After, Before, Connection, First, Last, window
from resolvers.students import OrderBy, Where


@dataclass(frozen=True)
class Matrix:
    """The students that a filter matches, with the checkpoints of their scheme."""

    where: StudentFilter
    scheme_id: int


async def matching(info: Info, where: Where) -> Matrix:
    """NOT_FOUND before anything of it is read."""
    return Matrix(where, await context.of(info).read(schemes.id_of, where.scheme))


async def checkpoints(root: Parent[Matrix], info: Info) -> Sequence[models.Checkpoint]:
    """The columns, in order."""
    return await context.of(info).loaders.checkpoints.load(root.scheme_id) or []


async def students(
    root: Parent[Matrix],
    info: Info,
    order_by: OrderBy = StudentOrder.NUMBER_ASC,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[matrix.MatrixRow]:
    """One page; the total is counted only if it is selected."""
    read = context.of(info).read
    asked = window(first, after, last, before)
    found = await read(matrix.page, root.where, order_by, asked)
    return Connection(found, partial(read, domain_students.count, root.where))


def student(root: Parent[matrix.MatrixRow]) -> models.Student:
    """Whose row it is."""
    return root.student


def statuses(root: Parent[matrix.MatrixRow]) -> Sequence[ClearanceStatus]:
    """In the order of the checkpoints."""
    return root.statuses


def changed_at(root: Parent[matrix.MatrixRow]) -> dt.datetime | None:
    """None if there was no change."""
    return root.changed_at
