"""The end of a student's own way: what was handed out to them, and the certificate of clearance."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.certifying import certificates, papers
from domain.certifying.papers import Imprint, Paper
from domain.errors import Code, Refusal
from domain.ids import Noun
from domain.studying import me
from domain.studying.me import Me
from domain.studying.student_accounts import SignedInStudent
from models import ClearanceCertificate, HandOut, HandOutKind, Receiver

# Where the paper is, with the student's own token.
URL = "/certificates/own.pdf"


@dataclass(frozen=True)
class OwnHandOut:
    """Something that was handed out and not revoked; who gave it is not told."""

    kind: HandOutKind
    certificate_number: str | None
    receiver: Receiver
    proxy_name: str | None
    handed_out_at: dt.datetime


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate of clearance, as its student sees it."""

    row: ClearanceCertificate
    url: str = URL


def hand_outs(session: Session, _student: SignedInStudent, own: Me) -> Sequence[OwnHandOut]:
    """What they have received, the newest first."""
    if own.record is None:
        return ()
    alive = sa.select(HandOut).where(
        HandOut.student_id == own.record.student_id, HandOut.revoked_at.is_(None)
    )
    return [
        OwnHandOut(
            each.kind,
            each.certificate_number,
            each.receiver,
            each.proxy_name,
            each.handed_out_at,
        )
        for each in session.scalars(alive.order_by(HandOut.id.desc()))
    ]


def certificate(session: Session, _student: SignedInStudent, own: Me) -> OwnCertificate | None:
    """The newest; None if there never was one."""
    row = own.record and certificates.newest_of(session, own.record.student_id)
    return OwnCertificate(row) if row else None


def issue(session: Session, student: SignedInStudent) -> OwnCertificate:
    """The valid one, or a new one; CLEARANCE_INCOMPLETE names what is open."""
    return OwnCertificate(certificates.issue(session, _record_id(session, student), None))


def paper(session: Session, student: SignedInStudent, imprint: Imprint) -> Paper:
    """What their newest certificate says; CERTIFICATE_WITHDRAWN once it is not valid."""
    row = certificates.newest_of(session, _record_id(session, student))
    if row is None:
        raise ids.not_found(Noun.CLEARANCE_CERTIFICATE)
    return papers.of(session, row, imprint)


def _record_id(session: Session, student: SignedInStudent) -> int:
    record = me.find(session, student).record
    if record is None:
        raise Refusal(Code.NOT_FOUND, {"noun": Noun.STUDENT})
    return record.student_id
