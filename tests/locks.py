"""Waiting until others wait, and having them wait longer."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session


def wait_for_locks(session: Session, count: int) -> None:
    """Until so many connections wait for a lock."""
    deadline = time.monotonic() + 30
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while session.execute(waiting).scalar_one() < count:
        assert time.monotonic() < deadline
        session.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
        time.sleep(0.02)


@contextlib.contextmanager
def frozen_waiter(session: Session, seconds: float) -> Iterator[None]:
    """Of this block the first seconds, the one backend that waits for a lock does nothing."""
    if session.execute(sa.text("SELECT inet_server_addr()")).scalar_one() is not None:
        pytest.skip("The processes of a server that is reached over TCP may be on another machine.")
    waiting = sa.text("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    backend = psutil.Process(session.execute(waiting).scalar_one())
    backend.send_signal(signal.SIGSTOP)
    thaw = threading.Timer(seconds, backend.send_signal, [signal.SIGCONT])
    thaw.start()
    try:
        yield
    finally:
        thaw.join()
