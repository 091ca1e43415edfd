"""Sign-in with a password, and the opaque token of a session: only its hash is kept."""

import datetime as dt
import functools
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import argon2
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

import models
from domain import arrays, operators
from domain.errors import Code, Refusal
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
    operator: operators.SignedIn


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
    hold_login(session, login)
    paused = _pause_left(session, login)
    if paused:
        return Refusal(Code.RATE_LIMITED, {"seconds": paused})
    operator = session.scalars(
        sa.select(Operator).where(Operator.login == login, Operator.is_disabled.is_(False))
    ).one_or_none()
    password_hash = operator.password_hash if operator else None
    if not _is_right(password_hash, password) or operator is None:
        _count_failure(session, login)
        return Refusal(Code.SIGN_IN_FAILED)
    forget_failures(session, login)
    return open_for(session, operator.id, lasting)


def change_password(
    session: Session, signed_in: operators.SignedIn, token: str, old: str, new: str
) -> operators.SignedIn | Refusal:
    """Another password of one's own: every session but this one ends.

    A wrong old password counts like a failed sign-in, and is answered like one; the Refusal is
    not raised either.
    """
    password_hash = hash_new_password(new, ("new_password",))
    hold_login(session, signed_in.login)
    paused = _pause_left(session, signed_in.login)
    if paused:
        return Refusal(Code.RATE_LIMITED, {"seconds": paused})
    operator = session.get_one(Operator, signed_in.id, populate_existing=True)
    if not _is_right(operator.password_hash, old):
        _count_failure(session, signed_in.login)
        return Refusal(Code.SIGN_IN_FAILED, path=("old_password",))
    operator.password_hash = password_hash
    session.flush()
    forget_failures(session, signed_in.login)
    end_all(session, operator, but=token)
    return signed_in


def forget_failures(session: Session, login: str) -> None:
    """Sign-in succeeded, or an administrator let it."""
    session.execute(sa.delete(SignInFailures).where(SignInFailures.login == login))


def end_all(session: Session, operator: Operator, *, but: str = "") -> None:
    """End every session of an operator, but that of this token."""
    session.execute(
        sa.delete(models.Session).where(
            models.Session.operator_id == operator.id, models.Session.token_hash != _hash(but)
        )
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
    token = secrets.token_urlsafe(32)
    now = session.scalars(sa.select(sa.func.now())).one()
    row = models.Session(
        token_hash=_hash(token), operator_id=operator_id, created_at=now, expires_at=now + lasting
    )
    session.add(row)
    session.execute(
        sa.update(Operator).where(Operator.id == operator_id).values(last_sign_in_at=now),
        execution_options={"synchronize_session": False},
    )
    return NewSession(token, row.expires_at, operators.load(session, operator_id))


def operator_of(session: Session, token: str) -> operators.SignedIn | None:
    """The operator of a live session; None for an unknown or expired token."""
    statement = (
        sa.select(models.Session.operator_id)
        .join(Operator, Operator.id == models.Session.operator_id)
        .where(
            models.Session.token_hash == _hash(token),
            models.Session.expires_at > sa.func.now(),
            Operator.is_disabled.is_(False),
        )
    )
    operator_id = session.scalars(statement).one_or_none()
    return None if operator_id is None else operators.load(session, operator_id)


def sign_out(session: Session, token: str) -> None:
    """End a session; the token is worth nothing from now on."""
    session.execute(sa.delete(models.Session).where(models.Session.token_hash == _hash(token)))


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


def _hash(token: str) -> bytes:
    """A random token of 256 bits needs no salt."""
    return hashlib.sha256(token.encode()).digest()
