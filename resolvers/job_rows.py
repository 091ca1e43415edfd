"""The rows of jobs: whom they name, where they decide, what is wrong, what was repaired."""

from typing import Any, NamedTuple

from strawberry import Info, Parent

import models
from domain import ids
from domain.errors import Code
from domain.ids import Noun, PublicId
from domain.importing import repairs
from domain.importing.repairs import Repaired
from resolvers import context


def row_id(root: Parent[models.JobRow]) -> PublicId:
    """The opaque id."""
    parts = (root.part,) if root.part else ()
    return ids.encode(Noun.JOB_ROW, root.job_id, root.row_number, *parts)


def cells(root: Parent[models.JobRow], info: Info) -> list[str]:
    """What stood in the file; what an answer holds of it is bounded."""
    context.of(info).count_characters(sum(map(len, root.cells)))
    return root.cells


def problems(root: Parent[models.JobRow]) -> list[dict[str, Any]]:
    """Every problem of the row."""
    return root.problems


async def row_student(root: Parent[models.JobRow], info: Info) -> models.Student | None:
    """The student the row names; None if there is none in sight."""
    if root.student_id is None:
        return None
    return await context.of(info).loaders.student.load(root.student_id)


async def row_checkpoint(root: Parent[models.JobRow], info: Info) -> models.Checkpoint | None:
    """Where the row decides."""
    loaders = context.of(info).loaders
    job = await loaders.job.load(root.job_id)
    if job and job.checkpoint_id is None:
        several = await loaders.job_checkpoints.load(root.job_id) or []
        return await loaders.checkpoint.load(several[root.part]) if several else None
    return await loaders.checkpoint.load(job.checkpoint_id) if job and job.checkpoint_id else None


async def repaired(root: Parent[models.JobRow], info: Info) -> models.Repair | None:
    """The last repair of the row."""
    return await context.of(info).loaders.repair.load(root.repair_id) if root.repair_id else None


async def repairer(root: Parent[models.Repair], info: Info) -> models.Operator | None:
    """Who repaired it."""
    return await context.of(info).loaders.operator.load(root.operator_id)


def repaired_cells(root: Parent[models.JobRow], info: Info) -> list[Repaired]:
    """What repairs changed in the row, in their order."""
    found = repairs.cells(root)
    context.of(info).count_characters(sum(len(each.old) + len(each.new) for each in found))
    return found


def problem_code(root: Parent[dict[str, Any]]) -> Code:
    """The stable code."""
    return Code(root["code"])


def problem_column(root: Parent[dict[str, Any]]) -> str | None:
    """The letter of the column."""
    return root.get("column")


def problem_value(root: Parent[dict[str, Any]]) -> str:
    """The original text."""
    return str(root.get("value", ""))


def problem_message(root: Parent[dict[str, Any]], info: Info) -> str:
    """In the reader's language."""
    return context.of(info).reader.message(Code(root["code"]), root["facts"])


class NamedFact(NamedTuple):
    """One fact of a stored problem."""

    name: str
    value: str


def problem_facts(root: Parent[dict[str, Any]]) -> list[NamedFact]:
    """What the message is made of."""
    return [NamedFact(name, str(value)) for name, value in root["facts"].items()]
