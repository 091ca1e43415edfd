"""What a certificate's code tells anybody who has the paper: whose it is, masked, since when."""

import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from models import ClearanceCertificate, Student

_CODE = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Verified:
    """A valid certificate, with as little of the student as tells them from others."""

    name: str
    number: str | None
    since: dt.datetime


def find(session: Session, code: str) -> Verified | None:
    """None for one that is withdrawn, of an archived student, or never was: they look the same."""
    if not _CODE.fullmatch(code):
        return None
    found = session.execute(
        sa.select(Student.name, Student.number, ClearanceCertificate.issued_at)
        .join(Student, Student.id == ClearanceCertificate.student_id)
        .where(
            ClearanceCertificate.code == code,
            ClearanceCertificate.withdrawn_at.is_(None),
            operators.is_active(),
        )
    ).one_or_none()
    if found is None:
        return None
    number = found.number and mask_number(found.number)
    return Verified(mask_name(found.name), number, found.issued_at)


def mask_name(name: str) -> str:
    """张*, 欧****: the first character; of a single one nothing."""
    return name[0] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def mask_number(number: str) -> str:
    """2020****01; of a short one the first character, of a single one nothing."""
    front, back = (4, 2) if len(number) >= 8 else (len(number) > 1, 0)
    return number[:front] + "*" * (len(number) - front - back) + number[len(number) - back :]
