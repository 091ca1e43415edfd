"""The batches of a file of operators: who is hired and what is granted, a few rows at a time."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import jobs, operators
from domain.staffing import accounts, grants, hiring_rows
from domain.staffing.hiring import Passwords
from domain.staffing.hiring_cells import Column, Wanted
from domain.staffing.hiring_rows import Asked, Judged, Staff, Terms
from models import Grant, Job, JobRow, Operator, Outcome, Role, Scheme

# Few enough that their passwords are hashed in some seconds.
BATCH_ROWS = 100
_TOOK = (Outcome.APPLIED, Outcome.UNCHANGED)


def newcomers(session: Session, job_id: int, token: int) -> set[str]:
    """Who is to be hired by the next batch: their passwords are hashed before it."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.advance(session, job)
    asker = operators.load(session, job.operator_id)
    if job.dry_run or asker.administered is not None:
        return set()
    logins = {row.key for row in _waiting(session, job)}
    return logins - accounts.by_logins(session, logins).keys()


def apply(
    session: Session, job_id: int, token: int, passwords: Passwords, hashes: Mapping[str, str]
) -> bool:
    """Judge the next batch of rows, and write what they change; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    asker = grants.hold(session, operators.load(session, job.operator_id), [job.scheme_id])
    # A right that was revoked ends the job.
    operators.require_administering(asker, job.scheme_id)
    grants.require_living(session.get_one(Scheme, job.scheme_id))
    rows = _waiting(session, job)
    if not rows:
        return False
    letters = {Column(name): letter for name, letter in (job.header or {})["letters"].items()}
    terms = Terms(asker, job.scheme_id, passwords.by_login, passwords.missing, letters)
    judged = _judge(rows, _staff(session, job, {row.key for row in rows}), terms)
    if not job.dry_run:
        accepted = [_asked(row) for row, each in zip(rows, judged, strict=True) if _applies(each)]
        _write(session, job.scheme_id, accepted, hashes)
    _tell(rows, judged)
    session.flush()
    outcomes = Counter(each.outcome for each in judged)
    jobs.advance(session, job, cursor=rows[-1].row_number, **jobs.counted(outcomes))
    return True


def _waiting(session: Session, job: Job) -> Sequence[JobRow]:
    statement = (
        sa.select(JobRow)
        .where(JobRow.job_id == job.id, JobRow.row_number > job.cursor, JobRow.outcome.is_(None))
        .order_by(JobRow.row_number)
        .limit(BATCH_ROWS)
    )
    return session.scalars(statement).all()


def _staff(session: Session, job: Job, logins: Collection[str]) -> Staff:
    """As it stands in the database, and as the rows before left it, should nothing be written."""
    hired = accounts.by_logins(session, logins)
    by_id = {operator.id: login for login, operator in hired.items()}
    staff = Staff({login: operator.name for login, operator in hired.items()})
    held = session.scalars(
        sa.select(Grant).where(Grant.operator_id.in_(by_id), Grant.scheme_id == job.scheme_id)
    )
    for grant in held:
        scope = Wanted(grant.role, grant.checkpoint_id, grant.department_id, False)
        staff.shows[by_id[grant.operator_id], scope] = grant.may_see_id_numbers
    before = sa.select(JobRow).where(
        JobRow.job_id == job.id, JobRow.key.in_(logins), JobRow.outcome.in_(_TOOK)
    )
    for row in session.scalars(before.order_by(JobRow.row_number)):
        staff.take(_asked(row))
    return staff


def _asked(row: JobRow) -> Asked:
    record = dict(row.record or {})
    wanted = Wanted(**record | {"role": Role(record["role"])})
    return Asked(row.row_number, row.key, row.name, wanted)


def _judge(rows: Sequence[JobRow], staff: Staff, terms: Terms) -> list[Judged]:
    judged = []
    for asked in map(_asked, rows):
        judged.append(hiring_rows.judge(asked, staff, terms))
        if judged[-1].outcome in _TOOK:
            staff.take(asked)
    return judged


def _applies(judged: Judged) -> bool:
    return judged.outcome is Outcome.APPLIED


def _write(
    session: Session, scheme_id: int, accepted: Sequence[Asked], hashes: Mapping[str, str]
) -> None:
    """Whoever is new, then what is granted; a grant that is held begins to show ID numbers."""
    people = accounts.by_logins(session, {asked.login for asked in accepted})
    for asked in accepted:
        if asked.login not in people:
            people[asked.login] = Operator(
                login=asked.login,
                name=asked.name,
                password_hash=hashes[asked.login],
            )
    session.add_all(people.values())
    session.flush()
    _grant(session, scheme_id, accepted, {login: each.id for login, each in people.items()})


def _grant(
    session: Session, scheme_id: int, accepted: Sequence[Asked], operator_ids: Mapping[str, int]
) -> None:
    wanted = {asked.key: asked.wanted for asked in accepted}
    held = {
        (grant.operator_id, grant.role, grant.checkpoint_id, grant.department_id): grant
        for grant in session.scalars(
            sa.select(Grant).where(
                Grant.operator_id.in_(operator_ids.values()), Grant.scheme_id == scheme_id
            )
        )
    }
    for (login, _), each in wanted.items():
        operator_id = operator_ids[login]
        found = held.get((operator_id, each.role, each.checkpoint_id, each.department_id))
        if found:
            found.may_see_id_numbers = True
        else:
            session.add(Grant(operator_id=operator_id, scheme_id=scheme_id, **each._asdict()))
    session.flush()


def _tell(rows: Sequence[JobRow], judged: Sequence[Judged]) -> None:
    for row, each in zip(rows, judged, strict=True):
        row.outcome = each.outcome
        if each.problem:
            row.code = each.problem.code
            row.problems = [*row.problems, asdict(each.problem)]
