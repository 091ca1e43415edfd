"""Jobs: start, watch, cancel; their rows and files."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session
from strawberry import Info, Parent, argument

import models
from domain import errors, ids, job_lists, operators, reopening
from domain import jobs as domain_jobs
from domain.errors import Code
from domain.exports import jobs as exports
from domain.exports.jobs import ExportSubject
from domain.ids import Noun, PublicId
from domain.importing import imports, repairs
from domain.importing.imports import ImportRequest
from domain.importing.repairs import CellEdit, Repaired, RepairRequest, Replacement
from domain.job_lists import JobFilter
from domain.job_rows import RowsOf
from domain.paging import Page
from models import IfNewer, JobKind, JobStatus, MatchBy, Outcome
from resolvers import context
from resolvers.loaders import Loaders
from resolvers.paging import After, Before, Connection, First, Last, window
from tasks import batches as batch_task
from tasks import exports as export_task
from tasks import imports as import_task
from tasks import rosters as roster_task

T = TypeVar("T")
# What goes on after its job has ended.
TASKS: Mapping[JobKind, context.Task] = {
    JobKind.IMPORT: import_task.run,
    JobKind.ROSTER: roster_task.run,
    JobKind.BATCH: batch_task.run,
    JobKind.EXPORT: export_task.run,
}


async def start_import(
    info: Info,
    file: Annotated[PublicId, argument(description="The id that POST /files answered.")],
    checkpoint: Annotated[
        PublicId | None, argument(description="Where the rows decide; or give `checkpoints`.")
    ] = None,
    checkpoints: Annotated[
        list[PublicId] | None,
        argument(
            description="Where the rows decide, of one scheme; each has a result column of its own,"
            " headed by its title. They are decided in checkpoint order, whatever the order here."
        ),
    ] = None,
    match_by: Annotated[
        MatchBy, argument(description="By which number rows name students.")
    ] = MatchBy.AUTO,
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
    if_newer: Annotated[
        IfNewer, argument(description="What was decided after the upload: keep or override it.")
    ] = IfNewer.KEEP,
    sheet: Annotated[
        str | None,
        argument(description="The sheet to read; without it the only one with a known header."),
    ] = None,
    again: Annotated[
        bool,
        argument(
            description="Import though you imported the same bytes there with the same options;"
            " else the answer is that job, unless it failed, was cancelled or undone."
        ),
    ] = False,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    if (checkpoint is None) == (checkpoints is None):
        raise errors.invalid(
            ("checkpoint",), checkpoint, "exactly one of checkpoint and checkpoints"
        )
    where = [checkpoint] if checkpoint else checkpoints or []
    request = ImportRequest(file, where, match_by, dry_run, if_newer, sheet, again)
    job = await here.write(imports.start, request, here.reader.language)
    await here.enqueue(import_task.run, job.id)
    return job


async def cancel(
    info: Info, job: Annotated[PublicId, argument(description="The job.")]
) -> models.Job:
    """What was done stays."""
    return await context.of(info).write(domain_jobs.cancel, job)


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
    reopen: Callable[[Session, operators.SignedIn, T], models.Job],
    asked: T,
) -> models.Job:
    here = context.of(info)
    job = await here.write(reopen, asked)
    await here.enqueue(TASKS[job.kind], job.id)
    return job


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


def row_id(root: Parent[models.JobRow]) -> PublicId:
    """The opaque id."""
    parts = (root.part,) if root.part else ()
    return ids.encode(Noun.JOB_ROW, root.job_id, root.row_number, *parts)


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


async def row_checkpoint(root: Parent[models.JobRow], info: Info) -> models.Checkpoint | None:
    """Where the row decides."""
    loaders = context.of(info).loaders
    job = await loaders.job.load(root.job_id)
    if job and job.checkpoint_id is None:
        several = await loaders.job_checkpoints.load(root.job_id) or []
        return await loaders.checkpoint.load(several[root.part]) if several else None
    return await checkpoint(job, info) if job else None


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
    """Why the job failed as a whole; a fault of a job that goes on is for the log."""
    return root.problem if root.status is JobStatus.FAILED else None


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
