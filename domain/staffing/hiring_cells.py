"""One row of a list of operators to an act and the grant it gives, or cell errors, pure."""

import enum
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain import identifiers, names
from domain.errors import Code, Refusal
from domain.reading import sheets
from domain.reading.sheets import Headers, Problem, text_of
from domain.staffing import accounts, password_cells
from domain.staffing.acts import StaffAct
from domain.staffing.password_cells import AS_TEXT, MASK
from domain.words import office_word
from domain.workbook.read import Row
from models import Role


class Column(enum.StrEnum):
    """What a column of a list of operators means."""

    LOGIN = "LOGIN"
    ACT = "ACT"
    NAME = "NAME"
    PASSWORD = "PASSWORD"  # noqa: S105 -- not a password
    ROLE = "ROLE"
    CHECKPOINT = "CHECKPOINT"
    DEPARTMENT = "DEPARTMENT"
    ID_NUMBERS = "ID_NUMBERS"


Layout = sheets.Layout[Column]
Sheet = sheets.Sheet[Column]

# The first of each is the one that messages name.
_HEADERS: dict[Column, tuple[str, ...]] = {
    Column.LOGIN: ("账号", "登录名", "用户名", "login"),
    Column.ACT: ("操作", "动作", "action"),
    Column.NAME: ("姓名", "name"),
    Column.PASSWORD: password_cells.TITLES,
    Column.ROLE: ("角色", "role"),
    Column.CHECKPOINT: ("离校环节", "环节", "离校点", "checkpoint"),
    Column.DEPARTMENT: ("院系", "培养单位", "学院", "department"),
    Column.ID_NUMBERS: ("查看证件号", "是否查看证件号"),
}
TITLES = {column: titles[0] for column, titles in _HEADERS.items()}
_MEANINGS = {sheets.folded(title): each for each, titles in _HEADERS.items() for title in titles}
HEADERS: Headers[Column] = Headers(_MEANINGS, frozenset({"序号"}), "账号、角色")
_ACT_WORDS: dict[StaffAct, tuple[str, ...]] = {
    StaffAct.GRANT: ("授权", ""),
    StaffAct.DISABLE: ("停用",),
    StaffAct.ENABLE: ("启用",),
    StaffAct.RESET_PASSWORD: ("重置密码",),
    StaffAct.END_SESSIONS: ("退出登录", "结束会话"),
}
_ACTS = {text: act for act, words in _ACT_WORDS.items() for text in (*words, act.casefold())}
# What only a grant needs.
_OF_GRANTS = (Column.ROLE, Column.CHECKPOINT, Column.DEPARTMENT, Column.ID_NUMBERS)
_ROLES = {text: role for role in Role for text in (office_word(role), role.casefold())}
_YES_NO = {
    **dict.fromkeys(("是", "√", "1", "yes", "true"), True),
    **dict.fromkeys(("", "否", "×", "0", "no", "false"), False),
}


