"""Starts children in stages, keeps them running, and stops them in the reverse order."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from local import child as children
from local.child import Child, Role, Running
from local.failure import Failure

Stages = Sequence[Sequence[Child]]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
TICK_SECONDS = 0.05
ROTATE_EVERY_SECONDS = 5.0
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 60.0
# Without the process that the person has started, all must be gone within five seconds.
HASTE_SECONDS = 1.0


class _StopAskedError(Exception):
    """A signal asks for the end."""


class Supervisor:
    """Guards the table of what runs. Expects SIGNALS to be blocked and no other thread."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._parent = os.getppid()
        self._stages: list[list[Running]] = []

    def run(self, stages: Stages, started: Callable[[], None]) -> int | None:
        """The exit code of the command, or None when asked to stop; raises Failure."""
        try:
            for stage in stages:
                self._start_stage(stage)
            started()
            return self._watch()
        except _StopAskedError:
            return None
        finally:
            for running in reversed(self._stages):
                self._stop_stage(running)
            sweep(0)

    def _start_stage(self, stage: Sequence[Child]) -> None:
        self._stages.append([])
        for child in stage:
            self._stages[-1].append(children.start(child, self._logs))
        for running in self._stages[-1]:
            self._await_ready(running)

    def _await_ready(self, running: Running) -> None:
        deadline = running.started + running.child.ready_seconds
        while not self._is_ready(running):
            if time.monotonic() > deadline:
                seconds = running.child.ready_seconds
                raise _failure(running, f"did not become ready within {seconds:g} seconds")
            self._pause(TICK_SECONDS)
        running.is_ready = True

    def _is_ready(self, running: Running) -> bool:
        self._reap()
        if running.child.role is Role.COMMAND:
            return True
        if running.child.role is Role.ONCE and running.code is None:
            return False
        if running.code is not None and (running.child.role is not Role.ONCE or running.code != 0):
            raise _failure(running, _ended(running))
        return running.child.ready()

    def _watch(self) -> int:
        while True:
            for running in self._all():
                if running.child.role is Role.COMMAND and running.code is not None:
                    return running.code if running.code >= 0 else 128 - running.code
                children.rotate(running.log)
            restarts = any(running.again_at for running in self._all())
            self._pause(TICK_SECONDS if restarts else ROTATE_EVERY_SECONDS)

    def _pause(self, seconds: float) -> None:
        event = signal.sigtimedwait(SIGNALS, seconds)
        if event is not None and event.si_signo != signal.SIGCHLD:
            raise _StopAskedError
        self._reap()
        for stage in self._stages:
            for place, running in enumerate(stage):
                if running.is_ready and running.code is not None:
                    stage[place] = self._tend(running)

    def _tend(self, running: Running) -> Running:
        """What follows from the end of a child that was ready."""
        if running.child.role is Role.LASTING:
            raise _failure(running, _ended(running))
        if running.child.role is not Role.RESTARTED:
            return running
        if running.again_at is None:
            self._plan_restart(running)
        elif time.monotonic() >= running.again_at:
            again = children.start(running.child, self._logs, running.failures)
            again.is_ready = True
            return again
        return running

    def _plan_restart(self, running: Running) -> None:
        now = time.monotonic()
        steady = now - running.started > STEADY_SECONDS
        running.failures = 1 if steady else running.failures + 1
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (running.failures - 1))
        running.again_at = now + delay
        name = running.child.name
        self._say(f"{name} {_ended(running)}; it starts again in {delay:g} s. See {running.log}")

    def _stop_stage(self, stage: Sequence[Running]) -> None:
        for step in range(max((len(running.child.stop) for running in stage), default=0)):
            for running in _alive(stage):
                _send(running, step)
            self._await_end(stage)
        for running in _alive(stage):
            _kill_tree(running)
        self._await_end(stage)

    def _await_end(self, stage: Sequence[Running]) -> None:
        begun = time.monotonic()
        while any(time.monotonic() < begun + self._patience(running) for running in _alive(stage)):
            signal.sigtimedwait(SIGNALS, TICK_SECONDS)
            self._reap()

    def _patience(self, running: Running) -> float:
        in_haste = os.getppid() != self._parent
        return (
            min(HASTE_SECONDS, running.child.stop_seconds)
            if in_haste
            else (running.child.stop_seconds)
        )

    def _reap(self) -> None:
        by_pid = {running.process.pid: running for running in _alive(self._all())}
        while (pid := _ended_pid()) is not None:
            running = by_pid.get(pid)
            if running is None:
                os.waitpid(pid, 0)
                continue
            children.sweep_group(running)
            running.code = running.process.wait()

    def _all(self) -> list[Running]:
        return [running for stage in self._stages for running in stage]


def sweep(patience: float) -> None:
    """Wait for every process below this one, orphans included; then kill what is left."""
    kill_at = time.monotonic() + patience
    give_up_at = kill_at + 5
    while left := psutil.Process().children(recursive=True):
        now = time.monotonic()
        for process in left if now >= kill_at else ():
            with contextlib.suppress(psutil.Error):
                process.kill()
        while (pid := _ended_pid()) is not None:
            os.waitpid(pid, 0)
        if now > give_up_at:
            return
        time.sleep(0.02)


def _ended_pid() -> int | None:
    """A child that has ended and is still in the process table, so that its number is its own."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return ended.si_pid if ended else None


def _alive(running: Sequence[Running]) -> list[Running]:
    return [each for each in running if each.code is None]


def _send(running: Running, step: int) -> None:
    if step < len(running.child.stop):
        os.kill(running.process.pid, running.child.stop[step])


def _kill_tree(running: Running) -> None:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(running.process.pid)
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                each.kill()


def _ended(running: Running) -> str:
    code = running.code or 0
    return f"stopped ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"


def _failure(running: Running, what: str) -> Failure:
    lines = children.last_lines(running)
    return Failure(f"{running.child.name} {what}. See {running.log}\n{lines}".rstrip())
