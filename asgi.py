"""The web application: settings -> Database -> Application -> Starlette routes; nothing else."""

import contextlib
import datetime as dt
import gc
from collections.abc import AsyncIterator
from functools import partial

import anyio
import cachetools
from starlette.applications import Starlette
from starlette.routing import Route

import settings
from domain.certifying.papers import Imprint
from models.database import Database
from models.readers import Readers
from resolvers.application import Application
from schema import api
from tasks import logs
from web import certificates, files, graphiql, health, metrics
from web.graphql import GraphQLOverHttp
from web.requests import context_for

# A university has fewer people who work at the same time.
ACQUAINTANCES = 1_024


def make(values: settings.Settings) -> Starlette:
    """The application with these settings."""
    logs.configure()
    database = Database(values.database_url, connections=values.web_connections)
    readers = Readers(values.database_url, connections=values.web_connections)
    context = partial(context_for, _application(values, database, readers), values.timezone)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await readers.close()
        database.close()

    return Starlette(
        routes=[
            Route("/graphql", GraphQLOverHttp(api, context)),
            *files.routes(context, values.upload_bytes),
            *certificates.routes(context),
            *graphiql.routes(),
            health.route(context),
            metrics.route(),
        ],
        lifespan=lifespan,
    )


def _application(values: settings.Settings, database: Database, readers: Readers) -> Application:
    return Application(
        database=database,
        readers=readers,
        acquaintances=cachetools.LRUCache(ACQUAINTANCES),
        seats=anyio.Semaphore(values.web_connections),
        threads=anyio.CapacityLimiter(values.web_connections),
        sign_ins=anyio.Semaphore(max(1, values.web_connections // 4)),
        session_lasts=dt.timedelta(hours=values.session_hours),
        files_last=dt.timedelta(days=values.file_days),
        imprint=Imprint(values.institution, values.public_url, values.timezone),
    )


def from_environment() -> Starlette:
    """What uvicorn calls: `uvicorn --factory asgi:from_environment`."""
    application = make(settings.load_or_exit())
    # All of the code is there for good: looking for circles in it would halt every request.
    gc.freeze()
    return application
