"""The sums: how many stand where, kept by triggers; lists of a department in every order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATUSES = ("PENDING", "PASSED", "REFUSED", "NOT_REQUIRED")

# Decision 0024. Whoever changes a clearance holds its student, so that nobody moves them elsewhere
# between the change and its line, and looks in the next statement where they are by then.
TALLIES = """
CREATE FUNCTION tally_clearances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM told JOIN students ON id = student_id FOR SHARE OF students;
    INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
    SELECT scheme_id, department_id, checkpoint_id, told.status, TG_ARGV[0]::int * count(*)
    FROM told JOIN students ON id = student_id
    WHERE students.status = 'ACTIVE' GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END
$$;
CREATE FUNCTION tally_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM told JOIN students ON id = student_id FOR SHARE OF students;
    INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
    SELECT scheme_id, department_id, checkpoint_id, moved.status, sum(moved.number)
    FROM (SELECT student_id, checkpoint_id, status, 1 AS number FROM told
          UNION ALL SELECT student_id, checkpoint_id, status, -1 FROM told_before) AS moved
    JOIN students ON id = student_id
    WHERE students.status = 'ACTIVE' GROUP BY 1, 2, 3, 4 HAVING sum(moved.number) <> 0;
    RETURN NULL;
END
$$;
CREATE FUNCTION tally_students() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies (scheme_id, department_id, number)
    SELECT scheme_id, department_id, TG_ARGV[0]::int * count(*)
    FROM told WHERE status = 'ACTIVE' GROUP BY 1, 2;
    RETURN NULL;
END
$$;
CREATE FUNCTION tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS (
        SELECT id, scheme_id, department_id, sum(number) AS number
        FROM (SELECT id, scheme_id, department_id, status, 1 AS number FROM told
              UNION ALL SELECT id, scheme_id, department_id, status, -1 FROM told_before) AS ways
        WHERE status = 'ACTIVE' GROUP BY 1, 2, 3 HAVING sum(number) <> 0)
    INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
    SELECT scheme_id, department_id, checkpoint_id, status, sum(number)
    FROM moved JOIN clearances ON student_id = id GROUP BY 1, 2, 3, 4 HAVING sum(number) <> 0
    UNION ALL
    SELECT scheme_id, department_id, NULL, NULL, sum(number)
    FROM moved GROUP BY 1, 2 HAVING sum(number) <> 0;
    RETURN NULL;
END
$$;
CREATE FUNCTION fold_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One in so many lines, and nobody waits for another who folds: their lines stay as they are.
    IF NOT EXISTS (SELECT FROM added WHERE id % 256 = 0)
        OR NOT pg_try_advisory_xact_lock(hashtext('lixiao.tallies')) THEN
        RETURN NULL;
    END IF;
    WITH piled AS (
        SELECT id, count(*) OVER (PARTITION BY scheme_id, department_id, checkpoint_id, status)
            AS lines
        FROM tallies WHERE scheme_id IN (SELECT scheme_id FROM added)),
    gone AS (
        DELETE FROM tallies WHERE id IN (SELECT id FROM piled WHERE lines > 1) RETURNING *)
    INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
    SELECT scheme_id, department_id, checkpoint_id, status, sum(number)
    FROM gone GROUP BY 1, 2, 3, 4 HAVING sum(number) <> 0;
    RETURN NULL;
END
$$;
CREATE FUNCTION tell_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_students (scheme_id, at, student_ids)
    SELECT scheme_id, decided_at, students
    FROM (SELECT checkpoint_id, decided_at, array_agg(student_id) AS students
          FROM told WHERE decided_at IS NOT NULL GROUP BY 1, 2) AS changed
    JOIN checkpoints ON id = checkpoint_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_new AFTER INSERT ON clearances REFERENCING NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tell_changed();
CREATE TRIGGER tell_changed AFTER UPDATE ON clearances REFERENCING NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tell_changed();
CREATE TRIGGER tally_new AFTER INSERT ON clearances REFERENCING NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_clearances('1');
CREATE TRIGGER tally_deleted AFTER DELETE ON clearances REFERENCING OLD TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_clearances('-1');
CREATE TRIGGER tally_decided AFTER UPDATE ON clearances
    REFERENCING OLD TABLE AS told_before NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_decided();
CREATE TRIGGER tally_new AFTER INSERT ON students REFERENCING NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_students('1');
CREATE TRIGGER tally_deleted AFTER DELETE ON students REFERENCING OLD TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_students('-1');
CREATE TRIGGER tally_moved AFTER UPDATE ON students
    REFERENCING OLD TABLE AS told_before NEW TABLE AS told
    FOR EACH STATEMENT EXECUTE FUNCTION tally_moved();
CREATE TRIGGER tallies_folded AFTER INSERT ON tallies REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION fold_tallies();
"""
# The triggers let nobody write until this is committed.
FIRST = """
INSERT INTO changed_students (scheme_id, at, student_ids)
SELECT scheme_id, decided_at, array_agg(student_id)
FROM clearances JOIN checkpoints ON id = checkpoint_id
WHERE decided_at IS NOT NULL GROUP BY 1, 2;
INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
SELECT scheme_id, department_id, checkpoint_id, clearances.status, count(*)
FROM students JOIN clearances ON student_id = students.id
WHERE students.status = 'ACTIVE' GROUP BY 1, 2, 3, 4
UNION ALL
SELECT scheme_id, department_id, NULL, NULL, count(*)
FROM students WHERE status = 'ACTIVE' GROUP BY 1, 2
"""
FUNCTIONS = (
    "tally_clearances",
    "tally_decided",
    "tally_students",
    "tally_moved",
    "fold_tallies",
    "tell_changed",
)


def upgrade() -> None:
    _create_tallies()
    _create_changed_students()
    op.execute(TALLIES)
    op.execute(FIRST)
    _sort_by_code_point()


def _create_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                *STATUSES,
                name="clearancestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(checkpoint_id IS NULL) = (status IS NULL)",
            name=op.f("ck_tallies_students_or_clearances"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
    )
    op.create_index(
        "ix_tallies_of_department", "tallies", ["scheme_id", "department_id", "checkpoint_id"]
    )


def _create_changed_students() -> None:
    op.create_table(
        "changed_students",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("student_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_students")),
    )
    op.create_index("ix_changed_students_at", "changed_students", ["scheme_id", "at"])


def _sort_by_code_point() -> None:
    """Names on every server: a prefix is then a range of the sorted list."""
    op.drop_index("ix_students_name_prefix", "students")
    op.alter_column("students", "name", type_=sa.Text(collation="C"))
    for name, key in (("name", sa.text("name")), ("class", sa.text("coalesce(class_name, '')"))):
        op.create_index(
            f"ix_students_of_department_by_{name}",
            "students",
            ["scheme_id", "department_id", key, "id"],
        )


def downgrade() -> None:
    for name in ("name", "class"):
        op.drop_index(f"ix_students_of_department_by_{name}", "students")
    op.alter_column("students", "name", type_=sa.Text(collation="default"))
    op.create_index(
        "ix_students_name_prefix",
        "students",
        ["scheme_id", "name"],
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.drop_table("tallies")
    op.drop_table("changed_students")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function} CASCADE")
