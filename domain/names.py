"""What people write: trimmed, bounded in length, and once only where it is a name."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import IntegrityError

from domain import errors
from domain.errors import Code, Refusal
from domain.ids import Noun

NAME_LENGTH = 100
TEXT_LENGTH = 500
REASON_LENGTH = 200
_UNIQUE_VIOLATION = "23505"


def name(value: str, path: tuple[str, ...]) -> str:
    """One line of 1-100 characters, without spaces at its ends or several in a row.

    What cannot be seen is left out: two names that look alike are one.
    """
    return errors.of_length(path, _seen(value), 1, NAME_LENGTH)


def text(value: str, path: tuple[str, ...]) -> str:
    """At most 500 characters, without spaces at their ends."""
    return errors.of_length(path, value.strip(), 0, TEXT_LENGTH)


def reason(value: str) -> str:
    """Why somebody does what another may ask about later: one line of 1-200 characters."""
    return errors.of_length(("reason",), _seen(value), 1, REASON_LENGTH)


def _seen(value: str) -> str:
    return "".join(each for each in " ".join(value.split()) if each.isprintable()).strip()


@contextlib.contextmanager
def unique(noun: Noun, value: str) -> Iterator[None]:
    """ALREADY_EXISTS for what a unique constraint refuses; of two at once, one comes second."""
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        raise Refusal(Code.ALREADY_EXISTS, {"noun": noun, "value": value}) from error
