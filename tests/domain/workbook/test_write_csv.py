"""What is written as CSV: exact bytes, nothing that calculates, and read again as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.workbook import formulas, read
from domain.workbook.write_csv import write_csv

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\t", "\n1", "＝1", "＋1", "－1", "＠A", "'=1",
    "''-", "\u3000@x", "-",
]  # fmt: skip
HARMLESS = ["1+1", "a=b", "'", "'x", "", "00123", "’-", "https://x.y", "2020级"]


def written(path: Path, header: list[str], rows: list[list[str | int | None]]) -> bytes:
    write_csv(path, header, rows)
    return path.read_bytes()


def test_text_is_quoted_where_it_must_be_and_numbers_are_bare(tmp_path: Path) -> None:
    rows: list[list[str | int | None]] = [
        ["0012", 7, None],
        ['"引号"', 0, "逗,号"],
        ["两\n行\x00", -3, ""],
    ]
    assert (
        written(tmp_path / "a.csv", ["学号", "人数", "=备注"], rows)
        == (
            '\ufeff学号,人数,\'=备注\r\n0012,7,\r\n"""引号""",0,"逗,号"\r\n"两\n行",-3,\r\n'
        ).encode()
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_would_calculate_has_an_apostrophe_in_front_and_loses_it_again(text: str) -> None:
    assert formulas.guarded(text) == f"'{text}"
    assert formulas.plain(formulas.guarded(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert formulas.guarded(text) == text
    assert formulas.plain(text) == text


def test_our_own_import_reads_every_cell_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    visible = [text for text in [*DANGEROUS, *HARMLESS] if text.strip()]
    write_csv(path, ["序号", "文字"], [[str(place), text] for place, text in enumerate(visible)])

    batches = read.read(path, lambda _: 0, file="a.csv")
    told = [row.cells[1] for batch in batches for row in batch]
    assert told == ["文字", *visible]


@pytest.mark.parametrize("row", [["1"], ["1", "2", "3"]])
def test_a_row_of_the_wrong_length_is_a_fault(tmp_path: Path, row: list[str | int | None]) -> None:
    with pytest.raises(ValueError, match="as long as the header"):
        written(tmp_path / "a.csv", ["学号", "姓名"], [row])


def test_rows_are_taken_one_by_one(tmp_path: Path) -> None:
    alive = most = 0

    class Line(list[str]):
        def __init__(self, number: int) -> None:
            nonlocal alive, most
            super().__init__([str(number)])
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows() -> Iterator[Line]:
        yield from (Line(number) for number in range(5_000))

    write_csv(tmp_path / "a.csv", ["学号"], rows())
    assert most < 5
