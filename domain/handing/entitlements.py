"""What a student is to receive (应领): as usual, as a scheme has it for a cohort, or their own."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, names
from domain.configuration import schemes
from domain.deciding import gate
from domain.ids import PublicId
from domain.lists import students
from domain.signed_in import SignedIn
from models import Cohort, CohortEntitlement, HandOutKind, Scheme, Student, StudentEntitlement


@dataclass(frozen=True)
class OfCohort:
    """What the students of a cohort receive in a scheme; `is_usual`: nobody has changed it."""

    cohort: Cohort
    kinds: Sequence[HandOutKind]
    is_usual: bool


@dataclass(frozen=True)
class Entitlement:
    """What one student receives, and may receive now; of their own: why, by whom, since when."""

    kinds: Sequence[HandOutKind]
    may_receive: Sequence[HandOutKind]
    reason: str | None = None
    operator_id: int | None = None
    at: dt.datetime | None = None


def set_cohort(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    cohort: Cohort,
    kinds: Collection[HandOutKind] | None,
) -> Scheme:
    """Other kinds for a cohort, or the usual ones again; what was handed out stays."""
    found = schemes.get(session, operator, public_id)
    scheme = schemes.hold(session, operator, found.id)
    here = (CohortEntitlement.scheme_id == scheme.id, CohortEntitlement.cohort == cohort)
    if kinds is None:
        session.execute(sa.delete(CohortEntitlement).where(*here))
        return scheme
    values = {"kinds": ordered(kinds), "operator_id": operator.id, "changed_at": sa.func.now()}
    new = postgresql.insert(CohortEntitlement).values(scheme_id=scheme.id, cohort=cohort, **values)
    session.execute(
        new.on_conflict_do_update(index_elements=["scheme_id", "cohort"], set_=values),
        execution_options={"synchronize_session": False},
    )
    return scheme


def set_student(
    session: Session,
    operator: SignedIn,
    public_id: PublicId,
    kinds: Collection[HandOutKind] | None,
    reason: str,
) -> Student:
    """Other kinds for one student, or the cohort's again; each change keeps its reason."""
    student = students.get(session, operator, public_id)
    given = names.reason(reason)
    schemes.hold(session, operator, student.scheme_id)
    session.add(
        StudentEntitlement(
            student_id=student.id,
            kinds=None if kinds is None else ordered(kinds),
            reason=given,
            operator_id=operator.id,
        )
    )
    session.flush()
    return student


def ordered(kinds: Collection[str]) -> list[HandOutKind]:
    """Each once, as they are always told."""
    return [kind for kind in HandOutKind if kind in kinds]


def of_schemes(
    session: Session, _operator: SignedIn, scheme_ids: Collection[int]
) -> dict[int, list[OfCohort]]:
    """For each cohort of each of these schemes, which were seen already."""
    changed = session.scalars(
        sa.select(CohortEntitlement).where(arrays.any_of(CohortEntitlement.scheme_id, scheme_ids))
    )
    own = {(each.scheme_id, each.cohort): each.kinds for each in changed}
    return {
        scheme_id: [
            OfCohort(cohort, ordered(own.get((scheme_id, cohort), gate.USUAL[cohort])), is_usual)
            for cohort in Cohort
            for is_usual in [(scheme_id, cohort) not in own]
        ]
        for scheme_id in scheme_ids
    }


def of_student(session: Session, student_id: int) -> Entitlement:
    """Of one student."""
    return _of_students(session, [student_id])[student_id]


def of_students(
    session: Session, _operator: SignedIn, student_ids: Collection[int]
) -> dict[int, Entitlement]:
    """Of each of these students, who were seen already."""
    return _of_students(session, student_ids)


def _of_students(session: Session, student_ids: Collection[int]) -> dict[int, Entitlement]:
    latest = (
        sa.select(StudentEntitlement)
        .where(arrays.any_of(StudentEntitlement.student_id, student_ids))
        .ext(postgresql.distinct_on(StudentEntitlement.student_id))
        .order_by(StudentEntitlement.student_id, StudentEntitlement.id.desc())
        .subquery()
    )
    outstanding = [gate.may_receive([kind]).label(kind) for kind in HandOutKind]
    rows = session.execute(
        sa.select(Student.id, gate.entitled(), latest, *outstanding)
        .outerjoin(latest, latest.c.student_id == Student.id)
        .where(arrays.any_of(Student.id, student_ids))
    )
    return {row[0]: _entitlement(row) for row in rows}


def _entitlement(row: sa.Row[*tuple[object, ...]]) -> Entitlement:
    told = row._mapping  # noqa: SLF001 -- its public face for columns by name
    may_receive = [kind for kind in HandOutKind if told[kind]]
    kinds = ordered(row[1])  # type: ignore[arg-type]  # the array of the statement
    if told["kinds"] is None:
        return Entitlement(kinds, may_receive)
    return Entitlement(kinds, may_receive, told["reason"], told["operator_id"], told["at"])
