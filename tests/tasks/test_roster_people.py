"""Who is missing from a roster, who is somebody else, and who comes back."""

from collections.abc import Callable

import pytest

from models import ClearanceStatus
from tests.client import Client
from tests.tasks.roster_files import (
    BRIEF,
    EVERYBODY,
    codes,
    lines,
    run,
    student,
    sums,
    table,
)
from tests.world import LIBRARY, MARX, World

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def test_who_is_missing_is_told_and_stays(admin: Client, world: World) -> None:
    job = run(admin, world, table(BRIEF, *EVERYBODY[1:]))

    assert job["roster"] == {
        "added": 0, "changed": 0, "restored": 0, "missing": 1, "archived": 0,
        "unknownDepartments": [], "notArchivedReason": None,
    }  # fmt: skip
    missing = {"number": "2020010101", "name": "张思", "status": "ACTIVE"}
    assert job["missingStudents"] == {"totalCount": 1, "nodes": [missing]}


def test_who_is_missing_is_archived_when_asked(admin: Client, world: World) -> None:
    job = run(admin, world, table(BRIEF, *EVERYBODY[1:]), archiveMissing=1)

    assert (job["roster"]["missing"], job["roster"]["archived"]) == (1, 1)
    assert job["missingStudents"]["nodes"] == [
        {"number": "2020010101", "name": "张思", "status": "ARCHIVED"}
    ]
    assert lines(world) == [("2020010101", "STATUS", "在册", "已归档", None)]
    listed = admin.query(
        "query($scheme: ID!) { students(where: {scheme: $scheme}, first: 10) { totalCount } }",
        scheme=world.scheme,
    )
    assert listed["students"]["totalCount"] == 5


def test_a_failed_row_keeps_everybody(admin: Client, world: World) -> None:
    bad = ("2020010102", "李思", "110101199713010002", MARX)
    job = run(admin, world, table(BRIEF, bad, *EVERYBODY[2:]), archiveMissing=1)

    assert codes(job)[2] == ["ID_MALFORMED"]
    assert (job["roster"]["missing"], job["roster"]["archived"]) == (1, 0)
    reason = job["roster"]["notArchivedReason"]
    assert reason["code"] == "MISSING_NOT_ARCHIVED"
    assert reason["facts"] == [{"name": "failed", "value": "1"}, {"name": "missing", "value": "1"}]
    # The failed row still names its student.
    assert [each["number"] for each in job["missingStudents"]["nodes"]] == ["2020010101"]


def test_more_missing_than_may_be_archived_keeps_everybody(admin: Client, world: World) -> None:
    job = run(admin, world, table(BRIEF, EVERYBODY[0]), archiveMissing=4)

    assert (job["roster"]["missing"], job["roster"]["archived"]) == (5, 0)
    reason = job["roster"]["notArchivedReason"]
    assert reason["message"] == (
        "名册中有 5 名学生不在文件里，超过了允许归档的 4 名，因此一名也没有归档。"
        "请核对名单，确认无误后提高人数重新导入。"
    )
    assert lines(world) == []


def test_another_name_and_another_number_at_once_are_another_person(
    admin: Client, world: World
) -> None:
    world.put("2020010102", LIBRARY, ClearanceStatus.PASSED, version=2)
    newcomer = ("2020010102", "新来", "110101200001010031", MARX)

    job = run(admin, world, table(BRIEF, newcomer, *EVERYBODY[2:]), archiveMissing=1)

    told = job["rows"]["nodes"][0]
    assert (told["outcome"], told["code"], told["problems"][-1]["column"]) == (
        "FAILED", "NAME_MISMATCH", "B",
    )  # fmt: skip
    assert told["problems"][-1]["message"] == (
        "学号“2020010102”在名册中是“李思”，而本行的姓名“新来”和身份证号都与其不同，"
        "请核对学号。如确为同一人，请先单独修改该学生。"
    )
    assert job["roster"]["notArchivedReason"]["code"] == "MISSING_NOT_ARCHIVED"
    found = student(world, "2020010102")
    assert (found.name, found.id_number) == ("李思", "110101199701010002")
    assert lines(world) == []


def test_another_person_of_an_unknown_department_is_told_both(admin: Client, world: World) -> None:
    row = ("2020010102", "新来", "110101200001010031", "无此学院")

    assert codes(run(admin, world, table(BRIEF, row)))[2][-2:] == [
        "NAME_MISMATCH", "DEPARTMENT_UNKNOWN",
    ]  # fmt: skip


def test_a_name_alone_or_a_number_alone_may_change(admin: Client, world: World) -> None:
    renamed = ("2020010101", "张四", "110101199601010001", MARX)
    spaced = ("2020010102", "李　思", "110101199701010032", MARX)

    job = run(admin, world, table(BRIEF, renamed, spaced))

    assert sums(job) == (2, 0, 0, 0)
    assert student(world, "2020010101").name == "张四"
    assert student(world, "2020010102").id_number == "110101199701010032"


def test_an_archived_student_who_is_named_comes_back(admin: Client, world: World) -> None:
    world.put("2020010101", LIBRARY, ClearanceStatus.PASSED, version=2)
    run(admin, world, table(BRIEF, *EVERYBODY[1:]), archiveMissing=1)

    job = run(admin, world, table(BRIEF, ("2020010101", "张四", "", MARX)))

    [told] = job["rows"]["nodes"]
    assert told["change"] == "RESTORED"
    assert told["changes"] == [
        {"field": "STATUS", "title": "状态", "old": "已归档", "new": "在册"},
        {"field": "NAME", "title": "姓名", "old": "张思", "new": "张四"},
    ]
    assert job["roster"]["restored"] == 1
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)
