"""Jobs (任务) and their rows. The job row is the truth; a queue message only carries its id."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to
from models.files import FileKind


class JobKind(enum.StrEnum):
    """The kinds of work that have rows or a file."""

    IMPORT = "IMPORT"
    ROSTER = "ROSTER"
    OPERATORS = "OPERATORS"
    EXPORT = "EXPORT"
    BATCH = "BATCH"
    UNDO = "UNDO"
    FEED = "FEED"
    HAND_OUT = "HAND_OUT"
    STUDENT_PASSWORDS = "STUDENT_PASSWORDS"


class JobQueue(enum.StrEnum):
    """Small work goes past large work: each has a queue of its own."""

    INTERACTIVE = "INTERACTIVE"
    BULK = "BULK"


class JobStatus(enum.StrEnum):
    """FINISHED: every row has an outcome. FAILED: the job as a whole could not run.

    HELD: a feed that waits for an administrator, who releases or drops it.
    """

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    HELD = "HELD"


class JobPhase(enum.StrEnum):
    """What a running job is at: reading rows, deciding or applying them, writing its workbooks.

    MATCHING: rows that are judged again are read from their stored cells, not from the file.
    """

    STAGING = "STAGING"
    MATCHING = "MATCHING"
    DECIDING = "DECIDING"
    APPLYING = "APPLYING"
    WRITING = "WRITING"


class MatchBy(enum.StrEnum):
    """By which number the rows name their students; AUTO lets the header decide."""

    AUTO = "AUTO"
    STUDENT_NUMBER = "STUDENT_NUMBER"
    ID_NUMBER = "ID_NUMBER"


class IfNewer(enum.StrEnum):
    """What a row does to a clearance that was decided after the upload."""

    KEEP = "KEEP"
    OVERRIDE = "OVERRIDE"


class Outcome(enum.StrEnum):
    """What became of a row. applied + unchanged + failed + unprocessed = rows."""

    APPLIED = "APPLIED"
    UNCHANGED = "UNCHANGED"
    FAILED = "FAILED"
    UNPROCESSED = "UNPROCESSED"


class Act(enum.StrEnum):
    """通过, 不通过, 撤销."""

    PASS = "PASS"  # noqa: S105 -- not a password
    REFUSE = "REFUSE"
    RESET = "RESET"


class Job(Base):
    """Who asked for what, how far it is, and who works on it (lease and fencing token)."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["scheme_id", "checkpoint_id"], ["checkpoints.scheme_id", "checkpoints.id"]
        ),
        # The sweeper looks at unfinished jobs only, and these are few.
        sa.Index(
            "ix_jobs_unfinished",
            "status",
            postgresql_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
        ),
        sa.Index("ix_jobs_of_operator", "operator_id", "id"),
        sa.Index("ix_jobs_undoes", "undoes_id", postgresql_where=sa.text("undoes_id IS NOT NULL")),
    )

    id: Mapped[Id]
    kind: Mapped[JobKind] = mapped_column(one_of(JobKind))
    status: Mapped[JobStatus] = mapped_column(one_of(JobStatus), server_default=JobStatus.QUEUED)
    phase: Mapped[JobPhase | None] = mapped_column(one_of(JobPhase))
    # Of a job that stopped before its end: what it was at.
    left_at: Mapped[JobPhase | None] = mapped_column(one_of(JobPhase, "left_at"))
    operator_id: Mapped[int] = refers_to("operators.id")
    scheme_id: Mapped[int] = refers_to("schemes.id")
    # Null if it is about none, or about several: these are its JobCheckpoints.
    checkpoint_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    # Of an UNDO: the job that it takes back.
    undoes_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("jobs.id"))
    upload_id: Mapped[int | None] = mapped_column(
        sa.BigInteger, sa.ForeignKey("files.id", ondelete="SET NULL")
    )
    created_at: Mapped[Moment]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    # What was asked.
    dry_run: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())
    match_by: Mapped[MatchBy | None] = mapped_column(one_of(MatchBy))
    if_newer: Mapped[IfNewer | None] = mapped_column(one_of(IfNewer))
    options: Mapped[dict[str, Any]] = mapped_column(
        postgresql.JSONB, server_default=sa.text("'{}'")
    )

    # How far it is.
    total: Mapped[int | None]
    staged: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    cursor: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    applied: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    unchanged: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    failed: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    unprocessed: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    header: Mapped[dict[str, Any] | None] = mapped_column(postgresql.JSONB)
    # Of a roster: how many of each kind of change, and what became of who is missing.
    tally: Mapped[dict[str, Any] | None] = mapped_column(postgresql.JSONB)
    problem: Mapped[dict[str, Any] | None] = mapped_column(postgresql.JSONB)

    # Who works on it, and since when it waits for that.
    queue: Mapped[JobQueue] = mapped_column(one_of(JobQueue), server_default=JobQueue.BULK)
    waiting_since: Mapped[Moment]
    token: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    progress_token: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    queued_at: Mapped[Moment]
    lease_until: Mapped[dt.datetime | None]
    cancel_requested_at: Mapped[dt.datetime | None]
    # Of a feed that was held: who released or dropped it.
    released_by: Mapped[int | None] = refers_to("operators.id")
    released_at: Mapped[dt.datetime | None]


class JobRow(Base):
    """One data row of a file, or one student of a batch, and what became of it.

    A trigger looks its job up, once a statement; its rows go with a job (decision 0023).
    """

    __tablename__ = "job_rows"
    # No index but the key, and room on each page: the outcome then comes into the row in place.
    __table_args__ = {"postgresql_with": {"fillfactor": "70"}}  # noqa: RUF012 -- SQLAlchemy's way

    job_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    row_number: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    # Of several checkpoints: which of the job's, counted from 0 in their order.
    part: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, server_default="0")
    cells: Mapped[list[Any]]
    key: Mapped[str]
    name: Mapped[str]
    # Found just before the row is written: no check for each row. Students are never deleted.
    student_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    act: Mapped[Act | None] = mapped_column(one_of(Act))
    remark: Mapped[str] = mapped_column(sa.Text, server_default="")
    duplicate_of: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    code: Mapped[str | None]
    problems: Mapped[list[Any]] = mapped_column(postgresql.JSONB, server_default=sa.text("'[]'"))
    # Of a roster or a list of operators: what the row says, and what it changed field by field.
    record: Mapped[dict[str, Any] | None]
    changes: Mapped[list[Any] | None]
    # The last repair of the row, and every cell that a repair changed: column, old, new, repair.
    repair_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    edits: Mapped[list[Any] | None]


class JobCheckpoint(Base):
    """One of the several checkpoints of a job, in their order."""

    __tablename__ = "job_checkpoints"

    job_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    checkpoint_id: Mapped[int] = refers_to("checkpoints.id", index=True)


class Repair(Base):
    """Somebody changed cells of failed rows, which are judged again since then, as theirs."""

    __tablename__ = "repairs"

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("jobs.id", ondelete="CASCADE"), index=True
    )
    operator_id: Mapped[int] = refers_to("operators.id")
    created_at: Mapped[Moment]


class JobFile(Base):
    """A file that a job made."""

    __tablename__ = "job_files"

    job_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind), primary_key=True)
    file_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("files.id", ondelete="CASCADE"), index=True
    )


class MissingStudent(Base):
    """An active student whom no row of a roster names."""

    __tablename__ = "missing_students"

    job_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    student_id: Mapped[int] = refers_to("students.id", primary_key=True)
