"""A supervisor over one small program: `crew.py ROLE READY COMMAND...`."""

import os
import sys
from pathlib import Path

import click

from local import guard, home
from local.child import Child, Role
from local.supervisor import Supervisor


def main(role: str, ready: str, *argv: str) -> int:
    with home.occupy(Path(os.environ["LIXIAO_HOME"])) as occupied:
        child = Child(
            "crew", argv, Role[role], Path("/"), ready=lambda: ready == "ready", ready_seconds=0.5
        )

        def body() -> int:
            supervisor = Supervisor(occupied.logs, lambda line: click.echo(line, err=True))
            return supervisor.run([[child]], lambda: click.echo("started")) or 0

        return guard.run(body)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
