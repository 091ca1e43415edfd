"""Rows of a roster: whom they name, what is wrong with them, who stands there twice."""

from collections.abc import Callable

import pytest

from tests.client import Client
from tests.tasks import export_files
from tests.tasks.roster_files import DOUBLE, codes, lines, run, student, sums, table
from tests.world import MARX, World

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def test_every_error_of_a_row_is_told(admin: Client, world: World) -> None:
    header = (
        "学号",
        "身份证号",
        "姓名",
        "性别",
        "年级",
        "学生范围",
        "院系",
        "是否户口迁移",
        "专业",
    )
    content = table(
        header,
        ("N1", "110101199713010002", "", "未知", "十六", "博士", "无此学院", "也许", "长" * 101),
        ("", "", "无名", "", "", "", MARX, "", ""),
        ("2020010101", "110101199701010002", "张思", "", "", "", "无此学院", "", ""),
        ("N2", "1.10101E+17", "新", "", "", "", "", "", ""),
        ("N" * 51, "E7", "新", "", "", "本科生", MARX, "", ""),
    )
    job = run(admin, world, content, cohort=DOUBLE)

    assert sums(job) == (0, 0, 5, 0)
    told = {
        row["rowNumber"]: [
            (each["code"], each["column"], each["value"]) for each in row["problems"]
        ]
        for row in job["rows"]["nodes"]
    }
    assert told[2] == [
        ("ID_MALFORMED", "B", "110101199713010002"),
        ("VALUE_UNKNOWN", "D", "未知"),
        ("VALUE_UNKNOWN", "E", "十六"),
        ("VALUE_UNKNOWN", "F", "博士"),
        ("VALUE_UNKNOWN", "H", "也许"),
        ("VALUE_TOO_LONG", "I", "长" * 101),
        ("DEPARTMENT_UNKNOWN", "G", "无此学院"),
        ("VALUE_MISSING", "C", ""),
    ]
    assert told[3] == [("KEY_MISSING", "A", "")]
    assert told[4] == [
        ("ID_CHECK_DIGIT", "B", "110101199701010002"),
        ("KEY_MISMATCH", "B", "110101199701010002"),
        ("DEPARTMENT_UNKNOWN", "G", "无此学院"),
    ]
    assert told[5] == [("ID_PRECISION_LOST", "B", "1.10101E+17"), ("VALUE_MISSING", "G", "")]
    assert told[6] == [("VALUE_TOO_LONG", "A", "N" * 51)]
    messages = [each["message"] for each in job["rows"]["nodes"][0]["problems"]]
    assert messages[1] == "“性别”的值“未知”无法识别，请填写：男、女。"


def test_new_students_need_columns_that_changes_do_not(admin: Client, world: World) -> None:
    content = table(("学号", "专业"), ("2020010101", "哲学"), ("N1", "哲学"))
    job = run(admin, world, content)

    assert sums(job) == (1, 0, 1, 0)
    [problem] = job["rows"]["nodes"][1]["problems"]
    assert (problem["code"], problem["message"]) == (
        "COLUMN_MISSING", "缺少列：姓名、院系、学生范围，请补上。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (table(("姓名", "院系"), ("张思", MARX)), "KEY_COLUMN_MISSING"),
        (table(("学号", "学号"), ("1", "2")), "HEADER_DUPLICATE"),
        (table(("甲", "乙"), ("1", "2")), "HEADER_MISSING"),
        (table(("学号", "姓名")), "NO_ROWS"),
        ("没有表格".encode(), "NOT_A_WORKBOOK"),
        ('学号,姓名\n"1,2\n3,4\n'.encode(), "FILE_DAMAGED"),
    ],
)
def test_a_file_that_is_no_roster_changes_nothing(
    admin: Client, world: World, content: bytes, code: str
) -> None:
    job = run(admin, world, content, archiveMissing=6)

    assert (job["status"], job["problem"]["code"], job["roster"]["archived"]) == (
        "FAILED", code, 0,
    )  # fmt: skip
    assert lines(world) == []


