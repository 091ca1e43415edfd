"""A decided student is looked at once for the sums: half of the time of a decision's statement."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Decision 0024. Each clearance before and after in one row, by a plan that suits one as well as
# thousands; the students are held as they are by then, and only of clearances that moved.
ONCE = """
CREATE OR REPLACE FUNCTION tally_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS (
        SELECT student_id, checkpoint_id, max(after) AS after, max(before) AS before
        FROM (SELECT student_id, checkpoint_id, status AS after, NULL AS before FROM told
              UNION ALL SELECT student_id, checkpoint_id, NULL, status FROM told_before) AS states
        GROUP BY 1, 2 HAVING max(after) IS DISTINCT FROM max(before)),
    held AS MATERIALIZED (
        SELECT scheme_id, department_id, students.status AS standing, moved.*
        FROM moved JOIN students ON id = student_id ORDER BY id FOR SHARE OF students)
    INSERT INTO tallies (scheme_id, department_id, checkpoint_id, status, number)
    SELECT scheme_id, department_id, checkpoint_id, way.status, sum(way.number)
    FROM held CROSS JOIN LATERAL (VALUES (after, 1), (before, -1)) AS way (status, number)
    WHERE standing = 'ACTIVE' AND way.status IS NOT NULL
    GROUP BY 1, 2, 3, 4 HAVING sum(way.number) <> 0;
    RETURN NULL;
END
$$
"""
TWICE = """
CREATE OR REPLACE FUNCTION tally_decided() RETURNS trigger LANGUAGE plpgsql AS $$
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
$$
"""


def upgrade() -> None:
    op.execute(ONCE)


def downgrade() -> None:
    op.execute(TWICE)
