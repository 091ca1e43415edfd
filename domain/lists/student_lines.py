"""The lines of what changed about students: of a scheme with filters, and below each student."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, jobs, operators, paging
from domain.configuration import schemes
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Student, StudentChange, StudentField

_ORDER = paging.Order("STUDENT_CHANGES", (StudentChange.id,), descending=True)


@dataclass(frozen=True)
class LineFilter:
    """Which lines of a scheme; every condition must hold."""

    scheme: PublicId
    student: PublicId | None = None
    fields: list[StudentField] | None = None
    operator: PublicId | None = None
    job: PublicId | None = None


def page(
    session: Session, operator: SignedIn, where: LineFilter, window: paging.Window
) -> paging.Page[StudentChange]:
    """One page, the newest first."""
    statement = sa.select(StudentChange).where(_matching(session, operator, where))
    return paging.fetch(session, statement, _ORDER, window)


def count(session: Session, operator: SignedIn, where: LineFilter) -> int:
    """How many there are."""
    matching = _matching(session, operator, where)
    statement = sa.select(sa.func.count()).select_from(StudentChange).where(matching)
    return session.scalars(statement).one()


def _matching(session: Session, operator: SignedIn, where: LineFilter) -> sa.ColumnElement[bool]:
    scheme = schemes.get(session, operator, where.scheme)
    operators.require_administering(operator, scheme.id)
    _check_names(session, operator, where, scheme.id)
    wanted = (
        (StudentChange.student_id, where.student, Noun.STUDENT),
        (StudentChange.operator_id, where.operator, Noun.OPERATOR),
        (StudentChange.job_id, where.job, Noun.JOB),
    )
    conditions = [
        column == ids.decode(public_id, noun) for column, public_id, noun in wanted if public_id
    ]
    if where.fields is not None:
        conditions.append(arrays.any_of(StudentChange.field, where.fields))
    return sa.and_(StudentChange.scheme_id == scheme.id, *conditions)


def _check_names(session: Session, operator: SignedIn, where: LineFilter, scheme_id: int) -> None:
    """An archived student has lines too."""
    if where.student is not None:
        of_scheme = sa.select(Student.id).where(
            Student.id == ids.decode(where.student, Noun.STUDENT), Student.scheme_id == scheme_id
        )
        if session.scalars(of_scheme).one_or_none() is None:
            raise ids.not_found(Noun.STUDENT)
    if where.job is not None:
        jobs.require(session, operator, scheme_id, where.job)


@dataclass(frozen=True)
class LinesOf:
    """Which lines of one student."""

    student_id: int
    window: paging.Window


def pages(
    session: Session, operator: SignedIn, wanted: Sequence[LinesOf]
) -> dict[LinesOf, paging.Page[StudentChange]]:
    """Pages below students of administered schemes; one statement for all that ask alike."""
    found: dict[LinesOf, paging.Page[StudentChange]] = {}
    known = _administered(session, operator, {each.student_id for each in wanted})
    for window in {each.window for each in wanted}:
        student_ids = [each.student_id for each in wanted if each.window == window]
        asked = [each for each in student_ids if each in known]
        of_students = paging.fetch_each(session, asked, _below, _ORDER, window)
        found |= {LinesOf(each, window): page for each, page in of_students.items()}
    return found


def _administered(session: Session, operator: SignedIn, student_ids: Collection[int]) -> set[int]:
    statement = sa.select(Student.id).where(
        Student.id == sa.any_(arrays.ids(student_ids)), operators.students_administered(operator)
    )
    return set(session.scalars(statement))


def _below(student_id: sa.ColumnElement[int]) -> sa.Select[StudentChange]:
    return sa.select(StudentChange).where(StudentChange.student_id == student_id)


def counts(session: Session, operator: SignedIn, student_ids: Sequence[int]) -> dict[int, int]:
    """How many lines each of these students has."""
    rows = session.execute(
        sa.select(StudentChange.student_id, sa.func.count())
        .join(Student, Student.id == StudentChange.student_id)
        .where(Student.id.in_(student_ids), operators.students_administered(operator))
        .group_by(StudentChange.student_id)
    )
    return {row[0]: row[1] for row in rows}
