"""A fault outside of GraphQL: masked, logged once, under an id that the client gets too."""

import contextlib
import dataclasses
import json
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import settings
from tests.client import Client
from tests.conftest import serving
from tests.world import World

# Of a certificate: whoever has it may ask whether that is valid.
CODE = "x" * 32


@contextlib.contextmanager
def without_database(values: settings.Settings) -> Iterator[Client]:
    """A client of a web server whose database does not answer."""
    url = sa.make_url(values.database_url).set(database="away")
    away = url.render_as_string(hide_password=False)
    with (
        serving(dataclasses.replace(values, database_url=away)) as address,
        Client(address, "token") as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("method", "path", "logged"),
    [
        ("GET", "/health", "/health"),
        ("POST", "/files", "/files"),
        ("GET", "/files/unknown", "/files/unknown"),
        ("GET", "/templates/unknown.xlsx", "/templates/unknown.xlsx"),
        ("GET", f"/verify/{CODE}", "/verify/…"),
    ],
)
def test_a_fault_is_masked_and_logged_once_under_an_id(
    method: str,
    path: str,
    logged: str,
    values: settings.Settings,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with without_database(values) as client:
        answer = client.http.request(method, path)
    [fact] = answer.json()["facts"]
    fault = fact["value"]
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "code": "INTERNAL",
        "message": f"系统内部错误，请把编号 {fault} 告知系统管理员。",
        "path": [],
        "facts": [{"name": "id", "value": fault}],
    }
    told = capfd.readouterr()
    [line] = [json.loads(line) for line in told.out.splitlines() if "fault" in line]
    assert (line["event"], line["id"], line["path"]) == ("fault", fault, logged)
    assert CODE not in told.out + told.err
    assert 'database "away" does not exist' in line["exception"]
    assert "Traceback" not in told.err


def test_an_upload_that_breaks_off_is_no_fault(
    values: settings.Settings, capfd: pytest.CaptureFixture[str], world: World
) -> None:
    with serving(values) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            head = "POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
            token = world.token("library")
            client.sendall(f"{head}Authorization: Bearer {token}\r\n\r\nhalf".encode())
    told = capfd.readouterr()
    assert "fault" not in told.out
    assert "Traceback" not in told.err
