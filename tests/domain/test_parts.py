"""Files for several checkpoints, and headers of two rows, without a file."""

from collections.abc import Sequence

import pytest

from domain.errors import Code, Refusal
from domain.reading import cells, parts, roster_cells, sheets
from domain.reading.cells import Column
from domain.workbook.read import Cell, Row
from models import Act, MatchBy, StudentField

LIBRARY, FINANCE = "图书馆", "财务清算"
BOTH = (LIBRARY, FINANCE)
Rows = Sequence[Sequence[Cell]]


def header(rows: Rows, titles: Sequence[str] = BOTH) -> parts.Sheet:
    found = sheets.find_layout(
        [Row(number, tuple(row)) for number, row in enumerate(rows, 1)], parts.headers(titles)
    )
    return parts.Sheet("", parts.check(found, titles, MatchBy.AUTO), [])


def columns(rows: Rows, titles: Sequence[str] = BOTH) -> list[dict[Column, int]]:
    """What each column means for each checkpoint."""
    found = header(rows, titles).layout
    return [dict(each.columns) for each in parts.layouts(found, len(titles))]


def refused(rows: Rows, titles: Sequence[str] = BOTH) -> tuple[Code, dict[str, str]]:
    with pytest.raises(Refusal) as caught:
        header(rows, titles)
    return caught.value.code, dict(caught.value.facts)


@pytest.mark.parametrize(
    "result",
    [
        "图书馆",
        "图书馆办理结果",
        "图书馆 办理结果",
        "图书馆-办理结果",
        "图书馆——审核结果",
        "图书馆/办理状态",
        "图书馆：办理结果",
        "图书馆·办理结果",
        "图书馆\n办理结果",
        "图书馆（办理结果）",
        "【图书馆】办理结果",
        "办理结果图书馆",
        "办理结果（图书馆）",
        "办理结果：图书馆*",
        "Result [图书馆]",
    ],
)
def test_a_result_is_headed_by_its_checkpoint_whatever_parts_the_words(result: str) -> None:
    key = {Column.NUMBER: 0}
    assert columns([("学号", "财务清算", result)]) == [
        key | {Column.RESULT: 2},
        key | {Column.RESULT: 1},
    ]
    assert columns([("学号", result)], [LIBRARY]) == [key | {Column.RESULT: 1}]


def test_keys_and_names_are_shared_and_remarks_are_not() -> None:
    titles = ("备注（财务清算）", "学号", "财务清算", "姓名", "图书馆-备注", "图书馆办理结果")
    shared = {Column.NUMBER: 1, Column.NAME: 3}
    found = header([titles]).layout

    assert columns([titles]) == [
        shared | {Column.RESULT: 5, Column.REMARK: 4},
        shared | {Column.RESULT: 2, Column.REMARK: 0},
    ]
    row = Row(2, ("欠费", "2020010101", "未通过", "张思", "已还", "通过"))
    parsed = [cells.parse(row, each, MatchBy.AUTO) for each in parts.layouts(found, 2)]
    assert [(each.act, each.remark, each.name) for each in parsed] == [
        (Act.PASS, "已还", "张思"),
        (Act.REFUSE, "欠费", "张思"),
    ]


@pytest.mark.parametrize(
    ("titles", "checkpoint"),
    [
        (("学号", "图书馆", "办理结果", "备注"), FINANCE),
        (("学号", "图书馆馆藏", "财务清算"), LIBRARY),
        (("学号", "新图书馆办理结果", "财务清算"), LIBRARY),
        (("学号", "图书馆", "财务清算备注"), FINANCE),
    ],
)
def test_neither_a_plain_result_nor_a_longer_title_stands_for_a_checkpoint(
    titles: Sequence[str], checkpoint: str
) -> None:
    assert refused([titles]) == (Code.RESULT_COLUMN_MISSING, {"checkpoint": checkpoint})


def test_of_two_titles_that_fit_the_longer_one_is_meant() -> None:
    titles = ("学号", "图书馆", "图书馆审核", "图书馆审核备注", "图书馆备注")
    expected = [{Column.RESULT: 1, Column.REMARK: 4}, {Column.RESULT: 2, Column.REMARK: 3}]
    key = {Column.NUMBER: 0}
    for names in ((LIBRARY, "图书馆审核"), ("图书馆审核", LIBRARY)):
        found = columns([titles], names)
        assert [found[names.index(each)] for each in (LIBRARY, "图书馆审核")] == [
            key | each for each in expected
        ]


def test_two_columns_for_one_checkpoint_are_refused() -> None:
    told = {"header": "图书馆", "columns": "B、D"}
    assert refused([("学号", "图书馆", "财务清算", "图书馆办理结果")]) == (
        Code.HEADER_DUPLICATE, told,
    )  # fmt: skip


