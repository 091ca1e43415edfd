"""New operators and what is granted to them."""

from sqlalchemy.orm import Session

from domain import sessions
from domain.errors import Code, Refusal
from models import Grant, Operator

SHORTEST_PASSWORD = 8


def create(session: Session, login: str, name: str, password: str, grants: list[Grant]) -> Operator:
    """An operator who signs in with a password; INVALID_INPUT for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        facts = {"name": "password", "value": "…", "expected": f"≥ {SHORTEST_PASSWORD}"}
        raise Refusal(Code.INVALID_INPUT, facts, path=("password",))
    operator = Operator(
        login=login.strip().casefold(), name=name, password_hash=sessions.hash_password(password)
    )
    session.add(operator)
    session.flush()
    for grant in grants:
        grant.operator_id = operator.id
    session.add_all(grants)
    session.flush()
    return operator
