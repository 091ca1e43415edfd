"""Students (毕业生): one leaver in one scheme, and every change of their data."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of, refers_to


class StudentStatus(enum.StrEnum):
    """ARCHIVED students are outside every list and every sum."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class Gender(enum.StrEnum):
    """性别."""

    MALE = "MALE"
    FEMALE = "FEMALE"


class StudentField(enum.StrEnum):
    """What the roster knows of a student; a change of any of it leaves a line."""

    STATUS = "STATUS"
    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NAME = "NAME"
    GENDER = "GENDER"
    ENTRY_YEAR = "ENTRY_YEAR"
    COHORT = "COHORT"
    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    CATEGORY = "CATEGORY"
    TRAINING_LEVEL = "TRAINING_LEVEL"
    HOUSEHOLD_TRANSFER = "HOUSEHOLD_TRANSFER"
    DORMITORY = "DORMITORY"


class Cohort(enum.StrEnum):
    """学生范围."""

    SINGLE_CERTIFICATE_GRADUATE = "SINGLE_CERTIFICATE_GRADUATE"
    DOUBLE_CERTIFICATE_GRADUATE = "DOUBLE_CERTIFICATE_GRADUATE"
    UNDERGRADUATE = "UNDERGRADUATE"


class Student(Base):
    """Identifiers are stored as `domain.identifiers` normalises them."""

    __tablename__ = "students"
    __table_args__ = (
        sa.UniqueConstraint("scheme_id", "number"),
        sa.UniqueConstraint("scheme_id", "candidate_number"),
        sa.UniqueConstraint("scheme_id", "id_number"),
        # The sort orders of a page, inside a scheme and inside a department of it.
        sa.Index("ix_students_by_number", "scheme_id", sa.text("coalesce(number, '')"), "id"),
        sa.Index(
            "ix_students_of_department_by_number",
            "scheme_id",
            "department_id",
            sa.text("coalesce(number, '')"),
            "id",
        ),
        sa.Index("ix_students_by_name", "scheme_id", "name", "id"),
        sa.Index("ix_students_by_class", "scheme_id", sa.text("coalesce(class_name, '')"), "id"),
        sa.Index("ix_students_of_department_by_name", "scheme_id", "department_id", "name", "id"),
        sa.Index(
            "ix_students_of_department_by_class",
            "scheme_id",
            "department_id",
            sa.text("coalesce(class_name, '')"),
            "id",
        ),
        sa.Index("ix_students_class", "scheme_id", "class_name"),
        sa.Index("ix_students_major", "scheme_id", "major"),
    )

    id: Mapped[Id]
    scheme_id: Mapped[int] = refers_to("schemes.id")
    department_id: Mapped[int] = refers_to("departments.id", index=True)
    status: Mapped[StudentStatus] = mapped_column(
        one_of(StudentStatus), server_default=StudentStatus.ACTIVE
    )
    number: Mapped[str | None]
    candidate_number: Mapped[str | None]
    id_number: Mapped[str | None]
    # By code points on every server (COLLATE "C"): a prefix is a range of the sorted list.
    name: Mapped[str]
    gender: Mapped[Gender | None] = mapped_column(one_of(Gender))
    entry_year: Mapped[int | None]
    cohort: Mapped[Cohort] = mapped_column(one_of(Cohort))
    training_level: Mapped[str | None]
    category: Mapped[str | None]
    major: Mapped[str | None]
    class_name: Mapped[str | None]
    household_transfer: Mapped[bool | None]
    dormitory: Mapped[str | None]


class StudentChange(Base):
    """One field of one student that became another; a trigger lets nothing but INSERT through.

    Values are told as files print them, ID numbers masked; of a new student there is one line, of
    the status.
    """

    __tablename__ = "student_changes"
    __table_args__ = (
        sa.Index("ix_student_changes_student", "student_id", "id"),
        sa.Index("ix_student_changes_scheme", "scheme_id", "id"),
    )

    id: Mapped[Id]
    scheme_id: Mapped[int] = refers_to("schemes.id")
    student_id: Mapped[int] = refers_to("students.id")
    at: Mapped[Moment]
    operator_id: Mapped[int] = refers_to("operators.id")
    job_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    row_number: Mapped[int | None]
    field: Mapped[StudentField] = mapped_column(one_of(StudentField, "field"))
    old: Mapped[str]
    new: Mapped[str]
