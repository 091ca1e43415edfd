"""The real house for every test: PostgreSQL and Redis from wheels, a web server, a worker."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
import uvicorn

import asgi
import settings
from cli import migrations
from local import parts
from models.database import Database
from tasks.app import app
from tests import emptying
from tests.client import Client
from tests.world import World

ROOT = Path(__file__).parents[1]
# Where whole services are started: up to half a minute a test.
LONG = (ROOT / "tests" / "local", ROOT / "tests" / "journeys")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, each kind in random order: the last ones end together on all cores."""
    items.sort(key=lambda item: item.path.parent not in LONG)


@pytest.fixture(scope="session")
def environment() -> Iterator[dict[str, str]]:
    """The LIXIAO_* variables of a fresh installation; it is gone when the tests are done."""
    home = Path(tempfile.mkdtemp(prefix="lixiao-tests-"))
    with parts.database_and_redis(home, durable=False) as servers:
        yield servers.environment()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def values(environment: dict[str, str]) -> settings.Settings:
    """The settings of that installation."""
    return settings.load(environment)


@pytest.fixture(scope="session")
def migrated(values: settings.Settings) -> Iterator[Database]:
    """Its database with all tables."""
    database = Database(values.database_url, connections=8)
    migrations.upgrade(database.engine)
    yield database
    database.close()


@pytest.fixture
def database(migrated: Database) -> Database:
    """The database, empty."""
    for _ in range(10):
        try:
            emptying.empty(migrated.engine)
        except sa.exc.OperationalError:
            # A request whose client has gone went on to write: a deadlock; it is over soon.
            time.sleep(0.2)
        else:
            break
    return migrated


@pytest.fixture
def world(database: Database) -> World:
    """Two departments, three checkpoints and a few people, in an open scheme."""
    return World.build(database)


@pytest.fixture(scope="session")
def address(
    migrated: Database, values: settings.Settings, environment: dict[str, str]
) -> Iterator[str]:
    """The web server of the installation, over real HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        # Celery reads the environment when it is first asked for its settings: here.
        assert app.conf.broker_url
    with serving(values) as address:
        yield address


@contextlib.contextmanager
def serving(values: settings.Settings) -> Iterator[str]:
    """A web server in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(asgi.make(values), log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def anonymous(address: str, world: World) -> Iterator[Client]:
    """Somebody without a token."""
    with Client(address) as client:
        yield client


@pytest.fixture
def sign_in(address: str, world: World) -> Iterator[Callable[[str], Client]]:
    """Clients of the people in the world, by login."""
    with contextlib.ExitStack() as stack:

        def enter(login: str) -> Client:
            return stack.enter_context(Client(address, world.token(login)))

        yield enter


@pytest.fixture(scope="session")
def worker(environment: dict[str, str], migrated: Database) -> Iterator[None]:
    """A Celery worker with default settings, as a process of its own."""
    with celery(environment, "worker", "--concurrency=1", "--loglevel=WARNING"):
        yield


@contextlib.contextmanager
def celery(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery command in a process group of its own, gone with all its children at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tasks.app", *words],
        cwd=ROOT,
        env=os.environ | environment,
        process_group=0,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@contextlib.contextmanager
def counting_statements() -> Iterator[list[str]]:
    """Every statement that any engine of this process sends meanwhile, and those of plans."""
    seen: list[str] = []
    fetch = asyncpg.Connection.fetch

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    async def note_planned(connection: asyncpg.Connection, text: str, *arguments: Any) -> Any:
        seen.append(text)
        return await fetch(connection, text, *arguments)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        # No engine tells of them: SQLAlchemy does not send them.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncpg.Connection, "fetch", note_planned)
            yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def statements() -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """`with statements() as seen:` collects the SQL of the web server."""
    return counting_statements
