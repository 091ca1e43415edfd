"""Text files as tables: encodings, delimiters, quotes, places, limits."""

from pathlib import Path

import pytest

from domain.errors import Code, Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import Cell, read
from tests import workbooks

HEADER: tuple[Cell, ...] = ("学号", "姓名", "备注")
ROW: tuple[Cell, ...] = ("2020010101", "张思", "书已还")


def table(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows_of(path: Path, limits: Limits | None = None) -> list[tuple[int, tuple[Cell, ...]]]:
    reading = read(path, workbooks.first, limits or Limits(), file="名单.csv")
    return [(row.number, row.cells) for batch in reading for row in batch]


def refusal_of(path: Path, limits: Limits | None = None) -> tuple[Code, dict[str, str]]:
    with pytest.raises(Refusal) as caught:
        rows_of(path, limits)
    return caught.value.code, dict(caught.value.facts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_system_wrote_it(
    encoding: str, delimiter: str, end: str, tmp_path: Path
) -> None:
    lines = [delimiter.join(map(str, each)) + end for each in (HEADER, ROW)]
    path = table(tmp_path / "a.csv", "".join(lines), encoding)

    assert rows_of(path) == [(1, HEADER), (2, ROW)]


def test_unicode_text_of_excel_is_read_in_either_byte_order(tmp_path: Path) -> None:
    text = '\ufeff学号\t备注\r\n1\t"两\n行"\r\n\r\n2\t𠮷\r\n'
    expected = [(1, ("学号", "备注")), (2, ("1", "两\n行")), (4, ("2", "𠮷"))]

    assert rows_of(table(tmp_path / "a.txt", text, "utf-16-le")) == expected
    assert rows_of(table(tmp_path / "b.xls", text, "utf-16-be")) == expected


def test_the_delimiter_is_what_parts_most_rows_and_not_what_stands_in_a_cell(
    tmp_path: Path,
) -> None:
    text = '学号;备注\n1;"a, b, c, d"\n2;"e; f, g"\n'

    assert rows_of(table(tmp_path / "a.csv", text)) == [
        (1, ("学号", "备注")),
        (2, ("1", "a, b, c, d")),
        (3, ("2", "e; f, g")),
    ]


def test_every_cell_is_text_and_loses_nothing(tmp_path: Path) -> None:
    text = '0012,110101199601010001,1.10E+17, 张 三 ,TRUE,="00123",=1+1\n1,2\n'

    assert rows_of(table(tmp_path / "a.csv", text)) == [
        (1, ("0012", "110101199601010001", "1.10E+17", " 张 三 ", "TRUE", "00123", "=1+1")),
        (2, ("1", "2")),
    ]


def test_rows_have_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    text = '学号,备注\n\n1,"两\n行 ""引""号"\n,,\n2,b,,\n'

    assert rows_of(table(tmp_path / "a.csv", text)) == [
        (1, ("学号", "备注")),
        (3, ("1", '两\n行 "引"号')),
        (5, ("2", "b")),
    ]


@pytest.mark.parametrize("text", ['学号,备注\n1,"a\n2,b\n', '学号,备注\n1,"a" b\n2,c\n'])
def test_a_quote_that_is_not_closed_swallows_no_rows(text: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", text)

    assert refusal_of(path) == (Code.FILE_DAMAGED, {"file": "名单.csv"})


@pytest.mark.parametrize(
    ("limits", "name", "limit"),
    [
        (Limits(rows=9), "rows", "9"),
        (Limits(cells=19), "cells", "19"),
        (Limits(file_bytes=30), "bytes", "30"),
        (Limits(row_bytes=300), "bytes in one row", "300"),
        (Limits(columns=1), "columns", "1"),
        (Limits(cell_characters=299), "characters in one cell", "299"),
    ],
)
def test_the_limits_are_those_of_workbooks(
    limits: Limits, name: str, limit: str, tmp_path: Path
) -> None:
    text = "学号,备注\n" * 10 + ("1," + "a" * 300 if "in one" in name else "")
    path = table(tmp_path / "a.csv", text)

    code, facts = refusal_of(path, limits)

    assert (code, facts["name"], facts["limit"]) == (Code.FILE_TOO_LARGE, name, limit)


@pytest.mark.parametrize("cell", ["a" * 32_767, '="' + "a" * 32_767 + '"', "'=" + "a" * 32_766])
def test_a_cell_is_as_long_as_in_excel_whatever_it_is_wrapped_in(cell: str, tmp_path: Path) -> None:
    quoted = cell.replace('"', '""')
    [row] = rows_of(table(tmp_path / "a.csv", f'1,"{quoted}"\n'))
    assert [len(str(each)) for each in row[1]] == [1, 32_767]


@pytest.mark.parametrize("cell", ["a" * 32_768, "a" * 2_000_000, "😀" * 16_384])
def test_a_longer_cell_is_too_large_and_its_row_is_told(cell: str, tmp_path: Path) -> None:
    # Beyond the rows that the header is looked for in.
    path = table(tmp_path / "a.csv", "1,2\n" * 40 + f"1,{cell}\n1,2\n")

    facts = {"name": "characters in one cell", "limit": "32767", "row": "41", "file": "名单.csv"}
    assert refusal_of(path) == (Code.FILE_TOO_LARGE, facts)


def test_a_row_leaves_room_for_what_a_result_appends(tmp_path: Path) -> None:
    wide = table(tmp_path / "a.csv", "1" + ",1" * 16_378 + "," * 20 + "\n")
    assert [len(cells) for _, cells in rows_of(wide)] == [16_379]

    wider = table(tmp_path / "b.csv", "1,2\n" * 40 + "1" + ",1" * 16_379 + "\n")
    facts = {"name": "columns", "limit": "16379", "row": "41", "file": "名单.csv"}
    assert refusal_of(wider) == (Code.FILE_TOO_LARGE, facts)


def test_a_large_table_is_read_to_its_end(tmp_path: Path) -> None:
    lines = (f"{number},张思,备注\n" for number in range(1, 20_001))
    path = table(tmp_path / "a.csv", "".join(lines), "gb18030")

    rows = rows_of(path)

    assert (len(rows), rows[0], rows[-1]) == (
        20_000,
        (1, ("1", "张思", "备注")),
        (20_000, ("20000", "张思", "备注")),
    )