def test_whom_a_row_names(admin: Client, world: World) -> None:
    world.enrol(
        {"学号": "", "考生号": "C1", "姓名": "考生", "院系": MARX},
        {"学号": "N1", "身份证号": "E1", "姓名": "有号", "院系": MARX},
    )
    header = ("学号", "考生号", "身份证号", "专业")
    content = table(
        header,
        ("20200 10101", "", "", "甲"),
        ("", "", "１１０１０１19970101000２", "乙"),
        ("N9", "c1", "", "丙"),
        ("", "", "110101********0003", "丁"),
        ("2020010103", "", "110101********0003", "戊"),
        ("N1", "C7", "E2", "己"),
    )
    job = run(admin, world, content)

    named = [row["student"] and row["student"]["number"] for row in job["rows"]["nodes"]]
    assert named == ["2020010101", "2020010102", "N9", None, "2020010103", "N1"]
    assert codes(job)[5] == ["KEY_MISSING"]
    assert (student(world, "2020010103").id_number, student(world, "N1").id_number) == (
        "110101199701010003", "E2",
    )  # fmt: skip
    assert student(world, "N9").candidate_number == "C1"


def test_a_student_who_stands_twice_is_changed_once_or_not_at_all(
    admin: Client, world: World
) -> None:
    header = ("学号", "身份证号", "姓名", "院系")
    content = table(
        header,
        ("2020010101", "", "张四", MARX),
        ("", "110101199601010001", "张四", MARX),
        ("2020010102", "", "李四", MARX),
        ("2020010102", "", "李五", MARX),
        ("N1", "E1", "新", MARX),
        ("N2", "E1", "新", MARX),
        ("N3", "E3", "又新", MARX),
        ("N3", "E3", "又新", MARX),
    )
    job = run(admin, world, content, cohort=DOUBLE)

    assert sums(job) == (2, 2, 4, 0)
    outcomes = {row["rowNumber"]: (row["outcome"], row["code"]) for row in job["rows"]["nodes"]}
    assert outcomes == {
        2: ("APPLIED", None),
        3: ("UNCHANGED", "DUPLICATE_ROW"),
        4: ("FAILED", "DUPLICATE_CONFLICT"),
        5: ("FAILED", "DUPLICATE_CONFLICT"),
        6: ("FAILED", "DUPLICATE_CONFLICT"),
        7: ("FAILED", "DUPLICATE_CONFLICT"),
        8: ("APPLIED", None),
        9: ("UNCHANGED", "DUPLICATE_ROW"),
    }
    assert "第 6、7 行" in job["rows"]["nodes"][4]["problems"][-1]["message"]
    assert student(world, "2020010102").name == "李思"


def test_keys_never_change_hands_in_one_file(admin: Client, world: World) -> None:
    content = table(
        ("学号", "身份证号"),
        ("2020010101", "110101199701010002"),
        ("2020010102", "110101199601010001"),
    )
    job = run(admin, world, content)

    assert [codes(job)[row][-1] for row in (2, 3)] == ["KEY_MISMATCH", "KEY_MISMATCH"]
    assert lines(world) == []


def test_an_unusual_training_level_is_taken_with_a_warning(admin: Client, world: World) -> None:
    content = table(("学号", "培养层次"), ("2020010101", "硕土"), ("2020010102", "博士"))

    job = run(admin, world, content)

    assert sums(job) == (2, 0, 0, 0)
    [told, usual] = job["rows"]["nodes"]
    assert (told["outcome"], told["code"], usual["problems"]) == ("APPLIED", None, [])
    assert told["problems"] == [
        {"code": "VALUE_UNUSUAL", "column": "B", "value": "硕土",
         "message": "“培养层次”的值“硕土”不是常见的专科、本科、硕士、博士，已按原样处理，"
         "请核对是否写错。"}
    ]  # fmt: skip
    assert student(world, "2020010101").training_level == "硕土"


def test_the_result_of_the_widest_row_fills_a_sheet(admin: Client, world: World) -> None:
    job = run(admin, world, table(("学号", "姓名"), ("2020010101", "张四", *["x"] * 16_377)))

    assert (job["status"], sums(job)) == ("FINISHED", (1, 0, 0, 0))
    told = export_files.xlsx(admin.download(job["files"][0]["url"]))
    assert [len(line) for line in told] == [16_384] * 2
    assert told[1][-5:] == ["2", "已导入", None, None, "姓名: 张思 → 张四"]
