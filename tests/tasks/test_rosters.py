"""A roster from a file: what it adds, changes, restores, leaves and archives, and what it tells."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from models import Clearance, ClearanceStatus, Department, Student
from tests import workbooks
from tests.client import Client
from tests.people import promote
from tests.tasks import roster_files
from tests.tasks.roster_files import (
    BRIEF,
    DOUBLE,
    EVERYBODY,
    lines,
    run,
    student,
    sums,
    table,
)
from tests.world import GEOLOGY, LIBRARY, MARX, World

pytestmark = pytest.mark.usefixtures("worker")

MANUAL = (
    *("学号", "姓名", "性别", "年龄", "身份证号", "院系", "专业", "班级", "学生类别", "培养层次"),
    *("是否户口迁移", "住宿信息"),
)


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


@pytest.fixture
def head(world: World, sign_in: Callable[[str], Client]) -> Client:
    promote(world, "head")
    return sign_in("head")


def test_the_file_of_the_manual_is_a_roster(admin: Client, world: World) -> None:
    row = (
        *("2020990001", "新生", "女", "2017", "110101199701010009", MARX, "科学技术哲学--硕博"),
        *("科学技术哲学", "学历硕士", "硕士", "是", "东区-研8号楼-2层-246-01床"),
    )
    job = run(admin, world, table(MANUAL, row), cohort=DOUBLE)

    assert (job["kind"], job["status"], sums(job)) == ("ROSTER", "FINISHED", (1, 0, 0, 0))
    [told] = job["rows"]["nodes"]
    assert (told["change"], told["student"], told["outcome"]) == (
        "ADDED", {"number": "2020990001"}, "APPLIED",
    )  # fmt: skip
    assert told["changes"] == [{"field": "STATUS", "title": "状态", "old": "", "new": "在册"}]
    found = student(world, "2020990001")
    assert (found.name, found.gender, found.entry_year, found.cohort, found.id_number) == (
        "新生", "FEMALE", 2017, DOUBLE, "110101199701010009",
    )  # fmt: skip
    assert (found.major, found.class_name, found.category, found.training_level) == (
        "科学技术哲学--硕博", "科学技术哲学", "学历硕士", "硕士",
    )  # fmt: skip
    assert (found.household_transfer, found.dormitory) == (True, "东区-研8号楼-2层-246-01床")
    assert lines(world) == [("2020990001", "STATUS", "", "在册", 2)]


def test_a_new_student_has_a_clearance_at_every_checkpoint(admin: Client, world: World) -> None:
    run(admin, world, table(BRIEF, ("2020990001", "新生", "", MARX)), cohort=DOUBLE)

    with world.database.write() as session:
        of_student = Clearance.student_id == student(world, "2020990001").id
        found = session.scalars(sa.select(Clearance).where(of_student)).all()
    assert {(each.checkpoint_id, each.status) for each in found} == {
        (each, ClearanceStatus.PENDING) for each in world.checkpoints.values()
    }


def test_changes_are_told_field_by_field_with_id_numbers_masked(
    admin: Client, world: World
) -> None:
    corrected = ("2020010101", "张思", "110101199601010002", GEOLOGY)
    renamed = ("2020010102", "李四", "110101199701010002", MARX)
    job = run(admin, world, table(BRIEF, corrected, renamed))

    [told, other] = job["rows"]["nodes"]
    assert (told["change"], told["outcome"]) == ("CHANGED", "APPLIED")
    assert told["changes"] == [
        {"field": "ID_NUMBER", "title": "身份证号", "old": "110101********0001",
         "new": "110101********0002"},
        {"field": "DEPARTMENT", "title": "院系", "old": MARX, "new": GEOLOGY},
    ]  # fmt: skip
    assert other["changes"] == [{"field": "NAME", "title": "姓名", "old": "李思", "new": "李四"}]
    assert [line[1:] for line in lines(world)] == [
        ("ID_NUMBER", "110101********0001", "110101********0002", 2),
        ("DEPARTMENT", MARX, GEOLOGY, 2),
        ("NAME", "李思", "李四", 3),
    ]
    assert student(world, "2020010101").id_number == "110101199601010002"


def test_two_numbers_that_mask_alike_still_leave_a_line(admin: Client, world: World) -> None:
    run(admin, world, table(("学号", "身份证号"), ("2020010101", "110101199502020001")))

    assert lines(world) == [
        ("2020010101", "ID_NUMBER", "110101********0001", "110101********0001", 2)
    ]


def test_decisions_stay(admin: Client, world: World) -> None:
    world.put("2020010101", LIBRARY, ClearanceStatus.PASSED, version=2)

    run(admin, world, table(BRIEF, ("2020010101", "张四", "", GEOLOGY)))

    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)
    assert world.entries() == []


def test_only_the_columns_of_the_file_change_and_an_empty_cell_empties(
    admin: Client, world: World
) -> None:
    run(admin, world, table(("学号", "专业", "住宿信息"), ("2020010101", "哲学", "东区")))
    job = run(admin, world, table(("学号", "姓名", "专业", "院系"), ("2020010101", "", "", "")))

    assert [each["field"] for each in job["rows"]["nodes"][0]["changes"]] == ["MAJOR"]
    found = student(world, "2020010101")
    assert (found.name, found.major, found.dormitory, found.id_number) == (
        "张思", None, "东区", "110101199601010001",
    )  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"archiveMissing": 2}])
def test_the_same_file_once_more_changes_nothing(
    head: Client, world: World, options: dict[str, int]
) -> None:
    content = table(BRIEF, *EVERYBODY[:4], ("N1", "新", "E9", "新学院"))
    asked = {"cohort": DOUBLE, "createDepartments": True, **options}
    first = run(head, world, content, **asked)
    before = roster_files.snapshot(world)

    second = run(head, world, content, **asked)

    assert (sums(first), sums(second)) == ((1, 4, 0, 0), (0, 5, 0, 0))
    assert roster_files.snapshot(world) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(head: Client, world: World) -> None:
    content = table(
        BRIEF,
        ("2020010101", "张四", "110101199601010001", MARX),
        ("N1", "新", "E9", "新学院"),
        ("N2", "", "E8", MARX),
        ("2020020101", "欧阳·娜娜", "E12345678", GEOLOGY),
    )
    options = {"cohort": DOUBLE, "createDepartments": True}
    before = roster_files.snapshot(world)
    tried = run(head, world, content, dryRun=True, **options)
    assert roster_files.snapshot(world) == before
    with world.database.write() as session:
        assert session.scalar(sa.select(Department.id).where(Department.name == "新学院")) is None

    done = run(head, world, content, **options)

    assert tried["dryRun"] is True
    assert sums(tried) == sums(done) == (2, 1, 1, 0)
    assert tried["roster"] == done["roster"]
    assert tried["roster"]["unknownDepartments"] == ["新学院"]
    kept = ("rowNumber", "outcome", "code", "change", "changes", "problems")
    assert [{name: row[name] for name in kept} for row in tried["rows"]["nodes"]] == [
        {name: row[name] for name in kept} for row in done["rows"]["nodes"]
    ]
    assert [each["number"] for each in tried["missingStudents"]["nodes"]] == [
        "2020010102", "2020010103", "2020010104", "2020020102",
    ]  # fmt: skip


def test_a_roster_of_several_batches_is_applied_as_a_whole(admin: Client, world: World) -> None:
    rows = [(f"S{n:05}", f"学生{n:05}", "", MARX) for n in range(5_010)]
    job = run(admin, world, table(BRIEF, *rows, *EVERYBODY), cohort=DOUBLE)

    assert (sums(job), job["total"], job["staged"]) == ((5_010, 6, 0, 0), 5_016, 5_016)
    assert job["roster"]["added"] == 5_010
    with world.database.write() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 5_016
        assert session.scalar(sa.select(sa.func.count()).select_from(Clearance)) == 3 * 5_016


def test_the_workbooks_tell_what_changed_and_are_a_roster_again(
    head: Client, world: World, tmp_path: Path
) -> None:
    rows = [
        ("2020010101", "张四", "110101199601010001", MARX),
        ("N1", "新", "E1", MARX),
        ("2020010102", "李思", "110101199701010002", "无此学院"),
    ]
    path = workbooks.xlsx(tmp_path / "a.xlsx", [("2020级名册",), BRIEF, *rows])
    job = run(head, world, path.read_bytes(), cohort=DOUBLE)

    made = {file["kind"]: head.download(file["url"]) for file in job["files"]}
    sheet = openpyxl.load_workbook(io.BytesIO(made["ANNOTATED"])).worksheets[0]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        [*BRIEF, "原行号", "导入结果", "错误代码", "错误原因", "变更"],
        [*rows[0], "3", "已导入", "ID_CHECK_DIGIT",
         "身份证号“110101199601010001”的校验位不符，已按原号码处理，请留意。", "姓名: 张思 → 张四"],
        [*rows[1], "4", "已导入", None, None, "状态: — → 在册"],
        [*rows[2], "5", "失败", "ID_CHECK_DIGIT、DEPARTMENT_UNKNOWN",
         "身份证号“110101199701010002”的校验位不符，已按原号码处理，请留意。 "
         "没有名为“无此学院”的院系，请核对名称，或在导入时选择新建院系。", None],
    ]  # fmt: skip

    again = run(head, world, made["FAILED_ROWS"], createDepartments=True)
    assert (sums(again), again["unknownColumns"]) == ((1, 0, 0, 0), [])
    assert again["rows"]["nodes"][0]["changes"][0]["new"] == "无此学院"


@pytest.mark.parametrize("status", ["CLOSED", "ARCHIVED"])
def test_a_closed_scheme_keeps_its_roster(admin: Client, world: World, status: str) -> None:
    world.set_scheme(status=status)

    refused = roster_files.start(admin, world, table(BRIEF, *EVERYBODY))

    assert refused["code"] == "SCHEME_READ_ONLY"


def test_departments_are_made_by_administrators_of_all_schemes(admin: Client, world: World) -> None:
    content = table(BRIEF, ("N1", "新", "", "新学院"))

    refused = roster_files.start(admin, world, content, createDepartments=True)

    assert (refused["code"], refused["facts"]) == (
        "FORBIDDEN", [{"name": "right", "value": "ADMINISTER_ALL"}],
    )  # fmt: skip


@pytest.mark.parametrize("login", ["library", "department"])
def test_only_administrators_import_rosters(
    sign_in: Callable[[str], Client], world: World, login: str
) -> None:
    refused = roster_files.start(sign_in(login), world, table(BRIEF, *EVERYBODY))

    assert refused["code"] == "FORBIDDEN"
