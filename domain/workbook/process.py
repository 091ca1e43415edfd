"""The child process while it lives: its lines, its time, and what its death means."""

import contextlib
import dataclasses
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

import orjson

from domain.errors import Code, Refusal
from domain.workbook import aside
from domain.workbook.limits import Bound, Limits, too_large

_MODULE = "domain.workbook.child"
_WAIT_SECONDS = 1.0
_END_SECONDS = 5
_PIECE = 1 << 16
_COMPLAINT_BYTES = 16 * 1024
_NO_MEMORY = (b"memory allocation", b"MemoryError", b"Cannot allocate memory")


class Child:
    """One process on one file; `on_wait` is called about once a second while it is silent."""

    def __init__(
        self, path: Path, limits: Limits, on_wait: Callable[[], None] | None = None
    ) -> None:
        self._limits = limits
        self._on_wait = on_wait
        self._seconds_left = float(limits.seconds)
        self._buffer = bytearray()
        self._complaint = b""
        self._process = subprocess.Popen(
            [
                *aside.command(_MODULE),
                path.absolute(),
                orjson.dumps(dataclasses.asdict(limits)),
                str(os.getpid()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=aside.environment(),
            # Ctrl-C is for the parent, which ends the child in its own time.
            process_group=0,
        )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._stderr = cast("IO[bytes]", self._process.stderr)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ, self._hear)
        self._selector.register(self._stderr, selectors.EVENT_READ, self._hear_complaint)

    def close(self) -> None:
        """End the process, whatever it is at, and leave nothing of it behind."""
        self._process.kill()
        self._process.wait()
        self._selector.close()
        for stream in (self._stdin, self._stdout, self._stderr):
            stream.close()

    def send(self, number: int) -> None:
        """Tell it the number of the sheet to go on with."""
        with contextlib.suppress(BrokenPipeError):  # its death is noticed on receiving
            self._stdin.write(b"%d\n" % number)

    def receive(self) -> list[Any]:
        """What the next line carries after its first word; raises what the child refused."""
        line: list[Any] = orjson.loads(self._line())
        word, *carried = line
        if word == "refused":
            code, facts = carried
            raise Refusal(Code(code), facts)
        return carried

    def _line(self) -> bytes:
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            if seen > self._limits.line_bytes:
                raise too_large(Bound.ROW_BYTES, self._limits.line_bytes)
            self._wait()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _wait(self) -> None:
        """Take in what comes within a second; only waiting counts against the time limit."""
        began = time.monotonic()
        events = self._selector.select(min(_WAIT_SECONDS, self._seconds_left))
        self._seconds_left -= time.monotonic() - began
        if self._seconds_left <= 0:
            raise too_large(Bound.SECONDS, self._limits.seconds)
        for key, _ in events:
            key.data(os.read(key.fd, _PIECE))
        if not events and self._on_wait is not None:
            self._on_wait()

    def _hear(self, piece: bytes) -> None:
        if not piece:
            raise self._verdict()
        self._buffer += piece

    def _hear_complaint(self, piece: bytes) -> None:
        if not piece:
            self._selector.unregister(self._stderr)
        self._complaint = (self._complaint + piece)[-_COMPLAINT_BYTES:]

    def _verdict(self) -> Exception:
        """Why the child ended without a last word: a signal is the file's fault."""
        code = self._process.wait(_END_SECONDS)
        self._complaint += self._stderr.read(_COMPLAINT_BYTES)
        if code == -signal.SIGXCPU:
            return too_large(Bound.SECONDS, self._limits.seconds)
        if code == -signal.SIGKILL or any(words in self._complaint for words in _NO_MEMORY):
            return too_large(Bound.MEMORY, self._limits.memory_bytes)
        if code < 0:
            return Refusal(Code.FILE_DAMAGED)
        return RuntimeError(f"the workbook's child ended with {code}: {self._complaint.decode()}")
