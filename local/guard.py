"""Two processes instead of one, so that a killed one leaves another that ends the rest.

The person starts the guard; it forks the supervisor, which is the parent of everything else. When
the guard is killed, the kernel tells the supervisor to stop; when the supervisor is killed, the
kernel tells its children to stop, and hands them to the guard, which kills the stubborn ones.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from local import kernel
from local.failure import Failure
from local.supervisor import SIGNALS, sweep

LOOK_SECONDS = 1.0
ORPHAN_SECONDS = 3.0
# Of a signal's origin: the kernel, that is, a key pressed in the terminal.
FROM_TERMINAL = 0x80


def run(
    body: Callable[[], int], *, owner: int | None = None, command_has_terminal: bool = False
) -> int:
    """Run `body` in a supervisor; its exit code. Ends when told to, and when `owner` has ended."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    kernel.adopt_orphans()
    guard = os.getpid()
    supervisor = os.fork()
    if supervisor == 0:
        _supervise(body, guard)
    code = _watch(supervisor, owner, command_has_terminal=command_has_terminal)
    sweep(ORPHAN_SECONDS)
    return code


def _supervise(body: Callable[[], int], guard: int) -> NoReturn:
    code = 1
    try:
        # Out of reach of the terminal's keys, which are the guard's to answer.
        os.setpgid(0, 0)
        kernel.die_with_parent(signal.SIGTERM, guard)
        kernel.adopt_orphans()
        code = body()
    except Failure as failure:
        print(failure, file=sys.stderr)
    except BaseException:  # noqa: BLE001 -- the forked process ends here, and must say why
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _watch(supervisor: int, owner: int | None, *, command_has_terminal: bool) -> int:
    asked = False
    while True:
        event = signal.sigtimedwait(SIGNALS, LOOK_SECONDS)
        ended, status = os.waitpid(supervisor, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        wanted = event is not None and _asks_for_end(
            event, command_has_terminal=command_has_terminal
        )
        orphaned = owner is not None and os.getppid() != owner
        if (wanted or orphaned) and not asked:
            asked = True
            os.kill(supervisor, signal.SIGTERM)


def _asks_for_end(event: signal.struct_siginfo, *, command_has_terminal: bool) -> bool:
    """A key pressed in the terminal reaches the command by itself; it decides what follows."""
    if event.si_signo == signal.SIGINT and event.si_code == FROM_TERMINAL:
        return not command_has_terminal
    return event.si_signo != signal.SIGCHLD
