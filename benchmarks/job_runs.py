"""One job of the worker, from what starts it to its files: how long, and what it costs."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import meters
from benchmarks.client import Client
from benchmarks.house import WORKER, House
from benchmarks.meters import Line
from benchmarks.statements import Count

# Starts a job and tells its id.
Start = Callable[[Client], str]


@dataclass(frozen=True)
class JobRun:
    """Seconds count from what starts the job, an upload included; `progressed` from its answer.

    `reached` tells when a phase was first seen.
    """

    job: Mapping[str, Any]
    reached: Mapping[str, float]
    progressed: float
    finished: float
    worker_cpu: float
    postgres_cpu: float
    peak_bytes: int
    peak_branch: int
    sent: Count

    @property
    def decided(self) -> float:
        """When the last row had its outcome."""
        return self.reached.get("WRITING", self.finished)

    @property
    def rate(self) -> float:
        """Rows a second until then."""
        rows: int = self.job["total"]
        return rows / self.decided


def run(house: House, start: Start, *, is_counted: bool = False) -> JobRun:
    """Start it and look at it until it has ended; statements are counted in a run of its own, since
    the log costs time."""
    before = _cpu(house)
    counting = house.statements.counting(WORKER) if is_counted else contextlib.nullcontext(Count())
    with (
        house.client() as client,
        counting as sent,
        meters.PeakMemory(house.worker) as memory,
    ):
        began = time.perf_counter()
        job = start(client)
        started = time.perf_counter()
        reached: dict[str, float] = {}
        progressed = 0.0
        for seen in client.watch(job):
            now = time.perf_counter()
            reached.setdefault(seen["phase"] or seen["status"], now - began)
            progressed = progressed or (seen["processed"] and now - started)
    assert seen["status"] == "FINISHED", seen
    worker_cpu, postgres_cpu = (
        after - spent for after, spent in zip(_cpu(house), before, strict=True)
    )
    finished = reached["FINISHED"]
    return JobRun(
        seen,
        reached,
        progressed,
        finished,
        worker_cpu,
        postgres_cpu,
        memory.bytes,
        memory.branch,
        sent,
    )


def _cpu(house: House) -> tuple[float, float]:
    return (
        meters.cpu_seconds(meters.tree(house.worker)),
        meters.cpu_seconds(meters.postgres()),
    )


def lines(name: str, runs: Sequence[JobRun], counted: JobRun | None = None) -> list[Line]:
    """What jobs with rows took, and one more whose statements were counted."""
    return [
        Line(f"{name}: rows/s to the last outcome", [run.rate for run in runs]),
        Line(f"{name}: seconds to the last outcome", [run.decided for run in runs], 2),
        Line(f"{name}: seconds to the files", [run.finished for run in runs], 2),
        *costs(name, runs, counted),
    ]


def costs(name: str, runs: Sequence[JobRun], counted: JobRun | None = None) -> list[Line]:
    """What jobs cost."""
    return [
        Line(f"{name}: processor seconds of the worker", [run.worker_cpu for run in runs], 2),
        Line(f"{name}: processor seconds of PostgreSQL", [run.postgres_cpu for run in runs], 2),
        Line(
            f"{name}: peak MiB of the worker's processes", [r.peak_bytes / meters.MIB for r in runs]
        ),
        Line(
            f"{name}: peak MiB of the one that works and its parser",
            [r.peak_branch / meters.MIB for r in runs],
        ),
        *(_statements(name, counted.sent) if counted else ()),
    ]


def _statements(name: str, sent: Count) -> list[Line]:
    return [
        Line(f"{name}: SQL statements", [sent.statements]),
        Line(f"{name}: transactions", [sent.transactions]),
        Line(f"{name}: seconds waited for PostgreSQL", [sent.seconds], 2),
    ]
