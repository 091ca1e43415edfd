"""Operators: hired, renamed, disabled and enabled; their passwords and sessions; who there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import names, operators, paging
from domain.configuration import schemes
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from domain.staffing import acts, grants, sessions
from domain.staffing.grants import NewGrant
from models import FEED_LOGIN, Grant, Operator, Role

LOGIN_LENGTH = 100
MOST_GRANTS = 100
ORDER = paging.Order("OPERATORS", (Operator.login,))


@dataclass(frozen=True)
class NewOperator:
    """Somebody to hire, with what is granted at once."""

    login: str
    name: str
    password: str
    grants: list[NewGrant] | None = None


@dataclass(frozen=True)
class OperatorFilter:
    """Which operators; every condition given must hold."""

    search: str | None = None
    scheme: PublicId | None = None
    role: Role | None = None
    is_disabled: bool | None = None


def create(
    session: Session, login: str, name: str, password: str, granted: Sequence[Grant]
) -> Operator:
    """An operator who signs in with a password, by whoever has the command line."""
    operator = draft(login, name, password, ())
    grants.lock(session)
    insert(session, operator, granted)
    return operator


def draft(login: str, name: str, password: str, path: grants.Path) -> Operator:
    """Somebody as they will be; before any lock, since a password is hashed slowly on purpose."""
    return Operator(
        login=_checked_login(login, path),
        name=names.name(name, (*path, "name")),
        password_hash=sessions.hash_new_password(password, (*path, "password")),
    )


def insert(session: Session, operator: Operator, granted: Sequence[Grant]) -> None:
    """Write a draft and its grants under the lock; ALREADY_EXISTS if the login is taken."""
    if by_logins(session, [operator.login]):
        raise Refusal(Code.ALREADY_EXISTS, {"noun": Noun.OPERATOR, "value": operator.login})
    session.add(operator)
    session.flush()
    for grant in granted:
        grants.give(session, operator, grant)


def folded_login(login: str) -> str | None:
    """As sign-in folds it; None unless it is 1-100 visible characters without a space, and not kept
    for feeds."""
    folded = login.strip().casefold()
    is_visible = folded.isprintable() and " " not in folded
    if folded.startswith(FEED_LOGIN):
        return None
    return folded if is_visible and 1 <= len(folded) <= LOGIN_LENGTH else None


def _checked_login(login: str, path: grants.Path) -> str:
    folded = folded_login(login)
    if folded is None:
        facts = {"name": "login", "value": login[:20], "expected": "1-100 visible characters"}
        raise Refusal(Code.INVALID_INPUT, facts, path=(*path, "login"))
    return folded


def by_logins(session: Session, logins: Collection[str]) -> dict[str, Operator]:
    """Those among these logins that are taken."""
    statement = sa.select(Operator).where(Operator.login.in_(logins))
    return {operator.login: operator for operator in session.scalars(statement)}


def hire(session: Session, asker: SignedIn, new: NewOperator) -> Operator:
    """A new operator, by an administrator of everything."""
    operators.require_administering_all(asker)
    operator = draft(new.login, new.name, new.password, ("input",))
    wanted = new.grants or []
    if len(wanted) > MOST_GRANTS:
        facts = {"name": "grants", "limit": MOST_GRANTS, "value": len(wanted)}
        raise Refusal(Code.LIMIT_EXCEEDED, facts, path=("input", "grants"))
    asker = grants.hold(session, asker, grants.scheme_ids_of(wanted))
    operators.require_administering_all(asker)
    granted = [
        grants.resolve(session, asker, each, ("input", "grants", str(place)))
        for place, each in enumerate(wanted)
    ]
    insert(session, operator, granted)
    return operator


def rename(session: Session, asker: SignedIn, public_id: str, name: str) -> Operator:
    """Another name to show."""
    operators.require_administering_all(asker)
    operator = operators.get(session, public_id)
    operator.name = names.name(name, ("name",))
    session.flush()
    return operator


def disable(session: Session, asker: SignedIn, public_id: str) -> Operator:
    """No right from the next statement on, and no session; LAST_ADMINISTRATOR of the last one."""
    operator = _hold(session, asker, public_id)
    acts.disable(session, operator)
    return operator


def enable(session: Session, asker: SignedIn, public_id: str) -> Operator:
    """The grants count again; the sessions are gone."""
    operator = _hold(session, asker, public_id)
    acts.enable(session, operator)
    return operator


def _hold(session: Session, asker: SignedIn, public_id: str) -> Operator:
    operators.require_administering_all(grants.hold(session, asker))
    operator = operators.get(session, public_id)
    # Whoever signs in as this operator is through, or has not looked at the row yet.
    sessions.hold_login(session, operator.login)
    return operator


def reset_password(session: Session, asker: SignedIn, public_id: str, password: str) -> Operator:
    """Another password: every session ends, and failures to sign in are forgotten."""
    operators.require_administering_all(asker)
    operator = operators.get(session, public_id)
    password_hash = sessions.hash_new_password(password, ("password",))
    sessions.hold_login(session, operator.login)
    acts.set_password(session, operator, password_hash)
    return operator


def end_sessions(session: Session, asker: SignedIn, public_id: str) -> Operator:
    """Every session of an operator; a sign-in may open the next."""
    operators.require_administering_all(asker)
    operator = operators.get(session, public_id)
    sessions.hold_login(session, operator.login)
    sessions.end_all(session, operator)
    return operator


def by_ids(session: Session, asker: SignedIn, operator_ids: Collection[int]) -> dict[int, Operator]:
    """The operators in sight among these."""
    statement = sa.select(Operator).where(
        Operator.id.in_(operator_ids), operators.operators_seen(asker)
    )
    return {operator.id: operator for operator in session.scalars(statement)}


def page(
    session: Session, asker: SignedIn, where: OperatorFilter, window: paging.Window
) -> paging.Page[Operator]:
    """One page of the operators in an administrator's sight, by login."""
    statement = sa.select(Operator).where(_matching(session, asker, where))
    return paging.fetch(session, statement, ORDER, window)


