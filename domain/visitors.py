"""Who asks, by the token of a request: an operator, a feed, a student, or nobody."""

from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy.orm import Session

from domain.errors import Code, Refusal
from domain.feeding import admission
from domain.signed_in import Right, SignedIn
from domain.studying import student_accounts
from domain.studying.student_accounts import SignedInStudent

T = TypeVar("T")


def oneself(_session: Session, student: SignedInStudent) -> SignedInStudent:
    """The student who asks."""
    return student


def require_operator(session: Session, token: str | None) -> SignedIn:
    """The operator; FORBIDDEN for a student, UNAUTHENTICATED for who is not signed in."""
    operator = admission.operator_of(session, token)
    if operator:
        return operator
    if student_accounts.of_token(session, token or ""):
        raise Refusal(Code.FORBIDDEN, {"right": Right.BE_OPERATOR})
    raise Refusal(Code.UNAUTHENTICATED)


def require_student(session: Session, token: str | None) -> SignedInStudent:
    """The other way about."""
    student = student_accounts.of_token(session, token or "")
    if student:
        return student
    if admission.operator_of(session, token):
        raise Refusal(Code.FORBIDDEN, {"right": Right.BE_STUDENT})
    raise Refusal(Code.UNAUTHENTICATED)


async def or_none(somebody: Awaitable[T]) -> T | None:
    """Nobody is signed in, or somebody of the other kind."""
    try:
        return await somebody
    except Refusal as refusal:
        if refusal.code in {Code.UNAUTHENTICATED, Code.FORBIDDEN}:
            return None
        raise
