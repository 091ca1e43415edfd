"""The web application: settings -> Database -> Application -> Starlette routes; nothing else."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from functools import partial

import anyio
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import settings
from models.database import Database
from resolvers.context import Application
from schema import api
from tasks import logs
from web import files, graphiql
from web.graphql import GraphQLOverHttp
from web.requests import context_for


def make(values: settings.Settings) -> Starlette:
    """The application with these settings."""
    logs.configure()
    database = Database(values.database_url, connections=values.web_connections)
    application = Application(
        database=database,
        seats=anyio.Semaphore(values.web_connections),
        threads=anyio.CapacityLimiter(values.web_connections),
        session_lasts=dt.timedelta(hours=values.session_hours),
        files_last=dt.timedelta(days=values.file_days),
    )
    context = partial(context_for, application, values.timezone)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        database.close()

    async def health(_: Request) -> Response:
        """200 if the database answers."""
        await anyio.to_thread.run_sync(_ping, database)
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route("/graphql", GraphQLOverHttp(api, context)),
            *files.routes(context, values.upload_bytes),
            *graphiql.routes(),
            Route("/health", health),
        ],
        lifespan=lifespan,
    )


def _ping(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))


def from_environment() -> Starlette:
    """What uvicorn calls: `uvicorn --factory asgi:from_environment`."""
    return make(settings.load())
