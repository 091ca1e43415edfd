"""A client's key for one act: whoever repeats it is answered alike, and nothing is done twice."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import answers, errors, identifiers
from domain.answers import Reference
from domain.errors import Code, Refusal
from domain.signed_in import SignedIn
from models import IdempotencyKey

T = TypeVar("T")
LASTS = dt.timedelta(hours=24)
SHORTEST, LONGEST = 8, 200
_PATH = ("idempotency_key",)
_ANSWER = ("noun", "numbers", "word", "code", "facts", "path")
_IDENTITY = (IdempotencyKey.operator_id, IdempotencyKey.mutation, IdempotencyKey.key_hash)


@dataclass(frozen=True)
class Asked:
    """A mutation under a client's key, with everything else it was given."""

    mutation: str
    key: str
    arguments: Mapping[str, object]

    @property
    def body_hash(self) -> bytes:
        """By the key, which is not kept: the body may hold a password."""
        body = orjson.dumps(self.arguments, option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self.key.encode(), body, "sha256")


def once(
    session: Session, operator: SignedIn, asked: Asked, work: Callable[[], T | Refusal]
) -> T | Refusal:
    """Do the work, or answer what it answered before. Both are in one transaction: two at once do
    it once, and after a fault there is no answer, so that a repeat does it."""
    _require_key(asked.key)
    row, is_new = _hold(session, operator, asked)
    if not is_new:
        return _recall(session, operator, row, asked)
    answer = _tried(session, work)
    _keep(row, answer)
    return answer


def delete_expired(session: Session) -> None:
    """But for the keys that somebody uses anew."""
    expired = sa.select(*_IDENTITY).where(_is_expired()).with_for_update(skip_locked=True)
    session.execute(
        sa.delete(IdempotencyKey).where(sa.tuple_(*_IDENTITY).in_(expired)),
        execution_options={"synchronize_session": False},
    )


def _is_expired() -> sa.ColumnElement[bool]:
    return IdempotencyKey.created_at <= sa.func.now() - LASTS


def _require_key(key: str) -> None:
    is_visible = key.isprintable() and " " not in key
    if not (is_visible and SHORTEST <= len(key) <= LONGEST):
        raise errors.invalid(_PATH, key[:20], f"{SHORTEST}-{LONGEST} visible characters")


def _hold(session: Session, operator: SignedIn, asked: Asked) -> tuple[IdempotencyKey, bool]:
    """The row of a key, and whether it is new. Whoever has the same key waits here for the end of
    the first one's transaction, before it holds anything."""
    identity = (operator.id, asked.mutation, hashlib.sha256(asked.key.encode()).digest())
    new = {"body_hash": asked.body_hash, "created_at": sa.func.now(), **dict.fromkeys(_ANSWER)}
    made = session.scalars(
        postgresql.insert(IdempotencyKey)
        .values({**dict(zip(_IDENTITY, identity, strict=True)), **new})
        .on_conflict_do_update(index_elements=_IDENTITY, set_=new, where=_is_expired())
        .returning(IdempotencyKey)
    ).one_or_none()
    return made or session.get_one(IdempotencyKey, identity), made is not None


def _tried(session: Session, work: Callable[[], T | Refusal]) -> T | Refusal:
    """A Refusal that is raised takes back what was done; one that is answered keeps it."""
    try:
        with session.begin_nested():
            return work()
    except Refusal as refusal:
        return refusal


def _keep(row: IdempotencyKey, answer: object) -> None:
    if isinstance(answer, Refusal):
        row.code, row.path = answer.code.value, list(answer.path)
        row.facts = _told(answer.facts)
    else:
        kept = answers.refer(answer)
        row.noun, row.numbers, row.word = kept.noun, list(kept.numbers), kept.word


def _told(facts: Mapping[str, str]) -> list[str]:
    """Names and values in turn; an ID number that was refused is kept masked only."""
    return [text for name, value in facts.items() for text in (name, identifiers.masked(value))]


def _recall(session: Session, operator: SignedIn, row: IdempotencyKey, asked: Asked) -> T | Refusal:
    if row.body_hash != asked.body_hash:
        facts = {"time": row.created_at.isoformat()}
        raise Refusal(Code.IDEMPOTENCY_KEY_REUSED, facts, path=_PATH)
    if row.code:
        facts = dict(zip((row.facts or [])[::2], (row.facts or [])[1::2], strict=True))
        return Refusal(Code(row.code), facts, path=tuple(row.path or ()))
    reference = Reference(row.noun or "", tuple(row.numbers or ()), row.word)
    found: T = answers.find(session, operator, reference)
    return found
