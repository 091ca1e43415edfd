"""Failed rows are edited where they are, and they alone are judged again."""

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import ClearanceStatus, Role
from tests import workbooks
from tests.client import Client
from tests.desk import outcomes, repair, repaired, retried, sums
from tests.workbooks import Value
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")

MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
HEADER = ("学号", "姓名", "办理结果", "备注")
ROWS: list[Sequence[Value]] = [
    ("2020010101", "张思", "通过"),
    ("2020010102", "李思", "已办理", "缺章"),
    ("2020010103", "周思", "已办理"),
    ("2020010199", "周思", "通过"),
    ("2020020101", "欧阳·娜娜", "也许"),
]
EDITS = """query($id: ID!) { job(id: $id) { rows(first: 100) { nodes { rowNumber cells
  repair { operator { login } } repairedCells { column old new } checkpoint { title } } } } }"""
HISTORY = """query($where: EntryFilter!) { entries(where: $where, first: 10) { nodes {
  channel rowNumber student { number } operator { login } newStatus newRemark } } }"""


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def book(tmp_path: Path, *rows: Sequence[Value]) -> bytes:
    return workbooks.xlsx(tmp_path / "a.xlsx", [HEADER, *rows]).read_bytes()


@pytest.fixture
def job(library: Client, world: World, tmp_path: Path) -> Any:
    """One row is imported, four have failed."""
    made = library.run_import(book(tmp_path, *ROWS), world.checkpoint(LIBRARY))
    assert outcomes(made) == [
        (2, "APPLIED", None),
        (3, "FAILED", "RESULT_UNKNOWN"),
        (4, "FAILED", "RESULT_UNKNOWN"),
        (5, "FAILED", "STUDENT_NOT_FOUND"),
        (6, "FAILED", "RESULT_UNKNOWN"),
    ]
    return made


def sheet(client: Client, job: Any, kind: str) -> list[tuple[object, ...]]:
    [url] = [file["url"] for file in job["files"] if file["kind"] == kind]
    found = openpyxl.load_workbook(io.BytesIO(client.download(url))).worksheets[0]
    return list(found.iter_rows(values_only=True))


def test_a_repaired_cell_is_judged_and_applied_without_another_upload(
    library: Client, world: World, job: Any
) -> None:
    after = repaired(library, job["id"], (5, "A", " 2020010104 "))

    assert (after["id"], after["status"]) == (job["id"], "FINISHED")
    assert sums(after) == {"applied": 2, "failed": 3}
    assert outcomes(after)[3] == (5, "APPLIED", None)
    assert world.state("2020010104", LIBRARY) == ("PASSED", "", 2)
    told = library.query(EDITS, id=job["id"])["job"]["rows"]["nodes"]
    assert told[3] == {
        "rowNumber": 5,
        "cells": [" 2020010104 ", "周思", "通过"],
        "repair": {"operator": {"login": "library"}},
        "repairedCells": [{"column": "A", "old": "2020010199", "new": " 2020010104 "}],
        "checkpoint": {"title": LIBRARY},
    }
    assert [(each["repair"], each["repairedCells"]) for each in told[:3]] == [(None, [])] * 3
    assert library.query(HISTORY, where={"scheme": world.scheme})["entries"]["nodes"] == [
        {"channel": "REPAIR", "rowNumber": 5, "student": {"number": "2020010104"},
         "operator": {"login": "library"}, "newStatus": "PASSED", "newRemark": ""},
        {"channel": "IMPORT", "rowNumber": 2, "student": {"number": "2020010101"},
         "operator": {"login": "library"}, "newStatus": "PASSED", "newRemark": ""},
    ]  # fmt: skip


def test_one_wrong_value_is_replaced_in_all_failed_rows_that_say_it(
    library: Client, world: World, job: Any
) -> None:
    after = repaired(library, job["id"], column="C", old="已办理", new="不通过")

    assert outcomes(after) == [
        (2, "APPLIED", None),
        (3, "APPLIED", None),
        (4, "APPLIED", None),
        (5, "FAILED", "STUDENT_NOT_FOUND"),
        (6, "FAILED", "RESULT_UNKNOWN"),
    ]
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "缺章", 2)
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)


