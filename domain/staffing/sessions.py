"""Sign-in with a password, and the opaque token of a session: only its hash is kept."""

import datetime as dt
import functools
import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import argon2
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

import models
from domain import arrays, operators
from domain.errors import Code, Refusal
from domain.signed_in import SignedIn
from models import Operator, SignInFailures

FREE_FAILURES = 5
PAUSE = dt.timedelta(seconds=60)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
_HASHER = argon2.PasswordHasher()


@dataclass(frozen=True)
class NewSession:
    """The token is shown once, here."""

    token: str
    expires_at: dt.datetime
    operator: SignedIn


def hash_password(password: str) -> str:
    """Argon2id."""
    return _HASHER.hash(password)


def hash_new_password(password: str, path: tuple[str, ...]) -> str:
    """The hash of a password that somebody chose; INVALID_INPUT tells nothing of it."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        expected = f"{SHORTEST_PASSWORD}-{LONGEST_PASSWORD}"
        facts = {"name": path[-1], "value": "…", "expected": expected}
        raise Refusal(Code.INVALID_INPUT, facts, path=path)
    return hash_password(password)


def hold_login(session: Session, login: str) -> None:
    """One at a time signs in, guesses, or changes whether and how one can sign in.

    Guesses at the same time would all see the count as it was before the first of them, and a
    sign-in that has looked at an old password would open its session after all sessions ended.
    """
    hold_logins(session, [login])


def hold_logins(session: Session, logins: Collection[str]) -> None:
    """The same for many at once; in one order, so that two who do this do not wait in a circle."""
    each = sa.func.unnest(arrays.array(sa.Text(), logins))
    keys = sa.select(sa.func.hashtext(each).label("key")).distinct().order_by("key").subquery()
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(keys.c.key)))


def sign_in(
    session: Session, login: str, password: str, lasting: dt.timedelta
) -> NewSession | Refusal:
    """A new session; the Refusal is answered and not raised, since the failure must be kept.

    An unknown login takes as long as a wrong password: who has an account is not told.
    """
    login = login.strip().casefold()[:100]

    def kept() -> str | None:
        return session.scalars(enabled.with_only_columns(Operator.password_hash)).one_or_none()

    enabled = sa.select(Operator).where(Operator.login == login, Operator.is_disabled.is_(False))
    refusal = prove(session, login, kept, password)
    if refusal:
        return refusal
    operator_id = session.scalars(enabled.with_only_columns(Operator.id)).one()
    return open_for(session, operator_id, lasting)


def prove(
    session: Session,
    key: str,
    kept: Callable[[], str | None],
    password: str,
    path: tuple[str, ...] = (),
) -> Refusal | None:
    """None if a password is the one whose hash is kept, else why not; failures count by the key.

    The hash is read once nobody else is at the key, and none costs as much as a wrong one.
    """
    hold_login(session, key)
    paused = _pause_left(session, key)
    if paused:
        return Refusal(Code.RATE_LIMITED, {"seconds": paused})
    if not _is_right(kept(), password):
        _count_failure(session, key)
        return Refusal(Code.SIGN_IN_FAILED, path=path)
    forget_failures(session, key)
    return None


def change_password(
    session: Session, signed_in: SignedIn, token: str, old: str, new: str
) -> SignedIn | Refusal:
    """Another password of one's own: every session but this one ends.

    A wrong old password counts like a failed sign-in, and is answered like one; the Refusal is
    not raised either.
    """
    password_hash = hash_new_password(new, ("new_password",))

    operator = session.get_one(Operator, signed_in.id)

    def kept() -> str | None:
        session.refresh(operator)
        return operator.password_hash

    refusal = prove(session, signed_in.login, kept, old, ("old_password",))
    if refusal:
        return refusal
    operator.password_hash = password_hash
    session.flush()
    end_all(session, operator, but=token)
    return signed_in


def forget_failures(session: Session, login: str) -> None:
    """Sign-in succeeded, or an administrator let it."""
    session.execute(sa.delete(SignInFailures).where(SignInFailures.login == login))


def end_all(session: Session, operator: Operator, *, but: str = "") -> None:
    """End every session of an operator, but that of this token."""
    end_where(session, models.Session.operator_id == operator.id, but=but)


def end_where(session: Session, whose: sa.ColumnElement[bool], *, but: str = "") -> None:
    """End these sessions, but that of this token."""
    session.execute(
        sa.delete(models.Session).where(whose, models.Session.token_hash != hashed(but)),
        execution_options={"synchronize_session": False},
    )


def with_sessions(session: Session, operator_ids: Collection[int]) -> set[int]:
    """Who among these has a session that lives."""
    live = models.Session.expires_at > sa.func.now()
    mine = models.Session.operator_id.in_(operator_ids)
    return set(session.scalars(sa.select(models.Session.operator_id).where(mine, live)))


def _pause_left(session: Session, login: str) -> int:
    failures = session.get(SignInFailures, login)
    if failures is None or failures.failures < FREE_FAILURES:
        return 0
    now = session.scalars(sa.select(sa.func.now())).one()
    return max(0, round((failures.last_at + PAUSE - now).total_seconds()))


def _is_right(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _unknown_hash(), password) and bool(password_hash)
    except argon2.exceptions.VerificationError:
        return False


@functools.cache
def _unknown_hash() -> str:
    """Of a password nobody knows, so that verifying costs the same without an account."""
    return _HASHER.hash(secrets.token_hex())


def _count_failure(session: Session, login: str) -> None:
    fresh = sa.func.now() - SignInFailures.last_at > dt.timedelta(hours=1)
    statement = postgresql.insert(SignInFailures).values(
        login=login, failures=1, last_at=sa.func.now()
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInFailures.login],
            set_={
                "failures": sa.case((fresh, 1), else_=SignInFailures.failures + 1),
                "last_at": sa.func.now(),
            },
        )
    )


def open_for(session: Session, operator_id: int, lasting: dt.timedelta) -> NewSession:
    """A session for an operator who has shown who they are, by whatever way."""
    token, row = add(session, lasting, operator_id=operator_id)
    session.execute(
        sa.update(Operator)
        .where(Operator.id == operator_id)
        .values(last_sign_in_at=row.created_at),
        execution_options={"synchronize_session": False},
    )
    return NewSession(token, row.expires_at, operators.load(session, operator_id))


def add(session: Session, lasting: dt.timedelta, **whose: int | str) -> tuple[str, models.Session]:
    """A new token, and the session of an operator or a student that it is for."""
    token = secrets.token_urlsafe(32)
    now = session.scalars(sa.select(sa.func.now())).one()
    row = models.Session(
        token_hash=hashed(token), created_at=now, expires_at=now + lasting, **whose
    )
    session.add(row)
    return token, row


def live(token: str) -> sa.ColumnElement[bool]:
    """The session of a token, unless it has ended."""
    return sa.and_(
        models.Session.token_hash == hashed(token), models.Session.expires_at > sa.func.now()
    )


def operator_of(session: Session, token: str) -> SignedIn | None:
    """The operator of a live session; None for an unknown or expired token."""
    statement = (
        sa.select(models.Session.operator_id)
        .join(Operator, Operator.id == models.Session.operator_id)
        .where(live(token), Operator.is_disabled.is_(False))
    )
    operator_id = session.scalars(statement).one_or_none()
    return None if operator_id is None else operators.load(session, operator_id)


def sign_out(session: Session, token: str) -> None:
    """End a session; the token is worth nothing from now on."""
    session.execute(sa.delete(models.Session).where(models.Session.token_hash == hashed(token)))


def delete_expired(session: Session) -> None:
    """Drop sessions past their end, and counts of failures nobody waits for."""
    day = dt.timedelta(days=1)
    _delete_free(session, models.Session.token_hash, models.Session.expires_at <= sa.func.now())
    _delete_free(session, SignInFailures.login, SignInFailures.last_at < sa.func.now() - day)


def _delete_free(
    session: Session, key: InstrumentedAttribute[Any], condition: sa.ColumnElement[bool]
) -> None:
    """But for the rows that somebody is at: a list of operators ends the sessions of many people in
    its own order, and each would wait for the other."""
    free = sa.select(key).where(condition).with_for_update(skip_locked=True)
    session.execute(
        sa.delete(key.class_).where(key.in_(free)),
        execution_options={"synchronize_session": False},
    )


def hashed(token: str) -> bytes:
    """A random token of 256 bits needs no salt."""
    return hashlib.sha256(token.encode()).digest()
