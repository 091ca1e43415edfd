"""Jobs that stop, go on, are repaired or taken back."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from sqlalchemy.orm import Session
from strawberry import Info, argument

import models
from domain import jobs, reopening, undos
from domain.ids import PublicId
from domain.importing import repairs
from domain.importing.repairs import CellEdit, RepairRequest, Replacement
from domain.signed_in import SignedIn
from resolvers import context

T = TypeVar("T")


async def cancel(
    info: Info, job: Annotated[PublicId, argument(description="The job.")]
) -> models.Job:
    """What was done stays."""
    return await context.of(info).write(jobs.cancel, job)


async def resume(
    info: Info, job: Annotated[PublicId, argument(description="The job.")]
) -> models.Job:
    """The rest of the rows."""
    return await _reopened(info, reopening.resume, job)


async def retry(
    info: Info, job: Annotated[PublicId, argument(description="The job.")]
) -> models.Job:
    """The failed rows."""
    return await _reopened(info, reopening.retry, job)


async def repair(
    info: Info,
    job: Annotated[PublicId, argument(description="An import that has ended.")],
    cells: Annotated[
        list[CellEdit] | None,
        argument(description="Cells of failed rows, at most 1,000; or give `replace`."),
    ] = None,
    replace: Annotated[
        Replacement | None, argument(description="The same wrong text in all failed rows.")
    ] = None,
) -> models.Job:
    """The rows whose cells change."""
    return await _reopened(info, repairs.repair, RepairRequest(job, cells, replace))


async def _reopened(
    info: Info,
    reopen: Callable[[Session, SignedIn, T], models.Job],
    asked: T,
) -> models.Job:
    here = context.of(info)
    job = await here.write(reopen, asked)
    await here.enqueue(job)
    return job


async def undo(
    info: Info,
    job: Annotated[PublicId, argument(description="A batch, an import or an undo that has ended.")],
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    made = await here.write(undos.start, job, here.reader.language, dry_run=dry_run)
    await here.enqueue(made)
    return made
