"""An export: exact cells, what is masked, what it was about, and that it can be imported again."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.workbook import Workbook

from domain.workbook import excel
from models import ClearanceStatus, Job
from tests import cases
from tests.client import Client
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")

START = """
mutation($where: StudentFilter!, $columns: [StudentColumn!], $full: Boolean! = false) {
  startExport(where: $where, columns: $columns, fullIdNumbers: $full) {
    ... on Job { id kind status }
    ... on Refused { code message path facts { name value } }
  }
}
"""
HEADER = [
    "学号", "考生号", "身份证号", "姓名", "性别", "年级", "学生范围", "院系", "专业", "班级",
    "学生类别", "培养层次", "是否户口迁移", "住宿信息", SUPERVISOR, AFFAIRS, LIBRARY,
]  # fmt: skip
WILD = {
    "学号": "0012", "考生号": "105", "身份证号": "11010519491231002X", "姓名": "=1+1", "性别": "女",
    "年级": "2020", "院系": MARX, "专业": "+86", "班级": "@班", "学生类别": "学历硕士",
    "培养层次": "硕士", "是否户口迁移": "是", "住宿信息": "-东区",
}  # fmt: skip
ONLY_PASSPORT = {"身份证号": "P001", "姓名": "只有护照", "院系": GEOLOGY}
ONLY_CANDIDATE = {"考生号": "007", "姓名": "考生", "院系": MARX}


def export(client: Client, world: World, **values: Any) -> tuple[Any, bytes]:
    """The finished job and its file."""
    where = {"scheme": world.scheme} | values.pop("where", {})
    started = client.query(START, where=where, **values)["startExport"]
    job = client.finished(started["id"])
    assert (job["status"], job["problem"]) == ("FINISHED", None)
    return job, client.download(job["files"][0]["url"])


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(content: bytes) -> list[list[object]]:
    return [list(row) for row in opened(content).worksheets[0].iter_rows(values_only=True)]


def test_it_has_every_column_and_a_status_for_every_checkpoint_all_as_text(
    sign_in: Callable[[str], Client], world: World
) -> None:
    world.enrol(WILD, ONLY_CANDIDATE)
    world.put("0012", SUPERVISOR, ClearanceStatus.PASSED)
    world.put("0012", AFFAIRS, ClearanceStatus.REFUSED)
    cases.put(world, "0012", LIBRARY, ClearanceStatus.NOT_REQUIRED)
    job, content = export(sign_in("affairs"), world, where={"candidateNumbers": ["105", "007"]})

    assert table(content) == [
        HEADER,
        [None, "007", None, "考生", None, None, "双证研究生", MARX, *[None] * 6, *["未办理"] * 3],
        [
            "0012", "105", "110105********002X", "=1+1", "女", "2020", "双证研究生", MARX, "+86",
            "@班", "学历硕士", "硕士", "是", "-东区", "已通过", "未通过", "无需办理",
        ],
    ]  # fmt: skip
    sheet = opened(content).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet.freeze_panes == "A2"
    assert {name: job[name] for name in ("kind", "total", "staged", "applied", "processed")} == {
        "kind": "EXPORT", "total": 2, "staged": 2, "applied": 2, "processed": 2,
    }  # fmt: skip
    assert [(file["kind"], file["name"], file["size"]) for file in job["files"]] == [
        ("EXPORT", "学生列表-2020级研究生6月份.xlsx", len(content))
    ]


def test_it_holds_the_students_of_ones_scope_by_number(
    sign_in: Callable[[str], Client], world: World
) -> None:
    for login, numbers in (
        ("affairs-geology", ["2020020101", "2020020102"]),
        ("affairs", ["2020010101", "2020010102", "2020010103", "2020010104"]),
    ):
        _, content = export(sign_in(login), world, columns=["NUMBER"])
        assert [row[0] for row in table(content)] == ["学号", *numbers]


def test_the_columns_are_those_that_were_chosen_in_their_order(
    sign_in: Callable[[str], Client], world: World
) -> None:
    _, content = export(
        sign_in("library"),
        world,
        where={"numbers": ["2020020101"]},
        columns=["NAME", "ID_NUMBER", "NUMBER"],
    )

    assert table(content) == [
        ["姓名", "身份证号", "学号", SUPERVISOR, AFFAIRS, LIBRARY],
        ["欧阳·娜娜", "E*******8", "2020020101", "未办理", "未办理", "未办理"],
    ]


def test_nobody_is_an_empty_table(sign_in: Callable[[str], Client], world: World) -> None:
    job, content = export(
        sign_in("library"), world, where={"numbers": ["nobody"]}, columns=["NAME"]
    )

    assert table(content)[0] == ["姓名", SUPERVISOR, AFFAIRS, LIBRARY]
    assert [cell for row in table(content)[1:] for cell in row if cell] == []
    assert (job["total"], job["processed"]) == (0, 0)


def test_more_rows_than_a_sheet_has_are_refused_as_xlsx_and_written_as_csv(
    sign_in: Callable[[str], Client], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, where = sign_in("affairs"), {"scheme": world.scheme}
    # The header is a row too.
    monkeypatch.setattr(excel, "ROWS", 4)
    answer = export_files.start(client, "startExport", where=where, format="XLSX")

    facts = {"name": "rows", "limit": "3", "value": "4", "format": "XLSX"}
    assert answer == {
        "code": "LIMIT_EXCEEDED",
        "message": "一张 Excel 工作表放不下：rows 最多 3，实际 4。"
        "请缩小筛选范围，或选择 CSV 格式。",
        "path": ["format"],
        "facts": [{"name": name, "value": value} for name, value in facts.items()],
    }
    with world.database.write() as session:
        assert session.scalars(sa.select(Job.id)).all() == []
    content = export_files.made(client, "startExport", where=where, format="CSV")
    assert len(export_files.text(content)) == 5
    monkeypatch.setattr(excel, "ROWS", 5)
    content = export_files.made(client, "startExport", where=where, format="XLSX")
    assert len(export_files.xlsx(content)) == 5


def test_full_id_numbers_need_the_right(sign_in: Callable[[str], Client], world: World) -> None:
    where, columns = {"numbers": ["2020010101"]}, ["ID_NUMBER"]
    _, masked = export(sign_in("admin"), world, where=where, columns=columns)
    _, full = export(sign_in("admin"), world, where=where, columns=columns, full=True)

    assert (table(masked)[1][0], table(full)[1][0]) == (
        "110101********0001",
        "110101199601010001",
    )
    answer = sign_in("library").query(START, where={"scheme": world.scheme}, full=True)
    assert answer["startExport"] == {
        "code": "FORBIDDEN",
        "message": "您没有“查看完整证件号码”的权限，请联系系统管理员。",
        "path": [],
        "facts": [{"name": "right", "value": "SEE_ID_NUMBERS"}],
    }


def test_a_scheme_out_of_sight_is_not_found(sign_in: Callable[[str], Client], world: World) -> None:
    for scheme in ("nonsense", world.student("2020010101")):
        answer = sign_in("library").query(START, where={"scheme": scheme})["startExport"]
        assert (answer["code"], answer["message"]) == (
            "NOT_FOUND", "找不到离校方案，或它不在您的权限范围内。",
        )  # fmt: skip


FILTER_IN_WORDS = [
    ("操作员", "admin 老师 (admin)"),
    ("筛选：离校方案", "2020级研究生6月份"),
    ("筛选：学号", "2020010101、 2020010102"),
    ("筛选：考生号", None),
    ("筛选：身份证号", "110101********0001"),
    ("筛选：姓名开头", "张"),
    ("筛选：姓名包含", "思"),
    ("筛选：院系", f"{MARX}、{GEOLOGY}"),
    ("筛选：专业", "哲学"),
    ("筛选：班级", "1班"),
    ("筛选：年级", "2020、2021"),
    ("筛选：性别", "男、女"),
    ("筛选：培养层次", "硕士"),
    ("筛选：学生类别", "学历硕士"),
    ("筛选：学生范围", "本科生、双证研究生"),
    ("筛选：图书馆", "已通过、未办理"),
    ("筛选：学工审核", "无需办理"),
]


def test_the_second_sheet_tells_when_by_whom_and_under_which_filter_in_words(
    sign_in: Callable[[str], Client], world: World
) -> None:
    where = {
        "numbers": ["2020010101", " 2020010102"],
        "candidateNumbers": [],
        "idNumbers": ["110101199601010001"],
        "namePrefix": "张",
        "nameContains": "思",
        "departments": [world.department(MARX), world.department(GEOLOGY)],
        "majors": ["哲学"],
        "classes": ["1班"],
        "entryYears": [2020, 2021],
        "genders": ["MALE", "FEMALE"],
        "trainingLevels": ["硕士"],
        "categories": ["学历硕士"],
        "cohorts": ["UNDERGRADUATE", "DOUBLE_CERTIFICATE_GRADUATE"],
        "statusAt": [
            {"checkpoint": world.checkpoint(LIBRARY), "statuses": ["PASSED", "PENDING"]},
            {"checkpoint": world.checkpoint(AFFAIRS), "statuses": ["NOT_REQUIRED"]},
        ],
    }
    client = sign_in("admin")
    client.http.headers["accept-language"] = "en"
    _, content = export(client, world, where=where)

    notes = opened(content).worksheets[1]
    (_, moment), *lines = notes.iter_rows(values_only=True)
    assert notes.title == "说明"
    told = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) CST", str(moment))
    assert told
    local = dt.datetime.fromisoformat(f"{told[1]}+08:00")
    assert abs(dt.datetime.now(dt.UTC) - local) < dt.timedelta(minutes=2)
    assert lines == FILTER_IN_WORDS


def test_a_filter_of_very_many_numbers_is_told_in_short(
    sign_in: Callable[[str], Client], world: World
) -> None:
    numbers = [f"{n:03}" for n in range(60)]
    _, content = export(sign_in("library"), world, where={"numbers": numbers})

    told = opened(content).worksheets[1]["B4"].value
    assert told == "、".join(numbers[:50]) + " 等 60 项"


@pytest.mark.parametrize(
    ("checkpoint", "full"), [(SUPERVISOR, True), (AFFAIRS, False), (LIBRARY, True)]
)
def test_exported_and_imported_again_unedited_it_changes_nothing(
    sign_in: Callable[[str], Client], world: World, checkpoint: str, *, full: bool
) -> None:
    # Somebody known by a passport alone can be named by a full number only.
    world.enrol(WILD, ONLY_CANDIDATE, *[ONLY_PASSPORT][: int(full)])
    for number, title, status in (
        ("0012", SUPERVISOR, ClearanceStatus.PASSED),
        ("0012", AFFAIRS, ClearanceStatus.REFUSED),
        ("0012", LIBRARY, ClearanceStatus.NOT_REQUIRED),
        ("2020010101", SUPERVISOR, ClearanceStatus.NOT_REQUIRED),
        ("2020010101", AFFAIRS, ClearanceStatus.PASSED),
        ("007", LIBRARY, ClearanceStatus.PASSED),
        ("007", SUPERVISOR, ClearanceStatus.REFUSED),
    ):
        remark = "" if status is ClearanceStatus.NOT_REQUIRED else "旧备注"
        cases.put(world, number, title, status, remark=remark)
    admin = sign_in("admin")
    admin.http.headers["accept-language"] = "en"
    _, content = export(admin, world, full=full)
    job = admin.run_import(content, world.checkpoint(checkpoint))

    outcomes = [(row["outcome"], row["code"]) for row in job["rows"]["nodes"]]
    assert set(outcomes) == {("UNCHANGED", None), ("UNCHANGED", "NO_RESULT")}
    assert (len(outcomes), job["unchanged"], job["failed"]) == (8 + full, 8 + full, 0)
    assert world.entries() == []
