"""The crowd: what many rows refer to is looked up once a statement (decision 0023)."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# In the place of foreign keys, which look each row up by itself: half of the time of writing one.
# Without OFFSET the planner may join, and read all clearances for a few entries.
REFERENCES = """
CREATE FUNCTION entries_refer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_entries AS entry WHERE NOT EXISTS (
                   SELECT FROM clearances AS clearance
                   WHERE clearance.student_id = entry.student_id
                       AND clearance.checkpoint_id = entry.checkpoint_id OFFSET 0))
        OR EXISTS (SELECT FROM (SELECT DISTINCT operator_id FROM new_entries) AS entry
                   WHERE NOT EXISTS (SELECT FROM operators WHERE id = entry.operator_id)) THEN
        RAISE EXCEPTION 'an entry is of no clearance or operator'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entries_refer';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION entries_refer_to_clearances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows JOIN entries USING (student_id, checkpoint_id)) THEN
        RAISE EXCEPTION 'an entry is of one of these clearances'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entries_refer';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION entries_refer_to_operators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows JOIN entries ON entries.operator_id = old_rows.id) THEN
        RAISE EXCEPTION 'an entry is of one of these operators'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entries_refer';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION job_rows_refer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT job_id FROM new_rows) AS of_job
               WHERE NOT EXISTS (SELECT FROM jobs WHERE id = of_job.job_id)) THEN
        RAISE EXCEPTION 'a row is of no job'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'job_rows_refer';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION job_rows_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM job_rows USING old_rows WHERE job_rows.job_id = old_rows.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_refer AFTER INSERT ON entries
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION entries_refer();
CREATE TRIGGER entries_refer AFTER DELETE ON clearances
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION entries_refer_to_clearances();
CREATE TRIGGER entries_refer AFTER DELETE ON operators
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION entries_refer_to_operators();
CREATE TRIGGER entries_not_orphaned BEFORE TRUNCATE ON clearances
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_not_orphaned BEFORE TRUNCATE ON operators
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER job_rows_refer AFTER INSERT ON job_rows
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION job_rows_refer();
CREATE TRIGGER job_rows_go AFTER DELETE ON jobs
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION job_rows_go();
"""
TRIGGERS = (
    ("entries_refer", "entries"),
    ("entries_refer", "clearances"),
    ("entries_refer", "operators"),
    ("entries_not_orphaned", "clearances"),
    ("entries_not_orphaned", "operators"),
    ("job_rows_refer", "job_rows"),
    ("job_rows_go", "jobs"),
)
FUNCTIONS = (
    *("entries_refer", "entries_refer_to_clearances", "entries_refer_to_operators"),
    *("job_rows_refer", "job_rows_go"),
)
KEY = ["student_id", "checkpoint_id"]


def upgrade() -> None:
    op.drop_constraint(op.f("fk_entries_student_id_checkpoint_id"), "entries")
    op.drop_constraint(op.f("fk_entries_operator_id"), "entries")
    op.drop_constraint(op.f("fk_job_rows_job_id"), "job_rows")
    op.execute(REFERENCES)


def downgrade() -> None:
    for trigger, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.create_foreign_key(
        op.f("fk_job_rows_job_id"), "job_rows", "jobs", ["job_id"], ["id"], ondelete="CASCADE"
    )
    op.create_foreign_key(
        op.f("fk_entries_operator_id"), "entries", "operators", ["operator_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_entries_student_id_checkpoint_id"), "entries", "clearances", KEY, KEY
    )
