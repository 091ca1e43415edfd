"""A frontend whose line breaks repeats what it asked under the same key, and nothing is twice."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import sqlalchemy as sa

from domain.configuration import schemes
from models import IdempotencyKey, Job
from tests import workbooks
from tests.client import Client
from tests.journeys.house import House, wait_until
from tests.schema.configuring import await_waiting
from tests.world import LIBRARY, World

IMPORT = """mutation($file: ID!, $checkpoint: ID!, $key: String!) {
  startImport(file: $file, checkpoint: $checkpoint, again: true, idempotencyKey: $key) {
    ... on Job { id } ... on Refused { code } } }"""
BATCH = """mutation($checkpoint: ID!, $numbers: [String!]!, $key: String!) {
  decideMany(idempotencyKey: $key, input: {
    checkpoint: $checkpoint, act: REFUSE, remark: "欠书", select: {numbers: $numbers}}) {
      ... on Job { id applied } ... on Refused { code } } }"""
CREATE = """mutation($scheme: ID!, $input: StudentInput!, $key: String!) {
  createStudent(scheme: $scheme, input: $input, idempotencyKey: $key) {
    ... on Student { id number } ... on Refused { code } } }"""
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
RESUME = """mutation($job: ID!, $key: String!) { resumeJob(job: $job, idempotencyKey: $key) {
    ... on Job { id } ... on Refused { code message } } }"""


@pytest.fixture
def client(house: House, world: World) -> Iterator[Client]:
    """The library's frontend, at the house's own web server."""
    with Client(house.start_web(), world.token("library")) as client:
        house.await_web(client)
        yield client


@contextlib.contextmanager
def broken_line(client: Client, document: str, **variables: Any) -> Iterator[None]:
    """The request is sent; at the end of the block the line breaks, and the answer is lost."""
    body = orjson.dumps({"query": document, "variables": variables})
    head = {**client.http.headers, "content-type": "application/json", "host": "lixiao"}
    head |= {"content-length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    where = urlsplit(str(client.http.base_url))
    with socket.create_connection((where.hostname or "", where.port or 0)) as line:
        line.sendall(f"POST /graphql HTTP/1.1\r\n{lines}\r\n".encode() + body)
        yield


def await_key(world: World) -> None:
    """Until the first act under a key is done."""

    def used() -> bool:
        with world.database.write() as session:
            rows = session.scalars(sa.select(sa.func.count()).select_from(IdempotencyKey))
            return rows.one() == 1

    wait_until(used, 30)


def jobs(world: World) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Job)).one()


def test_a_day_with_a_bad_line(house: House, world: World, client: Client, tmp_path: Path) -> None:
    rows = [("学号", "姓名", "办理结果"), ("2020010101", "张思", "通过")]
    file = client.upload(workbooks.xlsx(tmp_path / "import.xlsx", rows).read_bytes())
    library = world.checkpoint(LIBRARY)
    asked = {"file": file, "checkpoint": library, "key": "import-4711"}

    # The import is queued, and nobody hears of it.
    with broken_line(client, IMPORT, **asked):
        await_key(world)
    job = client.query(IMPORT, **asked)["startImport"]["id"]

    # Stopped by mistake and resumed: the second request does not find it queued already.
    assert client.query(CANCEL, job=job) == {"cancelJob": {"status": "CANCELLED"}}
    for _ in range(2):
        assert client.query(RESUME, job=job, key="resume-42") == {"resumeJob": {"id": job}}

    house.start_worker().await_ready()
    assert client.finished(job)["applied"] == 1
    # Sent once more after its end, it is not done once more.
    assert client.query(IMPORT, **asked) == {"startImport": {"id": job}}
    wait_until(lambda: house.waiting() == 0, 30)
    assert (jobs(world), world.state("2020010101", LIBRARY)) == (1, ("PASSED", "", 2))

    # The line breaks while the batch waits for somebody else, and the repeat comes before its end.
    batch = {"checkpoint": library, "numbers": ["2020010102", "2020010103"], "key": "batch-0815"}
    with world.database.write() as session:
        schemes.lock(session, world.scheme_id)
        with broken_line(client, BATCH, **batch):
            await_waiting(world, 1)
        with broken_line(client, BATCH, **batch):
            await_waiting(world, 2)
    done = client.query(BATCH, **batch)["decideMany"]
    assert (done["applied"], jobs(world)) == (2, 2)
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "欠书", 2)
    assert len(world.entries()) == 3

    # The same key for other students is a mistake, and it is told.
    other = client.query(BATCH, **(batch | {"numbers": ["2020010104"]}))
    assert other == {"decideMany": {"code": "IDEMPOTENCY_KEY_REUSED"}}
    assert len(world.entries()) == 3


def test_the_web_server_dies_in_the_middle_and_another_does_it_once(
    house: House, world: World
) -> None:
    new = {"name": "新生", "number": "N1", "cohort": "UNDERGRADUATE"}
    new["department"] = world.department(next(iter(world.departments)))
    asked = {"scheme": world.scheme, "input": new, "key": "new-student-1"}
    with Client(house.start_web(), world.token("admin")) as client:
        house.await_web(client)
        with world.database.write() as session:
            schemes.lock(session, world.scheme_id)
            with broken_line(client, CREATE, **asked):
                await_waiting(world, 1)
                house.trees[-1].kill()
    with Client(house.start_web(), world.token("admin")) as client:
        house.await_web(client)
        made = client.query(CREATE, **asked)
        assert made["createStudent"]["number"] == "N1"
        assert client.query(CREATE, **asked) == made
        found = client.query(
            """query($scheme: ID!) { students(where: {scheme: $scheme, numbers: ["N1"]}, first: 9) {
              totalCount } }""",
            scheme=world.scheme,
        )
    assert found == {"students": {"totalCount": 1}}
