"""The office: rules of checkpoints, rosters, waivers, synonyms, and lines of what changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIELDS = (
    *("STATUS", "NUMBER", "CANDIDATE_NUMBER", "ID_NUMBER", "NAME", "GENDER", "ENTRY_YEAR"),
    *("COHORT", "DEPARTMENT", "MAJOR", "CLASS", "CATEGORY", "TRAINING_LEVEL"),
    *("HOUSEHOLD_TRANSFER", "DORMITORY"),
)
WIDENED = (
    ("jobs", "jobkind", "kind", ("IMPORT", "EXPORT", "BATCH"), ("ROSTER", "OPERATORS")),
    ("jobs", "jobphase", "phase", ("STAGING", "DECIDING", "WRITING"), ("APPLYING",)),
)
APPEND_ONLY = """
CREATE TRIGGER student_changes_append_only BEFORE UPDATE OR DELETE ON student_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER student_changes_not_truncated BEFORE TRUNCATE ON student_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    # What takes long comes before what shuts everybody out.
    op.create_index("ix_entries_at", "entries", ["at"])
    op.create_index(
        "ix_students_by_class",
        "students",
        ["scheme_id", sa.text("coalesce(class_name, '')"), "id"],
    )
    for table, check, column, before, more in WIDENED:
        _allow(table, check, column, (*before, *more))
    op.drop_constraint(op.f("uq_checkpoints_scheme_id_position"), "checkpoints")
    op.create_unique_constraint(
        op.f("uq_checkpoints_scheme_id_position"),
        "checkpoints",
        ["scheme_id", "position"],
        deferrable=True,
        initially="IMMEDIATE",
    )
    op.add_column("checkpoints", _json("applicability"))
    op.add_column(
        "operators", sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("jobs", _json("tally"))
    op.add_column("job_rows", _json("record"))
    op.add_column("job_rows", _json("changes"))
    _create_student_changes()
    _create_missing_students()
    _create_waivers()
    _create_synonyms()
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    for table in ("synonyms", "waivers", "missing_students", "student_changes"):
        op.drop_table(table)
    op.drop_index("ix_students_by_class", table_name="students")
    op.drop_index("ix_entries_at", table_name="entries")
    op.drop_column("operators", "last_sign_in_at")
    op.drop_column("job_rows", "changes")
    op.drop_column("job_rows", "record")
    op.drop_column("jobs", "tally")
    op.drop_column("checkpoints", "applicability")
    op.drop_constraint(op.f("uq_checkpoints_scheme_id_position"), "checkpoints")
    op.create_unique_constraint(
        op.f("uq_checkpoints_scheme_id_position"), "checkpoints", ["scheme_id", "position"]
    )
    # Jobs that the version before does not know; what they did to students stays.
    op.execute("DELETE FROM jobs WHERE kind IN ('ROSTER', 'OPERATORS')")
    for table, check, column, before, _ in WIDENED:
        _allow(table, check, column, before)


def _allow(table: str, check: str, column: str, names: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{check}")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, sa.column(column).in_(names))


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _one_of(column: str, name: str, *names: str, **options: object) -> sa.Column[str]:
    kind = sa.Enum(*names, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False, **options)  # type: ignore[arg-type]  # by name


def _create_student_changes() -> None:
    op.create_table(
        "student_changes",
        _id(),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        _one_of("field", "field", *FIELDS),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["schemes.id"], name=op.f("fk_student_changes_scheme_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_changes_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_student_changes_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_changes")),
    )
    op.create_index("ix_student_changes_student", "student_changes", ["student_id", "id"])
    op.create_index("ix_student_changes_scheme", "student_changes", ["scheme_id", "id"])


def _create_missing_students() -> None:
    op.create_table(
        "missing_students",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_missing_students_job_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_missing_students_student_id")
        ),
        sa.PrimaryKeyConstraint("job_id", "student_id", name=op.f("pk_missing_students")),
    )


def _create_waivers() -> None:
    op.create_table(
        "waivers",
        _id(),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        _one_of(
            "status",
            "waiverstatus",
            *("REQUESTED", "CONFIRMED", "WITHDRAWN"),
            server_default="REQUESTED",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        _moment("requested_at"),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("requested_by <> confirmed_by", name=op.f("ck_waivers_two_people")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR confirmed_by IS NOT NULL",
            name=op.f("ck_waivers_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "checkpoint_id"],
            ["clearances.student_id", "clearances.checkpoint_id"],
            name=op.f("fk_waivers_student_id_checkpoint_id"),
        ),
        *(
            sa.ForeignKeyConstraint([by], ["operators.id"], name=op.f(f"fk_waivers_{by}"))
            for by in ("requested_by", "confirmed_by", "withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
    )
    op.create_index(
        "uq_waivers_alive",
        "waivers",
        ["student_id", "checkpoint_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'WITHDRAWN'"),
    )
    op.create_index("ix_waivers_of_checkpoint", "waivers", ["checkpoint_id", "id"])


def _create_synonyms() -> None:
    op.create_table(
        "synonyms",
        _id(),
        _one_of("kind", "synonymkind", "RESULT", "HEADER"),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        _moment("created_at"),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_synonyms_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonyms")),
        sa.UniqueConstraint("kind", "folded", name=op.f("uq_synonyms_kind_folded")),
    )
