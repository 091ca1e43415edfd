"""The student part of a list: what stands over a column, what is selected, how it is told."""

import datetime as dt
import enum
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from domain import identifiers
from domain.errors import Code, Refusal
from domain.exports.table import Line, Row, Statement
from domain.paging import Column as Source
from domain.signed_in import Departments, Right, SignedIn
from domain.words import office_word
from models import Department, Student

E = TypeVar("E", bound=enum.StrEnum)
YES_NO = {True: "是", False: "否", None: ""}


class StudentColumn(enum.StrEnum):
    """A column of the student part of an export."""

    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NAME = "NAME"
    GENDER = "GENDER"
    ENTRY_YEAR = "ENTRY_YEAR"
    COHORT = "COHORT"
    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    CATEGORY = "CATEGORY"
    TRAINING_LEVEL = "TRAINING_LEVEL"
    HOUSEHOLD_TRANSFER = "HOUSEHOLD_TRANSFER"
    DORMITORY = "DORMITORY"


def word(value: enum.StrEnum | None) -> str:
    """The office's word."""
    return office_word(value or "")


def moment(at: dt.datetime | None, timezone: zoneinfo.ZoneInfo) -> str:
    """As the office writes it."""
    return at.astimezone(timezone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


class Column(NamedTuple):
    """One column of a list; a text is told as it is."""

    heading: str
    source: Source
    tell: Callable[[Any], str] | None = None


COLUMNS: dict[StudentColumn, Column] = {
    StudentColumn.NUMBER: Column("学号", Student.number),
    StudentColumn.CANDIDATE_NUMBER: Column("考生号", Student.candidate_number),
    StudentColumn.ID_NUMBER: Column("身份证号", Student.id_number),
    StudentColumn.NAME: Column("姓名", Student.name),
    StudentColumn.GENDER: Column("性别", Student.gender, word),
    StudentColumn.ENTRY_YEAR: Column("年级", Student.entry_year, lambda year: str(year or "")),
    StudentColumn.COHORT: Column("学生范围", Student.cohort, word),
    StudentColumn.DEPARTMENT: Column("院系", Department.name),
    StudentColumn.MAJOR: Column("专业", Student.major),
    StudentColumn.CLASS: Column("班级", Student.class_name),
    StudentColumn.CATEGORY: Column("学生类别", Student.category),
    StudentColumn.TRAINING_LEVEL: Column("培养层次", Student.training_level),
    StudentColumn.HOUSEHOLD_TRANSFER: Column(
        "是否户口迁移", Student.household_transfer, YES_NO.__getitem__
    ),
    StudentColumn.DORMITORY: Column("住宿信息", Student.dormitory),
}


def chosen(columns: Sequence[E] | None, every: Iterable[E]) -> list[E]:
    """The columns asked for, each once; all without a choice."""
    return list(dict.fromkeys(columns or every))


def cells(lines: Iterable[Line], every: Iterable[E], wanted: Sequence[E]) -> Iterator[Line]:
    """What stands under the columns that are wanted, of lines that have every one."""
    places = {column: place for place, column in enumerate(every)}
    for line in lines:
        yield [line[places[column]] for column in wanted]


def check_full(operator: SignedIn, scheme_id: int, *, full: bool) -> None:
    """Full ID numbers need the right; FORBIDDEN without it."""
    if full and not operator.departments_unmasked(scheme_id):
        raise Refusal(Code.FORBIDDEN, {"right": Right.SEE_ID_NUMBERS})


class StudentPart:
    """Some columns of students. An ID number is masked unless asked for and allowed."""

    def __init__(self, columns: Sequence[StudentColumn], unmasked: Departments) -> None:
        self._columns = [COLUMNS[column] for column in columns]
        self._id_numbers = [
            place for place, each in enumerate(columns) if each is StudentColumn.ID_NUMBER
        ]
        self._told = [(place, each.tell) for place, each in enumerate(self._columns) if each.tell]
        self._unmasked = unmasked

    @property
    def header(self) -> list[str]:
        """What stands over them."""
        return [column.heading for column in self._columns]

    @property
    def about(self) -> list[tuple[str, str]]:
        """That there are full ID numbers among them, if there may be."""
        return [("完整身份证号", YES_NO[True])] if self._id_numbers and self._unmasked else []

    def select(self, *others: Source) -> Statement:
        """Students in their departments; `others` are selected behind what the columns need."""
        sources = [column.source for column in self._columns]
        return sa.select(Student.id, Student.department_id, *sources, *others).join(
            Department, Department.id == Student.department_id
        )

    def tell(self, row: Row) -> list[str | None]:
        """The cells of one student."""
        _, department_id, *told = row
        # What was selected behind them is left.
        del told[len(self._columns) :]
        for place, tell in self._told:
            told[place] = tell(told[place])
        if department_id not in self._unmasked:
            for place in self._id_numbers:
                told[place] = identifiers.mask(told[place] or "")
        return told


def student_part(
    operator: SignedIn,
    scheme_id: int,
    columns: Sequence[StudentColumn] | None,
    *,
    full: bool,
) -> StudentPart:
    """The columns that were asked for, told by the rights of now."""
    unmasked = operator.departments_unmasked(scheme_id) if full else Departments()
    return StudentPart(chosen(columns, StudentColumn), unmasked)
