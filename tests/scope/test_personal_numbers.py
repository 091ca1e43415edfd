"""An ID number stands in no line of a log, in no message of the queue and in no task."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis
import sqlalchemy as sa

from local import parts
from tasks.app import QUEUES
from tests.client import Client
from tests.conftest import ROOT, celery
from tests.scope.conftest import Paused
from tests.workbooks import Value, xls, xlsx
from tests.world import STUDENTS, SUPERVISOR, World

SignIn = Callable[[str], Client]
SECRETS = [id_number for _, _, id_number, _ in STUDENTS] + ["110101199601019999", "11010119960101"]
EXPORT = """mutation($where: StudentFilter!) { startExport(where: $where, fullIdNumbers: true) {
  ... on Job { id } ... on Refused { code } } }"""


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_a_message_holds_the_id_of_a_job_and_a_log_of_its_work_no_number(
    world: World,
    sign_in: SignIn,
    environment: dict[str, str],
    paused: Paused,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    rows: list[tuple[Value, ...]] = [
        ("身份证号", "姓名", "办理结果", "备注"),
        *((id_number, name, "通过", "") for _, name, id_number, _ in STUDENTS),
        ("110101199601019999", "别人", "通过", ""),
        ("11010119960101", "别人", "什么", "11010119960101"),
        (110101199601010001, "张思", "通过", ""),
    ]
    client = sign_in("admin")
    content = xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    where = {"scheme": world.scheme, "idNumbers": [SECRETS[0]]}
    with paused():
        jobs = [
            client.start_import(content, world.checkpoint(SUPERVISOR))["id"],
            client.query(EXPORT, where=where)["startExport"]["id"],
        ]
        queued = messages(environment, 2)
        assert not told(queued[0] + queued[1])
        with celery(environment, "worker", "--concurrency=1", "--loglevel=DEBUG"):
            ended = [client.finished(job) for job in jobs]
    logged = "".join(capfd.readouterr())
    assert [(job["status"], job["applied"]) for job in ended] == [("FINISHED", 6), ("FINISHED", 1)]
    assert logged.count("job_finished") == 2
    assert told(logged) == []


def messages(environment: dict[str, str], count: int) -> list[str]:
    """What waits in the queues: a read that was begun before the pause takes one, and puts it
    back."""
    deadline = time.monotonic() + 30
    with redis.Redis.from_url(environment["LIXIAO_REDIS_URL"]) as server:
        while len(waiting := _waiting(server)) != count:
            assert time.monotonic() < deadline, f"{len(waiting)} messages wait, not {count}"
            time.sleep(0.05)
    return waiting


def _waiting(server: redis.Redis) -> list[str]:
    waiting = [each for name in QUEUES.values() for each in server.lrange(name, 0, -1)]
    return [each.decode() for each in waiting if isinstance(each, bytes)]


def test_a_fault_is_logged_without_the_values_of_its_statement(
    world: World, sign_in: SignIn, capfd: pytest.CaptureFixture[str]
) -> None:
    client = sign_in("admin")
    with world.database.write() as session:
        session.execute(sa.text("ALTER TABLE students RENAME COLUMN id_number TO hidden"))
    try:
        code = client.refused(
            """query($s: ID!, $n: String!) { student(scheme: $s, key: {idNumber: $n}) { id } }""",
            s=world.scheme,
            n=SECRETS[0],
        )
    finally:
        with world.database.write() as session:
            session.execute(sa.text("ALTER TABLE students RENAME COLUMN hidden TO id_number"))
    logged = "".join(capfd.readouterr())
    assert (code, logged.count('"event": "fault"')) == ("INTERNAL", 1)
    assert told(logged) == []


def test_the_web_server_logs_no_addresses_since_a_query_may_stand_in_one(
    world: World, environment: dict[str, str], unused_port: int
) -> None:
    query = f'{{ student(scheme: "{world.scheme}", key: {{idNumber: "{SECRETS[0]}"}}) {{ id }} }}'
    command = [sys.executable, *parts.WEB, "--port", str(unused_port)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={"PATH": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        answer = patient_get(f"http://127.0.0.1:{unused_port}/graphql", query)
        process.terminate()
        logged = process.communicate(timeout=20)[0]
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert told(logged) == []


def patient_get(url: str, query: str) -> Any:
    transport = httpx2.HTTPTransport(retries=10)
    with httpx2.Client(transport=transport, timeout=30) as client:
        return client.get(url, params={"query": query}).json()


def test_what_no_text_can_hold_in_a_cell_fails_no_import(
    world: World, sign_in: SignIn, worker: None, tmp_path: Path
) -> None:
    rows = [
        ("身份证号\0", "姓名", "办理结果", "备注", "其\0他"),
        (SECRETS[0] + "\0", "张\0思", "通过", "备\0注"),
        ("\0" + SECRETS[1], "李思", "通过", ""),
    ]
    content = xls(tmp_path / "a.xls", rows).read_bytes()
    client = sign_in("supervisor")
    file = client.upload(content, "导入.xls")
    job = client.finished(client.import_file(file, world.checkpoint(SUPERVISOR))["id"])
    assert (job["status"], job["applied"], job["failed"]) == ("FINISHED", 2, 0)
    assert [row["remark"] for row in job["rows"]["nodes"]] == ["备注", ""]
    assert job["unknownColumns"] == ["其他"]
