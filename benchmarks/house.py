"""A house of its own: PostgreSQL and Redis, one Celery worker and one web process."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

import settings
from benchmarks import processes, university
from benchmarks.client import Client
from benchmarks.statements import StatementLog
from benchmarks.university import STUDENTS, University
from cli import migrations
from local import parts
from models.database import Database

WORKER, WEB = "worker", "web"


@dataclass(frozen=True)
class House:
    """What is measured, and where; each of `fresh` is a checkpoint at which nobody has decided."""

    university: University
    database: Database
    address: str
    token: str
    worker: psutil.Process
    web: psutil.Process
    statements: StatementLog
    fresh: Iterator[str]

    def client(self) -> Client:
        """Signed in."""
        return Client(self.address, self.token)


@contextlib.contextmanager
def opened(students: int = STUDENTS) -> Iterator[House]:
    """Everything started and filled, in a folder that is gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="lixiao-bench-") as home,
        parts.database_and_redis(Path(home), durable=True) as servers,
        contextlib.ExitStack() as stack,
    ):
        environment = servers.environment()
        database = Database(settings.load(environment).database_url, connections=2)
        stack.callback(database.close)
        migrations.upgrade(database.engine)
        built = university.build(database, students)
        port = parts.free_port()
        # The names under which PostgreSQL logs their statements.
        web, worker = (
            stack.enter_context(
                processes.started((sys.executable, *words), environment | _named(servers, name))
            )
            for name, words in (
                (WEB, (*parts.WEB, "--port", str(port))),
                (WORKER, parts.WORKER),
            )
        )
        address = f"http://{parts.HOST}:{port}"
        processes.wait_for(f"{address}/health")
        with Client(address) as client:
            token = client.sign_in(university.LOGIN, university.PASSWORD)
        log = StatementLog(Path(home, "log", "postgres.log"), database)
        fresh = iter(built.checkpoints[1:])
        yield House(built, database, address, token, worker, web, log, fresh)


def _named(servers: parts.Servers, name: str) -> dict[str, str]:
    url = sa.make_url(servers.environment()["LIXIAO_DATABASE_URL"])
    named = url.update_query_dict({"application_name": name})
    return {"LIXIAO_DATABASE_URL": named.render_as_string(hide_password=False)}
