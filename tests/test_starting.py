"""How the processes of the service start: a bad setting ends them, and no URL gets into the log."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from models.database import Database

ROOT = Path(__file__).parents[1]
WEB = ("uvicorn", "--factory", "asgi:from_environment")
WORKER = ("celery", "-A", "tasks.app", "worker", "--concurrency=1", "--loglevel=INFO")
BEAT = ("celery", "-A", "tasks.app", "beat", "--pidfile=", "--schedule=/dev/null/none")
ID_NUMBER = "110101199601010001"


def start(
    words: tuple[str, ...], environment: dict[str, str], output: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """The command of the README's `Run it for real`, with these settings only."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIXIAO_")}
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=kept | environment,
        stdout=output,
        stderr=output,
        text=True,
        process_group=0,
    )


@pytest.mark.parametrize("words", [WEB, WORKER, BEAT], ids=["web", "worker", "beat"])
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"LIXIAO_REDIS_URL": ""},
            "LIXIAO_REDIS_URL is not set; expected redis://host:6379/0 or unix:///path.",
        ),
        (
            {"LIXIAO_FILE_DAYS": "1.5"},
            "LIXIAO_FILE_DAYS has a value that cannot be used;"
            " expected a whole number of at least 1.",
        ),
    ],
)
def test_a_bad_setting_ends_the_start_with_one_sentence(
    words: tuple[str, ...], changed: dict[str, str], sentence: str, environment: dict[str, str]
) -> None:
    process = start(words, environment | changed)
    try:
        out, err = process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    assert (process.returncode, err.strip(), out.strip()) == (2, sentence, "")


@contextlib.contextmanager
def web(environment: dict[str, str], log: Path) -> Iterator[str]:
    """The web server as the README starts it, without the option that silences its requests."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with log.open("w") as output:
        process = start((*WEB, "--port", str(port)), environment, output.fileno())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def asked(address: str, query: str) -> int:
    """The status of a query in the URL, once the server is there."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx2.get(f"{address}/graphql", params={"query": query}).status_code
        except httpx2.ConnectError:
            assert time.monotonic() < deadline, "the web server did not start"
            time.sleep(0.05)


def test_no_address_that_was_asked_for_is_in_the_log(
    environment: dict[str, str], migrated: Database, tmp_path: Path
) -> None:
    log = tmp_path / "web.log"
    query = f'{{ student(scheme: "x", key: {{idNumber: "{ID_NUMBER}"}}) {{ id }} }}'
    with web(environment, log) as address:
        assert asked(address, query) == 200
    told = log.read_text()
    assert "Uvicorn running" in told
    assert ID_NUMBER not in told
    assert "/graphql" not in told
