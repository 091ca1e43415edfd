"""The same list as every system writes it: the same students are passed."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests import workbooks
from tests.client import Client
from tests.desk import sums
from tests.world import LIBRARY, World

pytestmark = pytest.mark.usefixtures("worker")

ROWS = [("学号", "姓名", "办理结果", "备注"), ("2020010101", "张思", "通过", "已还"),
        ("2020010102", "李思", "未通过", "欠书")]  # fmt: skip
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def text(delimiter: str, encoding: str) -> bytes:
    return "\r\n".join(delimiter.join(row) for row in ROWS).encode(encoding)


def page(encoding: str) -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return f"<html><head><meta charset=gb2312></head><table>{rows}</table></html>".encode(encoding)


def edited(edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbooks.content(ROWS)))
    edit(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def hidden(book: openpyxl.Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True
    book.create_sheet("说明").append(["请勿改动"])


def rich(book: openpyxl.Workbook) -> None:
    bold = TextBlock(InlineFont(b=True), "通")
    book.worksheets[0]["C2"] = CellRichText(bold, "过")


def strict() -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.content(ROWS))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(_MAIN.encode(), _STRICT.encode()))
    return made.getvalue()


def cached() -> bytes:
    """The results are formulas, with what they came to."""
    sheet = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{letter}{number}" t="str"><f>T("{cell}")</f><v>{cell}</v></c>'
            for letter, cell in zip("ABCD", row, strict=True)
        )
        + "</row>"
        for number, row in enumerate(ROWS, 1)
    )
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.content(ROWS))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for name in old.namelist():
            content = workbooks.worksheet(sheet).encode() if "sheet1" in name else old.read(name)
            new.writestr(name, content)
    return made.getvalue()


def two_rows(book: openpyxl.Workbook) -> None:
    """The words stand below the title of the checkpoint, merged over them."""
    sheet = book.worksheets[0]
    sheet.insert_rows(1)
    sheet["A1"], sheet["B1"], sheet["C1"] = "学号", "姓名", LIBRARY
    sheet["A2"] = sheet["B2"] = None
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("A1:A2")


def old_xls(tmp_path: Path) -> bytes:
    return workbooks.xls(tmp_path / "a.xls", ROWS).read_bytes()


def test_the_same_list_is_imported_alike_whatever_wrote_it(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    client = sign_in("library")
    files = {
        "csv": text(",", "utf-8"),
        "csv with a mark": text(",", "utf-8-sig"),
        "csv of an old system": text(",", "gb18030"),
        "tsv named xls": text("\t", "gb18030"),
        "Unicode text": text("\t", "utf-16"),
        "page named xls": page("gb18030"),
        "page in UTF-8": page("utf-8"),
        "xlsx": workbooks.content(ROWS),
        "xls": old_xls(tmp_path),
        "hidden rows and a sheet of hints": edited(hidden),
        "rich text": edited(rich),
        "strict": strict(),
        "formulas": cached(),
        "two rows of titles": edited(two_rows),
    }
    told = {}
    for name, content in files.items():
        job = client.run_import(content, world.checkpoint(LIBRARY), dryRun=True)
        rows = job["rows"]["nodes"]
        told[name] = (job["problem"], [(row["act"], row["remark"], row["outcome"]) for row in rows])
    expected = (None, [("PASS", "已还", "APPLIED"), ("REFUSE", "欠书", "APPLIED")])
    assert told == dict.fromkeys(files, expected)


def test_a_boolean_and_an_error_are_no_results(
    sign_in: Callable[[str], Client], world: World
) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["C2"], sheet["C3"] = True, "#N/A"
        sheet["C3"].data_type = "e"

    job = sign_in("library").run_import(edited(edit), world.checkpoint(LIBRARY))
    assert [(row["code"], row["cells"][2]) for row in job["rows"]["nodes"]] == [
        ("RESULT_UNKNOWN", "TRUE"), ("RESULT_UNKNOWN", "#N/A"),
    ]  # fmt: skip


def test_of_several_sheets_the_named_one_is_read(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    client = sign_in("library")
    sheets = {"一班": ROWS[:2], "二班": [ROWS[0], ROWS[2]]}
    content = workbooks.sheets_xlsx(tmp_path / "a.xlsx", sheets).read_bytes()
    file, checkpoint = client.upload(content), world.checkpoint(LIBRARY)
    start = """mutation($file: ID!, $checkpoint: ID!, $sheet: String) { startImport(file: $file,
      checkpoint: $checkpoint, sheet: $sheet) { ... on Job { id } } }"""

    def run(sheet: str | None) -> dict[str, object]:
        answer = client.query(start, file=file, checkpoint=checkpoint, sheet=sheet)
        return dict(client.finished(answer["startImport"]["id"]))

    assert sums(run("二班")) == {"applied": 1}
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "欠书", 2)
    assert world.state("2020010101", LIBRARY) == ("PENDING", "", 1)
    problems = [run(sheet)["problem"] for sheet in (None, "三班")]
    assert [each["code"] for each in problems] == ["SHEET_AMBIGUOUS", "SHEET_UNKNOWN"]  # type: ignore[index]  # there are
    assert problems[1]["message"] == "文件中没有名为“三班”的工作表，现有：一班、二班。请核对名称。"  # type: ignore[index]  # the same
