"""As whom PostgreSQL runs: it refuses root, and a user without a name."""

import enum
import os
import pwd
from collections.abc import Sequence
from pathlib import Path

from local import kernel
from local.failure import Failure

NAMELESS = (
    "PostgreSQL needs a user with a name, and user id {uid} has no entry in /etc/passwd;"
    " add one, or run as another user."
)
NO_NOBODY = "PostgreSQL does not run as root, and there is no user `nobody` to run it as; add one."


class Identity(enum.Enum):
    """How a child changes its user before it starts."""

    OWN = "the user who started the supervisor"
    NAMESPACE = "the same user, under the name of nobody in a user namespace"
    NOBODY = "nobody, with root's access to files"


def choose(needed: Sequence[Path]) -> Identity:
    """The first that works here and reaches what it needs; raises Failure."""
    uid = os.geteuid()
    if uid != 0 and _has_name(uid):
        return Identity.OWN
    if _works(Identity.NAMESPACE, needed):
        return Identity.NAMESPACE
    if uid != 0:
        raise Failure(NAMELESS.format(uid=uid))
    if _works(Identity.NOBODY, ()):
        return Identity.NOBODY
    raise Failure(NO_NOBODY)


def assume(identity: Identity) -> None:
    """Become it; for a process that is about to start a program."""
    if identity is Identity.OWN:
        return
    nobody = pwd.getpwnam("nobody")
    if identity is Identity.NAMESPACE:
        kernel.enter_user_namespace(nobody.pw_uid, nobody.pw_gid)
    else:
        kernel.become_with_access(nobody.pw_uid, nobody.pw_gid)


def owner(identity: Identity) -> int:
    """The user id that its files bear."""
    return pwd.getpwnam("nobody").pw_uid if identity is Identity.NOBODY else os.geteuid()


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _works(identity: Identity, needed: Sequence[Path]) -> bool:
    """Tried in a process of its own, since there is no way back."""
    pid = os.fork()
    if pid == 0:
        try:
            assume(identity)
            reached = all(os.access(path, os.R_OK | os.X_OK) for path in needed)
        except (OSError, KeyError):
            reached = False
        os._exit(0 if reached else 1)
    return os.waitpid(pid, 0)[1] == 0
