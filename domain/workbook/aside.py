"""Processes of our own beside this one: how they start, and that they end with it."""

import ctypes
import os
import signal
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
# What an interpreter may need, and where files go that nobody sees; the rest of the environment
# holds secrets.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def command(module: str) -> list[str]:
    """What runs a module of ours as a process, without anything that a user has installed."""
    return [sys.executable, "-s", "-P", "-m", module]


def environment() -> dict[str, str]:
    """What it knows of the world."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(_ROOT)}


def die_with(parent: int) -> None:
    """Let this process end when its parent does, or at once if that is gone."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent has gone")
