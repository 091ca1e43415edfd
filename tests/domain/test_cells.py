"""Headers, texts, keys and results of sheet rows, without a file."""

from collections.abc import Sequence

import pytest

from domain.errors import Code, Refusal
from domain.reading import cells, parts, sheets
from domain.reading.cells import Column, Layout
from domain.workbook.read import Broken, Cell, Row
from models import Act, MatchBy

TITLE = "图书馆"


def layout(*header: Cell, match_by: MatchBy = MatchBy.AUTO) -> Layout:
    found = sheets.find_layout([Row(1, header)], parts.headers([TITLE]))
    [only] = parts.layouts(parts.check(found, [TITLE], match_by), 1)
    return only


def parse(row: Sequence[Cell], header: Sequence[Cell] = ("学号", "办理结果")) -> cells.Parsed:
    return cells.parse(Row(2, tuple(row)), layout(*header), MatchBy.AUTO)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  a ", "  a "),
        (True, "TRUE"),
        (False, "FALSE"),
        (2020010101, "2020010101"),
        (2020010101.0, "2020010101"),
        (12.5, "12.5"),
        (0, "0"),
        (-3, "-3"),
        (10**15 - 1, "999999999999999"),
        (110101199601010001, "1.10101199601010E+17"),
        (1.10101e17, "1.10101000000000E+17"),
    ],
)
def test_a_cell_is_told_as_a_person_reads_it(cell: Cell, text: str) -> None:
    assert sheets.text_of(cell) == text


@pytest.mark.parametrize(
    ("index", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_columns_have_letters_as_in_excel(index: int, letters: str) -> None:
    assert sheets.letter(index) == letters


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *((title, Column.NUMBER) for title in ("学号", "学生学号", " 学 号：", "*学号", "＊学号")),
        ("学号\u200b:", Column.NUMBER),
        *((title, Column.CANDIDATE_NUMBER) for title in ("考生号", "CandidateNumber")),
        *((title, Column.ID_NUMBER) for title in ("身份证号", "身份证号码", "ID number")),
        *((title, Column.NUMBER_OR_ID) for title in ("学号/身份证号", "身份证号／学号")),
    ],
)  # fmt: skip
def test_a_key_column_has_many_names(header: str, column: Column) -> None:
    found = layout("办理结果", header).columns
    assert found == {Column.RESULT: 0, column: 1}


@pytest.mark.parametrize(
    "header",
    ["办理结果", "审核结果", "办理状态", "审核状态", "办理\n结果", "图书馆", "图\ufeff 书 馆 "],
)
def test_the_result_has_many_names_and_that_of_the_checkpoint(header: str) -> None:
    assert layout("学号", header).columns[Column.RESULT] == 1


@pytest.mark.parametrize("header", ["备注", "未通过备注", "审核记录", "审核备注", "办理备注"])
def test_the_remark_has_many_names(header: str) -> None:
    assert layout("学号", "办理结果", header).columns[Column.REMARK] == 2


def test_result_columns_and_roster_columns_are_known_and_left_alone() -> None:
    found = layout(
        *("学号", "办理结果", "原行号", "导入结果", "错误代码", "错误原因"),
        *("院系", "住宿信息", "甲", None),
    )

    assert found.columns == {Column.NUMBER: 0, Column.RESULT: 1}
    assert found.unknown == ("甲",)


def test_the_header_is_the_row_with_the_most_known_titles() -> None:
    rows = [
        Row(1, ("图书馆",)),
        Row(2, ("请填写学号和办理结果",)),
        Row(4, ("学号", "姓名", "办理结果")),
        Row(5, ("2020010101", "姓名", "通过")),
    ]
    assert sheets.find_layout(rows, parts.headers([TITLE])).header_row == 4


