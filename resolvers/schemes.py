"""Schemes, departments and checkpoints in sight."""

from collections.abc import Sequence
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import ids
from domain.configuration import schemes as domain_schemes
from domain.deciding import applicability as domain_applicability
from domain.deciding.applicability import Applicability, Conditions
from domain.ids import Noun, PublicId
from models import SchemeStatus
from resolvers import context


async def seen(
    info: Info,
    statuses: Annotated[
        list[SchemeStatus] | None,
        argument(description="Only these; null: all but ARCHIVED."),
    ] = None,
) -> Sequence[models.Scheme]:
    """The newest first."""
    wanted = domain_schemes.SHOWN if statuses is None else frozenset(statuses)
    return await context.of(info).read(domain_schemes.seen, wanted)


async def one(
    info: Info, public_id: Annotated[PublicId, argument(name="id", description="The scheme's id.")]
) -> models.Scheme | None:
    """None if it is not in sight."""
    here = context.of(info)
    await here.signed_in()
    return await here.loaders.scheme.load(ids.decode(public_id, Noun.SCHEME))


def scheme_id(root: Parent[models.Scheme]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.SCHEME, root.id)


def department_id(root: Parent[models.Department]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.DEPARTMENT, root.id)


def checkpoint_id(root: Parent[models.Checkpoint]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.CHECKPOINT, root.id)


async def checkpoints(root: Parent[models.Scheme], info: Info) -> Sequence[models.Checkpoint]:
    """In order."""
    return await context.of(info).loaders.checkpoints.load(root.id) or []


async def departments(root: Parent[models.Scheme], info: Info) -> Sequence[models.Department]:
    """Those with students in sight."""
    return await context.of(info).loaders.departments.load(root.id) or []


async def prerequisites(root: Parent[models.Checkpoint], info: Info) -> Sequence[models.Checkpoint]:
    """What must be passed before."""
    return await context.of(info).loaders.prerequisites.load(root.id) or []


def applicability(root: Parent[models.Checkpoint]) -> Applicability | None:
    """None for a checkpoint that applies to everybody."""
    return domain_applicability.read(root.applicability) if root.applicability else None


async def departments_of_rule(
    root: Parent[Conditions], info: Info
) -> Sequence[models.Department] | None:
    """Those in sight."""
    if root.departments is None:
        return None
    named = domain_applicability.department_ids(root)
    found = await context.of(info).loaders.department.load_many(named)
    return [department for department in found if department]


def template_url(root: Parent[models.Checkpoint]) -> str:
    """Where the pre-filled template is downloaded."""
    return f"/templates/{ids.encode(Noun.CHECKPOINT, root.id)}.xlsx"
