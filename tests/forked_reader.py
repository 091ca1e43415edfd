"""Reads many files, each in a fork of a process that has loaded everything: the child that reads an
upload as it is, with its limits and its deaths, without the time to start an interpreter.

In: a path a line. Out: a line of JSON for each: how it ended, and its last line.
"""

import dataclasses
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import orjson

from domain.workbook import child
from domain.workbook.limits import Limits

SECONDS = 10
Pair = tuple[int, int]


def main() -> None:
    """Until the end of the input."""
    for line in sys.stdin:
        sys.stdout.buffer.write(orjson.dumps(_read(Path(line.rstrip("\n")))) + b"\n")
        sys.stdout.buffer.flush()


def _read(path: Path) -> dict[str, object]:
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if pid == 0:
            _become_child(path, said.fileno())
        _, status, used = os.wait4(pid, 0)
        said.seek(0)
        lines = said.read().splitlines()
    last = orjson.loads(lines[-1]) if lines else []
    seconds = used.ru_utime + used.ru_stime
    megabytes = used.ru_maxrss // 1024
    code = os.waitstatus_to_exitcode(status)
    return {"exit": code, "last": last[:2], "seconds": seconds, "megabytes": megabytes}


def _become_child(path: Path, said: int) -> None:
    limits = dataclasses.replace(Limits(), seconds=SECONDS)
    picked, picks = os.pipe()
    os.write(picks, b"0\n")
    os.dup2(picked, 0)
    os.dup2(said, 1)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.argv = [
        "child",
        str(path),
        orjson.dumps(dataclasses.asdict(limits)).decode(),
        str(os.getppid()),
    ]
    # What the child prints here is a file.
    resource.setrlimit = _but_file_size(resource.setrlimit)
    try:
        child.main()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- a fault: the test fails by the exit code
        os._exit(70)


def _but_file_size(setrlimit: Callable[[int, Pair], None]) -> Callable[[int, Pair], None]:
    def set_others(what: int, limits: Pair) -> None:
        if what != resource.RLIMIT_FSIZE:
            setrlimit(what, limits)

    return set_others


if __name__ == "__main__":
    main()
