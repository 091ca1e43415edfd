"""The graduation: accounts of students, certificates of clearance, hand-outs, feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("IMPORT", "EXPORT", "BATCH", "ROSTER", "OPERATORS", "UNDO")
NEW_KINDS = ("FEED", "HAND_OUT", "STUDENT_PASSWORDS")
STATUSES = ("QUEUED", "RUNNING", "FINISHED", "CANCELLED", "FAILED")
COHORTS = ("SINGLE_CERTIFICATE_GRADUATE", "DOUBLE_CERTIFICATE_GRADUATE", "UNDERGRADUATE")
HAND_OUTS = ("GRADUATION_CERTIFICATE", "DEGREE_CERTIFICATE", "GRADUATION_MATERIALS")
RECEIVERS = ("IN_PERSON", "PROXY", "MAIL", "EMPLOYER")

# The gate (decision 0018). Each function locks the student and looks in the next statement, so
# that of two at once the second one sees the first, whoever they are.
GATE = """
CREATE FUNCTION require_clear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM students WHERE id = NEW.student_id FOR UPDATE;
    IF EXISTS (SELECT FROM clearances
               WHERE student_id = NEW.student_id AND status IN ('PENDING', 'REFUSED')) THEN
        RAISE EXCEPTION 'student % is not cleared everywhere', NEW.student_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gate_clear';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION close_behind_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM students WHERE id = NEW.student_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM hand_outs
               WHERE student_id = NEW.student_id AND revoked_at IS NULL) THEN
        RAISE EXCEPTION 'student % has received already', NEW.student_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gate_handed_out';
    END IF;
    UPDATE clearance_certificates SET withdrawn_at = clock_timestamp()
    WHERE student_id = NEW.student_id AND withdrawn_at IS NULL;
    RETURN NULL;
END
$$;
CREATE FUNCTION close_behind_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_clearances JOIN hand_outs USING (student_id)
               WHERE status IN ('PENDING', 'REFUSED') AND revoked_at IS NULL) THEN
        RAISE EXCEPTION 'some of the students have received already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gate_handed_out';
    END IF;
    UPDATE clearance_certificates AS certificate SET withdrawn_at = clock_timestamp()
    FROM new_clearances
    WHERE new_clearances.student_id = certificate.student_id
        AND status IN ('PENDING', 'REFUSED') AND withdrawn_at IS NULL;
    RETURN NULL;
END
$$;
CREATE FUNCTION only_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
        AND to_jsonb(OLD) - '{revoked_at,revoked_by,revoke_reason}'::text[]
          = to_jsonb(NEW) - '{revoked_at,revoked_by,revoke_reason}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a hand-out can only be revoked';
END
$$;
CREATE TRIGGER gate_hand_outs BEFORE INSERT ON hand_outs
    FOR EACH ROW WHEN (NEW.revoked_at IS NULL) EXECUTE FUNCTION require_clear();
CREATE TRIGGER gate_certificates BEFORE INSERT ON clearance_certificates
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION require_clear();
CREATE TRIGGER gate_opened AFTER UPDATE OF status ON clearances
    FOR EACH ROW WHEN (NEW.status IN ('PENDING', 'REFUSED')
                       AND OLD.status NOT IN ('PENDING', 'REFUSED'))
    EXECUTE FUNCTION close_behind_opened();
CREATE TRIGGER gate_new AFTER INSERT ON clearances
    REFERENCING NEW TABLE AS new_clearances
    FOR EACH STATEMENT EXECUTE FUNCTION close_behind_new();
CREATE TRIGGER hand_outs_only_revoked BEFORE UPDATE OR DELETE ON hand_outs
    FOR EACH ROW EXECUTE FUNCTION only_revoke();
CREATE TRIGGER hand_outs_not_truncated BEFORE TRUNCATE ON hand_outs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
NO_GATE = """
DROP TRIGGER gate_opened ON clearances;
DROP TRIGGER gate_new ON clearances;
"""


