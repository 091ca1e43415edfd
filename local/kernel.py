"""The Linux calls that Python does not offer."""

import ctypes
import os
import signal
import struct
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_CHILD_SUBREAPER = 36
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def die_with_parent(death: signal.Signals, parent: int) -> None:
    """Have `death` sent to this process when its parent ends; last, as other calls clear it."""
    _prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:
        os.kill(os.getpid(), death)


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def enter_user_namespace(uid: int, gid: int) -> None:
    """Keep the rights of this user over files, but bear another number."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _check(LIBC.unshare(CLONE_NEWUSER))
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{uid} {outer_uid} 1")
    (own / "gid_map").write_text(f"{gid} {outer_gid} 1")


def become_with_access(uid: int, gid: int) -> None:
    """Turn from root into another user who may still pass folders that only root may enter."""
    _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    only = 1 << CAP_DAC_OVERRIDE
    _check(LIBC.capset(header, struct.pack("=6I", only, only, only, 0, 0, 0)))
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def _prctl(option: int, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    _check(LIBC.prctl(option, *(ctypes.c_ulong(value) for value in padded)))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
