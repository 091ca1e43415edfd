"""A program that runs below the supervisor, and how it is started."""

import contextlib
import enum
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import identity, kernel
from local.failure import Failure
from local.identity import Identity

ROTATED_BYTES = 10 * 1024 * 1024
LAST_LINES = 15
LAST_BYTES = 8192


class Role(enum.Enum):
    """What the end of a child means."""

    ONCE = "it is waited for before the next stage starts"
    LASTING = "everything stops"
    RESTARTED = "it starts again"
    COMMAND = "everything stops, and its exit code is the answer"


def at_once() -> bool:
    """For a child that nobody has to wait for."""
    return True


@dataclass(frozen=True)
class Child:
    """A program to run; `stop` are the signals that end it, tried one after the other."""

    name: str
    argv: tuple[str, ...]
    role: Role
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = at_once
    ready_seconds: float = 60.0
    stop: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)
    stop_seconds: float = 10.0
    identity: Identity = Identity.OWN


@dataclass
class Running:
    """A started child; `code` is its exit code once it has ended."""

    child: Child
    log: Path
    process: subprocess.Popen[bytes]
    log_start: int
    started: float = field(default_factory=time.monotonic)
    is_ready: bool = False
    code: int | None = None
    failures: int = 0
    again_at: float | None = None


def start(child: Child, logs: Path, failures: int = 0) -> Running:
    """Start it with its output in the log; it dies with this process."""
    log = logs / f"{child.name}.log"
    rotate(log)
    with log.open("ab") as output:
        log_start = output.tell()
        process = _spawn(child, None if child.role is Role.COMMAND else output.fileno())
    return Running(child, log, process, log_start, failures=failures)


def rotate(log: Path) -> None:
    """Children append to their log, so it can be emptied under them."""
    if log.exists() and log.stat().st_size > ROTATED_BYTES:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def last_lines(running: Running) -> str:
    """The end of what it has written since it was started."""
    with running.log.open("rb") as log:
        size = log.seek(0, os.SEEK_END)
        start_at = running.log_start if running.log_start <= size else 0
        log.seek(max(start_at, size - LAST_BYTES))
        lines = log.read().decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-LAST_LINES:])


def sweep_group(running: Running) -> None:
    """Kill what a child has left in its process group; while it is unreaped the group is its."""
    if running.child.role is not Role.COMMAND:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.process.pid, signal.SIGKILL)


def _spawn(child: Child, output: int | None) -> subprocess.Popen[bytes]:
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        identity.assume(child.identity)
        # The last signal of the list is the one that needs no patience.
        kernel.die_with_parent(child.stop[-1], parent)

    try:
        return subprocess.Popen(
            child.argv,
            cwd=child.folder,
            env={**os.environ, **child.environment},
            stdin=None if output is None else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=_terminal_group() if output is None else 0,
            preexec_fn=prepare,  # noqa: PLW1509 -- the supervisor has no threads
        )
    except OSError as error:
        raise Failure(f"{child.argv[0]} cannot be started: {error.strerror}.") from error


def _terminal_group() -> int:
    """A command shares the terminal with the process that the person has started."""
    return os.getpgid(os.getppid())
