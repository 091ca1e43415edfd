"""What is read: exact values at their true places, sheet by sheet."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from domain.workbook.read import Cell, Head, Row, read
from tests import workbooks

Build = Callable[..., Path]


def rows_of(path: Path) -> list[tuple[int, tuple[Cell, ...]]]:
    return [
        (row.number, row.cells) for batch in read(path, workbooks.first, file="f") for row in batch
    ]


def heads_of(path: Path) -> Sequence[Head]:
    seen: list[Head] = []

    def pick(heads: Sequence[Head]) -> int:
        seen.extend(heads)
        return 0

    for _ in read(path, pick, file="f"):
        pass
    return seen


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
def test_cells_keep_their_types_and_texts_every_character(build: Build, tmp_path: Path) -> None:
    texts = ["0123", " 张 三\n", "1.10101E+17", "𠮷\u200b", "", "末"]
    numbers = [20200101, 1.5, True, None, -3.0, 0, False]
    path = build(tmp_path / "file", [texts, numbers])

    assert rows_of(path) == [
        (1, ("0123", " 张 三\n", "1.10101E+17", "𠮷\u200b", None, "末")),
        (2, (20200101, 1.5, True, None, -3, 0, False)),
    ]
    assert [type(cell) for cell in rows_of(path)[1][1]] == [
        int, float, bool, type(None), int, int, bool,
    ]  # fmt: skip


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
def test_a_number_too_long_to_be_exact_stays_a_float(build: Build, tmp_path: Path) -> None:
    path = build(tmp_path / "file", [[9007199254740991.0, 9007199254740992.0, 1.10101199601010e17]])

    ((_, cells),) = rows_of(path)

    assert cells == (9007199254740991, 9007199254740992.0, 1.10101199601010e17)
    assert [type(cell) for cell in cells] == [int, float, float]


def test_dates_and_times_become_iso_text(tmp_path: Path) -> None:
    old, new = xlwt.Workbook(), openpyxl.Workbook()
    sheet = old.add_sheet("1")
    moments: list[tuple[dt.datetime | dt.time | float, str]] = [
        (dt.datetime(2020, 6, 1), "yyyy-mm-dd"),  # noqa: DTZ001 -- a sheet knows no zones
        (dt.datetime(2020, 6, 1, 12, 30), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001 -- the same
        (dt.time(1, 2, 3), "hh:mm:ss"),
        (1.5, "[h]:mm:ss"),
    ]
    for column, (value, style) in enumerate(moments):
        sheet.write(0, column, value, xlwt.easyxf(num_format_str=style))
        written = new.worksheets[0].cell(1, column + 1, value)
        written.number_format = style
    old.save(str(tmp_path / "xls"))
    new.save(tmp_path / "xlsx")

    expected = (1, ("2020-06-01", "2020-06-01T12:30:00", "01:02:03", "36:00:00"))
    assert rows_of(tmp_path / "xls") == [expected]
    assert rows_of(tmp_path / "xlsx") == [expected]


def test_formulas_are_their_last_values(tmp_path: Path) -> None:
    row = (
        '<row r="1"><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="D1"><v>1e999</v></c><c r="E1" t="b"><f>1=1</f><v>1</v></c></row>'
    )
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(row))

    assert rows_of(path) == [(1, (None, 2, "a", "inf", True))]


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
def test_rows_and_columns_are_counted_from_a1(build: Build, tmp_path: Path) -> None:
    blank: list[None] = []
    path = build(
        tmp_path / "file", [blank, blank, [None, None, "C3"], blank, ["A5", None, None, "D5", None]]
    )

    assert rows_of(path) == [(3, (None, None, "C3")), (5, ("A5", None, None, "D5"))]


@pytest.mark.parametrize("build", [workbooks.xlsx, workbooks.xls])
def test_columns_before_the_first_filled_one_are_kept(build: Build, tmp_path: Path) -> None:
    path = build(tmp_path / "file", [[], [None, None, "C2"], [None, None, None, "D3"]])

    assert rows_of(path) == [(2, (None, None, "C2")), (3, (None, None, None, "D3"))]


def test_rows_come_in_batches_of_a_thousand_without_the_empty_ones(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", ([n if n % 2 else None] for n in range(1, 5001)))

    batches = list(read(path, workbooks.first, file="f"))

    assert [len(batch) for batch in batches] == [1000, 1000, 500]
    assert batches[0][1] == Row(3, (3,))
    assert batches[2][-1] == Row(4999, (4999,))


def test_long_texts_come_in_smaller_batches(tmp_path: Path) -> None:
    path = workbooks.repeated_text(tmp_path / "a.xlsx", 1000)

    batches = list(read(path, workbooks.first, file="f"))

    assert [len(batch) for batch in batches] == [250] * 4
    assert batches[3][249] == Row(1000, ("长" * 11_000,))


def test_the_heads_are_thirty_rows_of_every_sheet_hidden_ones_too(tmp_path: Path) -> None:
    sheets: dict[str, list[list[workbooks.Value]]] = {
        "说明": [["读我"]],
        "名单": [[n] for n in range(1, 41)],
        "空": [],
        "隐": [[], ["h"]],
    }
    path = workbooks.sheets_xlsx(tmp_path / "a.xlsx", sheets, hidden=["隐"])

    assert heads_of(path) == [
        Head("说明", (Row(1, ("读我",)),)),
        Head("名单", tuple(Row(n, (n,)) for n in range(1, 31))),
        Head("空", ()),
        Head("隐", (Row(2, ("h",)),)),
    ]


def test_the_picked_sheet_is_read(tmp_path: Path) -> None:
    path = workbooks.sheets_xlsx(tmp_path / "a.xlsx", {"一": [["1"]], "二": [["2"]], "三": [["3"]]})

    assert list(read(path, lambda heads: len(heads) - 2, file="f")) == [[Row(1, ("2",))]]


def test_the_format_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    new = workbooks.xlsx(tmp_path / "new.xls", [["x"]])
    old = workbooks.xls(tmp_path / "old.xlsx", [["x"]])

    assert rows_of(new) == rows_of(old) == [(1, ("x",))]


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "B7:B9"])
def test_a_wrong_dimension_is_of_no_consequence(dimension: str, tmp_path: Path) -> None:
    rows = (
        f'<row r="3">{workbooks.cell("C3", "x")}</row><row r="9">{workbooks.cell("D9", "y")}</row>'
    )
    sheet = workbooks.worksheet(rows, f'<dimension ref="{dimension}"/>')
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", sheet)

    assert rows_of(path) == [(3, (None, None, "x")), (9, (None, None, None, "y"))]


def test_references_may_be_missing_unsorted_prefixed_or_oddly_written(tmp_path: Path) -> None:
    prefixed = workbooks.worksheet('<row r="2"><c r="B2"><v>1</v></c></row>')
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        prefixed = prefixed.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    sheets = {
        "missing": workbooks.worksheet("<row><c/><c><v>1</v></c></row><row><c><v>2</v></c></row>"),
        "unsorted": workbooks.worksheet(
            '<row r="5"><c r="A5"><v>5</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>'
        ),
        "prefixed": prefixed.replace("xmlns=", "xmlns:x="),
        "odd": workbooks.worksheet("<row\nr = '2'><c\tr = 'b2'><v>1</v></c></row>"),
    }
    read_rows = {
        name: rows_of(workbooks.raw_xlsx(tmp_path / name, sheet)) for name, sheet in sheets.items()
    }
    assert read_rows == {
        "missing": [(1, (None, 1)), (2, (2,))],
        "unsorted": [(3, (None, 3)), (5, (5,))],
        "prefixed": [(2, (None, 1))],
        "odd": [(2, (None, 1))],
    }


@pytest.mark.parametrize(
    "empty",
    [
        '<row r="1048576"><c r="XFD1048576" s="0"/></row>',
        '<row r="1048576"> <c r="XFD1048576" s="0"></c> </row>',
        '<row r="1048576"><c r="XFD1048576"><v/></c></row>',
        '<row r="1048576" ht="20"/>',
    ],
)
def test_formats_at_the_end_of_the_sheet_are_no_cells(empty: str, tmp_path: Path) -> None:
    sheet = workbooks.worksheet(f'<row r="1">{workbooks.cell("A1", "x")}</row>{empty}')
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", sheet)

    assert rows_of(path) == [(1, ("x",))]


def test_a_sheet_without_rows_has_none(tmp_path: Path) -> None:
    assert rows_of(workbooks.xlsx(tmp_path / "a.xlsx", [])) == []
    assert rows_of(workbooks.xls(tmp_path / "b.xls", [])) == []


def test_a_date_is_the_same_day_in_either_calendar_of_excel(tmp_path: Path) -> None:
    told = []
    for epoch in (CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904):
        book = openpyxl.Workbook()
        book.epoch = epoch
        book.worksheets[0].append(["学号", dt.date(2020, 6, 1)])
        book.save(tmp_path / "a.xlsx")
        [[row]] = list(read(tmp_path / "a.xlsx", workbooks.first, file="a.xlsx"))
        told.append(row.cells)
    assert told == [("学号", "2020-06-01")] * 2
