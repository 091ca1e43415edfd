"""The batches of a file of operators: hired, granted, let in or shut out, a few rows at a time."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import job_rows, jobs, operators
from domain.signed_in import SignedIn
from domain.staffing import accounts, acts, grants, hiring_rows, sessions
from domain.staffing.acts import StaffAct
from domain.staffing.hiring import Passwords
from domain.staffing.hiring_cells import Column, Wanted
from domain.staffing.hiring_rows import Asked, Judged, Key, Staff, Terms
from models import Grant, Job, JobRow, Operator, Outcome, Role, Scheme

# Few enough that their passwords are hashed in some seconds.
BATCH_ROWS = 100
_TOOK = (Outcome.APPLIED, Outcome.UNCHANGED)


def passwords_needed(session: Session, job_id: int, token: int) -> set[str | int]:
    """Of whom the next batch hires and of which rows it resets: they are hashed before it."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    jobs.advance(session, job)
    asker = operators.load(session, job.operator_id)
    if job.dry_run or asker.administered is not None:
        return set()
    rows = [_asked(row) for row in _waiting(session, job)]
    logins = {asked.login for asked in rows if asked.wanted}
    resets = {asked.row_number for asked in rows if asked.act is StaffAct.RESET_PASSWORD}
    return (logins - accounts.by_logins(session, logins).keys()) | resets


def apply(
    session: Session,
    job_id: int,
    token: int,
    passwords: Passwords,
    hashes: Mapping[str | int, str],
) -> bool:
    """Judge the next batch of rows, and write what they change; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    asker = grants.hold(session, operators.load(session, job.operator_id), [job.scheme_id])
    rows = _waiting(session, job)
    if not rows:
        return False
    # A right that was revoked ends the job.
    operators.require_administering(asker, job.scheme_id)
    grants.require_living(session.get_one(Scheme, job.scheme_id))
    wanted = [_asked(row) for row in rows]
    _hold_logins(session, job, wanted)
    judged = _judge(wanted, _staff(session, job, asker, wanted), _terms(job, asker, passwords))
    if not job.dry_run:
        accepted = [asked for asked, each in zip(wanted, judged, strict=True) if _applies(each)]
        _write(session, job.scheme_id, accepted, hashes)
    _tell(rows, judged)
    session.flush()
    outcomes = Counter(each.outcome for each in judged)
    jobs.advance(session, job, cursor=rows[-1].row_number, **jobs.counted(outcomes))
    return True


def _hold_logins(session: Session, job: Job, wanted: Sequence[Asked]) -> None:
    """All of them before any row is looked at, after the lock of the grants, as when one is
    disabled alone: who waits for the one holds none of the other."""
    if not job.dry_run:
        sessions.hold_logins(session, {asked.login for asked in wanted if not asked.wanted})


def _terms(job: Job, asker: SignedIn, passwords: Passwords) -> Terms:
    letters = {Column(name): letter for name, letter in (job.header or {})["letters"].items()}
    return Terms(asker, job.scheme_id, passwords.known, passwords.missing, letters)


def _waiting(session: Session, job: Job) -> Sequence[JobRow]:
    statement = (
        sa.select(JobRow)
        .where(JobRow.job_id == job.id, JobRow.row_number > job.cursor, job_rows.wait())
        .order_by(JobRow.row_number)
        .limit(BATCH_ROWS)
    )
    return session.scalars(statement).all()


def _staff(session: Session, job: Job, asker: SignedIn, wanted: Sequence[Asked]) -> Staff:
    """As it stands in the database, and as the rows before left it, should nothing be written."""
    administrators = [each.login for each in grants.administrators(session)]
    logins = {asker.login, *administrators, *(asked.login for asked in wanted)}
    people = accounts.by_logins(session, logins)
    by_id = {operator.id: login for login, operator in people.items()}
    signed_in = sessions.with_sessions(session, by_id)
    staff = Staff(
        {login: operator.name for login, operator in people.items()},
        _held(session, job.scheme_id, by_id),
        {login for login, operator in people.items() if operator.is_disabled},
        {by_id[operator_id] for operator_id in signed_in},
        administrators,
    )
    for asked in _accepted(session, job, logins):
        # What acts have changed is written, and others may have changed it again.
        (staff.take if job.dry_run or asked.wanted else staff.tell)(asked)
    return staff


def _held(session: Session, scheme_id: int, by_id: Mapping[int, str]) -> dict[Key, bool]:
    held = session.scalars(
        sa.select(Grant).where(Grant.operator_id.in_(by_id), Grant.scheme_id == scheme_id)
    )
    return {
        (
            by_id[grant.operator_id],
            Wanted(grant.role, grant.checkpoint_id, grant.department_id, False),
        ): grant.may_see_id_numbers
        for grant in held
    }


def _accepted(session: Session, job: Job, logins: Collection[str]) -> list[Asked]:
    """What rows before asked for these people."""
    before = sa.select(JobRow).where(
        JobRow.job_id == job.id, JobRow.key.in_(logins), JobRow.outcome.in_(_TOOK)
    )
    return [_asked(row) for row in session.scalars(before.order_by(JobRow.row_number))]


def _asked(row: JobRow) -> Asked:
    """A row from before there were acts grants."""
    record = dict(row.record or {})
    act = StaffAct(record.pop("act", StaffAct.GRANT))
    wanted = Wanted(**record | {"role": Role(record["role"])}) if record else None
    return Asked(row.row_number, row.key, row.name, act, wanted)


def _judge(wanted: Sequence[Asked], staff: Staff, terms: Terms) -> list[Judged]:
    judged = []
    for asked in wanted:
        judged.append(hiring_rows.judge(asked, staff, terms))
        if judged[-1].outcome in _TOOK:
            staff.take(asked)
    return judged


def _applies(judged: Judged) -> bool:
    return judged.outcome is Outcome.APPLIED


def _write(
    session: Session, scheme_id: int, accepted: Sequence[Asked], hashes: Mapping[str | int, str]
) -> None:
    """Whoever is new, then what is granted, then the acts in the order of the file."""
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
    for asked in accepted:
        _act(session, people[asked.login], asked, hashes)


def _act(
    session: Session, operator: Operator, asked: Asked, hashes: Mapping[str | int, str]
) -> None:
    if asked.act is StaffAct.DISABLE:
        acts.disable(session, operator)
    elif asked.act is StaffAct.ENABLE:
        acts.enable(session, operator)
    elif asked.act is StaffAct.RESET_PASSWORD:
        acts.set_password(session, operator, hashes[asked.row_number])
    elif asked.act is StaffAct.END_SESSIONS:
        sessions.end_all(session, operator)


def _grant(
    session: Session, scheme_id: int, accepted: Sequence[Asked], operator_ids: Mapping[str, int]
) -> None:
    """A grant that is held begins to show ID numbers."""
    wanted = {asked.key: asked.wanted for asked in accepted if asked.wanted}
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
