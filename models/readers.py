"""Connections that only read, without a thread: for statements that are made already.

The domain runs in threads and makes its statements as it goes (docs/decisions/0002). A statement
that is known as a whole needs neither, and those two are most of what a small query costs.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import psycopg_pool
import sqlalchemy as sa

from models.array_dumper import ArrayDumper

# Where none can be made for longer, queries are answered the other way.
_PATIENCE_SECONDS = 5.0
_OPTIONS = (
    "-c timezone=UTC"
    " -c default_transaction_read_only=on"
    " -c idle_in_transaction_session_timeout=60000"
    # A page ends after so many rows, and workers would read far ahead of it.
    " -c max_parallel_workers_per_gather=0"
)


class Readers:
    """As many connections as this, each made when it is needed. `url` as of `Database`."""

    def __init__(self, url: str, *, connections: int) -> None:
        # Waiting in the pool itself costs as much as a small query.
        self._turns = asyncio.Semaphore(connections)
        plain = sa.make_url(url).set(drivername="postgresql")
        self._pool = psycopg_pool.AsyncConnectionPool(
            plain.render_as_string(hide_password=False),
            min_size=0,
            max_size=connections,
            timeout=_PATIENCE_SECONDS,
            kwargs={"autocommit": True, "options": _OPTIONS},
            configure=_configure,
            open=False,
        )

    async def open(self) -> None:
        """Inside the event loop that reads."""
        await self._pool.open()

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    async def select(
        self, queries: Sequence[tuple[bytes, Mapping[str, object]]]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of each, all of one state of the database; raises what psycopg raises."""
        async with self._turns, self._pool.connection() as connection:
            if len(queries) == 1:
                return [await _rows(connection, *queries[0])]
            async with connection.transaction():
                return [await _rows(connection, *each) for each in queries]


async def _rows(
    connection: psycopg.AsyncConnection, text: bytes, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    cursor = connection.cursor(binary=True)
    # The text is the domain's; what comes from a request is among the values.
    await cursor.execute(text, values)
    return await cursor.fetchall()


async def _configure(connection: psycopg.AsyncConnection) -> None:
    connection.adapters.register_dumper(list, ArrayDumper)
    await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