@pytest.mark.parametrize(
    ("header", "match_by", "code"),
    [
        ((), MatchBy.AUTO, Code.HEADER_MISSING),
        (("院系", "甲"), MatchBy.AUTO, Code.HEADER_MISSING),
        (("姓名", "办理结果"), MatchBy.AUTO, Code.KEY_COLUMN_MISSING),
        (("学号", "办理结果"), MatchBy.ID_NUMBER, Code.KEY_COLUMN_MISSING),
        (("考生号", "办理结果"), MatchBy.STUDENT_NUMBER, Code.KEY_COLUMN_MISSING),
        (("学号", "姓名"), MatchBy.AUTO, Code.RESULT_COLUMN_MISSING),
        (("学号", "办理结果", "图书馆"), MatchBy.AUTO, Code.HEADER_DUPLICATE),
        (("学号", "学号", "办理结果"), MatchBy.AUTO, Code.HEADER_DUPLICATE),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(
    header: Sequence[str], match_by: MatchBy, code: Code
) -> None:
    with pytest.raises(Refusal) as refused:
        layout(*header, match_by=match_by)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("texts", "act"),
    [
        (("通过", "已通过", "合格", "是", "√", "1", "pass", "PASS", " 通 过 ", 1, 1.0), Act.PASS),
        (("通过\u200b", "\ufeff是"), Act.PASS),
        (("未通过", "不通过", "不合格", "否", "×", "0", "fail", "Fail", 0), Act.REFUSE),
        (("", None, "未办理", " \u200b", "无需办理"), None),
    ],
)  # fmt: skip
def test_a_result_may_be_written_in_these_ways(texts: Sequence[Cell], act: Act | None) -> None:
    for text in texts:
        found = parse(("1", text))
        assert (found.act, found.problems) == (act, ())


@pytest.mark.parametrize("text", ["已办理", "同意", "2", "通过了", "x", "v", "免办", True])
def test_no_other_result_is_guessed(text: Cell) -> None:
    [problem] = parse(("1", text)).problems
    told = sheets.text_of(text)
    assert (problem.code, problem.column, problem.value) == (Code.RESULT_UNKNOWN, "B", told)


@pytest.mark.parametrize(
    "cell", [110101199601010001, 1e15, "1.10101E+17", "1.1e+17", "1.10101E17", "１.1Ｅ+17", "1E+17"]
)
def test_a_number_that_has_lost_digits_is_no_key(cell: Cell) -> None:
    found = parse((cell, "通过"))
    assert (found.keys, [each.code for each in found.problems]) == ((), [Code.ID_PRECISION_LOST])


@pytest.mark.parametrize("cell", ["2E10101", "1E0001", "5e8", 999_999_999_999_999])
def test_a_student_number_with_an_e_has_lost_nothing(cell: Cell) -> None:
    [key] = parse((cell, "通过")).keys
    assert key.value == str(cell).upper()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("２０２０ｘ", "2020X"),
        ("\u2018123", "123"),
        ("'00123", "00123"),
        ("001.00", "001"),
        ("\u200f12\u00a03\u3000", "123"),
    ],
)
def test_a_key_is_normalised_and_its_text_kept(cell: str, value: str) -> None:
    [key] = parse((cell, "通过")).keys
    assert (key.value, key.text, key.letter) == (value, cell, "A")


def test_keys_come_from_left_to_right_and_masked_ones_not_at_all() -> None:
    header = ("身份证号", "办理结果", "考生号", "学号")

    found = parse(("P1", "通过", "C1", "N1"), header)
    assert [(key.kind, key.letter) for key in found.keys] == [
        (Column.ID_NUMBER, "A"),
        (Column.CANDIDATE_NUMBER, "C"),
        (Column.NUMBER, "D"),
    ]
    masked = parse(("110101********0001", "通过", None, "E*******8"), header)
    assert [(each.code, each.column) for each in masked.problems] == [(Code.KEY_MISSING, "A")]


def test_every_error_of_a_row_is_kept() -> None:
    found = parse(("1.1E+17", "?", "长" * 501), ("学号", "办理结果", "备注"))

    assert [(each.code, each.column) for each in found.problems] == [
        (Code.ID_PRECISION_LOST, "A"),
        (Code.RESULT_UNKNOWN, "B"),
        (Code.REMARK_TOO_LONG, "C"),
    ]
    assert found.problems[2].facts == {"length": "501"}


def test_a_row_may_be_shorter_than_the_header() -> None:
    found = parse(("1",), ("学号", "姓名", "办理结果", "备注"))
    assert (found.name, found.act, found.remark, found.problems) == ("", None, "", ())


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (("#N/A", "张思", "通过", ""), [(Code.FORMULA_ERROR, "A", "#N/A")]),
        (("=B2", "张思", "通过", ""), [(Code.FORMULA_NOT_CALCULATED, "A", "=B2")]),
        (("1", "#REF!", "通过", ""), [(Code.FORMULA_ERROR, "B", "#REF!")]),
        (("1", "张思", "#N/A", ""), [(Code.RESULT_UNKNOWN, "C", "#N/A")]),
        (("1", "张思", "=D2", ""), [(Code.FORMULA_NOT_CALCULATED, "C", "=D2")]),
        (("1", "张思", "通过", "#VALUE!"), [(Code.FORMULA_ERROR, "D", "#VALUE!")]),
        (
            ("=A9", "=B9", "=C9", "=D9"),
            [(Code.FORMULA_NOT_CALCULATED, letter, f"={letter}9") for letter in "ABCD"],
        ),
    ],
)
def test_a_formula_without_a_value_is_no_empty_cell(
    row: Sequence[str], problems: list[tuple[Code, str, str]]
) -> None:
    marked = [Broken(text) if text[:1] in {"#", "="} else text for text in row]
    found = parse(marked, ("学号", "姓名", "办理结果", "备注"))

    assert [(each.code, each.column, each.value) for each in found.problems] == problems
    assert "#" not in found.remark + found.name


def test_a_text_that_looks_like_one_is_a_text() -> None:
    found = parse(("#N/A", "通过", "=1+1"), ("学号", "办理结果", "备注"))
    assert (found.keys[0].value, found.remark, found.problems) == ("#N/A", "=1+1", ())
