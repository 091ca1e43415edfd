"""What the roster knows of a student, field by field, pure: limits, how it is told, what differs.

A record holds plain values as JSON keeps them; the department stands by its name.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code
from domain.words import office_word
from models import StudentField, StudentStatus

Value = str | int | bool | None
Record = Mapping[StudentField, Value]

TITLES: dict[StudentField, str] = {
    StudentField.STATUS: "状态",
    StudentField.NUMBER: "学号",
    StudentField.CANDIDATE_NUMBER: "考生号",
    StudentField.ID_NUMBER: "身份证号",
    StudentField.NAME: "姓名",
    StudentField.GENDER: "性别",
    StudentField.ENTRY_YEAR: "年级",
    StudentField.COHORT: "学生范围",
    StudentField.DEPARTMENT: "院系",
    StudentField.MAJOR: "专业",
    StudentField.CLASS: "班级",
    StudentField.CATEGORY: "学生类别",
    StudentField.TRAINING_LEVEL: "培养层次",
    StudentField.HOUSEHOLD_TRANSFER: "是否户口迁移",
    StudentField.DORMITORY: "住宿信息",
}
# From left to right the first that names a student is told first.
KEYS = (StudentField.NUMBER, StudentField.CANDIDATE_NUMBER, StudentField.ID_NUMBER)
REQUIRED = (StudentField.NAME, StudentField.DEPARTMENT, StudentField.COHORT)
YEARS = range(1900, 2201)
_LENGTHS = {**dict.fromkeys(KEYS, 50), StudentField.DORMITORY: 200}
_LENGTH = 100


class Difference(NamedTuple):
    """One field that becomes another, as files print it."""

    field: StudentField
    old: str
    new: str


class Fault(NamedTuple):
    """What is wrong with a value, and the facts of its sentence."""

    code: Code
    facts: Mapping[str, str]


def told(field: StudentField, value: Value) -> str:
    """A value as files print it, an ID number masked."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field is StudentField.ID_NUMBER:
        return identifiers.mask(str(value))
    return office_word(str(value)) if field in _WORDED else str(value)


_WORDED = {StudentField.STATUS, StudentField.GENDER, StudentField.COHORT}


def differences(before: Record | None, after: Record) -> list[Difference]:
    """What becomes of a student; of a new one only that there is one."""
    if before is None:
        return [_difference(StudentField.STATUS, None, StudentStatus.ACTIVE)]
    return [
        _difference(field, before.get(field), after.get(field))
        for field in StudentField
        if before.get(field) != after.get(field)
    ]


def sentence(changes: Sequence[Mapping[str, str]] | None) -> str:
    """The changes of a row of a roster as its workbook tells them."""
    return "；".join(
        f"{TITLES[StudentField(each['field'])]}: {each['old'] or '—'} → {each['new'] or '—'}"
        for each in changes or ()
    )


def _difference(field: StudentField, old: Value, new: Value) -> Difference:
    return Difference(field, told(field, old), told(field, new))


def limit(field: StudentField) -> int:
    """How many characters a value may have."""
    return _LENGTHS.get(field, _LENGTH)


def fault(field: StudentField, value: str) -> Fault | None:
    """What is wrong with a text that is not empty; a wrong check digit is only a warning."""
    if len(value) > limit(field):
        facts = {"length": str(len(value)), "limit": str(limit(field))}
        return Fault(Code.VALUE_TOO_LONG, {"column": TITLES[field]} | facts)
    if field is StudentField.ID_NUMBER and identifiers.is_malformed_id_number(value):
        return Fault(Code.ID_MALFORMED, {"value": value})
    return None
