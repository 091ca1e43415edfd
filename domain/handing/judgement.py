"""How a hand-out is judged, pure: the one table that every way of handing out goes through."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from domain.deciding.judgement import UNCHANGED, Verdict, refuse
from domain.errors import Code
from models import HandOutKind, Outcome, Receiver, SchemeStatus


class Item(NamedTuple):
    """One thing to give; a certificate has a number, the materials have none."""

    kind: HandOutKind
    number: str | None = None


class Handing(NamedTuple):
    """Some things that one student receives at once: all of them, or none."""

    student_id: int
    items: tuple[Item, ...]
    receiver: Receiver
    proxy_name: str | None = None
    proxy_id_number: str | None = None
    remark: str = ""
    handed_out_at: dt.datetime | None = None
    row_number: int | None = None


class Given(NamedTuple):
    """What a student has received already."""

    number: str | None
    operator_name: str
    at: dt.datetime


class Case(NamedTuple):
    """All that a hand-out is judged by; `taken`: whose certificates bear which numbers."""

    scheme_name: str
    scheme_status: SchemeStatus
    entitled: Collection[HandOutKind]
    received: Mapping[HandOutKind, Given]
    open_checkpoints: tuple[str, ...]
    taken: Mapping[Item, int]


def judge(handing: Handing, case: Case) -> tuple[Verdict, tuple[Item, ...]]:
    """What becomes of it, and what is to be written.

    What was given before with the same number changes nothing, so that a file twice is harmless.
    """
    new = tuple(item for item in handing.items if item.kind not in case.received)
    refusal = _refusal(handing, case, new)
    if refusal:
        return refusal, ()
    return (Verdict(Outcome.APPLIED), new) if new else (UNCHANGED, ())


def _refusal(handing: Handing, case: Case, new: tuple[Item, ...]) -> Verdict | None:
    if case.scheme_status is not SchemeStatus.OPEN:
        return refuse(Code.SCHEME_NOT_OPEN, scheme=case.scheme_name)
    for item in handing.items:
        given = case.received.get(item.kind)
        if given and given.number != item.number:
            return _already(item.kind, given)
    return _refusal_of_new(handing, case, new) if new else None


def _already(kind: HandOutKind, given: Given) -> Verdict:
    facts = {"operator": given.operator_name, "time": given.at.isoformat()}
    return refuse(Code.ALREADY_HANDED_OUT, kind=kind, number=given.number or "", **facts)


def _refusal_of_new(handing: Handing, case: Case, new: tuple[Item, ...]) -> Verdict | None:
    if handing.receiver is Receiver.PROXY and not (handing.proxy_name and handing.proxy_id_number):
        return refuse(Code.PROXY_MISSING)
    foreign = [item.kind for item in new if item.kind not in case.entitled]
    if foreign:
        possible = " ".join(each for each in HandOutKind if each in case.entitled)
        return refuse(Code.NOT_ENTITLED, kinds=" ".join(foreign), possible=possible)
    if case.open_checkpoints:
        return refuse(Code.CLEARANCE_INCOMPLETE, checkpoints="、".join(case.open_checkpoints))
    for item in new:
        if case.taken.get(item, handing.student_id) != handing.student_id:
            facts = {"kind": item.kind, "value": item.number or ""}
            return refuse(Code.CERTIFICATE_NUMBER_TAKEN, **facts)
    return None
