"""Hand-outs: given, revoked, listed; and what students and cohorts are to receive."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import identifiers, ids
from domain.batches import BatchMode
from domain.handing import batches, entitlements, files, lists, receipts
from domain.handing import hand_outs as domain_hand_outs
from domain.handing.batches import HandOutRow
from domain.handing.entitlements import Entitlement, OfCohort
from domain.handing.files import HandOutsRequest
from domain.handing.lists import HandOutFilter
from domain.handing.receipts import Receipt
from domain.handing.requests import HandOutInput
from domain.ids import Noun, PublicId
from models import Cohort, HandOutKind
from resolvers import context
from resolvers.imports import Sheet
from resolvers.paging import After, Before, Connection, First, Last, window

InScheme = Annotated[PublicId, argument(description="The scheme.")]


async def hand_out(
    info: Info,
    student: Annotated[PublicId, argument(description="To whom.")],
    given: Annotated[HandOutInput, argument(name="input", description="What, and who takes it.")],
) -> Receipt:
    """All of it, or nothing."""
    return await context.of(info).write(receipts.hand_out, student, given)


async def hand_out_many(
    info: Info,
    scheme: InScheme,
    rows: Annotated[list[HandOutRow], argument(description="At most 5,000, in this order.")],
    mode: Annotated[
        BatchMode, argument(description="What happens if some cannot be handed out to.")
    ] = BatchMode.VALID_ONLY,
) -> models.Job:
    """The finished job."""
    return await context.of(info).write(batches.hand_out, scheme, rows, mode)


async def revoke(
    info: Info,
    hand_out: Annotated[PublicId, argument(description="The hand-out.")],
    reason: Annotated[str, argument(description="Why; 1-200 characters.")],
) -> models.HandOut:
    """It stays as history."""
    return await context.of(info).write(domain_hand_outs.revoke, hand_out, reason)


async def set_cohort_entitlement(
    info: Info,
    scheme: InScheme,
    cohort: Annotated[Cohort, argument(description="Whose students.")],
    kinds: Annotated[
        list[HandOutKind] | None, argument(description="What they receive; null: what is usual.")
    ] = None,
) -> models.Scheme:
    """What was handed out stays."""
    return await context.of(info).write(entitlements.set_cohort, scheme, cohort, kinds)


async def set_student_entitlement(
    info: Info,
    student: Annotated[PublicId, argument(description="Who.")],
    reason: Annotated[str, argument(description="Why; 1-200 characters.")],
    kinds: Annotated[
        list[HandOutKind] | None,
        argument(description="What they receive; null: what their cohort does."),
    ] = None,
) -> models.Student:
    """What was handed out stays."""
    return await context.of(info).write(entitlements.set_student, student, kinds, reason)


async def start_import(
    info: Info,
    file: Annotated[PublicId, argument(description="The id that POST /files answered.")],
    scheme: InScheme,
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
    sheet: Sheet = None,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    request = HandOutsRequest(file, scheme, dry_run, sheet)
    job = await here.write(files.start, request, here.reader)
    await here.enqueue(job)
    return job


async def page(
    info: Info,
    where: Annotated[HandOutFilter, argument(description="Which hand-outs.")],
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.HandOut]:
    """The newest first."""
    read = context.of(info).read
    found = await read(lists.page, where, window(first, after, last, before))
    return Connection(found, partial(read, lists.count, where))


async def of_student(root: Parent[models.Student], info: Info) -> Sequence[models.HandOut]:
    """The newest first, revoked ones too."""
    return await context.of(info).loaders.hand_outs.load(root.id) or []


async def entitlement(root: Parent[models.Student], info: Info) -> Entitlement | None:
    """Of every student there is one."""
    return await context.of(info).loaders.entitlement.load(root.id)


async def of_cohorts(root: Parent[models.Scheme], info: Info) -> Sequence[OfCohort]:
    """One for each cohort."""
    return await context.of(info).loaders.cohort_entitlements.load(root.id) or []


async def entitlement_operator(root: Parent[Entitlement], info: Info) -> models.Operator | None:
    """Who set it; None for what the cohort receives."""
    if root.operator_id is None:
        return None
    return await context.of(info).loaders.operator.load(root.operator_id)


async def receipt_student(root: Parent[Receipt], info: Info) -> models.Student | None:
    """To whom it was handed out."""
    return await context.of(info).loaders.student.load(root.student_id)


def public_id(root: Parent[models.HandOut]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.HAND_OUT, root.id)


async def student(root: Parent[models.HandOut], info: Info) -> models.Student | None:
    """Who received it."""
    return await context.of(info).loaders.student.load(root.student_id)


def proxy_id_number(root: Parent[models.HandOut]) -> str | None:
    """Masked."""
    return identifiers.mask(root.proxy_id_number) if root.proxy_id_number else None


async def operator(root: Parent[models.HandOut], info: Info) -> models.Operator | None:
    """Who gave it."""
    return await context.of(info).loaders.operator.load(root.operator_id)


async def revoked_by(root: Parent[models.HandOut], info: Info) -> models.Operator | None:
    """Who took it back; None while nobody has."""
    if root.revoked_by is None:
        return None
    return await context.of(info).loaders.operator.load(root.revoked_by)


async def job(root: Parent[models.HandOut], info: Info) -> models.Job | None:
    """The job it came with; None for a single one, or one that is not in sight."""
    return await context.of(info).loaders.job.load(root.job_id) if root.job_id else None
