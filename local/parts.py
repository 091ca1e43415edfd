"""The parts of an installation: the two servers, and the processes of the service."""

import contextlib
import dataclasses
import functools
import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local import postgres, redis
from local.child import Child, Role
from local.failure import Failure
from local.home import Home, remove_contents

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
MIGRATE = ("-m", "cli", "migrate")
LOAD_DEMO = ("-m", "cli", "load-demo", "--accounts")
# Two processes: a short job need not wait for a long one. The only worker seeks no neighbours.
ONLY_WORKER = ("--concurrency", "2", "--without-mingle", "--without-gossip")
WORKER = ("-m", "celery", "-A", "tasks.app", "worker", *ONLY_WORKER, "--loglevel", "INFO")
BEAT = ("-m", "celery", "-A", "tasks.app", "beat", "--loglevel", "INFO", "--pidfile=")
# A GET has its query in its address, and with it ID numbers: no log of addresses.
WEB = ("-m", "uvicorn", "asgi:from_environment", "--factory", "--no-access-log", "--host", HOST)


@dataclass(frozen=True)
class Servers:
    """Where the database and the queue are."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {"LIXIAO_DATABASE_URL": self.database_url, "LIXIAO_REDIS_URL": self.redis_url}


@dataclass(frozen=True)
class Given:
    """The servers that need not be started."""

    database_url: str | None = None
    redis_url: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.database_url or self.redis_url)


def engines(home: Home, given: Given, *, durable: bool) -> tuple[Servers, list[list[Child]]]:
    """The servers, and the children that provide those which are not given."""
    stages: list[list[Child]] = []
    if not given.database_url:
        stages += postgres.stages(home, durable=durable)
    if not given.redis_url:
        server = redis.server(home, durable=durable)
        # Beside the database's server: neither needs the other.
        stages = [*stages[:-1], [*(stages[-1] if stages else []), server]]
    return servers(home, given), stages


def servers(home: Home, given: Given) -> Servers:
    """Where they are, or will be once they are started."""
    return Servers(given.database_url or postgres.url(home), given.redis_url or redis.url(home))


def service(home: Home, servers: Servers, port: int, *, demo: bool) -> list[list[Child]]:
    """The migration, and after it everything that serves, and the demo's data if wanted."""
    environment = servers.environment()
    schedule = f"--schedule={home.path / 'beat'}"
    worker = _python("worker", WORKER, environment)
    web = _python("web", (*WEB, "--port", str(port)), environment | _public(port))
    load = _python("load-demo", (*LOAD_DEMO, str(accounts_file(home))), environment)
    return [
        [dataclasses.replace(_python("migrate", MIGRATE, environment), role=Role.ONCE)],
        [
            *([dataclasses.replace(load, role=Role.ONCE)] if demo else []),
            dataclasses.replace(
                worker, ready=functools.partial(redis.has_worker, servers.redis_url)
            ),
            _python("beat", (*BEAT, schedule), environment),
            dataclasses.replace(web, ready=functools.partial(_serves, port)),
        ],
    ]


def _public(port: int) -> dict[str, str]:
    """What certificates say where they are verified, unless a person has said it."""
    return {"LIXIAO_PUBLIC_URL": os.environ.get("LIXIAO_PUBLIC_URL") or f"http://{HOST}:{port}"}


def accounts_file(home: Home) -> Path:
    """Who can sign in to the demo's data; written when those are loaded."""
    return home.path / "demo-accounts.txt"


def visitor(port: int, folder: Path) -> Child:
    """The client of the demo, in the terminal; `folder` takes its files."""
    words = ("-u", "-m", "local.demo", f"http://{HOST}:{port}", str(folder))
    return dataclasses.replace(_python("demo", words, {}), role=Role.COMMAND)


def empty(home: Home) -> None:
    """Make the home as good as new."""
    postgres.end_left_over(home)
    redis.end_left_over(home)
    remove_contents(home)


def command(argv: tuple[str, ...], servers: Servers) -> Child:
    """A person's own command, in the terminal and in the folder where it was typed."""
    return Child("command", argv, Role.COMMAND, Path.cwd(), servers.environment())


def check_port(port: int) -> None:
    """Raises Failure when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Failure(
                f"Port {port} cannot be used ({error.strerror}); set LIXIAO_PORT to another."
            ) from error


def check_given(given: Given) -> None:
    """Raises Failure at once where a worker would try for ever; the migration tries the rest."""
    if given.redis_url:
        redis.check(given.redis_url)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database_and_redis(path: Path, *, durable: bool) -> Iterator[Servers]:
    """The two servers below a supervisor of their own, until the end of the block or process."""
    argv = [sys.executable, "-m", "local", "--home", str(path.absolute()), "engines"]
    argv += [f"--owner={os.getpid()}", *([] if durable else ["--no-durable"])]
    with subprocess.Popen(
        argv,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A key pressed in the terminal must not take the servers away from a running test.
        process_group=0,
    ) as process:
        try:
            yield _servers(process)
        finally:
            process.terminate()
            process.wait()


def describe(servers: Servers) -> str:
    """The line that `database_and_redis` waits for."""
    return json.dumps(dataclasses.asdict(servers))


def _servers(process: subprocess.Popen[str]) -> Servers:
    if process.stdout is None or process.stderr is None:
        raise Failure("The supervisor was started without pipes.")
    line = process.stdout.readline()
    if not line:
        raise Failure(process.stderr.read().strip())
    return Servers(**json.loads(line))


def _python(name: str, words: tuple[str, ...], environment: Mapping[str, str]) -> Child:
    return Child(name, (sys.executable, *words), Role.RESTARTED, ROOT, environment)


def _serves(port: int) -> bool:
    """Whether it answers, and the database answers it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
