"""Files of first passwords for tests, and what they leave behind."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import StudentAccount
from tests.client import Client
from tests.workbooks import Value, xlsx
from tests.world import World

START = """mutation($file: ID!, $scheme: ID!, $dryRun: Boolean! = false, $reset: Boolean! = false,
                    $sheet: String) {
  startPasswordsImport(file: $file, scheme: $scheme, dryRun: $dryRun, reset: $reset,
                       sheet: $sheet) {
    ... on Job { id kind dryRun } ... on Refused { code message } } }"""
HEADER = ("学号", "姓名", "初始密码")
SECRET = "geheim-2026-三"
ONE, TWO, THREE = "2020010101", "2020010102", "2020010103"


def start(world: World, client: Client, folder: Path, *rows: Sequence[Value], **asked: Any) -> Any:
    header = asked.pop("header", HEADER)
    content = xlsx(folder / "passwords.xlsx", [header, *rows]).read_bytes()
    given = {"file": client.upload(content, "初始密码.xlsx"), "scheme": world.scheme} | asked
    return client.query(START, **given)["startPasswordsImport"]


def accounts(world: World) -> dict[str, bool]:
    """Whether the password is a first one, by number."""
    with world.database.write() as session:
        rows = session.execute(sa.select(StudentAccount.number, StudentAccount.is_initial))
        return {row.number: row.is_initial for row in rows}