@dataclass(frozen=True)
class Named:
    """Keys by their names."""

    exactly: Mapping[str, int]

    def find(self, text: str) -> int | None:
        """That of the very name; else of the only one that looks like it."""
        if text in self.exactly:
            return self.exactly[text]
        alike = self._alike.get(sheets.folded(text), [])
        return alike[0] if len(alike) == 1 else None

    @functools.cached_property
    def _alike(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for name, key in self.exactly.items():
            found.setdefault(sheets.folded(name), []).append(key)
        return found


@dataclass(frozen=True)
class Places:
    """The checkpoints of the scheme and the departments."""

    checkpoints: Named
    departments: Named


class Wanted(NamedTuple):
    """The grant that a row asks for."""

    role: Role
    checkpoint_id: int | None
    department_id: int | None
    may_see_id_numbers: bool


@dataclass(frozen=True)
class Parsed:
    """A row as it was understood: a grant is wanted by GRANT only, and not with problems."""

    number: int
    cells: tuple[str, ...]
    login: str
    name: str
    act: StaffAct | None
    wanted: Wanted | None
    problems: tuple[Problem, ...]
    password: str = field(repr=False)
    password_problem: Problem | None


def check(layout: Layout) -> Layout:
    """Refuse a header without a login, or with neither a role nor an act."""
    required = (Column.LOGIN,) if Column.ACT in layout.columns else (Column.LOGIN, Column.ROLE)
    missing = [TITLES[each] for each in required if each not in layout.columns]
    if missing:
        raise Refusal(Code.COLUMN_MISSING, {"columns": "、".join(missing)})
    return layout


def parse(row: Row, layout: Layout, places: Places) -> Parsed:
    """Understand one row; every error of every cell is kept."""
    cells = _Cells(row, layout)
    login = _login(cells)
    name = _name(cells)
    act = _act(cells)
    wanted = _wanted(cells, places) if act is StaffAct.GRANT else None
    return Parsed(
        number=row.number,
        cells=password_cells.masked(row, layout, HEADERS, Column.PASSWORD),
        login=login,
        name=name,
        act=act,
        wanted=None if cells.problems else wanted,
        problems=tuple(cells.problems),
        password=cells.password(),
        password_problem=_password_problem(cells),
    )


class _Cells:
    """The texts of a row by what they mean, and the problems that are found with them."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self.row, self.layout = row, layout
        # Taken for an empty cell, a formula without a value would grant everywhere.
        self._broken = sheets.all_broken(row, layout, but=Column.PASSWORD)
        self.problems = list(self._broken.values())

    def text(self, column: Column) -> str:
        """What may be told."""
        if column is Column.PASSWORD:
            return MASK if self.password() else ""
        return identifiers.tidy(text_of(self.layout.cell(self.row, column)))

    def password(self) -> str:
        """What somebody will type."""
        return password_cells.password(self.layout.cell(self.row, Column.PASSWORD))

    def is_rounded(self, column: Column) -> bool:
        """A number that Excel has cut the last digits of."""
        return identifiers.is_imprecise(self.layout.cell(self.row, column))

    def refuse(self, column: Column, code: Code, **facts: object) -> None:
        if column in self._broken:
            return
        told = {"column": TITLES[column]} | {name: str(value) for name, value in facts.items()}
        letter = self.layout.letter(column) if column in self.layout.columns else None
        self.problems.append(Problem(code, letter, self.text(column), told))

    def unknown(self, column: Column, expected: str) -> None:
        self.refuse(column, Code.VALUE_UNKNOWN, value=self.text(column), expected=expected)


def _login(cells: _Cells) -> str:
    text = cells.text(Column.LOGIN)
    login = accounts.folded_login(text)
    if not text:
        cells.refuse(Column.LOGIN, Code.VALUE_MISSING)
    elif cells.is_rounded(Column.LOGIN):
        cells.unknown(Column.LOGIN, AS_TEXT)
    elif login is None:
        cells.unknown(Column.LOGIN, f"1-{accounts.LOGIN_LENGTH} 个可见字符，不含空格和 feed:")
    return login or ""


def _name(cells: _Cells) -> str:
    """It may be missing for somebody who has one already."""
    name = cells.text(Column.NAME)
    if len(name) > names.NAME_LENGTH:
        facts = {"length": len(name), "limit": names.NAME_LENGTH}
        cells.refuse(Column.NAME, Code.VALUE_TOO_LONG, **facts)
    return name


def _act(cells: _Cells) -> StaffAct | None:
    """An act that grants nothing refuses what it would otherwise drop silently."""
    act = _ACTS.get(sheets.folded(cells.text(Column.ACT)))
    if act is None:
        cells.unknown(Column.ACT, "、".join(words[0] for words in _ACT_WORDS.values()))
    elif act is not StaffAct.GRANT:
        _require_empty(cells, act, _OF_GRANTS, "授权")
        if act is not StaffAct.RESET_PASSWORD:
            _require_empty(cells, act, (Column.PASSWORD,), "密码")
    return act


def _require_empty(cells: _Cells, act: StaffAct, columns: Sequence[Column], about: str) -> None:
    for column in columns:
        if cells.text(column):
            cells.unknown(column, f"空（{_ACT_WORDS[act][0]}不涉及{about}）")


def _wanted(cells: _Cells, places: Places) -> Wanted | None:
    role = _role(cells)
    checkpoint_id = _place(cells, Column.CHECKPOINT, places.checkpoints, Code.CHECKPOINT_UNKNOWN)
    department_id = _place(cells, Column.DEPARTMENT, places.departments, Code.DEPARTMENT_UNKNOWN)
    shows = _YES_NO.get(sheets.folded(cells.text(Column.ID_NUMBERS)))
    if shows is None:
        cells.unknown(Column.ID_NUMBERS, "是、否")
    if role is None:
        return None
    if checkpoint_id and role is not Role.CHECKPOINT_OPERATOR:
        cells.unknown(Column.CHECKPOINT, f"空（{office_word(role)}不分环节）")
    if department_id and role is Role.ADMINISTRATOR:
        cells.unknown(Column.DEPARTMENT, f"空（{office_word(role)}不分院系）")
    return Wanted(role, checkpoint_id, department_id, bool(shows))


def _role(cells: _Cells) -> Role | None:
    text = cells.text(Column.ROLE)
    role = _ROLES.get(sheets.folded(text))
    if not text:
        cells.refuse(Column.ROLE, Code.VALUE_MISSING)
    elif role is None:
        cells.unknown(Column.ROLE, "、".join(map(office_word, Role)))
    return role


def _place(cells: _Cells, column: Column, known: Named, code: Code) -> int | None:
    """An empty cell means all of them."""
    text = cells.text(column)
    if not text:
        return None
    found = known.find(text)
    if found is None:
        # The same name in a roster may be one to create.
        cells.refuse(column, code, value=text, file="operators")
    return found


def _password_problem(cells: _Cells) -> Problem | None:
    """What is wrong with the password, should the row need one; it is never told."""
    layout = cells.layout
    letter = layout.letter(Column.PASSWORD) if Column.PASSWORD in layout.columns else None
    return password_cells.problem(layout.cell(cells.row, Column.PASSWORD), letter)
