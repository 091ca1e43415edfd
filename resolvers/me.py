"""A student's own view: sign-in, who they are, what is in the way, a password of their own."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from sqlalchemy.orm import Session
from strawberry import Info, Parent, argument

from domain import visitors
from domain.errors import Refusal
from domain.staffing import sessions
from domain.studying import graduation, student_accounts
from domain.studying import in_the_way as domain_in_the_way
from domain.studying import me as domain_me
from domain.studying.graduation import OwnCertificate, OwnHandOut
from domain.studying.me import Me
from domain.studying.student_accounts import NewStudentSession, SignedInStudent
from resolvers import context


async def me(info: Info) -> Me | None:
    """None without a student's session."""
    return await visitors.or_none(context.of(info).read_as_student(domain_me.find))


async def sign_in(
    info: Info,
    number: Annotated[
        str, argument(description="学号; spaces, full width and letter case do not matter.")
    ],
    password: Annotated[str, argument(description="The password.")],
) -> NewStudentSession:
    """The token is that of the rest of the operation."""
    here = context.of(info)
    lasting = here.application.session_lasts
    work = partial(student_accounts.sign_in, number=number, password=password, lasting=lasting)
    answer = await here.sign_in(work)
    here.token = answer.token
    return answer


async def sign_out(info: Info) -> Me:
    """Answers what was seen until now."""
    here = context.of(info)
    return await here.write_as_student(_sign_out, here.token or "")


def _sign_out(session: Session, student: SignedInStudent, token: str) -> Me:
    seen = domain_me.find(session, student)
    sessions.sign_out(session, token)
    return seen


async def change_password(info: Info, old: str, new: str) -> Me:
    """A wrong guess is committed before the refusal is raised: it counts."""
    here = context.of(info)
    await here.close()
    async with here.application.sign_ins:
        return await here.write_as_student(_change_password, here.token or "", old, new)


def _change_password(
    session: Session, student: SignedInStudent, token: str, old: str, new: str
) -> Me | Refusal:
    changed = student_accounts.change_password(session, student, token, old, new)
    return changed if isinstance(changed, Refusal) else domain_me.find(session, changed)


async def hand_outs(root: Parent[Me], info: Info) -> Sequence[OwnHandOut]:
    """The newest first."""
    return await context.of(info).read_as_student(graduation.hand_outs, root)


async def certificate(root: Parent[Me], info: Info) -> OwnCertificate | None:
    """The newest; None if there never was one."""
    return await context.of(info).read_as_student(graduation.certificate, root)


async def issue_certificate(info: Info) -> OwnCertificate:
    """The valid one, or a new one."""
    return await context.of(info).write_as_student(graduation.issue)


def issued_at(root: Parent[OwnCertificate]) -> dt.datetime:
    """Since when it holds."""
    return root.row.issued_at


def withdrawn_at(root: Parent[OwnCertificate]) -> dt.datetime | None:
    """None while it holds."""
    return root.row.withdrawn_at


def verify_url(root: Parent[OwnCertificate], info: Info) -> str:
    """Where anybody sees whether it is valid."""
    return context.of(info).application.imprint.verify_url(root.row)


def in_the_way(root: Parent[Me], info: Info) -> str:
    """In the reader's language."""
    return domain_in_the_way.sentence(root, context.of(info).reader)


def number(root: Parent[Me]) -> str:
    """As they sign in."""
    return root.account.number


def is_initial_password(root: Parent[Me]) -> bool:
    """Until one is chosen."""
    return root.account.is_initial
