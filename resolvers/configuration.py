"""Setting up schemes, checkpoints, their rules, and departments."""

import datetime as dt
from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain.configuration import checkpoint_changes, prerequisites, rules, scheme_changes
from domain.configuration import departments as domain_departments
from domain.configuration.checkpoint_changes import CheckpointEdit, CheckpointInput
from domain.configuration.rules import Turn
from domain.deciding.applicability import Applicability
from domain.ids import PublicId
from models import SchemeStatus
from resolvers import context
from resolvers.paging import After, Before, Connection, First, Last, window

OfScheme = Annotated[PublicId, argument(description="The scheme.")]
AtCheckpoint = Annotated[PublicId, argument(description="The checkpoint.")]
SchemeName = Annotated[str, argument(description="1-100 characters, unique.")]
DepartmentName = Annotated[str, argument(description="1-100 characters, unique.")]
Rule = Annotated[
    Applicability | None,
    argument(description="To whom it applies; null or absent: to everybody."),
]


async def create_scheme(info: Info, name: SchemeName) -> models.Scheme:
    """A draft."""
    return await context.of(info).write(scheme_changes.create, name)


async def clone_scheme(
    info: Info,
    scheme: Annotated[PublicId, argument(description="The scheme to clone.")],
    name: Annotated[str, argument(description="That of the clone: 1-100 characters, unique.")],
) -> models.Scheme:
    """A draft like another."""
    return await context.of(info).write(scheme_changes.clone, scheme, name)


async def rename_scheme(info: Info, scheme: OfScheme, name: SchemeName) -> models.Scheme:
    """Its name alone."""
    return await context.of(info).write(scheme_changes.rename, scheme, name)


async def open_scheme(info: Info, scheme: OfScheme) -> models.Scheme:
    """To be decided in."""
    return await context.of(info).write(scheme_changes.turn, scheme, SchemeStatus.OPEN)


async def close_scheme(info: Info, scheme: OfScheme) -> models.Scheme:
    """Read-only."""
    return await context.of(info).write(scheme_changes.turn, scheme, SchemeStatus.CLOSED)


async def archive_scheme(info: Info, scheme: OfScheme) -> models.Scheme:
    """Put away."""
    return await context.of(info).write(scheme_changes.turn, scheme, SchemeStatus.ARCHIVED)


async def create_checkpoint(
    info: Info,
    scheme: OfScheme,
    new: Annotated[CheckpointInput, argument(name="input", description="What it is.")],
) -> models.Checkpoint:
    """With a clearance for everybody."""
    return await context.of(info).write(checkpoint_changes.create, scheme, new)


async def update_checkpoint(
    info: Info,
    checkpoint: AtCheckpoint,
    edit: Annotated[CheckpointEdit, argument(name="input", description="Its new texts.")],
) -> models.Checkpoint:
    """Texts alone."""
    return await context.of(info).write(checkpoint_changes.update, checkpoint, edit)


async def set_checkpoint_window(
    info: Info,
    checkpoint: AtCheckpoint,
    opens_at: Annotated[
        dt.datetime | None,
        argument(description="From when on somebody can be passed; null or absent: no bound."),
    ] = None,
    closes_at: Annotated[
        dt.datetime | None,
        argument(description="From when on nobody can be passed; null or absent: no bound."),
    ] = None,
) -> models.Checkpoint:
    """Both bounds at once."""
    write = context.of(info).write
    return await write(checkpoint_changes.set_window, checkpoint, opens_at, closes_at)


async def set_prerequisites(
    info: Info,
    checkpoint: AtCheckpoint,
    required: Annotated[
        list[PublicId],
        argument(name="prerequisites", description="All of them; none: it waits for nothing."),
    ],
) -> models.Checkpoint:
    """The whole list at once."""
    return await context.of(info).write(prerequisites.replace, checkpoint, required)


async def order_checkpoints(
    info: Info,
    scheme: OfScheme,
    checkpoints: Annotated[
        list[PublicId],
        argument(description="Every checkpoint of the scheme, each once, in the new order."),
    ],
) -> models.Scheme:
    """The whole list at once."""
    return await context.of(info).write(checkpoint_changes.order, scheme, checkpoints)


async def delete_checkpoint(info: Info, checkpoint: AtCheckpoint) -> models.Scheme:
    """The scheme without it."""
    return await context.of(info).write(checkpoint_changes.delete, checkpoint)


async def set_applicability(
    info: Info, checkpoint: AtCheckpoint, applicability: Rule = None
) -> rules.Change:
    """With how many clearances turned."""
    rule = applicability or Applicability()
    return await context.of(info).write(rules.change, checkpoint, rule)


async def preview(
    info: Info, checkpoint: AtCheckpoint, applicability: Rule = None
) -> rules.Preview:
    """Nothing is changed."""
    rule = applicability or Applicability()
    return await context.of(info).read(rules.preview, checkpoint, rule)


async def turning(
    root: Parent[rules.Preview],
    info: Info,
    turn: Annotated[Turn | None, argument(description="Only those that turn this way.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Student]:
    """By number."""
    read = context.of(info).read
    found = await read(rules.page, root, turn, window(first, after, last, before))
    return Connection(found, partial(read, rules.count, root, turn))


async def unmatched_values(root: Parent[rules.Preview], info: Info) -> list[str]:
    """In the order of the rule."""
    return await context.of(info).read(rules.unmatched_values, root)


def to_not_required(root: Parent[rules.Change | rules.Preview]) -> int:
    """From PENDING."""
    return root.turned.to_not_required


def to_pending(root: Parent[rules.Change | rules.Preview]) -> int:
    """From NOT_REQUIRED by rule."""
    return root.turned.to_pending


async def departments(
    info: Info,
    name_prefix: Annotated[str, argument(description="Only names that begin with this.")] = "",
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Department]:
    """By name."""
    read = context.of(info).read
    asked = window(first, after, last, before)
    found = await read(domain_departments.page, name_prefix, asked)
    return Connection(found, partial(read, domain_departments.count, name_prefix))


async def create_department(info: Info, name: DepartmentName) -> models.Department:
    """Without students."""
    return await context.of(info).write(domain_departments.create, name)


async def delete_department(
    info: Info, department: Annotated[PublicId, argument(description="The department.")]
) -> models.Department:
    """As it was."""
    return await context.of(info).write(domain_departments.delete, department)


async def rename_department(
    info: Info,
    department: Annotated[PublicId, argument(description="The department.")],
    name: DepartmentName,
) -> models.Department:
    """Its name alone."""
    return await context.of(info).write(domain_departments.rename, department, name)
