"""What a row of a roster does to the students as they stand, pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from domain import identifiers
from domain.enrolling.rolls import Roll
from domain.enrolling.student_writes import Edit
from domain.errors import Code
from domain.reading import sheets
from domain.reading.sheets import Problem
from domain.reading.student_records import KEYS, REQUIRED, TITLES, Record, Value
from models import Cohort, StudentField, StudentStatus


@dataclass(frozen=True)
class Terms:
    """What rows are judged by: who and which departments there are, where the file has what."""

    roll: Roll
    departments: Collection[str]
    columns: Mapping[str, int]
    cohort: Cohort | None = None
    creates_departments: bool = False

    def letter(self, field: StudentField) -> str | None:
        """The letters of a column that the file has."""
        return sheets.letter(self.columns[field]) if field in self.columns else None


class Judged(NamedTuple):
    """What a row would do, or why it cannot; whom it names."""

    edit: Edit | None
    problems: list[Problem]
    student_id: int | None


def judge(record: Record, terms: Terms, faulty: Collection[StudentField] = ()) -> Judged:
    """By its keys a row names one student, or nobody yet; fields in `faulty` are told already."""
    named = terms.roll.named(record)
    student_ids = set(named.values())
    if len(student_ids) > 1:
        problems = [_mismatch(record, named, terms), *_unknown_department(record, terms)]
        return Judged(None, problems, None)
    student_id = next(iter(student_ids), None)
    before = None if student_id is None else terms.roll.records[student_id]
    if before and (other := _other_person(record, before, next(iter(named)), terms)):
        return Judged(None, [other, *_unknown_department(record, terms)], student_id)
    after: dict[StudentField, Value] = {**(before or _new(terms)), **record}
    after[StudentField.STATUS] = StudentStatus.ACTIVE
    problems = _unknown_department(record, terms)
    if before is None and any(each in record for each in KEYS):
        problems += _missing(after, terms, faulty)
    edit = None if problems else Edit(after, before, student_id)
    return Judged(edit, problems, student_id)


def _new(terms: Terms) -> Record:
    return {} if terms.cohort is None else {StudentField.COHORT: terms.cohort}


def _mismatch(record: Record, named: Mapping[StudentField, int], terms: Terms) -> Problem:
    """The first key that names another student than the one before it."""
    first, second = next(
        (one, other)
        for one, other in zip(named, list(named)[1:], strict=False)
        if named[one] != named[other]
    )
    facts = {"first": str(record[first]), "second": str(record[second])}
    return Problem(Code.KEY_MISMATCH, terms.letter(second), facts["second"], facts)


def _other_person(
    record: Record, before: Record, key: StudentField, terms: Terms
) -> Problem | None:
    """Another name and another number at once: the key was mistyped, or the row would put a new
    person in the place of one who has been decided about."""
    name, known = str(record.get(StudentField.NAME) or ""), str(before[StudentField.NAME])
    if not name or identifiers.name_key(name) == identifiers.name_key(known):
        return None
    differing = [each for each in KEYS if each in record and record[each] != before[each]]
    if not differing:
        return None
    facts = {"value": name, "expected": known, "key": TITLES[key], "number": str(record[key])}
    facts["column"] = TITLES[differing[0]]
    return Problem(Code.NAME_MISMATCH, terms.letter(StudentField.NAME), name, facts)


def _unknown_department(record: Record, terms: Terms) -> list[Problem]:
    name = record.get(StudentField.DEPARTMENT)
    if name is None or terms.creates_departments or name in terms.departments:
        return []
    place = terms.letter(StudentField.DEPARTMENT)
    return [Problem(Code.DEPARTMENT_UNKNOWN, place, str(name), {"value": str(name)})]


def _missing(after: Record, terms: Terms, faulty: Collection[StudentField]) -> list[Problem]:
    """What a new student must have."""
    lacking = [each for each in REQUIRED if after.get(each) is None and each not in faulty]
    absent = [TITLES[each] for each in lacking if each not in terms.columns]
    problems = [
        Problem(Code.VALUE_MISSING, terms.letter(each), facts={"column": TITLES[each]})
        for each in lacking
        if each in terms.columns
    ]
    if absent:
        problems.append(Problem(Code.COLUMN_MISSING, facts={"columns": "、".join(absent)}))
    return problems
