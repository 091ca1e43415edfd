"""Decisions: one, or many in one request; clearances and their entries."""

from typing import Annotated

from sqlalchemy.orm import Session
from strawberry import Info, Parent, argument

import models
from domain import batches, ids
from domain.batches import BatchRequest
from domain.configuration import checkpoints
from domain.deciding import decisions
from domain.deciding.judgement import Decision
from domain.ids import Noun, PublicId
from domain.lists import clearances
from domain.signed_in import SignedIn
from models import Act, Channel
from resolvers import context


async def decide(
    info: Info,
    student: Annotated[PublicId, argument(description="Whom.")],
    checkpoint: Annotated[PublicId, argument(description="Where.")],
    act: Annotated[Act, argument(description="What.")],
    expected_version: Annotated[
        int, argument(description="`version` of the clearance that was looked at.")
    ],
    remark: Annotated[
        str | None,
        argument(
            description="备注, at most 500 characters; empty keeps the old one while the status"
            " stays."
        ),
    ] = None,
) -> models.Clearance:
    """Decide one student at one checkpoint and answer the clearance as it is now."""
    return await context.of(info).write(
        _decide, checkpoint, student, act, expected_version, (remark or "").strip()
    )


def _decide(
    session: Session,
    operator: SignedIn,
    checkpoint: PublicId,
    student: PublicId,
    act: Act,
    expected_version: int,
    remark: str,
) -> models.Clearance:
    checkpoint_id = checkpoints.get(session, operator, checkpoint).id
    student_id = ids.decode(student, Noun.STUDENT)
    decision = Decision(student_id, act, remark, expected_version)
    origin = decisions.Origin(operator, Channel.SINGLE)
    decisions.apply_one(session, checkpoint_id, decision, origin)
    key = (student_id, checkpoint_id)
    return clearances.by_keys(session, operator, [key])[key]


async def decide_many(
    info: Info,
    request: Annotated[BatchRequest, argument(name="input", description="Whom and what.")],
) -> models.Job:
    """Decide many students and answer the finished job."""
    return await context.of(info).write(batches.decide, request)


def clearance_id(root: Parent[models.Clearance]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.CLEARANCE, root.student_id, root.checkpoint_id)


async def student(root: Parent[models.Clearance], info: Info) -> models.Student | None:
    """Whose clearance it is."""
    return await context.of(info).loaders.student.load(root.student_id)


async def checkpoint(root: Parent[models.Clearance], info: Info) -> models.Checkpoint | None:
    """Where it is."""
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def last_entry(root: Parent[models.Clearance], info: Info) -> models.Entry | None:
    """The change that led to its present version."""
    key = (root.student_id, root.checkpoint_id, root.version)
    return await context.of(info).loaders.entry.load(key)
