"""Bring a database to the newest tables."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

OLDEST_SERVER = 160000


class OldServer(Exception):  # noqa: N818 -- says what it is
    """A PostgreSQL that lacks what the tables need; the message names its version."""


ROOT = Path(__file__).parents[1]


def configuration(connection: sa.Connection) -> Config:
    """Alembic's configuration for a connection of ours."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine) -> None:
    """To the newest revision; two at once wait for each other."""
    with engine.connect() as connection:
        version = connection.execute(sa.text("SHOW server_version_num")).scalar_one()
        if int(version) < OLDEST_SERVER:
            raise OldServer(f"PostgreSQL 16 or later is needed, not {int(version) // 10000}.")
        # Held until the commit; one of the session would stay with the pooled connection.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7160)"))
        command.upgrade(configuration(connection), "head")
        connection.commit()
