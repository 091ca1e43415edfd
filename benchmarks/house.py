"""A house of its own: PostgreSQL and Redis, one Celery worker and one web process."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

import settings
from benchmarks import university
from benchmarks.client import Client
from benchmarks.statements import StatementLog
from benchmarks.university import University
from cli import migrations
from local import parts
from models.database import Database

ROOT = Path(__file__).parents[1]
WORKER, WEB = "worker", "web"


@dataclass(frozen=True)
class House:
    """What is measured, and where."""

    university: University
    database: Database
    address: str
    token: str
    worker: psutil.Process
    web: psutil.Process
    statements: StatementLog

    def client(self) -> Client:
        """Signed in."""
        return Client(self.address, self.token)


@contextlib.contextmanager
def opened() -> Iterator[House]:
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
        built = university.build(database)
        port = parts.free_port()
        # The names under which PostgreSQL logs their statements.
        web = _process(WEB, (*parts.WEB, "--port", str(port), "--no-access-log"), environment)
        worker = _process(WORKER, parts.WORKER, environment)
        web_process, worker_process = (stack.enter_context(each) for each in (web, worker))
        address = f"http://{parts.HOST}:{port}"
        _wait_for(address)
        with Client(address) as client:
            token = client.sign_in(university.LOGIN, university.PASSWORD)
        log = StatementLog(Path(home, "log", "postgres.log"), database)
        yield House(built, database, address, token, worker_process, web_process, log)


@contextlib.contextmanager
def _process(
    name: str, words: tuple[str, ...], environment: Mapping[str, str]
) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ | environment | {"PGAPPNAME": name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        # A worker that is killed leaves a folder among the temporary files.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/health").close()  # noqa: S310 -- our own server
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the web server does not start"
            time.sleep(0.1)
        else:
            return
