"""PostgreSQL and Redis: ready, lasting, side by side, alone on their home."""

import shutil
import socket
from pathlib import Path

import psycopg
import pytest
import redis
import sqlalchemy as sa

from local import parts
from local.failure import Failure
from local.home import Home
from local.parts import Servers

URLS = ("LIXIAO_DATABASE_URL", "LIXIAO_REDIS_URL")


@pytest.fixture(autouse=True)
def _without_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in URLS:
        monkeypatch.delenv(name, raising=False)


def ask(servers: Servers, statement: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(servers.database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_what_was_stored_is_there_after_a_restart(home: Path) -> None:
    with parts.database_and_redis(home, durable=False) as servers:
        ask(servers, "CREATE TABLE note AS SELECT '离校' AS word")
        with redis.Redis.from_url(servers.redis_url) as client:
            client.set("word", "离校")
    with parts.database_and_redis(home, durable=False) as servers:
        assert ask(servers, "SELECT word FROM note") == [("离校",)]
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.get("word") == "离校".encode()


def test_a_new_home_gets_a_utf_8_database_of_postgresql_18(created_home: Path) -> None:
    with parts.database_and_redis(created_home, durable=True) as servers:
        assert ask(servers, "SELECT current_setting('server_version_num')::int / 10000") == [(18,)]
        assert ask(
            servers,
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database"
            " WHERE datname = current_database()",
        ) == [("UTF8", "b", "C.UTF-8")]
        assert ask(servers, "SELECT current_setting('fsync')") == [("on",)]


def test_two_homes_run_side_by_side(home: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(home, tmp_path / ("long " * 25)))
    with (
        parts.database_and_redis(home, durable=False) as one,
        parts.database_and_redis(other, durable=False) as two,
    ):
        ask(one, "CREATE TABLE only_here ()")
        assert ask(two, "SELECT to_regclass('only_here')") == [(None,)]
        assert ask(one, "SELECT to_regclass('only_here')::text") == [("only_here",)]


def test_a_home_in_use_is_refused_with_the_number_of_its_process(home: Path) -> None:
    with parts.database_and_redis(home, durable=False) as servers:
        running = (home / "lock").read_text().strip()
        with (
            pytest.raises(Failure, match=rf"home: already running \(pid {running}\)\.$"),
            parts.database_and_redis(home, durable=False),
        ):
            pass
        assert ask(servers, "SELECT 1") == [(1,)]


def test_given_servers_are_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Servers("postgresql://db.example/lixiao", "redis://queue.example/0")
    for name, value in zip(URLS, (given.database_url, given.redis_url), strict=True):
        monkeypatch.setenv(name, value)
    with parts.database_and_redis(tmp_path / "home", durable=True) as servers:
        assert servers == given
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["lock", "log"]


def test_the_postgresql_files_of_an_interrupted_creation_are_replaced(
    created_home: Path, tmp_path: Path
) -> None:
    half = tmp_path / "home" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with parts.database_and_redis(tmp_path / "home", durable=False) as servers:
        assert ask(servers, "SELECT 1") == [(1,)]


def test_the_sockets_are_closed_to_others_and_go_with_the_servers(home: Path) -> None:
    with parts.database_and_redis(home, durable=False):
        sockets = (home / "sockets").readlink()
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert len(str(sockets / ".s.PGSQL.5432")) <= 107
    assert not sockets.exists()
    assert not (home / "sockets").is_symlink()


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind((parts.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=f"^Port {port} cannot be used"):
            parts.check_port(port)
    parts.check_port(port)


def test_a_detail_with_values_of_rows_stays_out_of_the_log(home: Path) -> None:
    with parts.database_and_redis(home, durable=False) as servers:
        ask(servers, "CREATE TABLE person (number text PRIMARY KEY)")
        ask(servers, "INSERT INTO person VALUES ('20201234')")
        conninfo = servers.database_url.replace("+psycopg", "")
        with (
            psycopg.connect(conninfo) as connection,
            pytest.raises(psycopg.errors.UniqueViolation),
        ):
            connection.execute("INSERT INTO person VALUES (%s)", ["20201234"])
    log = (home / "log" / "postgres.log").read_text()
    assert "duplicate key value" in log
    assert "20201234" not in log


@pytest.mark.parametrize("said", ["", "https://lixiao.example"])
def test_certificates_are_verified_where_it_serves_unless_a_person_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("LIXIAO_PUBLIC_URL", said)
    stages = parts.service(Home(tmp_path, tmp_path), Servers("", ""), 8123, demo=False)
    [web] = [child for stage in stages for child in stage if child.name == "web"]
    assert web.environment["LIXIAO_PUBLIC_URL"] == (said or "http://127.0.0.1:8123")
