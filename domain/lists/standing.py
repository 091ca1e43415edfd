"""Conditions on where a student stands, and since when."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from domain import arrays
from models import Clearance, ClearanceStatus, Student

# What keeps a student from being clear.
MISSING = (ClearanceStatus.PENDING, ClearanceStatus.REFUSED)
# Stands for the last change of what was never changed: before every change.
NEVER = sa.literal(dt.datetime.fromtimestamp(0, dt.UTC), sa.DateTime(timezone=True))


def last_change() -> sa.ColumnElement[dt.datetime]:
    """That of any clearance."""
    last = sa.select(sa.func.max(Clearance.decided_at)).where(Clearance.student_id == Student.id)
    return sa.func.coalesce(last.correlate(Student).scalar_subquery(), NEVER)


def has_status(checkpoint_id: int, statuses: Sequence[ClearanceStatus]) -> sa.ColumnElement[bool]:
    """One of these at a checkpoint."""
    here = Clearance.checkpoint_id == checkpoint_id
    return _has_clearance(here, arrays.any_of(Clearance.status, statuses))


def misses_only(checkpoint_id: int) -> sa.ColumnElement[bool]:
    """A checkpoint, and no other."""
    here, missing = Clearance.checkpoint_id == checkpoint_id, Clearance.status.in_(MISSING)
    return sa.and_(_has_clearance(here, missing), sa.not_(_has_clearance(sa.not_(here), missing)))


def misses_any() -> sa.ColumnElement[bool]:
    """Whether anything is in the way."""
    return _has_clearance(Clearance.status.in_(MISSING))


def changed_since(moment: dt.datetime) -> sa.ColumnElement[bool]:
    """Then or later."""
    return _has_clearance(Clearance.decided_at >= moment)


def changed_before(moment: dt.datetime) -> sa.ColumnElement[bool]:
    """For the last time."""
    return sa.and_(_has_clearance(Clearance.decided_at < moment), sa.not_(changed_since(moment)))


def _has_clearance(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a clearance of the student meets all of these."""
    of_student = Clearance.student_id == Student.id
    found = sa.select(Clearance.student_id).where(of_student, *conditions)
    # The statement around it may be about clearances too.
    return found.correlate(Student).exists()
