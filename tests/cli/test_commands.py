"""The command line: migrate, create the first administrator, load the demo."""

import os
import subprocess
import sys
from pathlib import Path

import click.testing
import pytest
import sqlalchemy as sa

import settings
from cli.__main__ import main
from models import Clearance, Entry, Operator, Scheme, Student
from models.database import Database
from tests.client import Client
from tests.databases import fresh
from tests.schema.test_sign_in import try_in

ROOT = Path(__file__).parents[2]
PASSWORD = "geheim-und-lang"


def run(
    environment: dict[str, str], *words: str, entered: str | None = None
) -> click.testing.Result:
    runner = click.testing.CliRunner()
    return runner.invoke(main, words, input=entered, env=environment, catch_exceptions=False)


def create(environment: dict[str, str], password: str = PASSWORD) -> click.testing.Result:
    entered = f"{password}\n{password}\n"
    words = ("create-administrator", "--login", "Chef", "--name", "主任")
    return run(environment, *words, entered=entered)


def count(database: Database, table: type[object]) -> int:
    with database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def test_a_new_administrator_can_sign_in(
    environment: dict[str, str], database: Database, address: str
) -> None:
    result = create(environment)
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        0,
        "Administrator Chef can sign in now.",
    )
    assert PASSWORD not in result.output
    with Client(address) as client:
        viewer = try_in(client, "chef", PASSWORD)["viewer"]
    grants = [{"role": "ADMINISTRATOR", "scheme": None}]
    assert viewer == {"login": "chef", "name": "主任", "grants": grants}


def test_a_login_is_given_once(environment: dict[str, str], database: Database) -> None:
    create(environment)
    result = create(environment, "another password")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == (
        "Error: The operator “chef” exists already; choose another, or change that one."
    )
    assert count(database, Operator) == 1


def test_a_short_password_is_refused(environment: dict[str, str], database: Database) -> None:
    result = create(environment, "7 chars")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "Error: “password” cannot be “…”; needed: 8-200."
    assert count(database, Operator) == 0


def test_migrating_twice_is_migrating_once(
    environment: dict[str, str], values: settings.Settings
) -> None:
    with fresh(values) as own:
        given = environment | {"LIXIAO_DATABASE_URL": own.database_url}
        for _ in range(2):
            result = run(given, "migrate")
            assert (result.exit_code, result.output) == (0, "")
        assert create(given).exit_code == 0


def test_the_demo_is_loaded_once(environment: dict[str, str], database: Database) -> None:
    result = run(environment, "load-demo")
    assert (result.exit_code, result.output) == (0, "The demo is loaded.\n")
    tables = (Scheme, Student, Clearance, Operator, Entry)
    loaded = [count(database, table) for table in tables]
    lines = (ROOT / "cli" / "manual-students.csv").read_text(encoding="utf-8").splitlines()
    students = len(lines) - 1
    assert loaded == [1, students, students * 9, 5, students - 2]
    result = run(environment, "load-demo")
    assert (result.exit_code, result.output) == (0, "The installation is in use; nothing loaded.\n")
    assert [count(database, table) for table in tables] == loaded


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql://u:geheim@db/x",
            "Error: LIXIAO_DATABASE_URL has a value that cannot be used;"
            " expected postgresql://user:password@host/name.",
        ),
        ("postgresql://u:geheim@/x?host=/nowhere", "Error: The database does not answer: "),
    ],
)
def test_a_bad_installation_is_told_in_a_sentence(
    url: str, sentence: str, environment: dict[str, str]
) -> None:
    result = run(environment | {"LIXIAO_DATABASE_URL": url}, "migrate")
    assert result.exit_code == 1
    assert result.output.startswith(sentence)
    assert "geheim" not in result.output


def test_the_command_runs_as_a_module() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "cli", "--help"],
        cwd=ROOT,
        env=os.environ,
        check=True,
        capture_output=True,
    )
    assert all(name.encode() in printed.stdout for name in main.commands)
    assert printed.stderr == b""