def upgrade() -> None:
    _allow("kind", "jobkind", (*KINDS, *NEW_KINDS))
    _allow("status", "jobstatus", (*STATUSES, "HELD"))
    op.add_column("jobs", _number("released_by", nullable=True))
    op.add_column("jobs", _moment("released_at", nullable=True))
    op.create_foreign_key(op.f("fk_jobs_released_by"), "jobs", "operators", ["released_by"], ["id"])
    _create_student_accounts()
    _create_hand_outs()
    _create_entitlements()
    _create_certificates()
    _create_feeds()
    op.execute(GATE)


def downgrade() -> None:
    op.execute(NO_GATE)
    for table in (
        "feed_tokens",
        "feeds",
        "clearance_certificates",
        "student_entitlements",
        "cohort_entitlements",
        "hand_outs",
    ):
        op.drop_table(table)
    for function in ("require_clear", "close_behind_opened", "close_behind_new", "only_revoke"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DELETE FROM sessions WHERE operator_id IS NULL")
    op.drop_constraint(op.f("ck_sessions_whose"), "sessions")
    op.drop_column("sessions", "student_number")
    op.alter_column("sessions", "operator_id", nullable=False)
    op.drop_table("student_accounts")
    # What the version before cannot hold; what it did to clearances stays.
    jobs = sa.table("jobs", sa.column("kind"), sa.column("status"))
    op.execute(sa.delete(jobs).where(sa.or_(jobs.c.kind.in_(NEW_KINDS), jobs.c.status == "HELD")))
    for column in ("released_by", "released_at"):
        op.drop_column("jobs", column)
    _allow("status", "jobstatus", STATUSES)
    _allow("kind", "jobkind", KINDS)


def _create_student_accounts() -> None:
    op.create_table(
        "student_accounts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_initial", sa.Boolean(), server_default=sa.true(), nullable=False),
        _moment("issued_at"),
        _moment("last_sign_in_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_student_accounts")),
    )
    op.alter_column("sessions", "operator_id", nullable=True)
    op.add_column("sessions", sa.Column("student_number", sa.Text(), nullable=True))
    op.create_index(op.f("ix_sessions_student_number"), "sessions", ["student_number"])
    op.create_foreign_key(
        op.f("fk_sessions_student_number"),
        "sessions",
        "student_accounts",
        ["student_number"],
        ["number"],
    )
    op.create_check_constraint(
        op.f("ck_sessions_whose"), "sessions", "num_nonnulls(operator_id, student_number) = 1"
    )


