"""Certificates of clearance over HTTP: issued, looked up, verified by whoever has the paper."""

from typing import Any

import httpx2
import sqlalchemy as sa

from models import Clearance, ClearanceStatus
from tests.client import Client
from tests.schema.configuring import REFUSED
from tests.schema.handing import NUMBER
from tests.world import World

CERTIFICATE = """id issuedAt withdrawnAt isValid url verifyUrl issuedBy { login }
    student { number }"""
ISSUE = f"""mutation($student: ID!, $key: String) {{
  issueCertificate(student: $student, idempotencyKey: $key) {{
    ... on ClearanceCertificate {{ {CERTIFICATE} }} {REFUSED} }} }}"""
OF_STUDENT = f"""query($scheme: ID!, $number: String!) {{
  student(scheme: $scheme, key: {{number: $number}}) {{ certificate {{ {CERTIFICATE} }} }} }}"""
VALID, NOT_VALID = "此离校单有效", "此离校单无效"


def issue(client: Client, world: World, number: str = NUMBER, key: str | None = None) -> Any:
    """The answer for NUMBER, unless another one is given."""
    return client.query(ISSUE, student=world.student(number), key=key)["issueCertificate"]


def newest(client: Client, world: World, number: str = NUMBER) -> Any:
    """The certificate that a student shows."""
    student = client.query(OF_STUDENT, scheme=world.scheme, number=number)["student"]
    return student["certificate"]


def verified(client: Client, certificate: Any) -> str:
    """The page behind its QR code, as a stranger sees it."""
    path = str(httpx2.URL(certificate["verifyUrl"]).path)
    with Client(str(client.http.base_url)) as stranger:
        answer = stranger.http.get(path)
        assert answer.status_code == 200
        return answer.text


def is_valid(client: Client, certificate: Any) -> bool:
    """What that page says."""
    page = verified(client, certificate)
    said = [word for word in (VALID, NOT_VALID) if word in page]
    assert len(said) == 1
    return said == [VALID]


def pass_everywhere(world: World) -> None:
    """Everybody, without entries."""
    with world.database.write() as session:
        passed = {"status": ClearanceStatus.PASSED, "not_required_by": None}
        session.execute(sa.update(Clearance).values(passed))
