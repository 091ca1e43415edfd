"""Jobs: start, watch, cancel; their rows and files."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, TypeVar

from strawberry import Info, Parent, argument

import models
from domain import ids, job_lists
from domain.errors import Code
from domain.exports import jobs as exports
from domain.exports.jobs import ExportSubject
from domain.ids import Noun, PublicId
from domain.job_lists import JobFilter
from domain.job_rows import RowsOf
from domain.paging import Page
from models import JobKind, JobStatus, Outcome
from resolvers import context
from resolvers.loaders import Loaders
from resolvers.paging import After, Before, Connection, First, Last, window

T = TypeVar("T")


async def one(
    info: Info, public_id: Annotated[PublicId, argument(name="id", description="The job's id.")]
) -> models.Job | None:
    """None if it is not in sight."""
    here = context.of(info)
    await here.signed_in()
    return await here.loaders.job.load(ids.decode(public_id, Noun.JOB))


async def page(
    info: Info,
    kind: Annotated[JobKind | None, argument(description="Only jobs of this kind.")] = None,
    kinds: Annotated[
        list[JobKind] | None, argument(description="Only jobs of any of these kinds.")
    ] = None,
    statuses: Annotated[
        list[JobStatus] | None, argument(description="Only jobs in any of these statuses.")
    ] = None,
    scheme: Annotated[PublicId | None, argument(description="Only jobs in this scheme.")] = None,
    operator: Annotated[
        PublicId | None,
        argument(description="Only jobs of this operator; others than yours need the right."),
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Job]:
    """The newest first."""
    read = context.of(info).read
    where = JobFilter(_kinds(kind, kinds), statuses, scheme, operator)
    found = await read(job_lists.page, where, window(first, after, last, before))
    return Connection(found, partial(read, job_lists.count, where))


def _kinds(kind: JobKind | None, kinds: list[JobKind] | None) -> list[JobKind] | None:
    """Both must hold."""
    if kind is None:
        return kinds
    return [kind] if kinds is None or kind in kinds else []


async def rows(
    root: Parent[models.Job],
    info: Info,
    outcome: Annotated[Outcome | None, argument(description="Only this outcome.")] = None,
    code: Annotated[Code | None, argument(description="Only this first code.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.JobRow]:
    """In the order of the file; one statement for all jobs of a page."""
    loaders = context.of(info).loaders
    wanted = RowsOf(root.id, outcome, code, window(first, after, last, before))
    found = await loaders.job_rows.load(wanted)
    return Connection(found or Page.empty(), partial(_count_rows, loaders, wanted))


async def _count_rows(loaders: Loaders, wanted: RowsOf) -> int:
    return await loaders.job_row_count.load(wanted) or 0


def job_id(root: Parent[models.Job]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.JOB, root.id)


def file_id(root: Parent[models.File]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.FILE, root.id)


def file_url(root: Parent[models.File]) -> str:
    """Where it is downloaded, with the same token."""
    return f"/files/{ids.encode(Noun.FILE, root.id)}"


def file_sha256(root: Parent[models.File]) -> str:
    """In hexadecimal."""
    return root.sha256.hex()


async def operator(root: Parent[models.Job], info: Info) -> models.Operator | None:
    """Who started it."""
    return await context.of(info).loaders.operator.load(root.operator_id)


async def released_by(root: Parent[models.Job], info: Info) -> models.Operator | None:
    """Who let it go or dropped it."""
    if root.released_by is None:
        return None
    return await context.of(info).loaders.operator.load(root.released_by)


async def scheme(root: Parent[models.Job], info: Info) -> models.Scheme | None:
    """In which scheme."""
    return await context.of(info).loaders.scheme.load(root.scheme_id)


async def checkpoint(root: Parent[models.Job], info: Info) -> models.Checkpoint | None:
    """At which checkpoint."""
    if root.checkpoint_id is None:
        return None
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def checkpoints(root: Parent[models.Job], info: Info) -> Sequence[models.Checkpoint]:
    """At which checkpoints, in their order."""
    loaders = context.of(info).loaders
    several = await loaders.job_checkpoints.load(root.id) or []
    found = await loaders.checkpoint.load_many(
        [root.checkpoint_id] if root.checkpoint_id else several
    )
    return [each for each in found if each]


async def upload(root: Parent[models.Job], info: Info) -> models.File | None:
    """The file it was started with."""
    if root.upload_id is None:
        return None
    return await context.of(info).loaders.file.load(root.upload_id)


async def files(root: Parent[models.Job], info: Info) -> Sequence[models.File]:
    """What it made."""
    return await context.of(info).loaders.job_files.load(root.id) or []


def processed(root: Parent[models.Job]) -> int:
    """Rows with an outcome."""
    return root.applied + root.unchanged + root.failed + root.unprocessed


def sheet(root: Parent[models.Job]) -> str | None:
    """The name of the sheet of an import."""
    return (root.header or {}).get("sheet")


def unknown_columns(root: Parent[models.Job]) -> list[str]:
    """Headers that the import did not use."""
    return list((root.header or {}).get("unknown", []))


def exported(root: Parent[models.Job]) -> ExportSubject | None:
    """What an export is about."""
    return exports.exported(root)


def full_id_numbers(root: Parent[models.Job]) -> bool | None:
    """Whether an export was asked for with full ID numbers."""
    return exports.has_full_id_numbers(root)


def problem(root: Parent[models.Job]) -> dict[str, Any] | None:
    """Why the job failed as a whole or is held; a fault of a job that goes on is for the log."""
    return root.problem if root.status in {JobStatus.FAILED, JobStatus.HELD} else None


async def undoes(root: Parent[models.Job], info: Info) -> models.Job | None:
    """What an undo takes back."""
    return await context.of(info).loaders.job.load(root.undoes_id) if root.undoes_id else None


async def undone_by(root: Parent[models.Job], info: Info) -> models.Job | None:
    """What takes it back."""
    return await context.of(info).loaders.undo.load(root.id)


async def queue_place(root: Parent[models.Job], info: Info) -> int | None:
    """How long the line is."""
    return await context.of(info).loaders.queue_place.load(root.id)
