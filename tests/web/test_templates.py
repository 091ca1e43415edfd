"""The template of a checkpoint: exact rows, only one's own pending students, and the way back."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.worksheet.worksheet import Worksheet

from models import ClearanceStatus, Student, StudentStatus
from tests import cases
from tests.client import Client
from tests.world import AFFAIRS, LIBRARY, MARX, SUPERVISOR, World

HINTS = [
    ("请在“办理结果”列选择“通过”或“未通过”；留空的行不作改动。", None, None, None),
    ("未通过时请在“备注”中写明原因（最多 500 字）。", None, None, None),
    (
        "请勿改动表头；学号可为文本或数字，前后空格不影响匹配。可增删行，可重复导入，结果逐行反馈。",
        None, None, None,
    ),
]  # fmt: skip


def template(client: Client, checkpoint: str) -> Worksheet:
    content = client.download(f"/templates/{checkpoint}.xlsx")
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_it_has_title_requirement_hints_and_the_pending_students_of_ones_scope(
    sign_in: Callable[[str], Client], world: World
) -> None:
    world.put("2020010102", AFFAIRS, ClearanceStatus.PASSED)
    world.put("2020010103", AFFAIRS, ClearanceStatus.REFUSED)
    world.enrol(
        {"学号": "0012", "姓名": "=1+1", "院系": MARX},
        {"学号": "0013", "姓名": "归档", "院系": MARX},
        {"学号": "0014", "姓名": "免办", "院系": MARX},
    )
    cases.put(world, "0014", AFFAIRS, ClearanceStatus.NOT_REQUIRED)
    with world.database.write() as session:
        session.execute(
            sa.update(Student).where(Student.number == "0013").values(status=StudentStatus.ARCHIVED)
        )
    sheet = template(sign_in("affairs"), world.checkpoint(AFFAIRS))

    assert list(sheet.iter_rows(values_only=True)) == [
        ("学工审核", None, None, None),
        ("办理要求：提交毕业生登记表", None, None, None),
        *HINTS,
        ("学号", "姓名", "办理结果", "备注"),
        ("0012", "=1+1", None, None),
        ("2020010101", "张思", None, None),
        ("2020010104", "周思", None, None),
    ]
    (choice,) = sheet.data_validations.dataValidation
    assert (str(choice.sqref), choice.formula1) == ("C7:C509", '"通过,未通过"')
    assert (sheet.title, sheet.freeze_panes) == ("学工审核", "A7")


def test_students_without_a_number_are_named_otherwise_and_no_id_number_is_shown(
    sign_in: Callable[[str], Client], world: World
) -> None:
    world.put_all(SUPERVISOR, ClearanceStatus.PASSED)
    world.enrol(
        {"考生号": "007", "姓名": "考生", "院系": MARX},
        {"身份证号": "P001", "姓名": "护照", "院系": MARX},
    )
    sheet = template(sign_in("supervisor"), world.checkpoint(SUPERVISOR))

    assert list(sheet.iter_rows(min_row=6, values_only=True)) == [
        ("学号", "考生号", "身份证号", "姓名", "办理结果", "备注"),
        (None, "007", None, "考生", None, None),
        (None, None, None, "护照", None, None),
    ]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "E7:E508"


@pytest.mark.usefixtures("worker")
def test_filled_in_it_goes_through_as_it_is(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    world.enrol({"考生号": "007", "姓名": "考生", "院系": MARX})
    client = sign_in("library")
    sheet = template(client, world.checkpoint(LIBRARY))
    sheet["D7"], sheet["D8"] = "通过", "通过"
    sheet["D9"], sheet["E9"] = "未通过", "欠书"
    assert sheet.parent is not None
    sheet.parent.save(tmp_path / "a.xlsx")
    job = client.run_import((tmp_path / "a.xlsx").read_bytes(), world.checkpoint(LIBRARY))

    rows = [(row["rowNumber"], row["key"], row["outcome"]) for row in job["rows"]["nodes"]]
    assert rows == [
        (7, "007", "APPLIED"),
        (8, "2020010101", "APPLIED"),
        (9, "2020010102", "APPLIED"),
        (10, "2020010103", "UNCHANGED"),
        (11, "2020010104", "UNCHANGED"),
        (12, "2020020101", "UNCHANGED"),
        (13, "2020020102", "UNCHANGED"),
    ]
    assert (job["problem"], job["unknownColumns"]) == (None, [])
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "欠书", 2)
    assert world.state("007", LIBRARY) == ("PASSED", "", 2)


def test_it_comes_as_a_file_named_after_the_checkpoint(
    sign_in: Callable[[str], Client], world: World
) -> None:
    answer = sign_in("library").http.get(f"/templates/{world.checkpoint(LIBRARY)}.xlsx")

    assert (answer.headers["content-disposition"], answer.headers["content-type"]) == (
        f"attachment; filename*=UTF-8''{quote('图书馆.xlsx')}",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


@pytest.mark.parametrize(("login", "checkpoint"), [("department", AFFAIRS), ("library", AFFAIRS)])
def test_it_is_forbidden_to_somebody_who_decides_nothing_there(
    sign_in: Callable[[str], Client], world: World, login: str, checkpoint: str
) -> None:
    answer = sign_in(login).http.get(f"/templates/{world.checkpoint(checkpoint)}.xlsx")

    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    assert answer.json()["message"] == "您没有“办理”的权限，请联系系统管理员。"


def test_there_is_none_for_a_checkpoint_that_is_not_there(
    sign_in: Callable[[str], Client], world: World
) -> None:
    for public_id in ("nonsense", world.student("2020010101"), "Q2hlY2twb2ludDo5OTk"):
        answer = sign_in("library").http.get(f"/templates/{public_id}.xlsx")
        assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
            404, "NOT_FOUND", "找不到离校环节，或它不在您的权限范围内。",
        )  # fmt: skip
