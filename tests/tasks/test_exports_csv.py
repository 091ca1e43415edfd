"""The same lists as CSV: exact bytes, no formula, and our own import reads them again."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from models import ClearanceStatus, Student
from tests.client import Client
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")
SignIn = Callable[[str], Client]


def test_it_is_utf_8_with_a_mark_lines_end_in_crlf_and_only_what_must_be_is_quoted(
    sign_in: SignIn, world: World
) -> None:
    world.enrol({"学号": "0012", "姓名": '"李,四"', "院系": MARX})
    with world.database.write() as session:
        session.execute(sa.update(Student).where(Student.number == "0012").values(major="两\n行"))
    content = export_files.made(
        sign_in("library"),
        "startExport",
        where={"scheme": world.scheme, "numbers": ["0012"]},
        columns=["NUMBER", "NAME", "MAJOR", "GENDER"],
        checkpoints=[world.checkpoint(LIBRARY)],
        format="CSV",
    )

    assert content == (
        "\ufeff学号,姓名,专业,性别,图书馆\r\n"
        '0012,"""李,四""","两\n行",,未办理\r\n'
    ).encode()  # fmt: skip


def test_a_cell_that_a_spreadsheet_would_calculate_has_an_apostrophe_in_front(
    sign_in: SignIn, world: World
) -> None:
    world.enrol(
        {
            "学号": "0012", "姓名": "=1+1", "专业": "+86", "班级": "@班", "学生类别": "=A1",
            "培养层次": "'-", "住宿信息": "-东区", "院系": "＝学院",
        }
    )  # fmt: skip
    content = export_files.made(
        sign_in("library"),
        "startExport",
        where={"scheme": world.scheme, "numbers": ["0012"]},
        columns=["NUMBER", "NAME", "MAJOR", "CLASS", "CATEGORY", "TRAINING_LEVEL", "DORMITORY",
                 "DEPARTMENT"],
        checkpoints=[],
        format="CSV",
    )  # fmt: skip

    assert export_files.text(content)[1] == [
        "0012", "'=1+1", "'+86", "'@班", "'=A1", "''-", "'-东区", "'＝学院",
    ]  # fmt: skip


def test_it_holds_the_cells_of_the_workbook_and_no_notes(sign_in: SignIn, world: World) -> None:
    world.put("2020010101", AFFAIRS, ClearanceStatus.PASSED)
    client, where = sign_in("admin"), {"scheme": world.scheme}
    book = export_files.made(client, "startExport", where=where)
    text = export_files.made(client, "startExport", where=where, format="CSV")

    told = [[cell or "" for cell in row] for row in export_files.xlsx(book)]
    assert export_files.text(text) == told
    assert len(told) == 7


def test_it_is_served_as_csv_under_a_name_that_tells_what_it_is(
    sign_in: SignIn, world: World
) -> None:
    client = sign_in("library")
    started = export_files.start(
        client, "startExport", where={"scheme": world.scheme}, format="CSV"
    )
    [file] = client.finished(started["id"])["files"]

    assert file["name"] == "学生列表-2020级研究生6月份.csv"
    answer = client.http.get(file["url"])
    assert answer.headers["content-type"].partition(";")[0] == "text/csv"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nobody_is_the_header_alone(sign_in: SignIn, world: World) -> None:
    content = export_files.made(
        sign_in("library"),
        "startExport",
        where={"scheme": world.scheme, "numbers": ["nobody"]},
        columns=["NAME"],
        format="CSV",
    )

    assert content.decode("utf-8-sig") == f"姓名,{SUPERVISOR},{AFFAIRS},{LIBRARY}\r\n"


@pytest.mark.parametrize("full", [False, True])
def test_imported_again_unedited_it_changes_nothing(
    sign_in: SignIn, world: World, *, full: bool
) -> None:
    world.enrol({"学号": "00-7", "姓名": "+李四", "身份证号": "P-1", "院系": GEOLOGY})
    world.put("00-7", LIBRARY, ClearanceStatus.REFUSED, remark="- 缺两本")
    world.put("2020010101", LIBRARY, ClearanceStatus.PASSED, remark="=还清")
    admin = sign_in("admin")
    content = export_files.made(
        admin,
        "startClearancesExport",
        where={"scheme": world.scheme},
        checkpoint=world.checkpoint(LIBRARY),
        fullIdNumbers=full,
        format="CSV",
    )
    upload = admin.upload(content, "图书馆.csv")
    job = admin.finished(admin.import_file(upload, world.checkpoint(LIBRARY))["id"])

    assert (job["status"], job["problem"]) == ("FINISHED", None)
    assert (job["unchanged"], job["failed"], job["applied"]) == (7, 0, 0)
    assert world.entries() == []
