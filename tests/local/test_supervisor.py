"""The supervisor: starts, keeps, stops, and leaves nothing behind however it ends."""

import os
import re
import signal
from pathlib import Path

import psutil
import pytest

from tests.local.conftest import Start, eventually, processes_of

CREW = "tests/local/crew.py"
# A stubborn command with a stubborn grandchild in a session of its own, and an orphan of that.
STUBBORN = (
    "trap '' TERM INT; setsid sh -c 'sleep 600 & sleep 600' & (setsid sleep 600 &); echo up;"
    " sleep 600; sleep 600"
)
COMMAND = ("-m", "local", "run", "--no-durable", "--", "sh", "-c")


def supervisor_of(guard: int) -> int:
    (child,) = psutil.Process(guard).children()
    return child.pid


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_end_of_the_started_one(
    home: Path, start: Start, end: signal.Signals
) -> None:
    guard = start(*COMMAND, STUBBORN if end is signal.SIGKILL else "echo up; sleep 600 & wait")
    assert guard.stdout is not None
    assert guard.stdout.readline() == "up\n"
    assert len(processes_of(home)) > 10
    sockets = (home / "sockets").readlink()
    guard.send_signal(end)
    assert eventually(lambda: not processes_of(home), 5), processes_of(home)
    assert not sockets.exists()
    assert guard.wait() == (-9 if end is signal.SIGKILL else 143)


def test_no_process_outlives_a_killed_supervisor(home: Path, start: Start) -> None:
    guard = start(*COMMAND, STUBBORN)
    assert guard.stdout is not None
    guard.stdout.readline()
    os.kill(supervisor_of(guard.pid), signal.SIGKILL)
    assert eventually(lambda: not processes_of(home), 5), processes_of(home)
    assert guard.wait() == 137


def test_the_servers_end_even_if_both_are_killed_and_the_next_start_cleans_up(
    home: Path, start: Start
) -> None:
    guard = start("-m", "local", "engines", "--no-durable")
    assert guard.stdout is not None
    guard.stdout.readline()
    sockets = (home / "sockets").readlink()
    for pid in (supervisor_of(guard.pid), guard.pid):
        os.kill(pid, signal.SIGKILL)
    again = start(*COMMAND, "echo again")
    assert again.communicate()[0] == "again\n"
    assert not sockets.exists()
    assert eventually(lambda: not processes_of(home), 1), processes_of(home)


def test_the_servers_end_with_their_owner(home: Path, start: Start) -> None:
    block = (
        "import os, pathlib, signal; from local import parts\n"
        "with parts.database_and_redis(pathlib.Path(os.environ['LIXIAO_HOME']), durable=False):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert start("-c", block).wait() == -9
    assert eventually(lambda: not processes_of(home), 5), processes_of(home)


def test_a_stale_number_in_a_pid_file_harms_neither_its_bearer_nor_the_start(
    home: Path, start: Start
) -> None:
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n")
    (home / "redis" / "redis.pid").write_text(f"{os.getpid()}\n")
    assert start(*COMMAND, "echo up").communicate()[0] == "up\n"


def test_the_exit_code_of_the_command_is_passed_on(start: Start) -> None:
    assert start(*COMMAND, "exit 7").wait() == 7


def test_a_crashed_server_stops_everything_with_a_message(home: Path, start: Start) -> None:
    guard = start(*COMMAND, 'kill -KILL $(head -1 "$LIXIAO_HOME/redis/redis.pid"); sleep 600')
    error = guard.communicate()[1]
    assert error.startswith(f"redis stopped (SIGKILL). See {home}/log/redis.log\n")
    assert guard.returncode == 1
    assert not processes_of(home)


def test_a_crashed_child_starts_again_within_a_second(home: Path, start: Start) -> None:
    guard = start(CREW, "RESTARTED", "ready", "sh", "-c", "echo up; sleep 600 & wait")
    assert guard.stdout is not None
    assert guard.stderr is not None
    guard.stdout.readline()
    log = home / "log" / "crew.log"
    assert eventually(lambda: log.read_text() == "up\n", 2)
    (crew,) = psutil.Process(supervisor_of(guard.pid)).children()
    crew.kill()
    assert eventually(lambda: log.read_text() == "up\nup\n", 1.5)
    line = f"crew stopped (SIGKILL); it starts again in 0.5 s. See {log}\n"
    assert guard.stderr.readline() == line
    assert list(processes_of(home).values()).count("sleep 600 ") == 1


@pytest.mark.parametrize(
    ("role", "script", "what"),
    [
        ("LASTING", "echo not yet; sleep 600", "did not become ready within 0.5 seconds"),
        ("RESTARTED", "echo not yet; exit 3", r"stopped \(exit code 3\)"),
        ("ONCE", "echo not yet; exit 4", r"stopped \(exit code 4\)"),
    ],
)
def test_a_child_that_does_not_become_ready_is_named_with_its_last_lines(
    home: Path, start: Start, role: str, script: str, what: str
) -> None:
    guard = start(CREW, role, "never", "sh", "-c", script)
    output, error = guard.communicate()
    assert output == ""
    assert re.fullmatch(f"crew {what}. See {home}/log/crew.log\n  not yet\n", error)
    assert guard.returncode == 1
    assert not processes_of(home)
