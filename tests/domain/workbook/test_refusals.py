"""Each crooked file ends in its own Refusal, soon, and leaves no process behind."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import Code, Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import read
from tests import workbooks


def refusal_of(path: Path, limits: Limits | None = None) -> tuple[Code, dict[str, str]]:
    before = workbooks.reader_seconds()
    with pytest.raises(Refusal) as caught:
        for _ in read(path, workbooks.first, limits or Limits(), file="名单.xlsx"):
            pass
    assert workbooks.reader_seconds() - before < workbooks.SOON
    assert workbooks.readers() == []
    return caught.value.code, caught.value.facts


def small(path: Path) -> Path:
    return workbooks.xlsx(path, [["学号", "办理结果"], ["2020", "通过"]])


def other_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return path


def binary_xlsb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x83\1\0")
    return path


def open_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    return path


def page_without_table(path: Path) -> Path:
    path.write_text("<html><body><p>学号,办理结果</p></body></html>")
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"P",
        "学号\n2020\n".encode(),
        "学号,办理结果\n2020,通过\n".encode("utf-16-le"),
        "学号,办理结果\n2020,通过\n".encode("utf-32"),
        "学号,办理结果\n2020,通过\n".encode("utf-16")[:-1],
        "学号,办理结果\n2020,通过\x02\n".encode(),
        "学号,办理结果\n2020,通过\n".encode() + b"\xff\xff",
        b"%PDF-1.7\n",
        b"PK\5\6" + b"\0" * 18,
    ],
)
def test_what_is_no_workbook_is_refused_as_such(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    told = {"file": "名单.xlsx"} if content else {"file": "名单.xlsx", "size": "0"}
    assert refusal_of(path) == (Code.NOT_A_WORKBOOK, told)


@pytest.mark.parametrize(
    "build",
    [
        other_zip,
        lambda path: workbooks.compound(path, {"WordDocument": b"x" * 5000}),
    ],
)
def test_other_documents_are_no_workbooks(build: Callable[[Path], Path], tmp_path: Path) -> None:
    assert refusal_of(build(tmp_path / "a")) == (Code.NOT_A_WORKBOOK, {"file": "名单.xlsx"})


@pytest.mark.parametrize(
    ("build", "name"), [(binary_xlsb, "xlsb"), (open_document, "ods"), (page_without_table, "html")]
)
def test_what_can_be_saved_as_a_workbook_is_told_to_be(
    build: Callable[[Path], Path], name: str, tmp_path: Path
) -> None:
    told = {"file": "名单.xlsx", "format": name}
    assert refusal_of(build(tmp_path / "a")) == (Code.NOT_A_WORKBOOK, told)


@pytest.mark.parametrize("build", [workbooks.encrypted_xlsx, workbooks.encrypted_xls])
def test_a_password_is_refused_as_such(build: Callable[[Path], Path], tmp_path: Path) -> None:
    assert refusal_of(build(tmp_path / "a")) == (Code.FILE_ENCRYPTED, {"file": "名单.xlsx"})


@pytest.mark.parametrize("part", [0.1, 0.6, 0.95, 0.999])
def test_a_truncated_xlsx_is_damaged(part: float, tmp_path: Path) -> None:
    path = workbooks.truncated(small(tmp_path / "a.xlsx"), part)

    assert refusal_of(path) == (Code.FILE_DAMAGED, {"file": "名单.xlsx"})


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_xls_is_damaged(part: float, tmp_path: Path) -> None:
    whole = workbooks.xls(tmp_path / "a.xls", [[f"2020{n}", "通过"] for n in range(500)])

    assert refusal_of(workbooks.truncated(whole, part))[0] is Code.FILE_DAMAGED


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", workbooks.worksheet("<row><c><v>1</v></c></row>")[:-30]),
        ("xl/worksheets/sheet1.xml", workbooks.worksheet("<row/>").encode("utf-16")),
        ("xl/workbook.xml", "<workbook>"),
        ("xl/workbook.xml", "<workbook><sheets/></workbook>"),
        ("xl/_rels/workbook.xml.rels", "nothing"),
    ],
)
def test_a_broken_part_is_damaged(part: str, content: str | bytes, tmp_path: Path) -> None:
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(""), {part: content})

    assert refusal_of(path) == (Code.FILE_DAMAGED, {"file": "名单.xlsx"})


def test_flipped_bytes_inside_a_part_are_damaged(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [[f"2020{n}", "通过"] for n in range(500)])
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    content[at : at + 40] = b"\xff" * 40
    path.write_bytes(content)

    assert refusal_of(path) == (Code.FILE_DAMAGED, {"file": "名单.xlsx"})


@pytest.mark.parametrize("claimed", [100, 100_000])
def test_a_part_of_another_size_than_it_claims_is_damaged(claimed: int, tmp_path: Path) -> None:
    sheet = workbooks.worksheet("<row><c><v>1</v></c></row>" * 30)
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", sheet)

    assert refusal_of(workbooks.claiming(path, len(sheet), claimed))[0] is Code.FILE_DAMAGED


def doctype(path: Path) -> Path:
    sheet = '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">' + workbooks.worksheet("")
    return workbooks.raw_xlsx(path, sheet)


def entity_bomb(path: Path) -> Path:
    nine = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    strings = f'<!DOCTYPE sst [<!ENTITY l0 "l">{nine}]><sst><si><t>&l9;</t></si></sst>'
    others = {"xl/sharedStrings.xml": strings}
    return workbooks.raw_xlsx(path, workbooks.worksheet(""), others)


def entity_across_a_seam(path: Path) -> Path:
    padding = " " * (2**18 - 5)
    return workbooks.raw_xlsx(path, "<" + padding + "<!DOCTYPE x>" + workbooks.worksheet(""))


@pytest.mark.parametrize("build", [doctype, entity_bomb, entity_across_a_seam])
def test_a_doctype_in_any_part_is_hostile(build: Callable[[Path], Path], tmp_path: Path) -> None:
    expected = {"file": "名单.xlsx", "reason": "DOCTYPE"}
    assert refusal_of(build(tmp_path / "a")) == (Code.FILE_HOSTILE, expected)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\..\\x", "C:\\x"])
def test_a_part_outside_the_workbook_is_hostile(name: str, tmp_path: Path) -> None:
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(""), {name: "x"})

    expected = {"file": "名单.xlsx", "reason": "entry name"}
    assert refusal_of(path) == (Code.FILE_HOSTILE, expected)


def test_two_parts_of_one_name_are_hostile(tmp_path: Path) -> None:
    others = {"XL/Worksheets/Sheet1.xml": workbooks.worksheet("")}
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(""), others)

    expected = {"file": "名单.xlsx", "reason": "entry name"}
    assert refusal_of(path) == (Code.FILE_HOSTILE, expected)


def test_too_many_parts_are_hostile(tmp_path: Path) -> None:
    others = {f"xl/media/{n}": b"" for n in range(10_000)}
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(""), others)

    expected = {"file": "名单.xlsx", "reason": "too many entries"}
    assert refusal_of(path) == (Code.FILE_HOSTILE, expected)


@pytest.mark.parametrize(
    ("build", "reason"),
    [(workbooks.zip_bomb, "compression ratio"), (workbooks.lying_bomb, "entry size")],
)
def test_a_zip_bomb_is_hostile(build: Callable[[Path], Path], reason: str, tmp_path: Path) -> None:
    path = build(tmp_path / "a.xlsx")

    assert refusal_of(path) == (Code.FILE_HOSTILE, {"file": "名单.xlsx", "reason": reason})


@pytest.mark.parametrize("reference", ["XFE1", "A1048577", "A99999999999", "AAAA1"])
def test_a_reference_outside_every_sheet_is_hostile(reference: str, tmp_path: Path) -> None:
    path = workbooks.far_cell(tmp_path / "a.xlsx", reference)

    expected = {"file": "名单.xlsx", "reason": "cell reference"}
    assert refusal_of(path) == (Code.FILE_HOSTILE, expected)


def test_a_legal_cell_far_away_is_too_large(tmp_path: Path) -> None:
    path = workbooks.far_cell(tmp_path / "a.xlsx")

    expected = {"file": "名单.xlsx", "name": "cells", "limit": "10000000"}
    assert refusal_of(path) == (Code.FILE_TOO_LARGE, expected)


def test_rows_without_references_that_end_far_away_are_too_large(tmp_path: Path) -> None:
    wide = "<row>" + "<c/>" * 16_000 + "<c><v>1</v></c></row>"
    sheet = workbooks.worksheet("<row><c><v>1</v></c></row>" + "<row/>" * 90_000 + wide)

    code, facts = refusal_of(workbooks.raw_xlsx(tmp_path / "a.xlsx", sheet))

    assert (code, facts["name"]) == (Code.FILE_TOO_LARGE, "bytes of memory")


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
@pytest.mark.parametrize(
    ("limits", "name", "limit"),
    [
        (Limits(file_bytes=1000), "bytes", "1000"),
        (Limits(rows=199), "rows", "199"),
        (Limits(cells=399), "cells", "399"),
        (Limits(row_bytes=9), "bytes in one row", "9"),
        (Limits(line_bytes=500), "bytes in one row", "500"),
        (Limits(columns=1), "columns", "1"),
        (Limits(cell_characters=1), "characters in one cell", "1"),
    ],
)
def test_every_limit_is_named(
    build: Callable[..., Path], limits: Limits, name: str, limit: str, tmp_path: Path
) -> None:
    path = build(tmp_path / "a", [[n, "通过"] for n in range(200)])

    code, facts = refusal_of(path, limits)

    assert (code, facts["name"], facts["limit"]) == (Code.FILE_TOO_LARGE, name, limit)


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
def test_a_file_just_within_its_limits_is_read(build: Callable[..., Path], tmp_path: Path) -> None:
    path = build(tmp_path / "a", [[n, "通过"] for n in range(200)])
    limits = Limits(file_bytes=path.stat().st_size, rows=200, cells=400)

    assert sum(len(batch) for batch in read(path, workbooks.first, limits, file="f")) == 200


def test_the_sheets_of_a_workbook_are_counted_together(tmp_path: Path) -> None:
    sheets = {name: [[1, 2]] * 200 for name in ("一", "二")}
    path = workbooks.sheets_xlsx(tmp_path / "a.xlsx", sheets)

    code, facts = refusal_of(path, Limits(cells=799))

    assert (code, facts["name"]) == (Code.FILE_TOO_LARGE, "cells")


def test_inflated_bytes_are_limited(tmp_path: Path) -> None:
    code, facts = refusal_of(small(tmp_path / "a.xlsx"), Limits(inflated_bytes=2000))

    assert (code, facts["name"]) == (Code.FILE_TOO_LARGE, "inflated bytes")


def test_a_small_file_that_swells_in_memory_is_too_large(tmp_path: Path) -> None:
    path = workbooks.repeated_text(tmp_path / "a.xlsx", 12_000)

    code, facts = refusal_of(path, Limits(memory_bytes=300 * 1024**2))

    assert (code, facts["name"], facts["limit"]) == (
        Code.FILE_TOO_LARGE, "bytes of memory", "314572800",
    )  # fmt: skip
