"""Alembic's entry: `cli migrate` hands over a connection, `alembic` itself reads the settings."""

import sqlalchemy as sa
from alembic import context

import models
import settings


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection, target_metadata=models.Base.metadata, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with sa.create_engine(settings.load().database_url).connect() as connection:
        _run(connection)
