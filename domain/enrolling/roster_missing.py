"""Who is on the roll but in no row of a roster: found once the file is read, archived if asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators, paging
from domain.deciding.requirements import Cause
from domain.enrolling import student_writes
from domain.reading.student_records import KEYS
from domain.signed_in import SignedIn
from models import Channel, Job, JobRow, MissingStudent, Student

_ORDER = paging.Order("MISSING_STUDENTS", (sa.func.coalesce(Student.number, ""), Student.id))


def find(session: Session, job: Job) -> int:
    """Keep the active students whom no row names, not even one that failed; how many."""
    of_scheme = sa.select(Student.id).where(Student.scheme_id == job.scheme_id)
    # Looked up by every key and taken away: good by any statistics, as NOT EXISTS is not.
    named = (
        of_scheme.join(
            JobRow, JobRow.record[field.value].astext == student_writes.COLUMNS[field]
        ).where(JobRow.job_id == job.id)
        for field in KEYS
    )
    left = of_scheme.where(operators.is_active()).except_(sa.union_all(*named)).subquery()
    unnamed = sa.select(sa.literal(job.id, sa.BigInteger), left.c.id)
    made = session.execute(
        sa.insert(MissingStudent)
        .from_select(["job_id", "student_id"], unnamed, include_defaults=False)
        .returning(MissingStudent.student_id)
    )
    return len(made.all())


def archive(session: Session, job: Job, operator: SignedIn) -> int:
    """Archive those who are still active; how many. Of a dry run only the number."""
    missing = sa.select(MissingStudent.student_id).where(MissingStudent.job_id == job.id)
    # A number that was corrected since the file was read: the row has found its student after all.
    named = sa.exists().where(JobRow.job_id == job.id, JobRow.student_id == Student.id)
    which = sa.and_(Student.id.in_(missing), sa.not_(named))
    if job.dry_run:
        statement = sa.select(sa.func.count()).where(which, operators.is_active())
        return session.scalars(statement).one()
    return student_writes.archive(session, which, Cause(operator, Channel.ROSTER, job.id))


@dataclass(frozen=True)
class MissingOf:
    """Which of the students that a roster does not name."""

    job_id: int
    window: paging.Window


def pages(
    session: Session, operator: SignedIn, wanted: Sequence[MissingOf]
) -> dict[MissingOf, paging.Page[Student]]:
    """Pages below jobs, by number, archived students too; one statement for all that ask alike."""
    found: dict[MissingOf, paging.Page[Student]] = {}
    for window in {each.window for each in wanted}:
        job_ids = [each.job_id for each in wanted if each.window == window]
        below = partial(_below, operator)
        of_jobs = paging.fetch_each(session, job_ids, below, _ORDER, window)
        found |= {MissingOf(each, window): page for each, page in of_jobs.items()}
    return found


def _below(operator: SignedIn, job_id: sa.ColumnElement[int]) -> sa.Select[Student]:
    return (
        sa.select(Student)
        .join(MissingStudent, MissingStudent.student_id == Student.id)
        .where(MissingStudent.job_id == job_id, operators.students_administered(operator))
    )


def counts(session: Session, operator: SignedIn, job_ids: Sequence[int]) -> dict[int, int]:
    """How many students each of these rosters does not name."""
    rows = session.execute(
        sa.select(MissingStudent.job_id, sa.func.count())
        .join(Student, Student.id == MissingStudent.student_id)
        .where(MissingStudent.job_id.in_(job_ids), operators.students_administered(operator))
        .group_by(MissingStudent.job_id)
    )
    return {row[0]: row[1] for row in rows}
