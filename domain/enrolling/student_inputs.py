"""What is given of a student one by one, read into a record: normalised, checked, by its path."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain import errors, identifiers, ids
from domain.configuration import schemes
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.reading import student_records
from domain.reading.student_records import KEYS, REQUIRED, YEARS, Record, Value
from domain.signed_in import SignedIn
from models import Cohort, Gender, StudentField

_FIELDS = {
    "number": StudentField.NUMBER,
    "candidate_number": StudentField.CANDIDATE_NUMBER,
    "id_number": StudentField.ID_NUMBER,
    "name": StudentField.NAME,
    "gender": StudentField.GENDER,
    "entry_year": StudentField.ENTRY_YEAR,
    "cohort": StudentField.COHORT,
    "department": StudentField.DEPARTMENT,
    "major": StudentField.MAJOR,
    "class_name": StudentField.CLASS,
    "category": StudentField.CATEGORY,
    "training_level": StudentField.TRAINING_LEVEL,
    "household_transfer": StudentField.HOUSEHOLD_TRANSFER,
    "dormitory": StudentField.DORMITORY,
}
_CLEARABLE = frozenset(_FIELDS.values()) - set(REQUIRED)


@dataclass(frozen=True)
class StudentInput:
    """A student to enrol; one of the three numbers is needed."""

    name: str
    cohort: Cohort
    department: PublicId
    number: str | None = None
    candidate_number: str | None = None
    id_number: str | None = None
    gender: Gender | None = None
    entry_year: int | None = None
    training_level: str | None = None
    category: str | None = None
    major: str | None = None
    class_name: str | None = None
    household_transfer: bool | None = None
    dormitory: str | None = None


@dataclass(frozen=True)
class StudentEdit:
    """Other data of a student; what is None stays, an empty text empties."""

    number: str | None = None
    candidate_number: str | None = None
    id_number: str | None = None
    name: str | None = None
    gender: Gender | None = None
    entry_year: int | None = None
    cohort: Cohort | None = None
    department: PublicId | None = None
    training_level: str | None = None
    category: str | None = None
    major: str | None = None
    class_name: str | None = None
    household_transfer: bool | None = None
    dormitory: str | None = None


def given(
    session: Session, operator: SignedIn, said: StudentInput | StudentEdit
) -> dict[StudentField, Value]:
    """What an input says."""
    record = {
        _FIELDS[name]: _value(name, value)
        for name, value in vars(said).items()
        if value is not None
    }
    if said.department is not None:
        record[StudentField.DEPARTMENT] = _department(session, operator, said.department)
    return record


def cleared(clear: Collection[StudentField], said: Record) -> dict[StudentField, Value]:
    """The fields to empty, but not what everybody has."""
    for field in clear:
        if field not in _CLEARABLE:
            raise errors.invalid(("clear",), field, "a field that may be empty")
        if field in said:
            raise errors.invalid(("clear",), field, "a field that the input does not give")
    return dict.fromkeys(clear)


def _department(session: Session, operator: SignedIn, public_id: PublicId) -> str:
    department_id = ids.decode(public_id, Noun.DEPARTMENT)
    department = schemes.departments_by_ids(session, operator, [department_id]).get(department_id)
    if department is None:
        raise ids.not_found(Noun.DEPARTMENT)
    return department.name


def _value(name: str, value: Any) -> Value:
    field, path = _FIELDS[name], ("input", name)
    if field in KEYS:
        return _key(field, value, path)
    if field is StudentField.ENTRY_YEAR and value not in YEARS:
        raise errors.invalid(path, value, f"{YEARS[0]}-{YEARS[-1]}")
    if type(value) is str and field is not StudentField.DEPARTMENT:
        return _text(field, identifiers.tidy(value), path)
    kept: Value = value
    return kept


def _key(field: StudentField, text: str, path: tuple[str, ...]) -> str | None:
    value = identifiers.clean(text)
    if identifiers.is_imprecise(text):
        raise Refusal(Code.ID_PRECISION_LOST, {"value": text}, path=path)
    if identifiers.is_masked(value):
        raise Refusal(Code.ID_MALFORMED, {"value": text}, path=path)
    return _text(field, value, path) or None


def _text(field: StudentField, value: str, path: tuple[str, ...]) -> str | None:
    fault = student_records.fault(field, value)
    least = 1 if field in REQUIRED else 0
    if len(value) < least or (fault and fault.code is Code.VALUE_TOO_LONG):
        errors.of_length(path, value, least, student_records.limit(field))
    if fault:
        raise Refusal(fault.code, fault.facts, path=path)
    return value or None
