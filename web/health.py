"""Whether the service can answer: GET /health is 200 while the database answers."""

from collections.abc import Callable

import anyio
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from resolvers.application import Application
from resolvers.context import Context
from web.requests import endpoint


def route(context_for: Callable[[Request], Context]) -> Route:
    """GET /health."""
    return Route("/health", endpoint(context_for, _health), methods=["GET"])


async def _health(context: Context, _request: Request) -> Response:
    application = context.application
    # A connection without a seat could be one that somebody with a seat counts on.
    async with application.seats:
        await anyio.to_thread.run_sync(_ping, application, limiter=application.threads)
    return PlainTextResponse("ok")


def _ping(application: Application) -> None:
    with application.database.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