def _create_hand_outs() -> None:
    op.create_table(
        "hand_outs",
        _id(),
        _number("scheme_id"),
        _number("student_id"),
        _one_of("kind", "handoutkind", HAND_OUTS),
        sa.Column("certificate_number", sa.Text(), nullable=True),
        _one_of("receiver", "receiver", RECEIVERS),
        sa.Column("proxy_name", sa.Text(), nullable=True),
        sa.Column("proxy_id_number", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("handed_out_at", sa.DateTime(timezone=True), nullable=False),
        _number("operator_id"),
        _moment("created_at"),
        _number("job_id", nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        _moment("revoked_at", nullable=True),
        _number("revoked_by", nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'GRADUATION_MATERIALS') = (certificate_number IS NULL)",
            name=op.f("ck_hand_outs_certificate_number"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(revoked_at, revoked_by, revoke_reason) IN (0, 3)",
            name=op.f("ck_hand_outs_revoked"),
        ),
        _refers("hand_outs", "scheme_id", "schemes"),
        _refers("hand_outs", "student_id", "students"),
        _refers("hand_outs", "operator_id", "operators"),
        _refers("hand_outs", "revoked_by", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_outs")),
    )
    alive = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_hand_outs_alive",
        "hand_outs",
        ["student_id", "kind"],
        unique=True,
        postgresql_where=alive,
    )
    op.create_index(
        "uq_hand_outs_certificate_number",
        "hand_outs",
        ["kind", "certificate_number"],
        unique=True,
        postgresql_where=alive,
    )
    op.create_index("ix_hand_outs_scheme", "hand_outs", ["scheme_id", "id"])
    op.create_index("ix_hand_outs_student", "hand_outs", ["student_id", "id"])
    op.create_index(
        "ix_hand_outs_job", "hand_outs", ["job_id"], postgresql_where=sa.text("job_id IS NOT NULL")
    )


def _create_entitlements() -> None:
    op.create_table(
        "cohort_entitlements",
        _number("scheme_id"),
        _one_of("cohort", "cohort", COHORTS),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("operator_id"),
        _moment("changed_at"),
        _refers("cohort_entitlements", "scheme_id", "schemes"),
        _refers("cohort_entitlements", "operator_id", "operators"),
        sa.PrimaryKeyConstraint("scheme_id", "cohort", name=op.f("pk_cohort_entitlements")),
    )
    op.create_table(
        "student_entitlements",
        _id(),
        _number("student_id"),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _number("operator_id"),
        _moment("at"),
        _refers("student_entitlements", "student_id", "students"),
        _refers("student_entitlements", "operator_id", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_entitlements")),
    )
    op.create_index("ix_student_entitlements_student", "student_entitlements", ["student_id", "id"])


def _create_certificates() -> None:
    op.create_table(
        "clearance_certificates",
        _id(),
        _number("student_id"),
        sa.Column("code", sa.Text(), nullable=False),
        _moment("issued_at"),
        _number("issued_by", nullable=True),
        _moment("withdrawn_at", nullable=True),
        _refers("clearance_certificates", "student_id", "students"),
        _refers("clearance_certificates", "issued_by", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_clearance_certificates_code")),
    )
    op.create_index(
        "uq_clearance_certificates_alive",
        "clearance_certificates",
        ["student_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "ix_clearance_certificates_student", "clearance_certificates", ["student_id", "id"]
    )


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        _number("operator_id"),
        _number("scheme_id"),
        _number("checkpoint_id"),
        sa.Column("brake_percent", sa.Integer(), server_default="5", nullable=False),
        sa.Column("brake_count", sa.Integer(), server_default="10", nullable=False),
        sa.Column("brake_hours", sa.Integer(), server_default="24", nullable=False),
        _number("created_by"),
        _moment("created_at"),
        sa.CheckConstraint(
            "brake_percent BETWEEN 0 AND 100 AND brake_count >= 0 AND brake_hours > 0",
            name=op.f("ck_feeds_brake"),
        ),
        _refers("feeds", "created_by", "operators"),
        _refers("feeds", "operator_id", "operators"),
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"],
            ["checkpoints.scheme_id", "checkpoints.id"],
            name=op.f("fk_feeds_scheme_id_checkpoint_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("name", name=op.f("uq_feeds_name")),
        sa.UniqueConstraint("operator_id", name=op.f("uq_feeds_operator_id")),
    )
    op.create_index(op.f("ix_feeds_checkpoint_id"), "feeds", ["checkpoint_id"])
    op.create_table(
        "feed_tokens",
        _id(),
        _number("feed_id"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _number("created_by"),
        _moment("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _number("revoked_by", nullable=True),
        _refers("feed_tokens", "feed_id", "feeds"),
        _refers("feed_tokens", "created_by", "operators"),
        _refers("feed_tokens", "revoked_by", "operators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_tokens_token_hash")),
    )
    op.create_index(op.f("ix_feed_tokens_feed_id"), "feed_tokens", ["feed_id"])


def _allow(column: str, check: str, names: tuple[str, ...]) -> None:
    name = op.f(f"ck_jobs_{check}")
    op.drop_constraint(name, "jobs")
    op.create_check_constraint(name, "jobs", sa.column(column).in_(names))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(column: str, name: str, names: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*names, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)
