"""Moments that decisions are compared with."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import errors

YEARS = range(1900, 3000)
_ACTIVITY = sa.table(
    "pg_stat_activity",
    sa.column("datname", sa.Text),
    sa.column("xact_start", sa.DateTime(timezone=True)),
    sa.column("backend_xid", sa.BigInteger),
)


def settled(session: Session) -> dt.datetime:
    """Up to this moment every decision is committed, and in any snapshot that is opened later.

    A decision bears a moment from before its commit. So the start of the oldest transaction that
    writes is taken: what it decides is later, and so is what later ones decide.
    """
    writing = sa.select(sa.func.min(_ACTIVITY.c.xact_start)).where(
        _ACTIVITY.c.backend_xid.is_not(None),
        _ACTIVITY.c.datname == sa.func.current_database(),
    )
    moment: sa.ColumnElement[dt.datetime] = sa.func.least(sa.func.now(), writing.scalar_subquery())
    return session.scalars(sa.select(moment)).one()


def in_utc(moment: dt.datetime, path: tuple[str, ...] = ("moment",)) -> dt.datetime:
    """A moment without an offset is taken as UTC, as all moments of the API are.

    INVALID_INPUT near the ends of the calendar, where another timezone has no name for it.
    """
    if moment.year not in YEARS:
        raise errors.invalid(path, moment.isoformat(), f"{YEARS[0]}-{YEARS[-1]}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
