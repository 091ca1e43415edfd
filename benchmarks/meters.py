"""What a run costs by the kernel's account: memory and processor time."""

import contextlib
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

MIB = 2**20
_SAMPLE_SECONDS = 0.05
# To find the processes means to look at all of the machine: that costs time, and is done seldom.
_TURNS = 5


class PeakMemory:
    """The most that a process and all below it held at once; shared pages count for each.

    `branch` is that of one of the processes below it, with those below that one.
    """

    def __init__(self, process: psutil.Process) -> None:
        self.bytes = self.branch = 0
        self._process = process
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _sample(self) -> None:
        turn = 0
        while not self._is_over.wait(_SAMPLE_SECONDS):
            if turn % _TURNS == 0:
                branches = _branches(self._process)
            held = [sum(map(_resident, branch)) for branch in branches]
            self.branch = max(self.branch, *held, 0)
            self.bytes = max(self.bytes, _resident(self._process) + sum(held))
            turn += 1


def _branches(process: psutil.Process) -> list[list[psutil.Process]]:
    """Each of those below a process, with those below it; parents come first."""
    branches: defaultdict[int, list[psutil.Process]] = defaultdict(list)
    tops: dict[int, int] = {}
    for each in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            top = tops[each.pid] = tops.get(each.ppid(), each.pid)
            branches[top].append(each)
    return list(branches.values())


def tree(process: psutil.Process) -> list[psutil.Process]:
    """The process and all below it; none if it has ended."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def postgres() -> list[psutil.Process]:
    """The processes of our own PostgreSQL."""
    below = psutil.Process().children(recursive=True)
    return [each for each in below if each.name() == "postgres"]


def spent() -> float:
    """Processor time so far of PostgreSQL and of this process with those it has waited for."""
    return cpu_seconds([psutil.Process(), *postgres()])


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time so far, of those that have ended below them too."""
    return sum(map(_cpu_seconds, processes))


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    spent: float = times.user + times.system + times.children_user + times.children_system
    return spent


def _resident(process: psutil.Process) -> int:
    try:
        resident: int = process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
    return resident


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured in each repetition."""

    what: str
    values: Sequence[float]
    digits: int = 0

    def cells(self) -> tuple[str, str, str]:
        """Name, median, least to most."""
        median, least, most = (
            f"{of(self.values):,.{self.digits}f}" for of in (statistics.median, min, max)
        )
        return self.what, median, f"{least} - {most}" if len(self.values) > 1 else ""
