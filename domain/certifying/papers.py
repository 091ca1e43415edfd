"""What the paper of a certificate says, read from the rows; the same rows say the same."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import identifiers, words
from domain.certifying import certificates
from domain.errors import Code, Refusal
from domain.signed_in import SignedIn
from models import (
    Checkpoint,
    Clearance,
    ClearanceCertificate,
    Department,
    Scheme,
    Student,
)


@dataclass(frozen=True)
class Imprint:
    """What an installation adds: whose paper it is, where it is verified, by which clock."""

    institution: str
    public_url: str
    timezone: zoneinfo.ZoneInfo

    def verify_url(self, certificate: ClearanceCertificate) -> str:
        """Where anybody with the paper sees whether it is valid."""
        return f"{self.public_url}/verify/{certificate.code}"

    def day(self, moment: dt.datetime | None) -> str:
        """The date on the office's calendar; — for none."""
        return moment.astimezone(self.timezone).date().isoformat() if moment else "—"


@dataclass(frozen=True)
class Step:
    """One checkpoint, and in both languages how the student stands there."""

    title: str
    result: str
    result_in_english: str
    day: str


@dataclass(frozen=True)
class Paper:
    """Everything that is printed; — stands for what is not known."""

    institution: str
    scheme: str
    name: str
    number: str
    department: str
    major: str
    class_name: str
    training_level: str
    id_number: str
    steps: tuple[Step, ...]
    issued_on: str
    issued_at: dt.datetime
    verify_url: str


def read(session: Session, operator: SignedIn, public_id: str, imprint: Imprint) -> Paper:
    """Of a certificate of a student in sight."""
    return of(session, certificates.get(session, operator, public_id), imprint)


def of(session: Session, certificate: ClearanceCertificate, imprint: Imprint) -> Paper:
    """For who may have it; CERTIFICATE_WITHDRAWN once it is not valid."""
    _require_valid(certificate)
    student, scheme, department = session.execute(
        sa.select(Student, Scheme.name, Department.name)
        .join(Scheme, Scheme.id == Student.scheme_id)
        .join(Department, Department.id == Student.department_id)
        .where(Student.id == certificate.student_id)
    ).one()
    return Paper(
        institution=imprint.institution,
        scheme=scheme,
        name=student.name,
        number=student.number or "—",
        department=department,
        major=student.major or "—",
        class_name=student.class_name or "—",
        training_level=student.training_level or "—",
        id_number=identifiers.mask(student.id_number) if student.id_number else "—",
        steps=_steps(session, student.id, imprint),
        issued_on=imprint.day(certificate.issued_at),
        issued_at=certificate.issued_at,
        verify_url=imprint.verify_url(certificate),
    )


def _require_valid(certificate: ClearanceCertificate) -> None:
    if certificate.withdrawn_at:
        time = certificate.withdrawn_at.isoformat()
        raise Refusal(Code.CERTIFICATE_WITHDRAWN, {"time": time})


def _steps(session: Session, student_id: int, imprint: Imprint) -> tuple[Step, ...]:
    rows = session.execute(
        sa.select(Checkpoint.title, Clearance.status, Clearance.decided_at)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(Clearance.student_id == student_id)
        .order_by(Checkpoint.position)
    )
    return tuple(
        Step(title, *words.WORDS[status], imprint.day(decided)) for title, status, decided in rows
    )
