"""The folder where everything lives that must survive a restart, and the lock on it."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.failure import Failure

# A socket's path may be 107 bytes long; the folder's own name and the socket's take up to 35.
LONGEST_BASE = 70
SOCKETS = "lixiao-"


@dataclass(frozen=True)
class Home:
    """An occupied home, and the short folder of its sockets."""

    path: Path
    sockets: Path

    @property
    def logs(self) -> Path:
        return self.path / "log"


@contextlib.contextmanager
def occupy(path: Path) -> Iterator[Home]:
    """Hold the home until the end, so that nobody else starts on it; raises Failure."""
    folder = _folder(path)
    with _lock(folder), _sockets(folder) as sockets:
        home = Home(folder, sockets)
        home.logs.mkdir(mode=0o700, exist_ok=True)
        yield home


def running(path: Path) -> Home | None:
    """The home as the process that occupies it has it; None if nobody does."""
    folder = _folder(path)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Home(folder, (folder / "sockets").readlink())
        return None


def remove_contents(home: Home) -> None:
    """Remove what an earlier use has left, but the lock and the sockets of this one."""
    for entry in home.path.iterdir():
        if entry.name in {"lock", "sockets"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    home.logs.mkdir(mode=0o700)


def remove_sockets(folder: Path) -> None:
    """Also for a supervisor that has lost the process which occupies the home."""
    link = folder / "sockets"
    if not link.is_symlink():
        return
    target = link.readlink()
    if target.name.startswith(SOCKETS) and not target.is_symlink():
        shutil.rmtree(target, ignore_errors=True)
    link.unlink(missing_ok=True)


def end_orphan(pid_file: Path, folder: Path, end: signal.Signals) -> None:
    """End the server that a killed supervisor left in `folder`, and forget its number."""
    if not pid_file.exists():
        return
    pid = pid_file.read_text().split("\n", 1)[0].strip()
    if pid.isdigit() and _works_in(pid, folder):
        _end(int(pid), folder, end)
    pid_file.unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    folder = path.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = folder.resolve(strict=True)
        owner = folder.stat().st_uid
    except OSError as error:
        raise Failure(f"The home {folder} cannot be used: {error.strerror}.") from error
    if owner != os.geteuid():
        raise Failure(f"The home {folder} belongs to user id {owner}; run as that user.")
    return folder


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise Failure(f"{folder}: already running (pid {lock.read().strip()}).") from error
        lock.truncate(0)
        print(os.getpid(), file=lock, flush=True)
        yield


@contextlib.contextmanager
def _sockets(folder: Path) -> Iterator[Path]:
    """Named in the home before it is made, so that a killed supervisor's is found again."""
    remove_sockets(folder)
    sockets = _base() / f"{SOCKETS}{secrets.token_hex(4)}"
    (folder / "sockets").symlink_to(sockets)
    sockets.mkdir(mode=0o700)
    try:
        yield sockets
    finally:
        remove_sockets(folder)


def _base() -> Path:
    base = tempfile.gettempdir()
    # The folder made in it has a random name and is closed to others.
    return Path(base if len(os.fsencode(base)) <= LONGEST_BASE else "/tmp")  # noqa: S108 -- above


def _works_in(pid: str, folder: Path) -> bool:
    """A number alone proves nothing: another process may bear it by now."""
    try:
        return Path("/proc", pid, "cwd").readlink() == folder
    except OSError:
        return False


def _end(pid: int, folder: Path, end: signal.Signals) -> None:
    for attempt in (end, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, attempt)
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            if not _works_in(str(pid), folder):
                return
            time.sleep(0.02)
