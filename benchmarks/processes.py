"""Processes of our own, which end with the block that started them."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
START_SECONDS = 60


@contextlib.contextmanager
def started(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """It runs in the project's folder, and is silent."""
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        # A worker that is killed leaves a folder among the temporary files.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for(address: str) -> None:
    """Until something answers there, be it that it is asked in the wrong way."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(address):
        assert time.monotonic() < deadline, f"nothing answers at {address}"
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address).close()  # noqa: S310 -- our own server
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except OSError:
        return False
    return True
