"""Exports: every list as a file."""

import datetime as dt
from typing import Annotated

from strawberry import Info, argument

import models
from domain.exports import jobs as exports
from domain.exports.clearances import ClearancesRequest
from domain.exports.columns import StudentColumn
from domain.exports.counts import CountsColumn, CountsRequest, ExportedCounts
from domain.exports.deciders import DecidersColumn, DecidersRequest
from domain.exports.history import EntryColumn, HistoryRequest
from domain.exports.matrix import MatrixRequest
from domain.exports.signing import SigningRequest
from domain.exports.table import FileFormat
from domain.ids import PublicId
from domain.lists.student_filters import StudentFilter
from domain.lists.students import StudentOrder
from domain.reports.history import EntryFilter
from models import ClearanceStatus
from resolvers import clearances, context

Where = Annotated[StudentFilter, argument(description="Which students.")]
Columns = Annotated[
    list[StudentColumn] | None,
    argument(description="Which of their columns, in this order; null or none: all."),
]
Full = Annotated[bool, argument(description="Full ID numbers, by right; recorded on the job.")]
Format = Annotated[
    FileFormat, argument(name="format", description="XLSX for people, CSV for programs.")
]


async def _start(info: Info, request: object, file_format: FileFormat) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    job = await here.write(exports.start, request, file_format)
    await here.enqueue(job)
    return job


async def start_export(
    info: Info,
    where: Where,
    columns: Columns = None,
    checkpoints: Annotated[
        list[PublicId] | None,
        argument(description="Which checkpoints are columns, in this order; null: all, []: none."),
    ] = None,
    order_by: Annotated[
        StudentOrder, argument(description="How they are sorted.")
    ] = StudentOrder.NUMBER_ASC,
    full_id_numbers: Full = False,
    file_format: Format = FileFormat.XLSX,
) -> models.Job:
    """Students x checkpoints."""
    request = MatrixRequest(where, columns, checkpoints, order_by, full_id_numbers)
    return await _start(info, request, file_format)


async def start_clearances_export(
    info: Info,
    where: Where,
    checkpoint: Annotated[
        PublicId | None,
        argument(
            description="Where they stand; null: at every checkpoint of the scheme, which a column"
            " 离校环节 names in front of 办理结果. `startImport` is for a file of one checkpoint."
        ),
    ] = None,
    statuses: Annotated[
        list[ClearanceStatus] | None, argument(description="Any of these; null: all.")
    ] = None,
    columns: Columns = None,
    order_by: clearances.OrderBy = StudentOrder.NUMBER_ASC,
    full_id_numbers: Full = False,
    file_format: Format = FileFormat.XLSX,
) -> models.Job:
    """One checkpoint, or every."""
    request = ClearancesRequest(where, checkpoint, statuses, columns, order_by, full_id_numbers)
    return await _start(info, request, file_format)


async def start_counts_export(
    info: Info,
    where: Where,
    by: Annotated[ExportedCounts, argument(description="What a line is about.")],
    checkpoint: Annotated[
        PublicId | None, argument(description="Only this checkpoint; null: all.")
    ] = None,
    first: Annotated[
        dt.date | None,
        argument(name="from", description="The first day, with DAY and, if wanted, OPERATOR."),
    ] = None,
    last: Annotated[
        dt.date | None,
        argument(name="until", description="The last day, at most 400 with DAY."),
    ] = None,
    columns: Annotated[
        list[CountsColumn] | None,
        argument(
            description="Which columns, in this order; null or none: all that `by` has."
            " INVALID_INPUT for one that it does not have."
        ),
    ] = None,
    file_format: Format = FileFormat.XLSX,
) -> models.Job:
    """The numbers."""
    request = CountsRequest(where, by, checkpoint, first, last, columns)
    return await _start(info, request, file_format)


async def start_history_export(
    info: Info,
    where: Annotated[EntryFilter, argument(description="Which entries.")],
    columns: Annotated[
        list[EntryColumn] | None,
        argument(description="Which of their columns, in this order; null or none: all."),
    ] = None,
    file_format: Format = FileFormat.XLSX,
) -> models.Job:
    """Every entry."""
    return await _start(info, HistoryRequest(where, columns), file_format)


async def start_deciders_export(
    info: Info,
    scheme: Annotated[PublicId, argument(description="In which scheme.")],
    columns: Annotated[
        list[DecidersColumn] | None,
        argument(description="Which columns, in this order; null or none: all."),
    ] = None,
    file_format: Format = FileFormat.XLSX,
) -> models.Job:
    """For administrators of the scheme."""
    return await _start(info, DecidersRequest(scheme, columns), file_format)


async def start_signing_sheet_export(info: Info, where: Where) -> models.Job:
    """For who hands out."""
    return await _start(info, SigningRequest(where), FileFormat.XLSX)