TWO_ROWS: list[Rows] = [
    [
        ("学号", "姓名", "图书馆", None, "财务清算", None),
        (None, None, "办理结果", "备注", "办理结果", "备注"),
    ],
    [
        ("学生信息", None, "图书馆", None, "财务清算"),
        ("学号", "姓名", "办理结果", "备注", "办理结果", "备注"),
    ],
    [
        ("毕业生离校名单",),
        ("学号", "姓名", "图书馆", "图书馆", "财务清算", "财务清算"),
        ("学号", "姓名", "办理结果", "备注", "办理结果", "备注"),
    ],
]


@pytest.mark.parametrize("rows", TWO_ROWS)
def test_a_row_of_groups_above_the_titles_names_the_checkpoints(rows: Rows) -> None:
    shared = {Column.NUMBER: 0, Column.NAME: 1}
    library, finance = {Column.RESULT: 2, Column.REMARK: 3}, {Column.RESULT: 4, Column.REMARK: 5}
    data = (2020010101, "张思", "通过", "办理结果", "未通过", "备注")

    assert columns([*rows, data]) == [shared | library, shared | finance]
    assert header([*rows, data]).layout.header_row == len(rows)
    assert columns([*rows, data], [LIBRARY]) == [shared | library]
    assert columns([*rows, data], [FINANCE]) == [shared | finance]


def test_the_titles_of_two_rows_are_told_as_one_text() -> None:
    found = header([*TWO_ROWS[0], ("2020010101", "张思", "通过")], [LIBRARY]).layout
    assert found.titles == (
        *("学号", "姓名", "图书馆 办理结果", "图书馆 备注", "财务清算 办理结果", "财务清算 备注"),
    )  # fmt: skip
    assert found.unknown == ("财务清算 办理结果", "财务清算 备注")


def test_words_below_checkpoints_are_titles_though_they_say_no_more() -> None:
    rows: Rows = [("学号", "图书馆", "财务清算"), (None, "办理结果", "办理结果"), ("1", "通过")]
    assert header(rows).layout.header_row == 2
    assert columns(rows) == [
        {Column.NUMBER: 0, Column.RESULT: 1},
        {Column.NUMBER: 0, Column.RESULT: 2},
    ]


@pytest.mark.parametrize("titles", [[LIBRARY], ["保卫处"]])
def test_results_below_groups_that_are_not_the_checkpoint_are_not_guessed(
    titles: Sequence[str],
) -> None:
    rows: Rows = [
        ("学号", "校医院", None, "财务清算", None),
        (None, "办理结果", "备注", "办理结果", "备注"),
    ]
    code, told = refused(rows, titles)
    assert (code, told["columns"]) == (Code.HEADER_DUPLICATE, "B、D")


@pytest.mark.parametrize(
    ("rows", "header_row"),
    [
        ([("图书馆",), ("学号", "姓名", "办理结果")], 2),
        ([("图书馆离校名单",), ("学号", "姓名", "图书馆")], 2),
        ([("学号", "姓名", "办理结果"), (1, "姓名", "通过", "备注")], 1),
        ([("学号", "姓名", "办理结果"), (None, None, "通过")], 1),
        ([("学号", "姓名", "办理结果"), ("学号", "姓名", "办理结果")], 1),
        ([("学号", "姓名", "办理结果"), ("备注", None, None, "书未还")], 1),
        ([("学号", "姓名", "图书馆"), (1, "张思", "通过"), (None, None, "办理结果")], 1),
        ([("学号", "姓名", "图书馆"), ("1", "备注", "通过")], 1),
    ],
)
def test_no_data_and_no_title_above_is_taken_for_a_row_of_the_header(
    rows: Rows, header_row: int
) -> None:
    found = header(rows, [LIBRARY]).layout
    texts = [cell or "" for cell in rows[header_row - 1]]
    assert (found.header_row, list(found.titles)) == (header_row, texts)


def test_rows_that_do_not_touch_are_not_one_header() -> None:
    rows = [Row(1, ("学号", "图书馆")), Row(3, (None, "办理结果"))]
    assert sheets.find_layout(rows, parts.headers([LIBRARY])).header_row == 1


def test_a_roster_may_have_groups_too() -> None:
    rows = [Row(1, ("基本信息", None, "培养")), Row(2, ("学号", "姓名", "院系", "专业"))]
    found = sheets.find_layout(rows, roster_cells.HEADERS)
    assert (found.header_row, dict(found.columns)) == (
        2,
        {
            StudentField.NUMBER: 0,
            StudentField.NAME: 1,
            StudentField.DEPARTMENT: 2,
            StudentField.MAJOR: 3,
        },
    )
