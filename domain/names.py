"""What people write: trimmed, bounded in length, and once only where it is a name."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import IntegrityError

from domain.errors import Code, Refusal
from domain.ids import Noun

NAME_LENGTH = 100
TEXT_LENGTH = 500
_UNIQUE_VIOLATION = "23505"


def name(value: str, path: tuple[str, ...]) -> str:
    """One line of 1-100 characters, without spaces at its ends or several in a row.

    What cannot be seen is left out: two names that look alike are one.
    """
    seen = "".join(each for each in " ".join(value.split()) if each.isprintable())
    return _bounded(seen.strip(), path, 1, NAME_LENGTH)


def text(value: str, path: tuple[str, ...]) -> str:
    """At most 500 characters, without spaces at their ends."""
    return _bounded(value.strip(), path, 0, TEXT_LENGTH)


def _bounded(value: str, path: tuple[str, ...], least: int, most: int) -> str:
    if not least <= len(value) <= most:
        facts = {"name": path[-1], "value": value[:20], "expected": f"{least}-{most}"}
        raise Refusal(Code.INVALID_INPUT, facts, path=path)
    return value


@contextlib.contextmanager
def unique(noun: Noun, value: str) -> Iterator[None]:
    """ALREADY_EXISTS for what a unique constraint refuses; of two at once, one comes second."""
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        raise Refusal(Code.ALREADY_EXISTS, {"noun": noun, "value": value}) from error