def count(session: Session, asker: SignedIn, where: OperatorFilter) -> int:
    """How many there are."""
    condition = _matching(session, asker, where)
    return session.scalars(sa.select(sa.func.count()).select_from(Operator).where(condition)).one()


def _matching(session: Session, asker: SignedIn, where: OperatorFilter) -> sa.ColumnElement[bool]:
    """Who is known by the exact login can be granted something, in sight or not."""
    operators.require_administering_any(asker)
    sought = (where.search or "").strip()
    login = sought.casefold()
    conditions = [
        sa.or_(operators.operators_seen(asker), Operator.login == login),
        # Machines are listed as feeds.
        ~Operator.login.startswith(FEED_LOGIN),
    ]
    if sought:
        is_part = sa.func.strpos(Operator.login, login) > 0
        conditions.append(sa.or_(is_part, sa.func.strpos(Operator.name, sought) > 0))
    if where.is_disabled is not None:
        # Not told of somebody out of sight, so that nobody is found by it either.
        conditions.append(Operator.is_disabled.is_(where.is_disabled))
        conditions.append(operators.operators_seen(asker))
    if where.scheme or where.role:
        conditions.append(_has_grant(session, asker, where))
    return sa.and_(*conditions)


def _has_grant(session: Session, asker: SignedIn, where: OperatorFilter) -> sa.ColumnElement[bool]:
    of_it = [Grant.operator_id == Operator.id, operators.grants_seen(asker)]
    if where.role:
        of_it.append(Grant.role == where.role)
    if where.scheme:
        scheme_id = schemes.get(session, asker, where.scheme).id
        operators.require_administering(asker, scheme_id)
        of_it.append(sa.or_(Grant.scheme_id.is_(None), Grant.scheme_id == scheme_id))
    return sa.exists().where(*of_it)
