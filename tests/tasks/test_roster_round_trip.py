"""A roster that was exported is read by the roster import as it is, and restores what was there."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Student
from tests.client import Client
from tests.tasks import export_files
from tests.world import GEOLOGY, MARX, World

pytestmark = pytest.mark.usefixtures("worker")
SignIn = Callable[[str], Client]
IMPORT = """
mutation($file: ID!, $scheme: ID!) {
  startRosterImport(file: $file, scheme: $scheme) {
    ... on Job { id } ... on Refused { code message }
  }
}
"""
WILD = {
    "学号": "0012", "考生号": "007", "身份证号": "11010519491231002X", "姓名": "=1+1", "性别": "女",
    "年级": "2020", "院系": MARX, "专业": "+86", "班级": "@班", "学生类别": "学历硕士",
    "培养层次": "硕士", "是否户口迁移": "否", "住宿信息": "-东区",
}  # fmt: skip
ONLY_PASSPORT = {"身份证号": "P001", "姓名": "只有护照", "院系": GEOLOGY}


def roster(client: Client, world: World, file_format: str) -> bytes:
    """Every column, full ID numbers, no checkpoint."""
    return export_files.made(
        client,
        "startExport",
        where={"scheme": world.scheme},
        checkpoints=[],
        fullIdNumbers=True,
        format=file_format,
    )


def imported(client: Client, world: World, content: bytes, name: str) -> Any:
    answer = client.query(IMPORT, file=client.upload(content, name), scheme=world.scheme)
    return client.finished(answer["startRosterImport"]["id"])


def students(world: World) -> list[tuple[Any, ...]]:
    """All that is stored of each."""
    with world.database.write() as session:
        return [tuple(row) for row in session.execute(sa.select(Student.__table__))]


@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_read_again_unedited_it_changes_nothing(
    sign_in: SignIn, world: World, file_format: str
) -> None:
    world.enrol(WILD, ONLY_PASSPORT)
    admin, before = sign_in("admin"), students(world)
    content = roster(admin, world, file_format)
    job = imported(admin, world, content, f"名册.{file_format.lower()}")

    assert (job["status"], job["problem"], job["unknownColumns"]) == ("FINISHED", None, [])
    assert (job["unchanged"], job["applied"], job["failed"]) == (8, 0, 0)
    assert students(world) == before


@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_it_brings_back_what_was_changed_since(
    sign_in: SignIn, world: World, file_format: str
) -> None:
    world.enrol(WILD, ONLY_PASSPORT)
    admin, before = sign_in("admin"), students(world)
    content = roster(admin, world, file_format)
    with world.database.write() as session:
        worse = {"name": "别", "major": None, "household_transfer": None, "dormitory": "西区"}
        session.execute(sa.update(Student).where(Student.number == "0012").values(**worse))
    assert students(world) != before
    job = imported(admin, world, content, f"名册.{file_format.lower()}")

    assert (job["unchanged"], job["applied"], job["failed"]) == (7, 1, 0)
    assert sorted(students(world), key=str) == sorted(before, key=str)
