"""Accounts of students, as administrators see to them: first passwords, sessions."""

from typing import Annotated

from strawberry import Info, argument

import models
from domain.ids import PublicId
from domain.studying import passwords
from domain.studying import student_accounts as domain_student_accounts
from domain.studying.passwords import PasswordsRequest
from resolvers import context
from resolvers.hiring import slowly
from resolvers.imports import Sheet

Who = Annotated[PublicId, argument(name="student", description="Whom.")]


async def start_import(
    info: Info,
    file: Annotated[
        PublicId, argument(description="The id that POST /files answered; your own file.")
    ],
    scheme: Annotated[PublicId, argument(description="Whose students its rows name.")],
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
    reset: Annotated[
        bool,
        argument(description="Give those a new password too who have chosen their own."),
    ] = False,
    sheet: Sheet = None,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    request = PasswordsRequest(file, scheme, dry_run, sheet, reset)
    job = await here.write(passwords.start, request, here.reader.language)
    await here.enqueue(job)
    return job


async def reset_password(
    info: Info,
    student: Who,
    password: Annotated[str, argument(description="The new one, 8-200 characters.")],
) -> models.Student:
    """Ends every session."""
    return await slowly(info, domain_student_accounts.reset_password, student, password)


async def end_sessions(info: Info, student: Who) -> models.Student:
    """All of them."""
    return await context.of(info).write(domain_student_accounts.end_sessions, student)
