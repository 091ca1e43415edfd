"""The batches of a file of first passwords: judged, and accounts written, a few rows at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import job_batches, job_rows, jobs, operators
from domain.deciding.judgement import Verdict, refuse
from domain.errors import Code
from domain.lists import student_keys
from domain.lists.student_keys import Known
from domain.signed_in import Right, SignedIn
from domain.staffing import grants
from domain.studying import student_accounts
from models import Job, JobRow, Outcome, Scheme

Waiting = sa.Row[int, str, int | None]
# Few enough that their passwords are hashed in a few seconds, so that a wish to cancel is heard.
BATCH_ROWS = 20


@dataclass(frozen=True)
class Standing:
    """What rows are judged by: who has each number now, whom the asker must not let in, and who
    keeps the password of their own."""

    students: Mapping[str, Known]
    of_others: set[str]
    kept: set[str]


def needed(session: Session, job_id: int, token: int) -> list[int]:
    """The rows of the next batch whose passwords are to be hashed before it."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.advance(session, job)
    if job.dry_run:
        return []
    rows = _waiting(session, job)
    kept = _kept(session, job, rows)
    return [row.row_number for row in rows if row.key not in kept]


def apply(session: Session, job_id: int, token: int, hashes: Mapping[int, str]) -> bool:
    """Judge the next batch of rows, and write what they change; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    rows = _waiting(session, job)
    if not rows:
        return False
    # A right that was revoked ends the job.
    asker = operators.load(session, job.operator_id)
    operators.require_administering(asker, job.scheme_id)
    grants.require_living(session.get_one(Scheme, job.scheme_id))
    if not job.dry_run:
        student_accounts.hold(session, [row.key for row in rows])
    standing = _standing(session, job, asker, rows)
    if not job.dry_run:
        # An account that was its owner's a moment ago, when it was not worth a hash.
        standing.kept.update(row.key for row in rows if row.row_number not in hashes)
    verdicts = [judge(row.key, row.student_id, standing) for row in rows]
    if not job.dry_run:
        student_accounts.issue(session, _applied(rows, verdicts, hashes))
    job_batches.write_some(session, job, rows, verdicts)
    return True


def _waiting(session: Session, job: Job) -> Sequence[Waiting]:
    return session.execute(
        sa.select(JobRow.row_number, JobRow.key, JobRow.student_id)
        .where(
            JobRow.job_id == job.id,
            JobRow.row_number > job.cursor,
            job_rows.wait(JobRow.duplicate_of),
        )
        .order_by(JobRow.row_number)
        .limit(BATCH_ROWS)
    ).all()


def _kept(session: Session, job: Job, rows: Sequence[Waiting]) -> set[str]:
    """Whose password is their own, unless these are to be reset."""
    if job.options["reset"]:
        return set()
    accounts = student_accounts.by_numbers(session, [row.key for row in rows])
    return {number for number, is_initial in accounts.items() if not is_initial}


def _standing(session: Session, job: Job, asker: SignedIn, rows: Sequence[Waiting]) -> Standing:
    """Students may have been archived since the rows were read, or have another number."""
    numbers = [row.key for row in rows]
    known = student_keys.by_keys(session, asker, job.scheme_id, (numbers, [], []))
    of_others = student_accounts.of_others(session, asker, numbers)
    return Standing(known.numbers, of_others, _kept(session, job, rows))


def judge(number: str, student_id: int | None, standing: Standing) -> Verdict:
    """What becomes of a row."""
    student = standing.students.get(number)
    if student is None or student.id != student_id:
        return refuse(Code.STUDENT_NOT_FOUND, value=number)
    if number in standing.of_others:
        return refuse(Code.FORBIDDEN, right=Right.ADMINISTER_ALL)
    if number in standing.kept:
        return Verdict(Outcome.UNCHANGED, Code.ACCOUNT_EXISTS)
    return Verdict(Outcome.APPLIED)


def _applied(
    rows: Sequence[Waiting], verdicts: Sequence[Verdict], hashes: Mapping[int, str]
) -> dict[str, str]:
    return {
        row.key: hashes[row.row_number]
        for row, verdict in zip(rows, verdicts, strict=True)
        if verdict.outcome is Outcome.APPLIED
    }
