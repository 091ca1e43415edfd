"""Waiting until others wait."""

import time

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
