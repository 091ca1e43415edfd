"""Homes for the supervisor, and the view on what it leaves behind."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def created_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose database exists; to be copied, as its creation takes the longest."""
    home = tmp_path_factory.mktemp("created") / "home"
    environment = free_environment() | {"LIXIAO_HOME": str(home)}
    argv = [sys.executable, "-m", "local", "run", "--no-durable", "--", "true"]
    subprocess.run(argv, cwd=ROOT, env=environment, check=True, timeout=60)
    return home


@pytest.fixture
def home(created_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(created_home, tmp_path / "home"))


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts a Python program with LIXIAO_HOME set; whatever still runs at the end is ended.

    Nothing is left in the folder for temporary files but the empty one of a worker that was killed.
    It is not the test's own, since a socket's path must be short.
    """
    with (
        tempfile.TemporaryDirectory(prefix="lixiao-") as scratch,
        contextlib.ExitStack() as started,
    ):
        given = {"LIXIAO_HOME": str(home), "PYTHONPATH": str(ROOT), "TMPDIR": scratch}

        def begin(*words: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=free_environment() | given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            started.enter_context(process)
            started.callback(process.terminate)
            return process

        yield begin
        started.close()
        assert {each.name[:5] for each in Path(scratch).iterdir()} <= {"pymp-"}


def free_environment() -> dict[str, str]:
    """Without the servers that the whole test run may have been given."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LIXIAO_")}


def processes_of(home: Path) -> dict[int, str]:
    """Everything that works in the home or was started with its name in the environment."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and _belongs(folder, home):
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def eventually(claim: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _belongs(process: Path, home: Path) -> bool:
    if (process / "cwd").readlink().is_relative_to(home):
        return True
    return os.fsencode(home) in (process / "environ").read_bytes()
