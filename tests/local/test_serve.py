"""`python -m local serve`: what it announces is so, and it leaves nothing behind."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from local import parts
from tests.client import Client
from tests.local.conftest import Start, eventually, processes_of
from tests.studying import become

LOGINS = ["admin", "xuegong", "daoshi", "tushuguan", "yuanxi"]
NUMBER = "2020010101"
SIGN_IN = """mutation($login: String!, $password: String!) {
  signIn(login: $login, password: $password) { ... on SignedIn { viewer { login } } }
}"""


def serve(
    start: Start, port: int, *options: str, announced: int = 6 + len(LOGINS)
) -> tuple[subprocess.Popen[str], list[str]]:
    """The service, ready, and what it has announced."""
    running = start("-m", "local", "serve", "--no-durable", "--port", str(port), *options)
    assert running.stdout is not None
    return running, [running.stdout.readline() for _ in range(announced)]


def test_the_announced_accounts_can_sign_in_also_after_a_restart(home: Path, start: Start) -> None:
    port = parts.free_port()
    for _ in range(2):
        running, lines = serve(start, port)
        address = f"http://127.0.0.1:{port}"
        assert lines[0].startswith(f"Lixiao is ready at {address} ")
        assert [line.split()[0] for line in lines[5:]] == [*LOGINS, NUMBER]
        with Client(address) as client:
            number, password = lines[-1].split()[:2]
            become(client, number, password)
            assert client.query("{ me { record { name } } }") == {
                "me": {"record": {"name": "张思"}}
            }
        with Client(address) as client:
            for line in lines[5:-1]:
                login, password = line.split()[:2]
                answer = client.query(SIGN_IN, login=login, password=password)
                assert answer == {"signIn": {"viewer": {"login": login}}}
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        assert not processes_of(home)


@pytest.mark.parametrize("killed", ["guard", "supervisor"])
def test_worker_beat_and_web_end_when_what_started_them_is_killed(
    home: Path, start: Start, killed: str
) -> None:
    running, _ = serve(start, parts.free_port(), "--no-demo", announced=5)
    [supervisor] = psutil.Process(running.pid).children()
    programs = " ".join(processes_of(home).values())
    assert all(name in programs for name in ("worker", "beat", "uvicorn", "postgres", "redis"))
    os.kill(running.pid if killed == "guard" else supervisor.pid, signal.SIGKILL)
    assert eventually(lambda: not processes_of(home), 5), processes_of(home)


def test_a_given_redis_that_does_not_answer_is_named_at_once(home: Path, start: Start) -> None:
    port = parts.free_port()
    url = f"redis://user:secret@127.0.0.1:{parts.free_port()}/0"
    running = start("-m", "local", "--redis-url", url, "serve", "--port", str(port))
    output, error = running.communicate(timeout=20)
    assert (running.returncode, output) == (1, "")
    assert error.startswith("The Redis of LIXIAO_REDIS_URL cannot be used: ")
    assert "secret" not in error
