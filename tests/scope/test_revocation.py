"""Rights count at the moment of the act: what is taken away while a job waits is gone for it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from models import ClearanceStatus, Grant, Operator, Role
from tests.client import Client
from tests.scope.conftest import Paused
from tests.workbooks import xlsx
from tests.world import AFFAIRS, GEOLOGY, SUPERVISOR, World

SignIn = Callable[[str], Client]
ROWS = [
    ("学号", "姓名", "办理结果"),
    ("2020010101", "张思", "通过"),
    ("2020020101", "欧阳·娜娜", "通过"),
]
EXPORT = """mutation($where: StudentFilter!, $full: Boolean! = false) {
  startExport(where: $where, columns: [NUMBER, ID_NUMBER], fullIdNumbers: $full) {
    ... on Job { id } ... on Refused { code } } }"""


@pytest.fixture
def workbook(world: World, tmp_path: Path) -> bytes:
    """A student of either department, who may be passed."""
    world.put_all(SUPERVISOR, ClearanceStatus.PASSED)
    return xlsx(tmp_path / "import.xlsx", ROWS).read_bytes()


def change(world: World, login: str, **values: object) -> None:
    """Change every grant of an operator."""
    with world.database.write() as session:
        mine = Grant.operator_id == world.people[login]
        session.execute(sa.update(Grant).where(mine).values(**values))


def dismiss(world: World, login: str) -> None:
    """Take all grants away."""
    with world.database.write() as session:
        session.execute(sa.delete(Grant).where(Grant.operator_id == world.people[login]))


def disable(world: World, login: str) -> None:
    with world.database.write() as session:
        session.get_one(Operator, world.people[login]).is_disabled = True


def test_an_import_that_waited_sees_and_decides_only_what_its_operator_still_may(
    world: World, sign_in: SignIn, paused: Paused, workbook: bytes
) -> None:
    people = ("affairs", "affairs-geology", "supervisor", "library")
    checkpoints = (AFFAIRS, AFFAIRS, SUPERVISOR, AFFAIRS)
    change(world, "library", checkpoint_id=world.checkpoints[AFFAIRS])
    with paused():
        jobs = {
            login: sign_in(login).start_import(workbook, world.checkpoint(title))["id"]
            for login, title in zip(people, checkpoints, strict=True)
        }
        dismiss(world, "affairs")
        disable(world, "affairs-geology")
        change(world, "supervisor", department_id=world.departments[GEOLOGY])
        change(world, "library", role="DEPARTMENT_OPERATOR")
    admin = sign_in("admin")
    told = {login: codes(admin.finished(job)) for login, job in jobs.items()}
    assert told == {
        "affairs": ["STUDENT_NOT_FOUND", "STUDENT_NOT_FOUND"],
        "affairs-geology": ["STUDENT_NOT_FOUND", "STUDENT_NOT_FOUND"],
        "supervisor": ["STUDENT_NOT_FOUND", None],
        "library": ["FORBIDDEN", "FORBIDDEN"],
    }
    assert world.entries() == []
    assert admin.finished(jobs["affairs"])["rows"]["nodes"][0]["student"] is None
    assert (
        sign_in("affairs").query("query($id: ID!) { job(id: $id) { id } }", id=jobs["affairs"])[
            "job"
        ]
        is None
    )


def codes(job: Any) -> list[str | None]:
    return [row["code"] for row in job["rows"]["nodes"]]


def test_an_export_that_waited_shows_only_what_its_operator_still_may_see(
    world: World, sign_in: SignIn, paused: Paused
) -> None:
    where = {"scheme": world.scheme}
    with paused():
        jobs = {
            login: sign_in(login).query(EXPORT, where=where, full=full)["startExport"]["id"]
            for login, full in (("affairs", False), ("library", False), ("admin", True))
        }
        dismiss(world, "affairs")
        change(world, "library", department_id=world.departments[GEOLOGY])
        change(world, "admin", may_see_id_numbers=False)
    admin = sign_in("admin")
    gone = admin.finished(jobs["affairs"])
    assert (gone["status"], gone["files"], gone["problem"]["code"]) == ("FAILED", [], "NOT_FOUND")
    assert numbers(admin, jobs["library"]) == ["2020020101", "2020020102"]
    assert len(numbers(admin, jobs["admin"])) == 6


def numbers(client: Client, job: str) -> list[str]:
    """The students in an export, all of whose ID numbers are masked."""
    [file] = client.finished(job)["files"]
    book = openpyxl.load_workbook(io.BytesIO(client.download(file["url"])))
    rows = list(book.worksheets[0].iter_rows(min_row=2, max_col=2, values_only=True))
    assert all("*" in str(id_number) for _, id_number in rows)
    return [str(number) for number, _ in rows]


def test_what_is_read_after_a_change_shows_the_change(world: World, sign_in: SignIn) -> None:
    fields = "... on Clearance { version student { clearances { version } } }"
    answer = sign_in("supervisor").query(
        f"""mutation($student: ID!, $checkpoint: ID!) {{
          one: decide(student: $student, checkpoint: $checkpoint, act: REFUSE, expectedVersion: 1)
            {{ {fields} }}
          two: decide(student: $student, checkpoint: $checkpoint, act: PASS, expectedVersion: 2)
            {{ {fields} }}
        }}""",
        student=world.student("2020010101"),
        checkpoint=world.checkpoint(SUPERVISOR),
    )
    versions = [
        (each["version"], each["student"]["clearances"][0]["version"]) for each in answer.values()
    ]
    assert versions == [(2, 2), (3, 3)]


def test_full_id_numbers_are_downloaded_by_who_may_see_them_only(
    world: World, sign_in: SignIn, worker: None
) -> None:
    admin = sign_in("admin")
    export = admin.query(EXPORT, where={"scheme": world.scheme}, full=True)["startExport"]["id"]
    [file] = admin.finished(export)["files"]
    world.hire("deputy", Role.ADMINISTRATOR)
    world.hire("trusted", Role.ADMINISTRATOR, None, None, True)
    deputy, trusted = sign_in("deputy"), sign_in("trusted")

    assert trusted.download(file["url"]) == admin.download(file["url"])
    assert deputy.http.get(file["url"]).status_code == 404
    seen = deputy.query("query($id: ID!) { job(id: $id) { status files { id } } }", id=export)
    assert seen == {"job": {"status": "FINISHED", "files": []}}
