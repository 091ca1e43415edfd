"""The gate between clearances and hand-outs (decision 0018): nothing is handed out to a student
with an open clearance, and none opens behind a hand-out that is not revoked.

The triggers of the database hold it whoever writes; here it is told before they have to.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays
from models import (
    Checkpoint,
    Clearance,
    ClearanceStatus,
    Cohort,
    CohortEntitlement,
    HandOut,
    HandOutKind,
    Student,
    StudentEntitlement,
)

OPEN = frozenset({ClearanceStatus.PENDING, ClearanceStatus.REFUSED})
# What a cohort receives unless a scheme has it otherwise.
USUAL: Mapping[Cohort, tuple[HandOutKind, ...]] = {
    Cohort.SINGLE_CERTIFICATE_GRADUATE: (
        HandOutKind.DEGREE_CERTIFICATE,
        HandOutKind.GRADUATION_MATERIALS,
    ),
    Cohort.DOUBLE_CERTIFICATE_GRADUATE: tuple(HandOutKind),
    Cohort.UNDERGRADUATE: tuple(HandOutKind),
}
_KINDS: postgresql.ARRAY[str] = postgresql.ARRAY(sa.Text())


def handed_out(
    session: Session, student_ids: Sequence[int]
) -> Mapping[int, tuple[HandOutKind, ...]]:
    """What each of these has received; whoever asks holds them."""
    rows = session.execute(
        sa.select(HandOut.student_id, HandOut.kind)
        .where(arrays.any_of(HandOut.student_id, student_ids), HandOut.revoked_at.is_(None))
        .order_by(HandOut.id)
    )
    kinds: defaultdict[int, tuple[HandOutKind, ...]] = defaultdict(tuple)
    for student_id, kind in rows:
        kinds[student_id] += (kind,)
    return kinds


def open_checkpoints(session: Session, student_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """The titles of the checkpoints where each of these is not cleared yet, in their order."""
    rows = session.execute(
        sa.select(Clearance.student_id, Checkpoint.title)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(arrays.any_of(Clearance.student_id, student_ids), Clearance.status.in_(OPEN))
        .order_by(Checkpoint.position)
    )
    titles: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for student_id, title in rows:
        titles[student_id] += (title,)
    return titles


def is_clear() -> sa.ColumnElement[bool]:
    """Whether a student has no open clearance."""
    due = sa.and_(Clearance.student_id == Student.id, Clearance.status.in_(OPEN))
    return sa.not_(sa.select(Clearance.student_id).where(due).correlate(Student).exists())


def has_received(kind: HandOutKind | None = None) -> sa.ColumnElement[bool]:
    """Whether something, or this, was handed out to a student and not revoked."""
    alive = sa.and_(HandOut.student_id == Student.id, HandOut.revoked_at.is_(None))
    which = sa.true() if kind is None else HandOut.kind == kind
    return sa.select(HandOut.id).where(alive, which).correlate(Student).exists()


def entitled() -> sa.ColumnElement[list[str]]:
    """The kinds that a student is to receive: set for them, or for the cohort, or as usual."""
    own = (
        sa.select(StudentEntitlement.kinds)
        .where(StudentEntitlement.student_id == Student.id)
        .order_by(StudentEntitlement.id.desc())
        .limit(1)
        .correlate(Student)
        .scalar_subquery()
    )
    of_cohort = (
        sa.select(CohortEntitlement.kinds)
        .where(
            CohortEntitlement.scheme_id == Student.scheme_id,
            CohortEntitlement.cohort == Student.cohort,
        )
        .correlate(Student)
        .scalar_subquery()
    )
    usual = sa.case(
        *(
            (Student.cohort == cohort, sa.literal([*kinds], _KINDS))
            for cohort, kinds in USUAL.items()
        )
    )
    return sa.func.coalesce(own, of_cohort, usual, type_=_KINDS)


def is_entitled(kind: HandOutKind) -> sa.ColumnElement[bool]:
    """Whether a student is to receive this."""
    return sa.literal(kind, sa.Text) == sa.any_(entitled())


def may_receive(kinds: Collection[HandOutKind]) -> sa.ColumnElement[bool]:
    """Whether any of these could be handed out to a student now."""
    outstanding = (sa.and_(is_entitled(kind), sa.not_(has_received(kind))) for kind in kinds)
    return sa.and_(is_clear(), sa.or_(sa.false(), *outstanding))
