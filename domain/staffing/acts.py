"""What is done to somebody's account; written here, whether for one or for the rows of a file.

Each comes under the login's sign-in lock; to disable and to enable, under that of the grants too.
"""

import enum

from sqlalchemy.orm import Session

from domain.staffing import grants, sessions
from models import Operator


class StaffAct(enum.StrEnum):
    """授权, 停用, 启用, 重置密码, 退出登录: what a row of a list of operators does."""

    GRANT = "GRANT"
    DISABLE = "DISABLE"
    ENABLE = "ENABLE"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 -- not a password
    END_SESSIONS = "END_SESSIONS"


def disable(session: Session, operator: Operator) -> None:
    """No right from the next statement on, and no session; LAST_ADMINISTRATOR of the last one."""
    grants.require_another(session, operator)
    operator.is_disabled = True
    session.flush()
    sessions.end_all(session, operator)


def enable(session: Session, operator: Operator) -> None:
    """The grants count again; the sessions are gone."""
    operator.is_disabled = False
    session.flush()


def set_password(session: Session, operator: Operator, password_hash: str) -> None:
    """Another password: every session ends, and failures to sign in are forgotten."""
    operator.password_hash = password_hash
    session.flush()
    sessions.forget_failures(session, operator.login)
    sessions.end_all(session, operator)
