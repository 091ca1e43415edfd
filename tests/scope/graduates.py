"""Graduates of the house who are clear, what they have received, and their certificates."""

import datetime as dt

import models
from domain import ids
from domain.certifying import certificates
from domain.ids import Noun
from models import ClearanceCertificate, ClearanceStatus
from tests.world import CHECKPOINTS, World

RECEIVED, CLEARED, GEOLOGIST = "2020010103", "2020010104", "2020020102"
_NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def furnish(world: World, known: dict[str, str]) -> None:
    """Names @received, @cleared, @hand-out, @certificate and the like of others, and @code."""
    for number in (RECEIVED, CLEARED, GEOLOGIST):
        for checkpoint in CHECKPOINTS:
            world.put(number, checkpoint.title, ClearanceStatus.PASSED)
    known |= {
        "@received": world.student(RECEIVED),
        "@geologist-received": world.student(GEOLOGIST),
        "@cleared": world.student(CLEARED),
        "@geologist-cleared": world.student(GEOLOGIST),
    }
    _add_hand_outs(world, known)
    _add_certificates(world, known)


def _add_hand_outs(world: World, known: dict[str, str]) -> None:
    """One in each scope; where somebody is not clear it was revoked, or it could not be."""
    plans = (
        ("@hand-out", "@received", "department", False),
        ("@geologist-hand-out", "@geologist-received", "admin", False),
        ("@other-hand-out", "@outsider", "elsewhere", True),
    )
    for name, student, login, is_revoked in plans:
        made = _hand_out(world, known[student], world.people[login], is_revoked=is_revoked)
        known[name] = ids.encode(Noun.HAND_OUT, made)


def _hand_out(world: World, student: str, operator_id: int, *, is_revoked: bool) -> int:
    student_id = ids.decode(student, Noun.STUDENT)
    revoked = {"revoked_at": _NOW, "revoked_by": operator_id, "revoke_reason": "印错"}
    with world.database.write() as session:
        made = models.HandOut(
            scheme_id=session.get_one(models.Student, student_id).scheme_id,
            student_id=student_id,
            kind=models.HandOutKind.GRADUATION_MATERIALS,
            receiver=models.Receiver.IN_PERSON,
            handed_out_at=_NOW,
            operator_id=operator_id,
            **(revoked if is_revoked else {}),
        )
        session.add(made)
        session.flush()
        return made.id


def _add_certificates(world: World, known: dict[str, str]) -> None:
    """Of two students who are cleared; one that was withdrawn in the other scheme."""
    with world.database.write() as session:
        for prefix, number in (("", CLEARED), ("geologist-", GEOLOGIST)):
            made = certificates.issue(session, world.students[number], None)
            _name_certificate(known, prefix, made)
        known["@code"] = made.code
        outsider = ids.decode(known["@outsider"], Noun.STUDENT)
        gone = ClearanceCertificate(
            student_id=outsider, code="x", issued_at=_NOW, withdrawn_at=_NOW
        )
        session.add(gone)
        session.flush()
        _name_certificate(known, "other-", gone)


def _name_certificate(known: dict[str, str], prefix: str, made: ClearanceCertificate) -> None:
    known[f"@{prefix}certificate"] = ids.encode(Noun.CLEARANCE_CERTIFICATE, made.id)
