"""Accounts of students: sign-in by number, passwords of their own and first ones, sessions."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

import models
from domain import arrays, errors, identifiers, operators
from domain.errors import Code, Refusal
from domain.ids import PublicId
from domain.lists import students
from domain.signed_in import Right, SignedIn
from domain.staffing import sessions
from models import Scheme, SchemeStatus, SignInFailures, Student, StudentAccount

NUMBER_LENGTH = 100


@dataclass(frozen=True)
class SignedInStudent:
    """Whoever has shown to be the student with a number, in whatever schemes it stands."""

    number: str
    is_initial: bool


@dataclass(frozen=True)
class NewStudentSession:
    """The token is shown once, here."""

    token: str
    expires_at: dt.datetime


def key(number: str) -> str:
    """Under what sign-ins are held and failures counted: logins are folded, and have no capital."""
    return f"STUDENT {number}"


def sign_in(
    session: Session, number: str, password: str, lasting: dt.timedelta
) -> NewStudentSession | Refusal:
    """A new session, or why not, as `sessions.sign_in`: who has an account is not told."""
    number = identifiers.clean(number[:1_000])[:NUMBER_LENGTH]
    account = sa.select(StudentAccount.password_hash).where(StudentAccount.number == number)
    refusal = sessions.prove(
        session, key(number), lambda: session.scalars(account).one_or_none(), password
    )
    if refusal:
        return refusal
    token, row = sessions.add(session, lasting, student_number=number)
    session.execute(
        sa.update(StudentAccount)
        .where(StudentAccount.number == number)
        .values(last_sign_in_at=row.created_at)
    )
    return NewStudentSession(token, row.expires_at)


def of_token(session: Session, token: str) -> SignedInStudent | None:
    """The student of a live session; None for an operator's, an unknown or an expired token."""
    row = session.execute(
        sa.select(StudentAccount.number, StudentAccount.is_initial)
        .join(models.Session, models.Session.student_number == StudentAccount.number)
        .where(sessions.live(token))
    ).one_or_none()
    return SignedInStudent(*row) if row else None


def change_password(
    session: Session, student: SignedInStudent, token: str, old: str, new: str
) -> SignedInStudent | Refusal:
    """A password of one's own: every session but this one ends, and wrong guesses count."""
    password_hash = sessions.hash_new_password(new, ("new_password",))
    account = session.get_one(StudentAccount, student.number)

    def kept() -> str:
        session.refresh(account)
        return account.password_hash

    refusal = sessions.prove(session, key(student.number), kept, old, ("old_password",))
    if refusal:
        return refusal
    account.password_hash, account.is_initial = password_hash, False
    session.flush()
    sessions.end_where(session, models.Session.student_number == student.number, but=token)
    return SignedInStudent(student.number, is_initial=False)


def reset_password(
    session: Session, asker: SignedIn, public_id: PublicId, password: str
) -> Student:
    """A first password for one student, whether there is an account or not; sessions end."""
    student, number = _administered(session, asker, public_id)
    password_hash = sessions.hash_new_password(password, ("password",))
    hold(session, [number])
    issue(session, {number: password_hash})
    return student


def end_sessions(session: Session, asker: SignedIn, public_id: PublicId) -> Student:
    """Every session of a student; a sign-in may open the next."""
    student, number = _administered(session, asker, public_id)
    hold(session, [number])
    _end_sessions(session, [number])
    return student


def _administered(session: Session, asker: SignedIn, public_id: PublicId) -> tuple[Student, str]:
    """A student in sight who signs in by number, and whom nobody else administers."""
    student = students.get(session, asker, public_id)
    operators.require_administering(asker, student.scheme_id)
    if student.number is None:
        raise errors.invalid(("student",), student.name, "a student with a student number")
    if of_others(session, asker, [student.number]):
        raise Refusal(Code.FORBIDDEN, {"right": Right.ADMINISTER_ALL})
    return student, student.number


def of_others(session: Session, asker: SignedIn, numbers: Collection[str]) -> set[str]:
    """Those among these numbers that stand in an open scheme that is not the asker's.

    A number has one account: who could enrol somebody else's, and then set its password, would
    read what they must not.
    """
    if asker.administered is None:
        return set()
    own = Student.scheme_id == sa.any_(arrays.ids(sorted(asker.administered)))
    statement = (
        sa.select(Student.number)
        .join(Scheme, Scheme.id == Student.scheme_id)
        .where(
            arrays.any_of(Student.number, numbers),
            operators.is_active(),
            Scheme.status == SchemeStatus.OPEN,
            sa.not_(own),
        )
    )
    return {number for number in session.scalars(statement) if number}


def hold(session: Session, numbers: Collection[str]) -> None:
    """Nobody signs in, guesses or changes a password there until the transaction ends."""
    sessions.hold_logins(session, [key(number) for number in numbers])


def by_numbers(session: Session, numbers: Collection[str]) -> dict[str, bool]:
    """Those among these numbers that have an account: whether its password is a first one."""
    rows = session.execute(
        sa.select(StudentAccount.number, StudentAccount.is_initial).where(
            arrays.any_of(StudentAccount.number, numbers)
        )
    )
    return {row.number: row.is_initial for row in rows}


def issue(session: Session, hashes: Mapping[str, str]) -> None:
    """First passwords, of new accounts too: sessions end, failures to sign in are forgotten.

    Whoever calls holds the numbers.
    """
    text = sa.Text()
    new = arrays.rows("new", number=(text, list(hashes)), password_hash=(text, [*hashes.values()]))
    statement = postgresql.insert(StudentAccount).from_select(
        ["number", "password_hash"], sa.select(*new.c), include_defaults=False
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StudentAccount.number],
            set_={
                "password_hash": statement.excluded.password_hash,
                "is_initial": True,
                "issued_at": sa.func.now(),
            },
        )
    )
    _end_sessions(session, hashes)
    session.execute(
        sa.delete(SignInFailures).where(arrays.any_of(SignInFailures.login, map(key, hashes))),
        execution_options={"synchronize_session": False},
    )


def close(session: Session, numbers: Collection[str]) -> None:
    """Their passwords prove nothing any more: accounts and sessions go, until a first password is
    issued again."""
    hold(session, numbers)
    _end_sessions(session, numbers)
    session.execute(
        sa.delete(StudentAccount).where(arrays.any_of(StudentAccount.number, numbers)),
        execution_options={"synchronize_session": False},
    )


def _end_sessions(session: Session, numbers: Collection[str]) -> None:
    sessions.end_where(session, arrays.any_of(models.Session.student_number, numbers))
