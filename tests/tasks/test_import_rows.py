"""Every code of a row, every way to write a number or a name: one workbook, one job, exact."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from domain import ids
from domain.ids import Noun
from models import Channel, ClearanceStatus, Grant, NotRequiredBy, Role
from tests import cases, workbooks
from tests.client import Client
from tests.tasks.import_lines import (
    APPLIED,
    ENROLLED,
    FAILED,
    HEADER,
    LINES,
    LONG,
    MATCHED,
    UNCHANGED,
    Line,
    Problem,
)
from tests.workbooks import Value
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def dean(world: World, sign_in: Callable[[str], Client]) -> Client:
    """Decides at AFFAIRS for one department, sees another, and knows nothing of a third."""
    world.enrol(
        *({"学号": n, "姓名": name, "身份证号": i, "院系": d} for n, name, i, d in ENROLLED)
    )
    world.put_all(SUPERVISOR, ClearanceStatus.PASSED)
    world.hire("dean", Role.CHECKPOINT_OPERATOR, AFFAIRS, MARX)
    with world.database.write() as session:
        session.add(
            Grant(
                operator_id=world.people["dean"],
                role=Role.DEPARTMENT_OPERATOR,
                scheme_id=world.scheme_id,
                department_id=world.departments[GEOLOGY],
            )
        )
    cases.put(world, "2021000021", AFFAIRS, ClearanceStatus.NOT_REQUIRED)
    world.put("2021000022", SUPERVISOR, ClearanceStatus.PENDING)
    world.put("2021000023", SUPERVISOR, ClearanceStatus.REFUSED)
    world.put("2021000025", AFFAIRS, ClearanceStatus.PASSED, remark="旧")
    world.put("2021000026", AFFAIRS, ClearanceStatus.REFUSED, remark="旧")
    world.put("2021000027", AFFAIRS, ClearanceStatus.PASSED, remark="旧")
    return sign_in("dean")


def decided_meanwhile(world: World, number: str) -> None:
    """Somebody else refuses the student after the upload."""
    now = dt.datetime.now(dt.UTC)
    operator = world.people["affairs"]
    world.put(number, AFFAIRS, ClearanceStatus.REFUSED, decided_at=now, operator_id=operator)


def book(tmp_path: Path, header: Sequence[Value], lines: Iterable[Sequence[Value]]) -> bytes:
    return workbooks.xlsx(tmp_path / "rows.xlsx", [header, *lines]).read_bytes()


def told(job: Any) -> list[tuple[int, str, str | None, list[Problem]]]:
    """Row, outcome, code and problems of every row."""
    return [
        (row["rowNumber"], row["outcome"], row["code"], problems_of(row))
        for row in job["rows"]["nodes"]
    ]


def problems_of(row: Any) -> list[Problem]:
    return [(each["code"], each["column"], each["value"]) for each in row["problems"]]


def expected(lines: Sequence[Line]) -> list[tuple[int, str, str | None, list[Problem]]]:
    return [
        (place, outcome, first_code(problems), problems)
        for place, (_, outcome, problems) in enumerate(lines, 2)
    ]


def first_code(problems: list[Problem]) -> str | None:
    return next((code for code, _, _ in problems if code != "ID_CHECK_DIGIT"), None)


def sums(job: Any) -> tuple[int, int, int, int]:
    return job["applied"], job["unchanged"], job["failed"], job["unprocessed"]


def test_every_row_has_its_outcome_its_code_and_every_problem_and_a_dry_run_says_the_same(
    dean: Client, world: World, tmp_path: Path
) -> None:
    file = dean.upload(book(tmp_path, HEADER, [cells for cells, _, _ in LINES]))
    decided_meanwhile(world, "2021000024")
    checkpoint = world.checkpoint(AFFAIRS)

    tried = dean.finished(dean.import_file(file, checkpoint, dryRun=True)["id"])
    states = [world.state(number, AFFAIRS) for number in world.students]
    assert (tried["dryRun"], world.entries()) == (True, [])

    done = dean.finished(dean.import_file(file, checkpoint)["id"])

    assert told(done) == expected(LINES)
    outcomes = [outcome for _, outcome, _ in LINES]
    assert sums(done) == (*map(outcomes.count, (APPLIED, UNCHANGED, FAILED)), 0)
    assert (done["total"], done["staged"], done["processed"]) == (len(LINES),) * 3
    assert tried["rows"] == done["rows"]
    assert sums(tried) == sums(done)
    applied = [row["rowNumber"] for row in done["rows"]["nodes"] if row["outcome"] == APPLIED]
    entries = world.entries()
    assert sorted(entry.row_number or 0 for entry in entries) == applied
    job_id = ids.decode(done["id"], Noun.JOB)
    assert {(entry.channel, entry.job_id) for entry in entries} == {(Channel.IMPORT, job_id)}
    changed = [world.state(number, AFFAIRS) for number in world.students]
    assert sum(old != new for old, new in zip(states, changed, strict=True)) == len(applied)


def test_a_row_says_who_it_named_what_it_asked_and_what_stood_in_the_file(
    dean: Client, world: World, tmp_path: Path
) -> None:
    lines: list[Sequence[Value]] = [("e8765432", "欧阳•娜娜", "不合格", " 缺表 ", None)]
    job = dean.run_import(book(tmp_path, HEADER, lines), world.checkpoint(AFFAIRS))

    assert job["rows"]["nodes"] == [
        {
            "rowNumber": 2,
            "cells": ["e8765432", "欧阳•娜娜", "不合格", " 缺表 "],
            "key": "E8765432",
            "name": "欧阳•娜娜",
            "act": "REFUSE",
            "remark": "缺表",
            "outcome": "APPLIED",
            "code": None,
            "student": {"number": "2021000044"},
            "problems": [],
        }
    ]
    assert world.state("2021000044", AFFAIRS) == ("REFUSED", "缺表", 2)


MESSAGES = [
    "办理结果“也许”无法识别，请填写“通过”或“未通过”。",
    "备注有 501 个字，最多 500 个字，请缩短。",
    "文件中的姓名“别人”与名册中的姓名“学生18”不一致，请核对是否填错了人。",
    "同一学生在第 3、4 行的内容互相矛盾，均未导入，请只保留一行。",
    "同一学生在第 3、4 行的内容互相矛盾，均未导入，请只保留一行。",
    "身份证号“1.10101E+17”被存为数字，末几位已丢失。请把该列设为文本后重新填写完整号码。",
    "这一行的“2020010102”与“E8765432”不是同一名学生，请核对。",
    "前置环节尚未通过：导师审核。请先办理前置环节。",
    "该学生在环节“学工审核”无需办理，请从名单中去掉该学生。",
    "您没有“办理”的权限，请联系系统管理员。",
]
ENGLISH = [
    "The result “也许” is not known; write 通过 or 未通过.",
    "The remark has 501 characters; shorten it to 500.",
    "The name “别人” differs from “学生18” in the roster; check that it is the right person.",
    "Rows 3, 4 contradict each other for the same student; none was imported, keep one.",
    "Rows 3, 4 contradict each other for the same student; none was imported, keep one.",
    "The ID number “1.10101E+17” was stored as a number and has lost its last digits; format the"
    " column as text and enter it again.",
    "“2020010102” and “E8765432” in this row are not the same student; check them.",
    "These checkpoints must be passed first: 导师审核.",
    "The student is not required at the checkpoint “学工审核”; leave them out.",
    "You have no right to decide here; ask an administrator.",
]


def test_every_problem_is_a_sentence_in_the_language_of_the_reader(
    dean: Client, world: World, tmp_path: Path
) -> None:
    lines: list[Sequence[Value]] = [
        ("2021000018", "别人", "也许", LONG),
        ("2021000020", "学生20", "通过"),
        ("2021000020", "学生20", "不通过"),
        ("1.10101E+17", "张思", "通过"),
        ("2020010102", "李思", "通过", None, "E8765432"),
        ("2021000022", "学生22", "通过"),
        ("2021000021", "学生21", "通过"),
        ("2020020102", "吴思", "通过"),
    ]
    job = dean.run_import(book(tmp_path, HEADER, lines), world.checkpoint(AFFAIRS))

    def sentences(found: Any) -> list[str]:
        return [each["message"] for row in found["rows"]["nodes"] for each in row["problems"]]

    assert sentences(job) == MESSAGES
    dean.http.headers["accept-language"] = "en-GB,en;q=0.9"
    assert sentences(dean.finished(job["id"])) == ENGLISH


@pytest.mark.parametrize(("match_by", "header", "lines"), MATCHED)
def test_rows_are_matched_by_the_number_that_was_chosen(
    dean: Client,
    world: World,
    tmp_path: Path,
    match_by: str,
    header: Sequence[str],
    lines: list[Line],
) -> None:
    content = book(tmp_path, header, [cells for cells, _, _ in lines])
    job = dean.run_import(content, world.checkpoint(AFFAIRS), matchBy=match_by)

    assert told(job) == expected(lines)


def test_contradictions_are_found_however_far_apart_they_stand(
    dean: Client, world: World, tmp_path: Path
) -> None:
    between = [(f"X{n}", "", "通过") for n in range(5_100)]
    lines = [("2021000001", "", "通过"), *between, ("2021000001", "", "未通过")]
    job = dean.run_import(book(tmp_path, HEADER, lines), world.checkpoint(AFFAIRS))

    assert sums(job) == (0, 0, 5_102, 0)
    first = job["rows"]["nodes"][0]
    assert (first["code"], first["problems"][0]["message"]) == (
        "DUPLICATE_CONFLICT",
        "同一学生在第 2、5103 行的内容互相矛盾，均未导入，请只保留一行。",
    )
    assert world.entries() == []


def test_a_stale_row_is_kept_with_who_and_when_unless_the_newer_decision_is_overridden(
    dean: Client, world: World, tmp_path: Path
) -> None:
    file = dean.upload(book(tmp_path, HEADER, [("2021000024", "学生24", "通过")]))
    moment = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=1)
    world.put(
        "2021000024", AFFAIRS, ClearanceStatus.REFUSED,
        decided_at=moment, operator_id=world.people["affairs"],
    )  # fmt: skip
    checkpoint = world.checkpoint(AFFAIRS)

    kept = dean.finished(dean.import_file(file, checkpoint)["id"])
    assert world.state("2021000024", AFFAIRS) == ("REFUSED", "", 1)
    [row] = kept["rows"]["nodes"]
    local = moment.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert row["problems"][0]["message"] == (
        f"该学生已由 affairs 老师 于 {local:%Y-%m-%d %H:%M:%S} 办理为“未通过”，请刷新后再办理。"
    )

    overridden = dean.finished(dean.import_file(file, checkpoint, ifNewer="OVERRIDE")["id"])
    assert told(overridden) == [(2, APPLIED, None, [])]
    assert world.state("2021000024", AFFAIRS) == ("PASSED", "", 2)


def test_a_waived_student_in_the_list_of_an_export_is_left_alone(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    world.put(
        "2020010101", LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by=NotRequiredBy.WAIVER
    )
    content = book(tmp_path, ("学号", "图书馆"), [("2020010101", "无需办理")])
    job = sign_in("library").run_import(content, world.checkpoint(LIBRARY))

    assert told(job) == [(2, UNCHANGED, "NO_RESULT", [("NO_RESULT", "B", "无需办理")])]
    assert world.state("2020010101", LIBRARY) == ("NOT_REQUIRED", "", 1)
