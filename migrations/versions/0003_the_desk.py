"""The desk: undo, repair, several checkpoints in a file, two queues, keys of repeated requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("IMPORT", "EXPORT", "BATCH", "ROSTER", "OPERATORS")
PHASES = ("STAGING", "DECIDING", "WRITING", "APPLYING")
LEFT_AT = (*PHASES, "MATCHING")
QUEUES = ("INTERACTIVE", "BULK")


def upgrade() -> None:
    _allow("kind", "jobkind", (*KINDS, "UNDO"))
    _allow("phase", "jobphase", (*PHASES, "MATCHING"))
    op.add_column("jobs", _one_of("left_at", "left_at", LEFT_AT, nullable=True))
    op.add_column("jobs", _one_of("queue", "jobqueue", QUEUES, server_default="BULK"))
    op.add_column("jobs", _moment("waiting_since"))
    op.add_column("jobs", sa.Column("undoes_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_jobs_undoes_id"), "jobs", "jobs", ["undoes_id"], ["id"])
    op.create_index(
        "ix_jobs_undoes", "jobs", ["undoes_id"], postgresql_where=sa.text("undoes_id IS NOT NULL")
    )
    op.add_column("entries", sa.Column("restores", sa.Integer(), nullable=True))
    _widen_job_rows()
    _create_job_checkpoints()
    _create_repairs()
    _create_idempotency_keys()


def downgrade() -> None:
    for table in ("idempotency_keys", "repairs", "job_checkpoints"):
        op.drop_table(table)
    # What the version before cannot hold; what it did to clearances stays.
    op.execute("DELETE FROM job_rows WHERE part > 0")
    op.drop_constraint(op.f("pk_job_rows"), "job_rows")
    for column in ("part", "repair_id", "edits"):
        op.drop_column("job_rows", column)
    op.create_primary_key(op.f("pk_job_rows"), "job_rows", ["job_id", "row_number"])
    op.drop_column("entries", "restores")
    op.execute("DELETE FROM jobs WHERE kind = 'UNDO'")
    for column in ("undoes_id", "waiting_since", "queue", "left_at"):
        op.drop_column("jobs", column)
    op.execute("UPDATE jobs SET phase = 'STAGING' WHERE phase = 'MATCHING'")
    _allow("phase", "jobphase", PHASES)
    _allow("kind", "jobkind", KINDS)


def _widen_job_rows() -> None:
    op.add_column(
        "job_rows", sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.drop_constraint(op.f("pk_job_rows"), "job_rows")
    op.create_primary_key(op.f("pk_job_rows"), "job_rows", ["job_id", "row_number", "part"])
    op.add_column("job_rows", sa.Column("repair_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "job_rows", sa.Column("edits", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )


def _create_job_checkpoints() -> None:
    op.create_table(
        "job_checkpoints",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_job_checkpoints_job_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_job_checkpoints_checkpoint_id")
        ),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_checkpoints")),
    )
    op.create_index(op.f("ix_job_checkpoints_checkpoint_id"), "job_checkpoints", ["checkpoint_id"])


def _create_repairs() -> None:
    op.create_table(
        "repairs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        _moment("created_at"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_repairs_job_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_repairs_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
    )
    op.create_index(op.f("ix_repairs_job_id"), "repairs", ["job_id"])


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("mutation", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        _moment("created_at"),
        sa.Column("noun", sa.Text(), nullable=True),
        sa.Column("numbers", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_idempotency_keys_operator_id")
        ),
        sa.PrimaryKeyConstraint(
            "operator_id", "mutation", "key_hash", name=op.f("pk_idempotency_keys")
        ),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def _allow(column: str, check: str, names: tuple[str, ...]) -> None:
    name = op.f(f"ck_jobs_{check}")
    op.drop_constraint(name, "jobs")
    op.create_check_constraint(name, "jobs", sa.column(column).in_(names))


def _one_of(
    column: str, name: str, names: tuple[str, ...], *, nullable: bool = False, **options: object
) -> sa.Column[str]:
    kind = sa.Enum(*names, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=nullable, **options)  # type: ignore[arg-type]  # by name


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
