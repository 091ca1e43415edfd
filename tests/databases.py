"""Databases of one test's own, on the server of all tests."""

import contextlib
import dataclasses
import secrets
from collections.abc import Iterator

import sqlalchemy as sa

import settings


@contextlib.contextmanager
def fresh(values: settings.Settings) -> Iterator[settings.Settings]:
    """The same settings with an empty database, which is dropped at the end."""
    name = f"own_{secrets.token_hex(4)}"
    server = sa.create_engine(
        values.database_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = sa.make_url(values.database_url).set(database=name)
    try:
        yield dataclasses.replace(values, database_url=url.render_as_string(hide_password=False))
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
