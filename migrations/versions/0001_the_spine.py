"""The spine: schemes, students, checkpoints, clearances, entries, operators, jobs, files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# History is append-only, whoever is connected; TRUNCATE is a statement of its own.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are append-only';
END
$$;
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_not_truncated BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("name", name=op.f("uq_departments_name")),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("login", name=op.f("uq_operators_login")),
    )
    op.create_table(
        "schemes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "OPEN",
                "CLOSED",
                "ARCHIVED",
                name="schemestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schemes")),
        sa.UniqueConstraint("name", name=op.f("uq_schemes_name")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_checkpoints_window")),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["schemes.id"], name=op.f("fk_checkpoints_scheme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("scheme_id", "id", name=op.f("uq_checkpoints_scheme_id_id")),
        sa.UniqueConstraint(
            "scheme_id", "position", name=op.f("uq_checkpoints_scheme_id_position")
        ),
        sa.UniqueConstraint("scheme_id", "title", name=op.f("uq_checkpoints_scheme_id_title")),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "UPLOAD",
                "ANNOTATED",
                "FAILED_ROWS",
                "EXPORT",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_files_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_expires_at", "files", ["expires_at"], unique=False)
    op.create_index(op.f("ix_files_operator_id"), "files", ["operator_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_sessions_operator_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_operator_id"), "sessions", ["operator_id"], unique=False)
    op.create_table(
        "students",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE",
                "ARCHIVED",
                name="studentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="ACTIVE",
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("candidate_number", sa.Text(), nullable=True),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "MALE",
                "FEMALE",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("entry_year", sa.Integer(), nullable=True),
        sa.Column(
            "cohort",
            sa.Enum(
                "SINGLE_CERTIFICATE_GRADUATE",
                "DOUBLE_CERTIFICATE_GRADUATE",
                "UNDERGRADUATE",
                name="cohort",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("training_level", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("major", sa.Text(), nullable=True),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("household_transfer", sa.Boolean(), nullable=True),
        sa.Column("dormitory", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_students_department_id")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_students_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
        sa.UniqueConstraint(
            "scheme_id", "candidate_number", name=op.f("uq_students_scheme_id_candidate_number")
        ),
        sa.UniqueConstraint("scheme_id", "id_number", name=op.f("uq_students_scheme_id_id_number")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_students_scheme_id_number")),
    )
    op.create_index("ix_students_by_name", "students", ["scheme_id", "name", "id"], unique=False)
    op.create_index(
        "ix_students_by_number",
        "students",
        ["scheme_id", sa.literal_column("coalesce(number, '')"), "id"],
        unique=False,
    )
    op.create_index("ix_students_class", "students", ["scheme_id", "class_name"], unique=False)
    op.create_index(op.f("ix_students_department_id"), "students", ["department_id"], unique=False)
    op.create_index("ix_students_major", "students", ["scheme_id", "major"], unique=False)
    op.create_index(
        "ix_students_name_prefix",
        "students",
        ["scheme_id", "name"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.create_index(
        "ix_students_of_department_by_number",
        "students",
        ["scheme_id", "department_id", sa.literal_column("coalesce(number, '')"), "id"],
        unique=False,
    )
    op.create_table(
        "clearances",
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "PASSED",
                "REFUSED",
                "NOT_REQUIRED",
                name="clearancestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column(
            "not_required_by",
            sa.Enum(
                "RULE",
                "WAIVER",
                name="notrequiredby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'NOT_REQUIRED') = (not_required_by IS NOT NULL)",
            name=op.f("ck_clearances_not_required_reason"),
        ),
        sa.CheckConstraint("char_length(remark) <= 500", name=op.f("ck_clearances_remark_length")),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_clearances_checkpoint_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_clearances_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", "checkpoint_id", name=op.f("pk_clearances")),
        postgresql_with={"fillfactor": "90"},
    )
    op.create_table(
        "file_chunks",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_file_chunks_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_file_chunks")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "CHECKPOINT_OPERATOR",
                "DEPARTMENT_OPERATOR",
                "ADMINISTRATOR",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scheme_id", sa.BigInteger(), nullable=True),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "may_see_id_numbers", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.CheckConstraint(
            "checkpoint_id IS NULL OR scheme_id IS NOT NULL", name=op.f("ck_grants_checkpoint")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_grants_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_grants_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"],
            ["checkpoints.scheme_id", "checkpoints.id"],
            name=op.f("fk_grants_scheme_id_checkpoint_id"),
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_grants_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "operator_id",
            "role",
            "scheme_id",
            "checkpoint_id",
            "department_id",
            name="uq_grants_scope",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "IMPORT",
                "EXPORT",
                "BATCH",
                name="jobkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "QUEUED",
                "RUNNING",
                "FINISHED",
                "CANCELLED",
                "FAILED",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="QUEUED",
            nullable=False,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "STAGING",
                "DECIDING",
                "WRITING",
                name="jobphase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=True),
        sa.Column("upload_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dry_run", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "match_by",
            sa.Enum(
                "AUTO",
                "STUDENT_NUMBER",
                "ID_NUMBER",
                name="matchby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "if_newer",
            sa.Enum(
                "KEEP",
                "OVERRIDE",
                name="ifnewer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "options",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("staged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("applied", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unprocessed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("header", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("progress_token", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_jobs_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"],
            ["checkpoints.scheme_id", "checkpoints.id"],
            name=op.f("fk_jobs_scheme_id_checkpoint_id"),
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_jobs_scheme_id")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["files.id"], name=op.f("fk_jobs_upload_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_of_operator", "jobs", ["operator_id", "id"], unique=False)
    op.create_index(
        "ix_jobs_unfinished",
        "jobs",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
    )
    op.create_table(
        "prerequisites",
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("required_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "checkpoint_id <> required_id", name=op.f("ck_prerequisites_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"],
            ["checkpoints.scheme_id", "checkpoints.id"],
            name=op.f("fk_prerequisites_scheme_id_checkpoint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "required_id"],
            ["checkpoints.scheme_id", "checkpoints.id"],
            name=op.f("fk_prerequisites_scheme_id_required_id"),
        ),
        sa.PrimaryKeyConstraint("checkpoint_id", "required_id", name=op.f("pk_prerequisites")),
    )
    op.create_table(
        "reveals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_reveals_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_reveals_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_index(op.f("ix_reveals_student_id"), "reveals", ["student_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "SINGLE",
                "BATCH",
                "IMPORT",
                "REPAIR",
                "FEED",
                "UNDO",
                "WAIVER",
                "RULE",
                "ROSTER",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column(
            "old_status",
            sa.Enum(
                "PENDING",
                "PASSED",
                "REFUSED",
                "NOT_REQUIRED",
                name="old_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "new_status",
            sa.Enum(
                "PENDING",
                "PASSED",
                "REFUSED",
                "NOT_REQUIRED",
                name="new_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("old_remark", sa.Text(), nullable=False),
        sa.Column("new_remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_entries_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "checkpoint_id"],
            ["clearances.student_id", "clearances.checkpoint_id"],
            name=op.f("fk_entries_student_id_checkpoint_id"),
        ),
        sa.PrimaryKeyConstraint("student_id", "checkpoint_id", "version", name=op.f("pk_entries")),
    )
    op.create_index(
        "ix_entries_job",
        "entries",
        ["job_id"],
        unique=False,
        postgresql_where=sa.text("job_id IS NOT NULL"),
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "UPLOAD",
                "ANNOTATED",
                "FAILED_ROWS",
                "EXPORT",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_job_files_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_job_files_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "kind", name=op.f("pk_job_files")),
    )
    op.create_index(op.f("ix_job_files_file_id"), "job_files", ["file_id"], unique=False)
    op.create_table(
        "job_rows",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
                "PASS",
                "REFUSE",
                "RESET",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "APPLIED",
                "UNCHANGED",
                "FAILED",
                "UNPROCESSED",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column(
            "problems",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_job_rows_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "row_number", name=op.f("pk_job_rows")),
        postgresql_with={"fillfactor": "70"},
    )

    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("job_rows")
    op.drop_index(op.f("ix_job_files_file_id"), table_name="job_files")
    op.drop_table("job_files")
    op.drop_index(
        "ix_entries_job", table_name="entries", postgresql_where=sa.text("job_id IS NOT NULL")
    )
    op.drop_table("entries")
    op.drop_index(op.f("ix_reveals_student_id"), table_name="reveals")
    op.drop_table("reveals")
    op.drop_table("prerequisites")
    op.drop_index(
        "ix_jobs_unfinished",
        table_name="jobs",
        postgresql_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
    )
    op.drop_index("ix_jobs_of_operator", table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("grants")
    op.drop_table("file_chunks")
    op.drop_table("clearances")
    op.drop_index("ix_students_of_department_by_number", table_name="students")
    op.drop_index(
        "ix_students_name_prefix",
        table_name="students",
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.drop_index("ix_students_major", table_name="students")
    op.drop_index(op.f("ix_students_department_id"), table_name="students")
    op.drop_index("ix_students_class", table_name="students")
    op.drop_index("ix_students_by_number", table_name="students")
    op.drop_index("ix_students_by_name", table_name="students")
    op.drop_table("students")
    op.drop_index(op.f("ix_sessions_operator_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_files_operator_id"), table_name="files")
    op.drop_index("ix_files_expires_at", table_name="files")
    op.drop_table("files")
    op.drop_table("checkpoints")
    op.drop_table("sign_in_failures")
    op.drop_table("schemes")
    op.drop_table("operators")
    op.drop_table("departments")
    op.execute("DROP FUNCTION refuse_change")
