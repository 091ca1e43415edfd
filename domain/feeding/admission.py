"""What the token of a feed opens: it sends, and looks at what became of that; nothing else."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from domain import job_lists, job_rows, jobs
from domain.errors import Code, Refusal
from domain.feeding import sending, tokens
from domain.signed_in import Right, SignedIn
from domain.staffing import sessions


def oneself(_session: Session, operator: SignedIn) -> SignedIn:
    """Who asks."""
    return operator


# Whatever reads or writes for somebody comes by here: what is not listed is closed to feeds.
_OPEN: frozenset[Callable[..., Any]] = frozenset(
    {
        oneself,
        sending.send,
        jobs.by_ids,
        job_lists.page,
        job_lists.count,
        job_rows.by_keys,
        job_rows.pages,
        job_rows.counts,
    }
)


def is_of_feed(token: str | None) -> bool:
    """Whether it says that it is a feed's; it may be worth nothing."""
    return (token or "").startswith(tokens.PREFIX)


def operator_of(session: Session, token: str | None) -> SignedIn | None:
    """Whose session or feed's token it is; None if it is worth nothing."""
    find = tokens.operator_of if is_of_feed(token) else sessions.operator_of
    return find(session, token or "")


def require(operator: SignedIn, function: Callable[..., Any]) -> None:
    """FORBIDDEN for what is closed to feeds, before anything is looked at."""
    if operator.is_feed and function not in _OPEN:
        raise Refusal(Code.FORBIDDEN, {"right": Right.BEYOND_FEEDS})
