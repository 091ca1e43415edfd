"""A peer's work in a process of its own, which prints what it took as JSON."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import meters
from benchmarks.meters import Line
from benchmarks.processes import ROOT
from benchmarks.servers import PEERS_PYTHON

# The cost of each row is constant in all of them.
ROWS = 20_000


@dataclass(frozen=True)
class Work:
    """What one process did; its start is in `cpu` but not in the seconds."""

    done: Any
    seconds: float
    peak_bytes: int
    cpu: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return ROWS / self.seconds


def do(words: Sequence[str], environment: Mapping[str, str]) -> Work:
    """Run a module of the peers."""
    spent = meters.spent()
    done = subprocess.run(
        [PEERS_PYTHON, "-m", *words],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Work(**json.loads(done.stdout), cpu=meters.spent() - spent)


def lines(name: str, works: Sequence[Work]) -> list[Line]:
    """What it took."""
    return [
        Line(f"{name}: rows/s", [work.rate for work in works]),
        Line(f"{name}: processor seconds, PostgreSQL's too", [work.cpu for work in works], 2),
        Line(f"{name}: peak MiB", [work.peak_bytes / meters.MIB for work in works]),
    ]
