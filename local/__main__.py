"""`python -m local`: the whole service, or a command beside the two servers, on one machine."""

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


@dataclass(frozen=True)
class Options:
    """What every command needs to know."""

    home: Path
    given: Given


def announce(address: str) -> None:
    """Printed once everything is ready."""
    print(f"Lixiao is ready at {address} (Ctrl-C stops it)", flush=True)


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
@click.pass_obj
def serve(options: Options, port: int, durable: bool) -> None:  # noqa: FBT001 -- click's way
    """Start everything and keep it running."""
    parts.check_port(port)
    with home.occupy(options.home) as occupied:

        def body() -> int:
            servers, stages = parts.engines(occupied, options.given, durable=durable)
            stages += parts.service(occupied, servers, port)
            return _supervise(
                occupied, stages, lambda: announce(f"http://{parts.HOST}:{port}/"), stopped=0
            )

        code = guard.run(body)
    sys.exit(code)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.option("--durable/--no-durable", default=True, help="whether a power cut may lose data")
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def run(options: Options, argv: tuple[str, ...], durable: bool) -> None:  # noqa: FBT001 -- click
    """Run a command beside PostgreSQL and Redis; its exit code is passed on."""
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
