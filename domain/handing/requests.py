"""A hand-out as somebody asks for it, checked: what is given, to whom, by which way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from domain import errors, identifiers, moments
from domain.errors import Code, Refusal
from domain.handing.judgement import Handing, Item
from models import HandOutKind, Receiver

LONGEST_NUMBER = 50
LONGEST_NAME = 100
LONGEST_REMARK = 500
_WITHOUT_NUMBER = frozenset({HandOutKind.GRADUATION_MATERIALS})
# The clock of who asks may be ahead.
_AHEAD = dt.timedelta(minutes=5)
Path = tuple[str, ...]


@dataclass(frozen=True)
class HandOutItem:
    """One thing, and its number if it is a certificate."""

    kind: HandOutKind
    certificate_number: str | None = None


@dataclass(frozen=True)
class HandOutInput:
    """What is given to one student, and who takes it; without a time it is now."""

    items: list[HandOutItem]
    receiver: Receiver = Receiver.IN_PERSON
    proxy_name: str | None = None
    proxy_id_number: str | None = None
    handed_out_at: dt.datetime | None = None
    remark: str | None = None


def read(
    student_id: int, given: HandOutInput, path: Path, row_number: int | None = None
) -> Handing:
    """INVALID_INPUT for what cannot be; `path` is where it was given."""
    proxy_name = _text(given.proxy_name, (*path, "proxy_name"), LONGEST_NAME)
    proxy_id_number = _proxy_id(given.proxy_id_number, (*path, "proxy_id_number"))
    _check_proxy(given.receiver, proxy_name, proxy_id_number, path)
    return Handing(
        student_id,
        _items(given.items, (*path, "items")),
        given.receiver,
        proxy_name,
        proxy_id_number,
        _text(given.remark, (*path, "remark"), LONGEST_REMARK) or "",
        _moment(given.handed_out_at, (*path, "handed_out_at")),
        row_number,
    )


def _items(given: Sequence[HandOutItem], path: Path) -> tuple[Item, ...]:
    kinds = [item.kind for item in given]
    if not kinds or len(set(kinds)) < len(kinds):
        raise errors.invalid(path, len(kinds), "each kind once")
    return tuple(_item(item, (*path, str(place))) for place, item in enumerate(given))


def _item(item: HandOutItem, path: Path) -> Item:
    where = (*path, "certificate_number")
    number = identifiers.clean(item.certificate_number or "")
    if item.kind in _WITHOUT_NUMBER:
        if number:
            raise errors.invalid(where, number[:20], "only for certificates")
        return Item(item.kind)
    return Item(item.kind, errors.of_length(where, number, 1, LONGEST_NUMBER))


def _check_proxy(receiver: Receiver, name: str | None, id_number: str | None, path: Path) -> None:
    """Who comes for somebody says who they are; who comes for themselves is known."""
    if receiver is Receiver.PROXY:
        for value, field in ((name, "proxy_name"), (id_number, "proxy_id_number")):
            if not value:
                raise errors.invalid((*path, field), "", "required with PROXY")
    if receiver is Receiver.IN_PERSON and (name or id_number):
        raise errors.invalid((*path, "proxy_name"), name or "…", "not with IN_PERSON")


def _proxy_id(given: str | None, path: Path) -> str | None:
    """Never told again, not even in a refusal."""
    number = identifiers.clean(given or "")
    if identifiers.is_masked(number) or len(number) > LONGEST_NUMBER:
        facts = {"name": path[-1], "value": "…", "expected": f"1-{LONGEST_NUMBER} characters"}
        raise Refusal(Code.INVALID_INPUT, facts, path=path)
    return number or None


def _text(given: str | None, path: Path, longest: int) -> str | None:
    text = identifiers.tidy(given or "")
    return errors.of_length(path, text, 0, longest) or None


def _moment(given: dt.datetime | None, path: Path) -> dt.datetime | None:
    if given is None:
        return None
    at = moments.in_utc(given, path)
    if at > dt.datetime.now(dt.UTC) + _AHEAD:
        raise errors.invalid(path, at.isoformat(), "not in the future")
    return at
