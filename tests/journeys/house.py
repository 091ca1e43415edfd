"""The service as separate processes on a Redis of its own, to be killed, frozen and restarted."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import orjson
import psutil
import redis
from celery import Celery

from local import parts
from local import redis as redis_server
from local.home import Home
from models import JobQueue
from tasks.app import QUEUES, broker_url
from tests.client import Client

ROOT = Path(__file__).resolve().parents[2]


def wait_until(claim: Callable[[], object], seconds: float, every: float = 0.05) -> float:
    """How long it took until the claim held."""
    start = time.monotonic()
    while not claim():
        passed = time.monotonic() - start
        assert passed < seconds, f"not within {seconds} s"
        time.sleep(every)
    return time.monotonic() - start


@dataclass
class Tree:
    """A program and everything below it."""

    process: subprocess.Popen[bytes]
    log: Path

    def members(self) -> list[psutil.Process]:
        """The program first."""
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def send(self, number: signal.Signals) -> list[psutil.Process]:
        """Send a signal to all of them, and once more to those that came meanwhile."""
        members = self.members()
        for _ in range(2):
            for member in members:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.send_signal(number)
            members += [each for each in self.members() if each not in members]
        return members

    def kill(self) -> None:
        """SIGKILL for the whole tree; nobody of it is left."""
        members = self.send(signal.SIGKILL)
        self.process.wait(10)
        _, alive = psutil.wait_procs(members, 5)
        assert not alive

    def await_ready(self) -> None:
        """A worker says when it waits for messages."""
        wait_until(lambda: b" ready." in self.log.read_bytes(), 30)

    def events(self, name: str) -> list[dict[str, object]]:
        """The lines of this event in its log."""
        found = [
            orjson.loads(line) for line in self.log.read_bytes().splitlines() if _is_json(line)
        ]
        return [line for line in found if line.get("event") == name]


def _is_json(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}")


@dataclass
class House:
    """What runs, below one folder."""

    folder: Path
    database_url: str
    trees: list[Tree] = field(default_factory=list)
    queue: Tree | None = None

    @property
    def redis_url(self) -> str:
        return redis_server.url(self._home)

    @property
    def scratch(self) -> Path:
        """Where the processes put their temporary files."""
        return self.folder / "tmp"

    @property
    def _home(self) -> Home:
        return Home(self.folder, self.folder / "s")

    def start_queue(self) -> None:
        """Redis; what it held before is there again."""
        for folder in (self._home.sockets, self.scratch):
            folder.mkdir(exist_ok=True)
        server = redis_server.server(self._home, durable=True)
        self.queue = self._start("redis", server.argv, {})
        wait_until(server.ready, 10)

    def stop_queue(self) -> None:
        """As if its machine had gone."""
        assert self.queue
        self.queue.kill()

    def flush_queue(self) -> None:
        """Everything in Redis is lost."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    @contextlib.contextmanager
    def frozen_queue(self) -> Iterator[None]:
        """Redis accepts connections, but does not answer."""
        assert self.queue
        self.queue.send(signal.SIGSTOP)
        yield
        self.queue.send(signal.SIGCONT)

    def set_memory(self, limit: int) -> None:
        """How many bytes Redis may use; beyond, it refuses to write. 0 is no limit."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.config_set("maxmemory", limit)

    def send(self, task: str, *words: int) -> None:
        """One message more."""
        with Celery("sender", broker=broker_url(self.redis_url), set_as_current=False) as app:
            app.send_task(task, words, queue=QUEUES[JobQueue.INTERACTIVE])

    def waiting(self) -> int:
        """How many messages are queued or not yet acknowledged."""
        with redis.Redis.from_url(self.redis_url) as client:
            queued = sum(int(client.llen(name)) for name in QUEUES.values())
            return queued + int(client.hlen("unacked"))

    def start_worker(self, name: str = "worker", *words: str) -> Tree:
        """A worker with the settings of the service."""
        return self._start(name, (sys.executable, *parts.WORKER, *words), self._environment)

    def start_beat(self) -> Tree:
        """What sends the sweeps."""
        schedule = f"--schedule={self.folder / 'beat'}"
        return self._start("beat", (sys.executable, *parts.BEAT, schedule), self._environment)

    def start_web(self) -> str:
        """The address of the web server."""
        with socket.create_server((parts.HOST, 0)) as listener:
            number = listener.fileno()
            argv = (sys.executable, "-m", "uvicorn", "asgi:from_environment", "--factory")
            self._start("web", (*argv, f"--fd={number}"), self._environment, number)
            return f"http://{parts.HOST}:{listener.getsockname()[1]}"

    def await_web(self, client: Client) -> None:
        """The web server answers."""

        def answers() -> bool:
            try:
                return bool(client.http.get("/health").status_code == 200)
            except httpx2.HTTPError:
                return False

        wait_until(answers, 30)

    @property
    def _environment(self) -> dict[str, str]:
        servers = parts.Servers(self.database_url, self.redis_url)
        return servers.environment() | {"TMPDIR": str(self.scratch)}

    def _start(
        self, name: str, argv: tuple[str, ...], more: Mapping[str, str], *passed: int
    ) -> Tree:
        log = self.folder / f"{name}-{len(self.trees)}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=os.environ | more,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=passed,
            )
        self.trees.append(Tree(process, log))
        return self.trees[-1]

    def close(self) -> None:
        """End it all, and see that nothing stays behind."""
        for tree in reversed(self.trees):
            tree.kill()
        assert [path for path in self.scratch.rglob("*") if not path.is_dir()] == []


@contextlib.contextmanager
def keeping_house(database_url: str) -> Iterator[House]:
    """A house with a queue, until the end of the block; the ends of its logs are printed."""
    # The path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="lixiao-"))
    house = House(folder, database_url)
    try:
        house.start_queue()
        yield house
    finally:
        house.close()
        for log in sorted(folder.glob("*.log")):
            sys.stdout.write(f"--- {log.name}\n{log.read_text()[-4000:]}\n")
        shutil.rmtree(folder)
