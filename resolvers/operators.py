"""Sign-in and sign-out, and who is signed in."""

from collections.abc import Sequence
from typing import Annotated

from sqlalchemy.orm import Session
from strawberry import Info, Parent, argument

import models
from domain import sessions
from domain.errors import Refusal
from domain.operators import SignedIn
from domain.sessions import NewSession
from resolvers import context


async def viewer(info: Info) -> SignedIn | None:
    """None without a live session."""
    return await context.of(info).viewer()


async def sign_in(
    info: Info,
    login: Annotated[str, argument(description="Letter case does not matter.")],
    password: Annotated[str, argument(description="The password.")],
) -> NewSession:
    """The failed attempt is committed before the refusal is raised: it counts."""
    here = context.of(info)
    lasts = here.application.session_lasts
    # A crowd of them must not take every seat; who waits here holds none.
    await here.close()
    async with here.application.sign_ins:
        answer = await here.write_as_anyone(
            lambda session: sessions.sign_in(session, login, password, lasts)
        )
    if isinstance(answer, Refusal):
        raise answer
    here.token = answer.token
    return answer


async def sign_out(info: Info) -> SignedIn:
    """Answers who was signed in."""
    here = context.of(info)
    token = here.token or ""
    return await here.write(lambda session, operator: _sign_out(session, operator, token))


def _sign_out(session: Session, operator: SignedIn, token: str) -> SignedIn:
    sessions.sign_out(session, token)
    return operator


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