def test_the_workbooks_tell_the_new_outcome_and_who_repaired_what(
    library: Client, sign_in: Callable[[str], Client], job: Any
) -> None:
    repaired(library, job["id"], column="C", old="已办理", new="通过")
    after = repaired(sign_in("admin"), job["id"], (5, "a", "2020010104"), (5, "D", "补交"))

    lines = sheet(library, after, "ANNOTATED")
    assert lines[0] == (*HEADER, "原行号", "导入结果", "错误代码", "错误原因", "修正")
    told = [(line[4], line[5], line[6]) for line in lines[1:]]
    assert told == [
        ("2", "已导入", None),
        ("3", "已导入", None),
        ("4", "已导入", None),
        ("5", "已导入", None),
        ("6", "失败", "RESULT_UNKNOWN"),
    ]
    assert lines[4][:4] == ("2020010104", "周思", "通过", "补交")
    assert lines[1][8] is lines[5][8] is None
    assert [MOMENT.sub("…", str(line[8])) for line in (lines[2], lines[4])] == [
        "library 老师 … C：“已办理” → “通过”",
        "admin 老师 … A：“2020010199” → “2020010104”；admin 老师 … D：“” → “补交”",
    ]
    assert [line[4] for line in sheet(library, after, "FAILED_ROWS")[1:]] == ["6"]


def test_without_a_failed_row_left_the_workbook_of_failed_rows_goes(
    library: Client, job: Any
) -> None:
    repaired(library, job["id"], column="C", old="已办理", new="通过")
    after = repaired(library, job["id"], (5, "A", "2020010104"), (6, "C", "通过"))

    assert sums(after) == {"applied": 5}
    assert [file["kind"] for file in after["files"]] == ["ANNOTATED"]


def test_a_workbook_with_repairs_can_be_imported_again(
    library: Client, world: World, job: Any
) -> None:
    after = repaired(library, job["id"], column="C", old="已办理", new="通过")
    [url] = [file["url"] for file in after["files"] if file["kind"] == "FAILED_ROWS"]
    again = library.run_import(library.download(url), world.checkpoint(LIBRARY))

    assert again["unknownColumns"] == []
    assert outcomes(again) == [(2, "FAILED", "STUDENT_NOT_FOUND"), (3, "FAILED", "RESULT_UNKNOWN")]


def test_a_repair_that_is_wrong_too_fails_with_its_own_code_and_is_repaired_again(
    library: Client, world: World, job: Any
) -> None:
    after = repaired(library, job["id"], (6, "C", "可能"))
    assert after["rows"]["nodes"][4]["problems"] == [
        {"code": "RESULT_UNKNOWN", "column": "C", "value": "可能",
         "message": "办理结果“可能”无法识别，请填写“通过”或“未通过”。"}
    ]  # fmt: skip
    after = repaired(library, job["id"], (6, "C", "通过"), (6, "B", "欧阳娜娜"))

    assert outcomes(after)[4] == (6, "APPLIED", None)
    assert sums(after) == {"applied": 2, "failed": 3}
    told = library.query(EDITS, id=job["id"])["job"]["rows"]["nodes"][4]["repairedCells"]
    assert told == [
        {"column": "C", "old": "也许", "new": "可能"},
        {"column": "C", "old": "可能", "new": "通过"},
        {"column": "B", "old": "欧阳·娜娜", "new": "欧阳娜娜"},
    ]
    assert world.state("2020020101", LIBRARY) == ("PASSED", "", 2)


def test_a_repair_decides_as_who_repaired_it_within_their_scope(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    """The operator of one department uploads a row of another; the administrator may pass it."""
    world.put_all(SUPERVISOR, ClearanceStatus.PASSED)
    own = sign_in("affairs").run_import(
        book(tmp_path, ("2020020102", "吴思", "通过")), world.checkpoint(AFFAIRS)
    )
    assert outcomes(own) == [(2, "FAILED", "STUDENT_NOT_FOUND")]
    again = retried(sign_in("admin"), own["id"])
    assert outcomes(again) == [(2, "FAILED", "STUDENT_NOT_FOUND")]

    after = repaired(sign_in("admin"), own["id"], (2, "D", "代办"))
    assert outcomes(after) == [(2, "APPLIED", None)]
    [entry] = world.entries()
    assert (entry.channel, entry.operator_id) == ("REPAIR", world.people["admin"])


def test_what_was_decided_before_the_repair_is_known_and_what_comes_later_is_left_alone(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    """A row that somebody decided after the upload fails, and passes once it is repaired."""
    client = sign_in("library")
    file = client.upload(book(tmp_path, ("2020010101", "张思", "通过")))
    decide = """mutation($student: ID!, $checkpoint: ID!) { decide(student: $student,
      checkpoint: $checkpoint, act: REFUSE, expectedVersion: 1, remark: "欠书") {
      ... on Clearance { status } } }"""
    checkpoint = world.checkpoint(LIBRARY)
    sign_in("admin").query(decide, student=world.student("2020010101"), checkpoint=checkpoint)
    job = client.finished(client.import_file(file, checkpoint)["id"])
    assert outcomes(job) == [(2, "FAILED", "STALE_STATE")]

    assert outcomes(retried(client, job["id"])) == [(2, "FAILED", "STALE_STATE")]
    after = repaired(client, job["id"], (2, "C", "通过"))
    assert outcomes(after) == [(2, "APPLIED", None)]
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 3)


def test_a_repaired_row_may_not_contradict_one_that_was_decided(
    library: Client, world: World, job: Any
) -> None:
    after = repaired(library, job["id"], (5, "A", "2020010101"), (5, "B", ""), (5, "C", "不通过"))
    assert outcomes(after)[3] == (5, "FAILED", "DUPLICATE_CONFLICT")
    assert after["rows"]["nodes"][3]["problems"][0]["message"] == (
        "同一学生在第 2、5 行的内容互相矛盾，均未导入，请只保留一行。"
    )
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)

    after = repaired(library, job["id"], (5, "C", "通过"))
    assert outcomes(after)[3] == (5, "UNCHANGED", "DUPLICATE_ROW")
    assert len(world.entries()) == 1


