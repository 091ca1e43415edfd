"""Which sheet of a file is imported: the one that is named, else the only one with a header."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import workbooks
from tests.client import Client
from tests.tasks import operator_files, roster_files
from tests.tasks.import_shapes import HEADER, OTHER, ROW
from tests.workbooks import Value
from tests.world import LIBRARY, MARX, World

pytestmark = pytest.mark.usefixtures("worker")

BOOK: dict[str, list[tuple[Value, ...]]] = {
    "说明": [("逐行填写",), ("2020",)],
    "6月 (一)": [HEADER, ROW],
    "二班": [HEADER, OTHER],
}
SHEET = "query($id: ID!) { job(id: $id) { sheet } }"
UNKNOWN = "文件中没有名为“{}”的工作表，现有：{}。请核对名称。"


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


@pytest.mark.parametrize(
    ("sheet", "read", "number"),
    [
        ("二班", "二班", "2020010102"),
        ("６月（一）", "6月 (一)", "2020010101"),
        (" 6月(一) ", "6月 (一)", "2020010101"),
    ],
)
def test_the_sheet_that_is_named_is_imported_though_another_has_a_header(
    library: Client, world: World, tmp_path: Path, sheet: str, read: str, number: str
) -> None:
    content = workbooks.sheets_xlsx(tmp_path / "a.xlsx", BOOK, hidden=["二班"]).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY), sheet=sheet)

    assert [row["key"] for row in job["rows"]["nodes"]] == [number]
    assert library.query(SHEET, id=job["id"])["job"] == {"sheet": read}


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        ("三班", ("SHEET_UNKNOWN", UNKNOWN.format("三班", "说明、6月 (一)、二班"))),
        ("说明", ("HEADER_MISSING",
                  "没有找到表头，请保留包含学号（或身份证号）、办理结果的一行。")),
        ("", ("SHEET_AMBIGUOUS",
              "工作簿中有多个可导入的工作表（6月 (一)、二班），"
              "请只保留一个，或在导入时指定工作表。")),
    ],
)  # fmt: skip
def test_no_other_sheet_is_taken_for_the_named_one(
    library: Client, world: World, tmp_path: Path, sheet: str, problem: tuple[str, str]
) -> None:
    content = workbooks.sheets_xlsx(tmp_path / "a.xlsx", BOOK).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY), sheet=sheet)

    assert (job["status"], told(job)) == ("FAILED", problem)
    assert world.entries() == []


def told(job: Any) -> tuple[str, str]:
    return job["problem"]["code"], job["problem"]["message"]


def test_the_sheet_of_a_roster_can_be_named(
    world: World, sign_in: Callable[[str], Client], tmp_path: Path
) -> None:
    rows = {
        name: [roster_files.BRIEF, (f"202001020{place}", "甲", None, MARX)]
        for place, name in enumerate(("一班", "二班"), 1)
    }
    content = workbooks.sheets_xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    admin, cohort = sign_in("admin"), roster_files.DOUBLE

    unnamed = roster_files.run(admin, world, content, cohort=cohort)
    assert unnamed["problem"]["code"] == "SHEET_AMBIGUOUS"
    unknown = roster_files.run(admin, world, content, cohort=cohort, sheet="三班")
    assert told(unknown) == ("SHEET_UNKNOWN", UNKNOWN.format("三班", "一班、二班"))
    named = roster_files.run(admin, world, content, cohort=cohort, sheet="二班")
    assert [row["key"] for row in named["rows"]["nodes"]] == ["2020010202"]
    assert roster_files.sums(named) == (1, 0, 0, 0)


def test_the_sheet_of_a_list_of_operators_can_be_named(
    world: World, head: Client, tmp_path: Path
) -> None:
    rows = {name: [operator_files.ACTS, (name, "停用")] for name in ("affairs", "library")}
    content = workbooks.sheets_xlsx(tmp_path / "a.xlsx", rows).read_bytes()

    def run(**options: str) -> Any:
        asked = {"file": head.upload(content, "操作员.xlsx"), "scheme": world.scheme} | options
        started = head.query(operator_files.START, **asked)["startOperatorImport"]
        return head.finished(started["id"])

    assert run()["problem"]["code"] == "SHEET_AMBIGUOUS"
    assert told(run(sheet="x")) == ("SHEET_UNKNOWN", UNKNOWN.format("x", "affairs、library"))
    named = run(sheet="Library")
    assert [(row["key"], row["outcome"]) for row in named["rows"]["nodes"]] == [
        ("library", "APPLIED")
    ]
