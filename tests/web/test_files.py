"""Files up and down over HTTP: whole, bounded, named plainly, and seen by nobody else."""

import dataclasses
import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import sqlalchemy as sa

import settings
from models import File
from models.database import Database
from tests.client import Client
from tests.conftest import serving
from tests.world import LIBRARY, World

NOT_FOUND = {
    "code": "NOT_FOUND",
    "message": "找不到文件，或它不在您的权限范围内。",
    "path": [],
    "facts": [{"name": "noun", "value": "File"}],
}


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def stored(database: Database) -> list[str]:
    with database.write() as session:
        return list(session.scalars(sa.select(File.name).order_by(File.id)))


def test_a_file_comes_back_byte_by_byte_under_its_chinese_name(
    library: Client, world: World
) -> None:
    content = os.urandom(2 * 1024**2 + 17)
    answer = library.http.post("/files", params={"name": "名单 一.xlsx"}, content=content)

    body = answer.json()
    assert answer.status_code == 201
    expires = dt.datetime.fromisoformat(body.pop("expiresAt"))
    assert abs(expires - dt.datetime.now(dt.UTC) - dt.timedelta(days=30)) < dt.timedelta(minutes=1)
    assert body == {
        "id": body["id"],
        "name": "名单 一.xlsx",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    back = library.http.get(f"/files/{body['id']}")
    assert back.content == content
    assert {name: back.headers[name] for name in HEADERS} == HEADERS | {
        "content-length": str(len(content))
    }


HEADERS = {
    "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "content-disposition": f"attachment; filename*=UTF-8''{quote('名单 一.xlsx')}",
    "content-length": "",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\老师\\名单.xls", "名单.xls"),
        ("/", "file"),
        ("", "upload"),
        ("a\x00b\r\nX: y.xlsx", "abX: y.xlsx"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_of_a_name_only_its_last_part_is_kept(
    library: Client, world: World, sent: str, kept: str
) -> None:
    answer = library.http.post("/files", params={"name": sent}, content=b"x")

    assert (answer.status_code, answer.json()["name"]) == (201, kept)
    back = library.http.get(f"/files/{answer.json()['id']}")
    assert back.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(kept)}"


def test_without_a_token_there_is_nothing(anonymous: Client, world: World) -> None:
    answers = [
        anonymous.http.post("/files", content=b"x"),
        anonymous.http.get("/files/RmlsZTox"),
        anonymous.http.get(f"/templates/{world.checkpoint(LIBRARY)}.xlsx"),
    ]

    for answer in answers:
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["code"] == "UNAUTHENTICATED"
    assert stored(world.database) == []


def test_a_form_is_refused_with_what_to_send_instead(library: Client, world: World) -> None:
    answer = library.http.post("/files", files={"file": ("a.xlsx", b"x")})

    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
        400,
        "INVALID_INPUT",
        "“Content-Type”的值“multipart”无效：请将文件内容直接作为请求正文发送。",
    )
    assert stored(world.database) == []


def test_a_body_beyond_the_limit_is_refused_whether_its_length_is_declared_or_not(
    migrated: Database, values: settings.Settings, address: str, world: World
) -> None:
    small = dataclasses.replace(values, upload_bytes=1000)
    with serving(small) as elsewhere, Client(elsewhere, world.token("library")) as client:
        declared = client.http.post("/files", content=b"x" * 1001)
        chunked = client.http.post("/files", content=iter([b"x" * 600, b"x" * 401]))
        fits = client.http.post("/files", content=iter([b"x" * 600, b"x" * 400]))

    for answer in (declared, chunked):
        assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (
            413,
            "FILE_TOO_LARGE",
            [{"name": "name", "value": "bytes"}, {"name": "limit", "value": "1000"}],
        )
        assert answer.json()["message"].startswith("文件过大：文件字节数最多 1000。")
    assert (fits.status_code, fits.json()["size"]) == (201, 1000)
    assert stored(world.database) == ["upload"]


def test_a_slow_upload_holds_no_transaction_open(library: Client, world: World) -> None:
    seen = []

    def slow() -> Iterator[bytes]:
        yield b"x"
        time.sleep(0.3)
        seen.append(open_transactions(world.database))
        yield b"y"

    assert library.http.post("/files", content=slow()).json()["size"] == 2
    assert seen == [0]


def open_transactions(database: Database) -> int:
    """Those that wait for their client."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
    with database.write() as session:
        return int(session.execute(waiting).scalar_one())


@pytest.mark.parametrize("login", ["affairs", "admin"])
def test_an_upload_of_somebody_else_is_not_found(
    sign_in: Callable[[str], Client], library: Client, world: World, login: str
) -> None:
    answer = sign_in(login).http.get(f"/files/{library.upload(b'x')}")

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("public_id", ["nonsense", "RmlsZTo5OTk", "Sm9iOjE", "RmlsZTotMQ"])
def test_an_id_of_no_file_is_not_found(library: Client, world: World, public_id: str) -> None:
    answer = library.http.get(f"/files/{public_id}")

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_an_expired_file_is_not_found(library: Client, world: World) -> None:
    file = library.upload(b"x")
    with world.database.write() as session:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        session.execute(sa.update(File).values(expires_at=past))

    answer = library.http.get(f"/files/{file}")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert library.import_file(file, world.checkpoint(LIBRARY))["code"] == "NOT_FOUND"