def test_rows_that_contradict_each_other_are_settled_by_repairing_one(
    library: Client, world: World, tmp_path: Path
) -> None:
    rows = (("2020010101", "张思", "通过"), ("2020010101", "张思", "不通过"))
    job = library.run_import(book(tmp_path, *rows), world.checkpoint(LIBRARY))
    after = repaired(library, job["id"], (3, "A", "2020010102"), (3, "B", "李思"))
    assert outcomes(after) == [(2, "FAILED", "DUPLICATE_CONFLICT"), (3, "APPLIED", None)]

    after = retried(library, job["id"])
    assert outcomes(after) == [(2, "APPLIED", None), (3, "APPLIED", None)]


REFUSED = [
    ({"cells": [(2, "C", "通过")]}, "ROW_NOT_REPAIRABLE", ["cells", "row"],
     "第 2 行不是失败行，不能修正。如需更改办理结果，请单个办理。"),
    ({"cells": [(3, "C", "通过"), (99, "C", "通过")]}, "ROW_NOT_REPAIRABLE", ["cells", "row"],
     "第 99 行不是失败行，不能修正。如需更改办理结果，请单个办理。"),
    ({"cells": [(3, "E", "通过")]}, "INVALID_INPUT", ["cells", "column"],
     "“column”的值“E”无效：须为文件中一列的列标（如 C）。"),
    ({"cells": [(3, "C", "通" * 2001)]}, "INVALID_INPUT", ["cells", "value"],
     "“value”的值“通通通通通通通通通通通通通通通通通通通通”无效：须为 0-2000 个字符。"),
    ({"cells": []}, "INVALID_INPUT", ["cells"], "“cells”的值“未填写”无效：至少填写一个值。"),
    ({"column": "C", "old": "已办", "new": "通过"}, "INVALID_INPUT", ["replace", "old"],
     "“old”的值“已办”无效：失败行的该列中没有这个值。"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "code", "path", "message"), REFUSED)
def test_a_repair_that_cannot_be_is_refused_and_nothing_changes(
    library: Client, job: Any, asked: dict[str, Any], code: str, path: list[str], message: str
) -> None:
    cells = asked.pop("cells") if "cells" in asked else ()
    answer = repair(library, job["id"], *cells, **asked)
    assert (answer["code"], answer["path"], answer["message"]) == (code, path, message)
    assert library.finished(job["id"]) == job


def test_neither_a_dry_run_nor_a_job_without_failed_rows_is_repaired(
    library: Client, world: World, tmp_path: Path
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    rehearsal = library.run_import(book(tmp_path, *ROWS), checkpoint, dryRun=True)
    fine = library.run_import(book(tmp_path, ROWS[0]), checkpoint)
    for job in (rehearsal, fine):
        answer = repair(library, job["id"], (3, "C", "通过"))
        assert answer == {
            "code": "JOB_NOT_REPAIRABLE",
            "message": "任务（批量导入，已完成）不能修正："
            "只有已结束、非试运行、有失败行的办理导入可以修正。",
            "path": [],
            "facts": [{"name": "kind", "value": "IMPORT"}, {"name": "status", "value": "FINISHED"}],
        }


def test_who_may_not_decide_any_more_may_not_repair(
    sign_in: Callable[[str], Client], world: World, library: Client, job: Any
) -> None:
    assert repair(sign_in("affairs"), job["id"], (3, "C", "通过"))["code"] == "NOT_FOUND"
    world.hire("scheme-admin", Role.ADMINISTRATOR)
    with world.database.write() as session:
        session.connection().exec_driver_sql(
            "DELETE FROM grants WHERE operator_id = %s", (world.people["library"],)
        )
        session.connection().exec_driver_sql(
            "INSERT INTO grants (operator_id, role, scheme_id, checkpoint_id)"
            " VALUES (%s, 'CHECKPOINT_OPERATOR', %s, %s)",
            (world.people["library"], world.scheme_id, world.checkpoints[AFFAIRS]),
        )
    assert repair(library, job["id"], (3, "C", "通过"))["code"] == "FORBIDDEN"
    assert sums(library.finished(job["id"])) == {"applied": 1, "failed": 4}
