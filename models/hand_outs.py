"""Hand-outs (发放): which certificates a student is to receive, and the record of each given."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to
from models.students import Cohort


class HandOutKind(enum.StrEnum):
    """毕业证, 学位证, 毕业材料."""

    GRADUATION_CERTIFICATE = "GRADUATION_CERTIFICATE"
    DEGREE_CERTIFICATE = "DEGREE_CERTIFICATE"
    GRADUATION_MATERIALS = "GRADUATION_MATERIALS"


class Receiver(enum.StrEnum):
    """本人, 代领, 邮寄, 单位."""

    IN_PERSON = "IN_PERSON"
    PROXY = "PROXY"
    MAIL = "MAIL"
    EMPLOYER = "EMPLOYER"


class HandOut(Base):
    """Something that was given. A trigger lets none through while a due clearance is open, and of
    what was given nothing but that it is revoked."""

    __tablename__ = "hand_outs"
    __table_args__ = (
        sa.Index(
            "uq_hand_outs_alive",
            "student_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        # A certificate is one sheet of paper: its number is somebody's only once.
        sa.Index(
            "uq_hand_outs_certificate_number",
            "kind",
            "certificate_number",
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.Index("ix_hand_outs_scheme", "scheme_id", "id"),
        sa.Index("ix_hand_outs_student", "student_id", "id"),
        sa.Index("ix_hand_outs_job", "job_id", postgresql_where=sa.text("job_id IS NOT NULL")),
        sa.CheckConstraint(
            "(kind = 'GRADUATION_MATERIALS') = (certificate_number IS NULL)",
            name="certificate_number",
        ),
        sa.CheckConstraint(
            "num_nonnulls(revoked_at, revoked_by, revoke_reason) IN (0, 3)", name="revoked"
        ),
    )

    id: Mapped[Id]
    scheme_id: Mapped[int] = refers_to("schemes.id")
    student_id: Mapped[int] = refers_to("students.id")
    kind: Mapped[HandOutKind] = mapped_column(one_of(HandOutKind))
    certificate_number: Mapped[str | None]
    receiver: Mapped[Receiver] = mapped_column(one_of(Receiver))
    # Who came instead: of a PROXY always, of an EMPLOYER perhaps.
    proxy_name: Mapped[str | None]
    proxy_id_number: Mapped[str | None]
    remark: Mapped[str] = mapped_column(sa.Text, server_default="")
    handed_out_at: Mapped[dt.datetime]
    operator_id: Mapped[int] = refers_to("operators.id")
    created_at: Mapped[Moment]
    job_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    row_number: Mapped[int | None]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[int | None] = refers_to("operators.id")
    revoke_reason: Mapped[str | None]


class CohortEntitlement(Base):
    """What the students of a cohort receive in a scheme; without a row: what is usual."""

    __tablename__ = "cohort_entitlements"

    scheme_id: Mapped[int] = refers_to("schemes.id", primary_key=True)
    cohort: Mapped[Cohort] = mapped_column(one_of(Cohort), primary_key=True)
    kinds: Mapped[list[str]] = mapped_column(postgresql.ARRAY(sa.Text))
    operator_id: Mapped[int] = refers_to("operators.id")
    changed_at: Mapped[Moment]


class StudentEntitlement(Base):
    """What one student receives instead, and why; the newest holds, without kinds the cohort's."""

    __tablename__ = "student_entitlements"
    __table_args__ = (sa.Index("ix_student_entitlements_student", "student_id", "id"),)

    id: Mapped[Id]
    student_id: Mapped[int] = refers_to("students.id")
    kinds: Mapped[list[str] | None] = mapped_column(postgresql.ARRAY(sa.Text))
    reason: Mapped[str]
    operator_id: Mapped[int] = refers_to("operators.id")
    at: Mapped[Moment]
