"""Certificates of clearance: issued, and what each of them tells."""

from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain import ids
from domain.certifying import certificates
from domain.ids import Noun, PublicId
from models import ClearanceCertificate
from resolvers import context


async def issue(
    info: Info, student: Annotated[PublicId, argument(description="For whom.")]
) -> ClearanceCertificate:
    """The valid one, or a new one."""
    return await context.of(info).write(certificates.issue_as, student)


async def of_student(root: Parent[models.Student], info: Info) -> ClearanceCertificate | None:
    """The newest; None if there never was one."""
    return await context.of(info).loaders.newest_certificate.load(root.id)


def public_id(root: Parent[ClearanceCertificate]) -> PublicId:
    """The opaque id."""
    return ids.encode(Noun.CLEARANCE_CERTIFICATE, root.id)


async def student(root: Parent[ClearanceCertificate], info: Info) -> models.Student | None:
    """Whose it is."""
    return await context.of(info).loaders.student.load(root.student_id)


async def issued_by(root: Parent[ClearanceCertificate], info: Info) -> models.Operator | None:
    """Who issued it; None: the student."""
    if root.issued_by is None:
        return None
    return await context.of(info).loaders.operator.load(root.issued_by)


def is_valid(root: Parent[ClearanceCertificate]) -> bool:
    """Until it is withdrawn."""
    return root.withdrawn_at is None


def url(root: Parent[ClearanceCertificate]) -> str:
    """Where the paper is downloaded, with the same token."""
    return f"/certificates/{public_id(root)}.pdf"


def verify_url(root: Parent[ClearanceCertificate], info: Info) -> str:
    """Where anybody sees whether it is valid."""
    return context.of(info).application.imprint.verify_url(root)
