"""Files of operators for tests, and what they leave behind."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import models
from models import Grant, Operator
from tests.client import Client
from tests.workbooks import Value, xlsx
from tests.world import World

SignIn = Callable[[str], Client]
HEADER = ("账号", "姓名", "初始密码", "角色", "离校环节", "院系", "查看证件号")
SECRET = "geheim-2026-三"
ACTS = ("账号", "操作")
FULL = (*HEADER, "操作")

CHECKPOINT, DEPARTMENT, ADMIN = "离校点操作员", "院系操作员", "系统管理员"
START = """mutation($file: ID!, $scheme: ID!, $dryRun: Boolean! = false,
                          $sheet: String) {
  startOperatorImport(file: $file, scheme: $scheme, dryRun: $dryRun, sheet: $sheet) {
    ... on Job { id kind dryRun } ... on Refused { code message } } }"""


def start(
    world: World, client: Client, folder: Path, *rows: Sequence[Value], **options: Any
) -> Any:
    header = options.pop("header", HEADER)
    content = xlsx(folder / "operators.xlsx", [header, *rows]).read_bytes()
    asked = {"file": client.upload(content, "操作员.xlsx"), "scheme": world.scheme} | options
    return client.query(START, **asked)["startOperatorImport"]


def told(job: Any) -> list[tuple[int, str, str | None]]:
    """Row, outcome and first code."""
    return [(row["rowNumber"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def messages(job: Any) -> list[tuple[int, str, str | None, str]]:
    """Row, code, column and sentence of every problem."""
    return [
        (row["rowNumber"], each["code"], each["column"], each["message"])
        for row in job["rows"]["nodes"]
        for each in row["problems"]
    ]


def counts(job: Any) -> tuple[int, ...]:
    return tuple(job[name] for name in ("total", "applied", "unchanged", "failed", "unprocessed"))


def held(world: World, login: str) -> list[tuple[str, str | None, str | None, bool]]:
    """Role, checkpoint, department and whether ID numbers are shown, of the world's scheme."""
    with world.database.write() as session:
        found = session.execute(
            sa.select(
                Grant.role,
                models.Checkpoint.title,
                models.Department.name,
                Grant.may_see_id_numbers,
            )
            .join(Operator, Operator.id == Grant.operator_id)
            .outerjoin(models.Checkpoint, models.Checkpoint.id == Grant.checkpoint_id)
            .outerjoin(models.Department, models.Department.id == Grant.department_id)
            .where(Operator.login == login, Grant.scheme_id == world.scheme_id)
            .order_by(Grant.id)
        )
        return [(row[0].value, row[1], row[2], row[3]) for row in found]


def people(world: World) -> list[str]:
    with world.database.write() as session:
        return list(session.scalars(sa.select(Operator.login).order_by(Operator.id)))


def grants(world: World) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Grant)).one()


def standing(world: World) -> list[tuple[str, str, bool, str | None, int]]:
    """Login, name, whether disabled, the password's hash and how many sessions, of everybody."""
    sessions = sa.func.count(models.Session.token_hash)
    with world.database.write() as session:
        found = session.execute(
            sa.select(
                *(Operator.login, Operator.name, Operator.is_disabled),
                *(Operator.password_hash, sessions),
            )
            .outerjoin(models.Session, models.Session.operator_id == Operator.id)
            .group_by(Operator.id)
            .order_by(Operator.id)
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


def disabled(world: World) -> list[str]:
    return [login for login, _, is_disabled, *_ in standing(world) if is_disabled]
