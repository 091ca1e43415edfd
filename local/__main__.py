"""`python -m local`: the whole service, or a command beside the two servers, on one machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from local import guard, home, parts
from local.failure import Failure
from local.home import Home
from local.parts import Given, Servers
from local.supervisor import Stages, Supervisor

ASKED_TO_STOP = 143
INTERRUPTED = 130


@dataclass(frozen=True)
class Options:
    """What every command needs to know."""

    home: Path
    given: Given


def announce(occupied: Home, port: int, *, demo: bool) -> None:
    """Printed once everything is ready."""
    address = f"http://{parts.HOST}:{port}"
    where = f"; its data stays in {occupied.path}" if demo else ""
    print(f"Lixiao is ready at {address} (Ctrl-C stops it{where})")
    print(f"  {address}/graphql   the API; in a browser GraphiQL, to explore it")
    print(f"  {address}/files     workbooks up and down (POST, GET)")
    print(f"  {address}/health    says ok while the database answers")
    accounts = parts.accounts_file(occupied)
    if not demo:
        print("The first administrator: make administrator (in a second terminal; same LIXIAO_*)")
    elif accounts.exists() and (lines := accounts.read_text(encoding="utf-8").splitlines()):
        print("Demo accounts (login, password, who):", *lines, sep="\n  ")
    sys.stdout.flush()


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@click.group()
@click.option("--home", "path", envvar="LIXIAO_HOME", default=".lixiao", type=Path)
@click.option("--database-url", envvar="LIXIAO_DATABASE_URL", help="a given PostgreSQL")
@click.option("--redis-url", envvar="LIXIAO_REDIS_URL", help="a given Redis")
@click.pass_context
def cli(
    context: click.Context, path: Path, database_url: str | None, redis_url: str | None
) -> None:
    """PostgreSQL, Redis and the service, run from this folder."""
    context.obj = Options(path, Given(database_url, redis_url))


@cli.command()
@click.option("--port", envvar="LIXIAO_PORT", default=8000, type=click.IntRange(1, 65535))
@click.option("--durable/--no-durable", default=True, help="whether a power cut may lose data")
@click.option("--demo/--no-demo", default=True, help="whether an empty installation gets students")
@click.pass_obj
def serve(options: Options, port: int, durable: bool, demo: bool) -> None:  # noqa: FBT001 -- click
    """Start everything and keep it running."""
    parts.check_port(port)
    parts.check_given(options.given)
    demo = demo and options.given.is_empty
    with home.occupy(options.home) as occupied:

        def body() -> int:
            servers, stages = parts.engines(occupied, options.given, durable=durable)
            stages += parts.service(occupied, servers, port, demo=demo)
            return _supervise(
                occupied, stages, lambda: announce(occupied, port, demo=demo), stopped=0
            )

        code = guard.run(body)
    sys.exit(code)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.option("--durable/--no-durable", default=True, help="whether a power cut may lose data")
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def run(options: Options, argv: tuple[str, ...], durable: bool) -> None:  # noqa: FBT001 -- click
    """Run a command beside PostgreSQL and Redis; its exit code is passed on.

    If they run from this home already it joins them.
    """
    joined = home.running(options.home)
    if joined:
        servers = parts.servers(joined, options.given)
        sys.exit(subprocess.call(argv, env=os.environ | servers.environment()))
    with home.occupy(options.home) as occupied:

        def body() -> int:
            servers, stages = parts.engines(occupied, options.given, durable=durable)
            stages.append([parts.command(argv, servers)])
            return _supervise(occupied, stages, lambda: None, stopped=ASKED_TO_STOP)

        code = guard.run(body, command_has_terminal=True)
    sys.exit(code)


@cli.command()
@click.option("--owner", type=int, help="the process whose end ends this one")
@click.option("--durable/--no-durable", default=True, help="whether a power cut may lose data")
@click.pass_obj
def engines(options: Options, owner: int | None, durable: bool) -> None:  # noqa: FBT001 -- click
    """Run PostgreSQL and Redis, and print where they are."""
    with home.occupy(options.home) as occupied:

        def body() -> int:
            servers, stages = parts.engines(occupied, options.given, durable=durable)
            return _supervise(occupied, stages, lambda: _print_servers(servers), stopped=0)

        code = guard.run(body, owner=owner)
    sys.exit(code)


@cli.command()
@click.pass_obj
def demo(options: Options) -> None:
    """Do an operator's work over HTTP on parts of its own, and stop everything."""
    folder = options.home / "demo"
    print("PostgreSQL, Redis, a Celery worker with beat and the web server start ...", flush=True)
    with home.occupy(options.home / "demo-home") as occupied:
        parts.empty(occupied)
        port = parts.free_port()

        def body() -> int:
            servers, stages = parts.engines(occupied, Given(), durable=False)
            stages += parts.service(occupied, servers, port, demo=True)
            stages.append([parts.visitor(port, folder.absolute())])
            return _supervise(occupied, stages, lambda: None, stopped=ASKED_TO_STOP)

        code = guard.run(body)
    _end_demo(occupied, code)
    sys.exit(code)


def _end_demo(occupied: Home, code: int) -> None:
    """The home goes, unless it tells what went wrong; the demo's files stay beside it."""
    if code == 0:
        print("Everything is stopped.")
    elif code in {ASKED_TO_STOP, INTERRUPTED}:
        print("\nStopped before its end; nothing is left running.")
    else:
        print(f"The demo failed. What every part has said: {occupied.logs}", file=sys.stderr)
        return
    shutil.rmtree(occupied.path)


def _supervise(occupied: Home, stages: Stages, started: Callable[[], None], *, stopped: int) -> int:
    try:
        code = Supervisor(occupied.logs, say).run(stages, started)
    finally:
        home.remove_sockets(occupied.path)
    return stopped if code is None else code


def _print_servers(servers: Servers) -> None:
    print(parts.describe(servers), flush=True)


def main() -> None:
    try:
        cli(prog_name="python -m local")
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
