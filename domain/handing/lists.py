"""Hand-outs, read: a page of them, those of students, one by its id."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, ids, moments, operators, paging
from domain.configuration import schemes
from domain.ids import Noun, PublicId
from domain.lists import student_filters
from domain.lists.student_filters import StudentFilter
from domain.signed_in import SignedIn
from models import HandOut, HandOutKind, Receiver, Student

NEWEST = paging.Order("HAND_OUTS", (HandOut.id,), descending=True)


@dataclass(frozen=True)
class HandOutFilter:
    """Which hand-outs of one scheme; every condition given must hold, a list means any of it."""

    scheme: PublicId
    kinds: list[HandOutKind] | None = None
    receivers: list[Receiver] | None = None
    is_revoked: bool | None = None
    from_: dt.datetime | None = None
    until: dt.datetime | None = None
    students: StudentFilter | None = None


def page(
    session: Session, operator: SignedIn, where: HandOutFilter, window: paging.Window
) -> paging.Page[HandOut]:
    """One page of the hand-outs to students in sight, the newest first."""
    return paging.fetch(session, matching(session, operator, where), NEWEST, window)


def count(session: Session, operator: SignedIn, where: HandOutFilter) -> int:
    """How many the filter matches."""
    statement = matching(session, operator, where).with_only_columns(sa.func.count())
    return session.scalars(statement).one()


def matching(session: Session, operator: SignedIn, where: HandOutFilter) -> sa.Select[HandOut]:
    """The filter inside the operator's scope."""
    scheme_id = schemes.id_of(session, operator, where.scheme)
    return (
        sa.select(HandOut)
        .join(Student, Student.id == HandOut.student_id)
        .where(
            HandOut.scheme_id == scheme_id,
            _of_students(session, operator, where, scheme_id),
            *_conditions(where),
        )
    )


def _of_students(
    session: Session, operator: SignedIn, where: HandOutFilter, scheme_id: int
) -> sa.ColumnElement[bool]:
    if where.students is None:
        return operators.students_seen(operator, scheme_id)
    path = ("where", "students")
    if schemes.id_of(session, operator, where.students.scheme) != scheme_id:
        raise errors.invalid((*path, "scheme"), where.students.scheme, "the filter's scheme")
    return student_filters.matching(session, operator, where.students, path=path)


def _conditions(where: HandOutFilter) -> list[sa.ColumnElement[bool]]:
    listed = ((HandOut.kind, where.kinds), (HandOut.receiver, where.receivers))
    conditions = [arrays.any_of(column, values) for column, values in listed if values is not None]
    if where.is_revoked is not None:
        conditions.append(HandOut.revoked_at.is_not(None) == where.is_revoked)
    if where.from_ is not None:
        conditions.append(HandOut.handed_out_at >= moments.in_utc(where.from_, ("where", "from")))
    if where.until is not None:
        conditions.append(HandOut.handed_out_at < moments.in_utc(where.until, ("where", "until")))
    return conditions


def by_ids(
    session: Session, operator: SignedIn, hand_out_ids: Collection[int]
) -> dict[int, HandOut]:
    """The hand-outs to students in sight among these."""
    statement = (
        sa.select(HandOut)
        .join(Student, Student.id == HandOut.student_id)
        .where(arrays.any_of(HandOut.id, hand_out_ids), operators.students_seen_anywhere(operator))
    )
    return {each.id: each for each in session.scalars(statement)}


def get(session: Session, operator: SignedIn, public_id: str) -> HandOut:
    """One in sight; NOT_FOUND otherwise."""
    hand_out_id = ids.decode(public_id, Noun.HAND_OUT)
    found = by_ids(session, operator, [hand_out_id]).get(hand_out_id)
    if found is None:
        raise ids.not_found(Noun.HAND_OUT)
    return found


def of_students(
    session: Session, _operator: SignedIn, student_ids: Collection[int]
) -> dict[int, list[HandOut]]:
    """All hand-outs to each of these, which were seen already, the newest first."""
    found: dict[int, list[HandOut]] = {student_id: [] for student_id in student_ids}
    statement = (
        sa.select(HandOut)
        .where(arrays.any_of(HandOut.student_id, student_ids))
        .order_by(HandOut.id.desc())
    )
    for each in session.scalars(statement):
        found[each.student_id].append(each)
    return found
