"""Opaque public ids: what the API, the facts and a stored filter call a row by."""

import base64
import binascii
import enum
from typing import NewType

from domain.errors import Code, Refusal

PublicId = NewType("PublicId", str)


class Noun(enum.StrEnum):
    """The types that have an id; also the names of their GraphQL types."""

    SCHEME = "Scheme"
    DEPARTMENT = "Department"
    CHECKPOINT = "Checkpoint"
    STUDENT = "Student"
    CLEARANCE = "Clearance"
    WAIVER = "Waiver"
    HAND_OUT = "HandOut"
    CLEARANCE_CERTIFICATE = "ClearanceCertificate"
    OPERATOR = "Operator"
    GRANT = "Grant"
    JOB = "Job"
    JOB_ROW = "JobRow"
    FILE = "File"
    FEED = "Feed"
    FEED_TOKEN = "FeedToken"  # noqa: S105 -- not a password


def encode(noun: Noun, *keys: int) -> PublicId:
    """The public id of a row with this primary key."""
    text = f"{noun}:{'.'.join(map(str, keys))}"
    return PublicId(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def parse(text: str) -> tuple[Noun, tuple[int, ...]] | None:
    """Noun and primary key of a public id; None for a text that is none."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        noun, _, keys = plain.decode("ascii").partition(":")
        numbers = tuple(int(key) for key in keys.split("."))
        return Noun(noun), _checked(numbers)
    except (binascii.Error, ValueError):
        return None


def _checked(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if any(not 0 < number < 2**63 for number in numbers):
        raise ValueError
    return numbers


def decode(text: str, noun: Noun) -> int:
    """The primary key behind a public id; one that is none names nothing: NOT_FOUND."""
    parsed = parse(text)
    if parsed is None or parsed[0] is not noun or len(parsed[1]) != 1:
        raise not_found(noun)
    return parsed[1][0]


def not_found(noun: Noun) -> Refusal:
    """Unknown and out of scope look the same."""
    return Refusal(Code.NOT_FOUND, {"noun": noun})
