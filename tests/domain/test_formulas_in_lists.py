"""A formula without a value in a roster or in a list of operators is never an empty cell."""

from domain.errors import Code
from domain.reading import roster_cells, sheets
from domain.staffing import hiring_cells
from domain.staffing.hiring_cells import Named, Places
from domain.workbook.read import Broken, Cell, Row
from models import StudentField

NOWHERE = Places(Named({"图书馆": 1}), Named({"数学学院": 2}))


def roster(*row: Cell) -> roster_cells.Parsed:
    header = Row(1, ("学号", "姓名", "院系", "住宿信息"))
    return roster_cells.parse(Row(2, row), sheets.find_layout([header], roster_cells.HEADERS))


def hired(*row: Cell) -> hiring_cells.Parsed:
    header = Row(1, ("账号", "姓名", "初始密码", "角色", "离校环节", "院系", "查看证件号"))
    layout = sheets.find_layout([header], hiring_cells.HEADERS)
    return hiring_cells.parse(Row(2, row), layout, NOWHERE)


def test_a_roster_neither_takes_it_nor_empties_a_field() -> None:
    found = roster(Broken("=A9"), Broken("#N/A"), "数学学院", Broken("#REF!"))

    assert [(each.code, each.column, each.value) for each in found.problems] == [
        (Code.FORMULA_NOT_CALCULATED, "A", "=A9"),
        (Code.FORMULA_ERROR, "B", "#N/A"),
        (Code.FORMULA_ERROR, "D", "#REF!"),
    ]
    assert found.record == {StudentField.DEPARTMENT: "数学学院"}


def test_a_grant_is_not_for_all_departments_or_checkpoints_because_of_it() -> None:
    found = hired(
        "a", "甲", "12345678", "离校点操作员", Broken("=E9"), Broken("#N/A"), Broken("#N/A")
    )

    assert found.wanted is None
    assert [(each.code, each.column) for each in found.problems] == [
        (Code.FORMULA_NOT_CALCULATED, "E"),
        (Code.FORMULA_ERROR, "F"),
        (Code.FORMULA_ERROR, "G"),
    ]


def test_neither_a_login_nor_a_password_is_made_of_it() -> None:
    found = hired(Broken("#N/A"), "甲", Broken("=CONCAT(A2,1234567)"), "系统管理员")

    assert [(each.code, each.column) for each in found.problems] == [(Code.FORMULA_ERROR, "A")]
    assert (found.password, found.cells[2]) == ("", "******")
    assert found.password_problem
    assert found.password_problem.code is Code.VALUE_MISSING
