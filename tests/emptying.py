"""All tables made empty in one statement, since that is done before most of the tests."""

import sqlalchemy as sa

import models

TABLES = tuple(models.Base.metadata.tables)
# Beyond this many bytes new files are cheaper than marking every row, and dead rows have piled up.
LARGE = 4 << 20
EMPTYING = f"""
DO $$
BEGIN
  -- A request whose client has gone may still be at work.
  FOR _ IN 1..500 LOOP
    EXIT WHEN NOT EXISTS (
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle');
    PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
  END LOOP;
  -- The history refuses to lose anything; only a superuser can switch that off.
  SET LOCAL session_replication_role = replica;
  -- Nobody writes meanwhile.
  LOCK TABLE {", ".join(TABLES)} IN EXCLUSIVE MODE;
  -- Ids go on counting: the id of a job that is still in the queue must not come again.
  IF {" + ".join(f"pg_relation_size('{name}')" for name in TABLES)} > {LARGE} THEN
    TRUNCATE {", ".join(TABLES)};
  ELSE
    {" ".join(f"DELETE FROM {name};" for name in TABLES)}
  END IF;
END
$$
"""


def empty(engine: sa.Engine) -> None:
    """Every row goes, whatever the rules of the history say."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(EMPTYING)
