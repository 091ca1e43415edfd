"""The only place where an engine is made and a session opened.

The domain is written once, sync; a web request runs it in a thread (see docs/decisions/0002).
"""

import contextlib
from collections.abc import Iterator

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from models.array_dumper import ArrayDumper


class Database:
    """One pool of connections. `url` is a SQLAlchemy URL of PostgreSQL 16 or later.

    Without `commits_wait` a commit is visible at once and on the disk a moment later; a commit that
    waits puts all before it there too.
    """

    def __init__(
        self, url: str, *, connections: int, idle_limit_seconds: int = 60, commits_wait: bool = True
    ) -> None:
        self.connections = connections
        self.engine = sa.create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            # The message of a fault goes into the log, and parameters hold personal numbers.
            hide_parameters=True,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            # A process that freezes inside a transaction would keep its locks for ever.
            connect_args={
                "options": "-c timezone=UTC"
                f" -c idle_in_transaction_session_timeout={idle_limit_seconds * 1000}"
                f" -c synchronous_commit={'on' if commits_wait else 'off'}"
            },
        )
        sa.event.listen(self.engine, "connect", _send_arrays_as_text)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    def open_snapshot(self) -> Session:
        """A session that reads one state of the database, however many statements it takes."""
        session = self._sessions()
        session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        return session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by any exception."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _send_arrays_as_text(connection: psycopg.Connection, _record: object) -> None:
    connection.adapters.register_dumper(list, ArrayDumper)
