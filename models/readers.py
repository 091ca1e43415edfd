"""Connections that only read, without a thread: for statements that are made already.

The domain runs in threads and makes its statements as it goes (docs/decisions/0002). A statement
that is known as a whole needs neither, and those two are most of what a small query costs.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import sqlalchemy as sa

# Where none can be made for longer, queries are answered the other way.
_PATIENCE_SECONDS = 5.0
# This driver would send them to the server.
_OF_LIBPQ = (
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "channel_binding",
)
# SQL with $1, $2 ... and what stands for these.
Queries = Sequence[tuple[str, Sequence[object]]]
# Each is as good as a tuple.
Rows = Sequence[Any]
_SETTINGS = {
    "timezone": "UTC",
    "default_transaction_read_only": "on",
    "idle_in_transaction_session_timeout": "60000",
    # A page ends after so many rows, and workers would read far ahead of it.
    "max_parallel_workers_per_gather": "0",
}
# The internal one is what a connection says that was ended while nobody used it.
_FAULTS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


class Unread(Exception):  # noqa: N818 -- expected: there is another way
    """The rows could not be read; `str()` names the driver's error."""


class Readers:
    """As many connections as this, each made when it is needed. `url` as of `Database`.

    A pool of the driver's would cost as much as a small query.
    """

    def __init__(self, url: str, *, connections: int) -> None:
        plain = sa.make_url(url).set(drivername="postgresql").difference_update_query(_OF_LIBPQ)
        self._url = plain.render_as_string(hide_password=False)
        # A folder of sockets is no part of a URL's address, as the driver reads it.
        folder = plain.query.get("host")
        self._host = folder if isinstance(folder, str) and not plain.host else None
        self._port = plain.port
        self._turns = asyncio.Semaphore(connections)
        # The last one used is the next one, so that few are kept busy.
        self._idle: list[asyncpg.Connection] = []

    async def close(self) -> None:
        """Give every connection back."""
        while self._idle:
            await self._idle.pop().close()

    async def select(self, queries: Queries) -> list[Rows]:
        """The rows of each, all of one state of the database; raises Unread."""
        try:
            async with self._turns:
                return await self._select(queries)
        except _FAULTS as error:
            raise Unread(type(error).__name__) from error

    async def _select(self, queries: Queries) -> list[Rows]:
        connection = await self._connection()
        try:
            found = await _rows(connection, queries)
        except BaseException:
            # In whatever state it is, of a cancelled request too.
            connection.terminate()
            raise
        self._idle.append(connection)
        return found

    async def _connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(
            self._url,
            host=self._host,
            port=self._port,
            timeout=_PATIENCE_SECONDS,
            server_settings=_SETTINGS,
        )


async def _rows(connection: asyncpg.Connection, queries: Queries) -> list[Rows]:
    # The texts are the domain's; what comes from a request is among the values.
    if len(queries) == 1:
        [(text, values)] = queries
        return [await connection.fetch(text, *values)]
    async with connection.transaction(isolation="repeatable_read"):
        return [await connection.fetch(text, *values) for text, values in queries]
