"""What the tests of the scope share."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.app import QUEUES, app
from tests.scope.house import House
from tests.world import World

Paused = Callable[[], contextlib.AbstractContextManager[None]]


@pytest.fixture
def house(world: World, tmp_path: Path) -> House:
    """The world with a second scheme, and things to reach for."""
    return House.build(world, tmp_path / "upload.xlsx")


@pytest.fixture
def paused(worker: None, address: str) -> Paused:
    """`with paused():` jobs stay in the queue, as behind a long one."""
    return _paused


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def _paused() -> Iterator[None]:
    _let_worker_take("cancel_consumer", is_taking=False)
    try:
        yield
    finally:
        _let_worker_take("add_consumer", is_taking=True)


def _let_worker_take(command: str, *, is_taking: bool) -> None:
    """A worker answers before it obeys, and obeys two commands in no order: one by one."""
    deadline = time.monotonic() + 30
    for queue in QUEUES.values():
        _ask_worker(command, {"queue": queue}, deadline)
        while (queue in _taken_queues(deadline)) is not is_taking:
            assert time.monotonic() < deadline, "the worker does not obey"


def _taken_queues(deadline: float) -> set[str]:
    [answer] = _ask_worker("active_queues", {}, deadline)
    return {queue["name"] for queues in answer.values() for queue in queues}


def _ask_worker(command: str, arguments: dict[str, str], deadline: float) -> list[Any]:
    while True:
        answers: list[Any] = app.control.broadcast(
            command, arguments, reply=True, limit=1, timeout=2
        )
        if answers:
            return answers
        assert time.monotonic() < deadline, "the worker does not listen"
