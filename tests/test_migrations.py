"""The migrations on databases of their own: up, down, up; and what the tables then guard."""

import re
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import models
import settings
from cli import migrations
from domain.deciding import decisions
from domain.deciding.judgement import Decision
from models import Act, Channel
from tests.databases import fresh
from tests.world import LIBRARY, World

EMPTY = """
SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'
UNION ALL
SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'
"""
LOCKS = """
SELECT objid::text FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""

JOBS = (
    "INSERT INTO operators (login, name) VALUES ('a', 'A')",
    "INSERT INTO schemes (name, status) VALUES ('S', 'OPEN')",
    """INSERT INTO jobs (kind, phase, operator_id, scheme_id)
       SELECT kind, phase, operators.id, schemes.id
       FROM operators, schemes, (VALUES ('ROSTER', 'APPLYING'), ('OPERATORS', NULL),
                                        ('BATCH', NULL)) AS job (kind, phase)""",
)
UNDONE = (
    "UPDATE jobs SET phase = 'MATCHING' WHERE kind = 'BATCH'",
    """INSERT INTO jobs (kind, operator_id, scheme_id, undoes_id)
       SELECT 'UNDO', operator_id, scheme_id, id FROM jobs WHERE kind = 'BATCH'""",
    """INSERT INTO job_rows (job_id, row_number, part, cells, key, name)
       SELECT id, 1, part, '[]', key, '' FROM jobs, (VALUES (0, 'first'), (1, 'second'))
       AS of (part, key) WHERE kind = 'BATCH'""",
)


@pytest.fixture
def engine(values: settings.Settings) -> Iterator[sa.Engine]:
    """An engine on an empty database."""
    with fresh(values) as own:
        engine = sa.create_engine(own.database_url)
        yield engine
        engine.dispose()


def differences(engine: sa.Engine) -> list[object]:
    """What autogenerate would write into the next revision."""
    with engine.connect() as connection:
        options = {"compare_server_default": True, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, models.Base.metadata))


def downgrade(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        command.downgrade(migrations.configuration(connection), "base")
        connection.commit()


def names(engine: sa.Engine, statement: str) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(sa.text(statement)))


def test_up_down_and_up_again_leave_no_difference(engine: sa.Engine) -> None:
    migrations.upgrade(engine)
    assert differences(engine) == []
    downgrade(engine)
    assert names(engine, EMPTY) == ["alembic_version", "alembic_version_pkc"]
    migrations.upgrade(engine)
    assert differences(engine) == []


def test_the_way_back_from_the_desk_drops_what_the_tables_before_cannot_hold(
    engine: sa.Engine,
) -> None:
    migrations.upgrade(engine)
    with engine.begin() as connection:
        for statement in (*JOBS, *UNDONE):
            connection.execute(sa.text(statement))
    with engine.connect() as connection:
        command.downgrade(migrations.configuration(connection), "0002")
        connection.commit()
    assert names(engine, "SELECT kind FROM jobs") == ["BATCH", "OPERATORS", "ROSTER"]
    assert names(engine, "SELECT phase FROM jobs WHERE kind = 'BATCH'") == ["STAGING"]
    assert names(engine, "SELECT key FROM job_rows") == ["first"]


def test_the_way_back_from_the_office_drops_its_jobs_and_keeps_the_others(
    engine: sa.Engine,
) -> None:
    migrations.upgrade(engine)
    with engine.begin() as connection:
        for statement in JOBS:
            connection.execute(sa.text(statement))
    with engine.connect() as connection:
        command.downgrade(migrations.configuration(connection), "0001")
        connection.commit()
    assert names(engine, "SELECT kind FROM jobs") == ["BATCH"]


def test_migrating_again_changes_nothing_and_holds_no_lock(engine: sa.Engine) -> None:
    migrations.upgrade(engine)
    before = names(engine, EMPTY)
    migrations.upgrade(engine)
    assert names(engine, EMPTY) == before
    assert names(engine, LOCKS) == []


def test_two_at_once_wait_for_each_other(engine: sa.Engine) -> None:
    threads = [threading.Thread(target=migrations.upgrade, args=(engine,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert differences(engine) == []
    assert names(engine, "SELECT version_num FROM alembic_version") == ["0007"]


def test_every_constraint_and_index_has_a_name_of_ours(engine: sa.Engine) -> None:
    migrations.upgrade(engine)
    # What PostgreSQL 18 also lists, "n", is NOT NULL of a column.
    constraints = """
        SELECT conname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE nspname = 'public' AND contype NOT IN ('n', 't') AND relname <> 'alembic_version'
    """
    indexes = """
        SELECT indexname FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    """
    tables = "|".join(models.Base.metadata.tables)
    pattern = re.compile(rf"(pk|fk|uq|ck|ix)_({tables})(_\w+)?")
    found = names(engine, constraints) + names(engine, indexes)
    assert len(found) > 80
    assert [name for name in found if not pattern.fullmatch(name)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET new_remark = 'x'",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "TRUNCATE clearances CASCADE",
    ],
)
def test_the_history_refuses_to_be_changed(statement: str, world: World) -> None:
    student, checkpoint = world.students["2020010101"], world.checkpoints[LIBRARY]
    origin = decisions.Origin(world.operator("library"), Channel.SINGLE)
    with world.database.write() as session:
        decisions.apply_one(session, checkpoint, Decision(student, Act.PASS, "已还"), origin)
    with (
        pytest.raises(sa.exc.DBAPIError, match="entries are append-only"),
        world.database.write() as session,
    ):
        session.execute(sa.text(statement))
    assert [entry.new_remark for entry in world.entries()] == ["已还"]


ENTRY = """INSERT INTO entries (version, channel, old_status, new_status, old_remark, new_remark,
                                student_id, checkpoint_id, operator_id)
           SELECT 9, 'SINGLE', 'PENDING', 'PASSED', '', '',"""
LIBRARIAN = "WHERE login = 'library'"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (f"{ENTRY} 0, checkpoint_id, operator_id FROM entries", "entries_refer"),
        (f"{ENTRY} student_id, checkpoint_id, 0 FROM entries", "entries_refer"),
        ("DELETE FROM clearances", "entries_refer"),
        (f"WITH gone AS (DELETE FROM grants) DELETE FROM operators {LIBRARIAN}", "entries_refer"),
        (
            "INSERT INTO job_rows (job_id, row_number, cells, key, name) SELECT 0, 1, '[]', '', ''",
            "job_rows_refer",
        ),
    ],
)
def test_what_entries_and_job_rows_refer_to_is_there(
    statement: str, constraint: str, world: World
) -> None:
    student, checkpoint = world.students["2020010101"], world.checkpoints[LIBRARY]
    origin = decisions.Origin(world.operator("library"), Channel.SINGLE)
    with world.database.write() as session:
        decisions.apply_one(session, checkpoint, Decision(student, Act.PASS), origin)
    with pytest.raises(sa.exc.IntegrityError) as caught, world.database.write() as session:
        session.execute(sa.text(statement))
    assert caught.value.orig.diag.constraint_name == constraint  # type: ignore[union-attr]  # psycopg's
    assert len(world.entries()) == 1


def test_the_rows_of_a_job_go_with_it(engine: sa.Engine) -> None:
    migrations.upgrade(engine)
    with engine.begin() as connection:
        for statement in (*JOBS, *UNDONE, "DELETE FROM jobs WHERE undoes_id IS NOT NULL"):
            connection.execute(sa.text(statement))
        assert connection.scalar(sa.text("SELECT count(*) FROM job_rows")) == 2
        connection.execute(sa.text("DELETE FROM jobs WHERE kind = 'BATCH'"))
    assert names(engine, "SELECT key FROM job_rows") == []
