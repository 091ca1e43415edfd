"""What one row of a workbook may be: as wide as its result has room for, as long as in Excel."""

from pathlib import Path

import pytest

from domain.errors import Code, Refusal
from domain.workbook.read import read
from tests import workbooks


def refusal_of(path: Path) -> tuple[Code, dict[str, str]]:
    with pytest.raises(Refusal) as caught:
        list(read(path, workbooks.first, file="名单.xlsx"))
    return caught.value.code, caught.value.facts


@pytest.mark.parametrize("reference", ["XEZ2", "XFD2"])
def test_a_cell_where_a_result_appends_its_columns_is_too_large(
    reference: str, tmp_path: Path
) -> None:
    path = workbooks.far_cell(tmp_path / "a.xlsx", reference)

    facts = {"file": "名单.xlsx", "name": "columns", "limit": "16379", "row": "2"}
    assert refusal_of(path) == (Code.FILE_TOO_LARGE, facts)


def test_formats_alone_may_reach_to_the_last_column(tmp_path: Path) -> None:
    far = workbooks.cell("XEY1", "x") + '<c r="XFD1" s="0"/>'
    path = workbooks.raw_xlsx(tmp_path / "a.xlsx", workbooks.worksheet(f'<row r="1">{far}</row>'))

    [[row]] = read(path, workbooks.first, file="f")
    assert len(row.cells) == 16_379


def long_text(path: Path, length: int) -> Path:
    row = workbooks.cell("A2", "长" * length)
    return workbooks.raw_xlsx(path, workbooks.worksheet(f'<row r="2">{row}</row>'))


def test_a_cell_longer_than_excel_has_any_is_too_large(tmp_path: Path) -> None:
    [[row]] = read(long_text(tmp_path / "a.xlsx", 32_767), workbooks.first, file="f")
    assert row.cells == ("长" * 32_767,)

    facts = {"name": "characters in one cell", "limit": "32767", "row": "2", "file": "名单.xlsx"}
    assert refusal_of(long_text(tmp_path / "b.xlsx", 32_768)) == (Code.FILE_TOO_LARGE, facts)


def test_a_row_of_many_long_cells_is_too_large(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["长" * 30_000] * 3])

    facts = {"name": "bytes in one row", "limit": "262144", "row": "1", "file": "名单.xlsx"}
    assert refusal_of(path) == (Code.FILE_TOO_LARGE, facts)
