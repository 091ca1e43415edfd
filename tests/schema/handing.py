"""Handing out over HTTP: the mutations, what they answer, and students who are clear."""

from typing import Any

from models import ClearanceStatus
from tests.client import Client
from tests.schema.configuring import REFUSED
from tests.world import CHECKPOINTS, World

NUMBER, OTHER = "2020010101", "2020010102"
GRADUATION = "GRADUATION_CERTIFICATE"
DEGREE = "DEGREE_CERTIFICATE"
MATERIALS = "GRADUATION_MATERIALS"
HAND_OUTS = """handOuts { id kind certificateNumber receiver proxyName proxyIdNumber remark
    operator { login } revokedAt revokedBy { login } revokeReason }"""
ENTITLEMENT = "entitlement { kinds mayReceive reason operator { login } }"
HAND_OUT = f"""mutation($student: ID!, $input: HandOutInput!) {{
  handOut(student: $student, input: $input) {{
    ... on Receipt {{ student {{ number {HAND_OUTS} {ENTITLEMENT} }} }} {REFUSED} }} }}"""
MANY = f"""mutation($scheme: ID!, $rows: [HandOutRow!]!, $mode: BatchMode! = VALID_ONLY) {{
  handOutMany(scheme: $scheme, rows: $rows, mode: $mode) {{
    ... on Job {{ kind status total applied unchanged failed unprocessed rows(first: 20) {{ nodes {{
      rowNumber cells key name outcome code problems {{ message }} student {{ number }} }} }} }}
    {REFUSED} }} }}"""
REVOKE = f"""mutation($handOut: ID!, $reason: String! = "证书印错") {{
  revokeHandOut(handOut: $handOut, reason: $reason) {{
    ... on HandOut {{ kind certificateNumber revokedBy {{ login }} revokeReason }}
    {REFUSED} }} }}"""
STUDENT = f"""query($scheme: ID!, $number: String!) {{
  student(scheme: $scheme, key: {{number: $number}}) {{ {HAND_OUTS} {ENTITLEMENT} }} }}"""


def clear(world: World, *numbers: str) -> None:
    """These students have passed everywhere."""
    for number in numbers or (NUMBER,):
        for checkpoint in CHECKPOINTS:
            world.put(number, checkpoint.title, ClearanceStatus.PASSED)


def certificate(number: str, kind: str = DEGREE) -> dict[str, str]:
    """One to give."""
    return {"kind": kind, "certificateNumber": number}


def give(client: Client, world: World, *items: dict[str, str], **other: Any) -> Any:
    """The answer for NUMBER, unless another `number` is given; the materials without items."""
    student = world.student(other.pop("number", NUMBER))
    given = {"items": list(items) or [{"kind": MATERIALS}], **other}
    return client.query(HAND_OUT, student=student, input=given)["handOut"]


def received(client: Client, world: World, number: str = NUMBER) -> Any:
    """What a student has and may have, as a client sees it."""
    return client.query(STUDENT, scheme=world.scheme, number=number)["student"]


def row(world: World, number: str, *items: dict[str, str], **other: Any) -> dict[str, Any]:
    """A row of a batch."""
    given = {"items": list(items) or [{"kind": MATERIALS}], **other}
    return {"student": world.student(number), "given": given}
