"""Locks with a name, for what has no row, or whose row would not go to who has waited longest."""

import sqlalchemy as sa
from sqlalchemy.orm import Session


def hold(session: Session, name: str) -> None:
    """Until the transaction ends; who comes first has it first."""
    key = sa.func.hashtext(f"lixiao.{name}")
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
