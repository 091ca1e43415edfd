"""Mutations under a client's key."""

import re

KEY = "c5b1c0de-once"
_FIRST_FIELD = re.compile(r"(\{\s*\w+\()")


def under(key: str, document: str) -> str:
    """The document with this key among the arguments of its first field."""
    return _FIRST_FIELD.sub(rf'\g<1>idempotencyKey: "{key}", ', document, count=1)
