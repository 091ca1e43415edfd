"""The ONLY way to hand out: load with locks, judge, write, for any number at once; and to revoke.

A constant number of statements whatever the number of students.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, names
from domain.configuration import schemes
from domain.deciding import gate, requirements
from domain.deciding.judgement import Verdict
from domain.errors import Code, Refusal
from domain.handing import lists, locked_students
from domain.handing.judgement import Given, Handing, Item, judge
from domain.handing.locked_students import Locked
from domain.signed_in import Right, SignedIn
from models import Channel, HandOut, Outcome, SchemeStatus

_TEXT, _MOMENT = sa.Text(), sa.DateTime(timezone=True)


@dataclass(frozen=True)
class Origin:
    """By whom, and with which job."""

    operator: SignedIn
    job_id: int | None = None
    dry_run: bool = False


def without_writing(origin: Origin) -> Origin:
    """The same judgement, with nothing written."""
    return replace(origin, dry_run=True)


class Written(NamedTuple):
    """One thing of one handing that is to be written."""

    handing: Handing
    item: Item


def apply(
    session: Session, scheme_id: int, handings: Sequence[Handing], origin: Origin
) -> list[Verdict]:
    """Judge and write; one verdict for each, in their order, each on what the one before left."""
    arrays.find_by_index(session)
    locked = locked_students.load(session, scheme_id, handings, origin.operator)
    verdicts, written = [], []
    for handing in handings:
        barred = locked.barred(handing.student_id)
        verdict, new = (barred, ()) if barred else judge(handing, locked.case(handing))
        _take(locked, handing, new, origin)
        written += [Written(handing, item) for item in new]
        verdicts.append(verdict)
    if written and not origin.dry_run:
        _write(session, scheme_id, written, origin, locked.now)
    return verdicts


def apply_one(session: Session, scheme_id: int, handing: Handing, origin: Origin) -> None:
    """The single case; an expected failure is raised."""
    [verdict] = apply(session, scheme_id, [handing], origin)
    if verdict.outcome is Outcome.FAILED and verdict.code:
        raise Refusal(verdict.code, verdict.facts)


def _take(locked: Locked, handing: Handing, new: Sequence[Item], origin: Origin) -> None:
    for item in new:
        given = Given(item.number, origin.operator.name, handing.handed_out_at or locked.now)
        locked.received[handing.student_id][item.kind] = given
        if item.number:
            locked.taken[item] = handing.student_id


def _write(
    session: Session,
    scheme_id: int,
    written: Sequence[Written],
    origin: Origin,
    now: dt.datetime,
) -> None:
    new = _as_table(written, now)
    same = {
        "scheme_id": sa.literal(scheme_id, sa.BigInteger),
        "operator_id": sa.literal(origin.operator.id, sa.BigInteger),
        "job_id": sa.literal(origin.job_id, sa.BigInteger),
        "created_at": sa.literal(now, _MOMENT),
    }
    session.execute(
        sa.insert(HandOut).from_select(
            [*new.c.keys(), *same], sa.select(*new.c, *same.values()), include_defaults=False
        )
    )


def _as_table(written: Sequence[Written], now: dt.datetime) -> sa.TableValuedAlias:
    given = [each.handing for each in written]
    return arrays.rows(
        "new",
        student_id=(sa.BigInteger(), [each.student_id for each in given]),
        kind=(_TEXT, [each.item.kind for each in written]),
        certificate_number=(_TEXT, [each.item.number for each in written]),
        receiver=(_TEXT, [each.receiver for each in given]),
        proxy_name=(_TEXT, [each.proxy_name for each in given]),
        proxy_id_number=(_TEXT, [each.proxy_id_number for each in given]),
        remark=(_TEXT, [each.remark for each in given]),
        handed_out_at=(_MOMENT, [each.handed_out_at or now for each in given]),
        row_number=(sa.Integer(), [each.row_number for each in given]),
    )


def revoke(session: Session, operator: SignedIn, public_id: str, reason: str) -> HandOut:
    """Take a hand-out back, which stays as history; with the last one the rules hold again."""
    given = names.reason(reason)
    known = lists.get(session, operator, public_id)
    scheme = schemes.lock(session, known.scheme_id)
    departments = locked_students.lock(session, scheme.id, [known.student_id], operator)
    if departments.get(known.student_id) not in operator.departments_handing(scheme.id):
        raise Refusal(Code.FORBIDDEN, {"right": Right.HAND_OUT})
    if scheme.status is not SchemeStatus.OPEN:
        raise Refusal(Code.SCHEME_NOT_OPEN, {"scheme": scheme.name})
    session.refresh(known, with_for_update=True)
    if known.revoked_at:
        raise Refusal(Code.HAND_OUT_REVOKED, {"time": known.revoked_at.isoformat()})
    known.revoked_at = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    known.revoked_by, known.revoke_reason = operator.id, given
    session.flush()
    if not gate.handed_out(session, [known.student_id]):
        cause = requirements.Cause(operator, Channel.RULE)
        requirements.apply_everywhere(session, scheme.id, cause, [known.student_id])
    return known
