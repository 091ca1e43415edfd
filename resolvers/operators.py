"""Sign-in and sign-out, one's own password, who is signed in; and what hangs on an operator."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from sqlalchemy.orm import Session
from strawberry import Info, Parent, argument

import models
from domain import ids
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from domain.staffing import sessions
from domain.staffing.sessions import NewSession
from domain.studying.me import Me
from resolvers import context, hiring, me


async def viewer(info: Info) -> SignedIn | None:
    """None without a live session."""
    return await context.of(info).viewer()


async def sign_in(
    info: Info,
    login: Annotated[str, argument(description="Letter case does not matter.")],
    password: Annotated[str, argument(description="The password.")],
) -> NewSession:
    """The token is that of the rest of the operation."""
    here = context.of(info)
    lasting = here.application.session_lasts
    work = partial(sessions.sign_in, login=login, password=password, lasting=lasting)
    answer = await here.sign_in(work)
    here.token = answer.token
    return answer


async def sign_out(info: Info) -> SignedIn | Me:
    """Answers who was signed in."""
    here = context.of(info)
    if await here.student():
        return await me.sign_out(info)
    token = here.token or ""
    return await here.write(lambda session, operator: _sign_out(session, operator, token))


def _sign_out(session: Session, operator: SignedIn, token: str) -> SignedIn:
    sessions.sign_out(session, token)
    return operator


async def change_password(
    info: Info,
    old_password: Annotated[str, argument(description="The present one.")],
    new_password: Annotated[str, argument(description="The new one, 8-200 characters.")],
) -> SignedIn | Me:
    """A wrong guess is committed before the refusal is raised: it counts."""
    here = context.of(info)
    if await here.student():
        return await me.change_password(info, old_password, new_password)
    token = here.token or ""
    return await hiring.slowly(info, sessions.change_password, token, old_password, new_password)


def operator_id(root: Parent[models.Operator]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.OPERATOR, root.id)


def grant_id(root: Parent[models.Grant]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.GRANT, root.id)


async def is_disabled(root: Parent[models.Operator], info: Info) -> bool | None:
    """None for whom one does not administer."""
    seen = await context.of(info).loaders.operator_seen.load(root.id)
    return seen.is_disabled if seen else None


async def last_sign_in_at(root: Parent[models.Operator], info: Info) -> dt.datetime | None:
    """None for whom one does not administer."""
    seen = await context.of(info).loaders.operator_seen.load(root.id)
    return seen.last_sign_in_at if seen else None


async def grants_in_sight(
    root: Parent[models.Operator], info: Info
) -> Sequence[models.Grant] | None:
    """As far as one administers; one's own."""
    return await context.of(info).loaders.grants.load(root.id)


async def grant_operator(root: Parent[models.Grant], info: Info) -> models.Operator | None:
    """Whose it is."""
    return await context.of(info).loaders.operator.load(root.operator_id)


def grants(root: Parent[SignedIn]) -> Sequence[models.Grant]:
    """All of them."""
    return root.grants


async def grant_scheme(root: Parent[models.Grant], info: Info) -> models.Scheme | None:
    """None means every scheme."""
    if root.scheme_id is None:
        return None
    return await context.of(info).loaders.scheme.load(root.scheme_id)


async def grant_checkpoint(root: Parent[models.Grant], info: Info) -> models.Checkpoint | None:
    """None means every checkpoint."""
    if root.checkpoint_id is None:
        return None
    return await context.of(info).loaders.checkpoint.load(root.checkpoint_id)


async def grant_department(root: Parent[models.Grant], info: Info) -> models.Department | None:
    """None means every department."""
    if root.department_id is None:
        return None
    return await context.of(info).loaders.department.load(root.department_id)
