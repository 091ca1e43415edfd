"""Hiring: operators created, changed, disabled; grants given and taken; who may decide what."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session
from strawberry import Info, argument

import models
from domain.errors import Refusal
from domain.ids import PublicId
from domain.signed_in import SignedIn
from domain.staffing import accounts, deciders
from domain.staffing import grants as domain_grants
from domain.staffing import hiring as domain_hiring
from domain.staffing.accounts import NewOperator, OperatorFilter
from domain.staffing.deciders import Deciders
from domain.staffing.grants import NewGrant
from domain.staffing.hiring import OperatorImportRequest
from models import Role
from resolvers import context
from resolvers.imports import Sheet
from resolvers.paging import After, Before, Connection, First, Last, window

P = ParamSpec("P")
T = TypeVar("T")
Who = Annotated[PublicId, argument(name="operator", description="Whom.")]


async def slowly(
    info: Info,
    function: Callable[Concatenate[Session, SignedIn, P], T | Refusal],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Write what hashes a password: a crowd of these must not take every seat."""
    here = context.of(info)
    await here.close()
    async with here.application.sign_ins:
        return await here.write(function, *args, **kwargs)


async def create(
    info: Info,
    new: Annotated[NewOperator, argument(name="input", description="Whom to hire.")],
) -> models.Operator:
    """With a password and grants."""
    return await slowly(info, accounts.hire, new)


async def rename(
    info: Info,
    operator: Who,
    name: Annotated[str, argument(description="The name to show, 1-100 characters.")],
) -> models.Operator:
    """The login stays."""
    return await context.of(info).write(accounts.rename, operator, name)


async def disable(info: Info, operator: Who) -> models.Operator:
    """At once."""
    return await context.of(info).write(accounts.disable, operator)


async def enable(info: Info, operator: Who) -> models.Operator:
    """With the grants as they are."""
    return await context.of(info).write(accounts.enable, operator)


async def reset_password(
    info: Info,
    operator: Who,
    password: Annotated[str, argument(description="The new one, 8-200 characters.")],
) -> models.Operator:
    """Ends every session."""
    return await slowly(info, accounts.reset_password, operator, password)


async def end_sessions(info: Info, operator: Who) -> models.Operator:
    """All of them."""
    return await context.of(info).write(accounts.end_sessions, operator)


async def add_grant(
    info: Info,
    operator: Who,
    new: Annotated[NewGrant, argument(name="input", description="What to grant.")],
) -> models.Grant:
    """To anybody whose id one knows."""
    return await context.of(info).write(domain_grants.add, operator, new)


async def remove_grant(
    info: Info, grant: Annotated[PublicId, argument(description="Which.")]
) -> models.Operator:
    """Answers whose it was."""
    return await context.of(info).write(domain_grants.remove, grant)


async def start_import(
    info: Info,
    file: Annotated[
        PublicId, argument(description="The id that POST /files answered; your own file.")
    ],
    scheme: Annotated[PublicId, argument(description="In which scheme its rows grant.")],
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
    sheet: Sheet = None,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    request = OperatorImportRequest(file, scheme, dry_run, sheet)
    job = await here.write(domain_hiring.start, request, here.reader.language)
    await here.enqueue(job)
    return job


async def page(
    info: Info,
    search: Annotated[
        str | None,
        argument(
            description="Part of the login or of the name. The exact login finds anybody, so that"
            " they can be granted something."
        ),
    ] = None,
    scheme: Annotated[
        PublicId | None, argument(description="Only who has a grant that reaches this scheme.")
    ] = None,
    role: Annotated[
        Role | None, argument(description="Only who has such a grant; in `scheme`, if given.")
    ] = None,
    is_disabled: Annotated[
        bool | None, argument(description="Only these; null: disabled and enabled ones.")
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Operator]:
    """By login."""
    read = context.of(info).read
    where = OperatorFilter(search, scheme, role, is_disabled)
    found = await read(accounts.page, where, window(first, after, last, before))
    return Connection(found, partial(read, accounts.count, where))


async def who_decides(
    info: Info, scheme: Annotated[PublicId, argument(description="The scheme.")]
) -> Sequence[Deciders]:
    """In checkpoint order."""
    return await context.of(info).read(deciders.report, scheme)
