"""Which student a row names, pure: every key must name one and the same, under the right name."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from domain import identifiers
from domain.errors import Code
from domain.lists.student_keys import Keys, Known
from domain.reading.cells import Column, Key, Parsed
from domain.reading.sheets import Problem

# Among which of the `Keys` a cell is looked up.
_AMONG: Mapping[Column, tuple[str, ...]] = {
    Column.NUMBER: ("numbers",),
    Column.CANDIDATE_NUMBER: ("candidate_numbers",),
    Column.ID_NUMBER: ("id_numbers",),
    Column.NUMBER_OR_ID: ("numbers", "id_numbers"),
}


def wanted(rows: Iterable[Parsed]) -> tuple[list[str], list[str], list[str]]:
    """The numbers, candidate numbers and ID numbers to look up for these rows."""
    found: dict[str, dict[str, None]] = {"numbers": {}, "candidate_numbers": {}, "id_numbers": {}}
    for row in rows:
        for key in row.keys:
            for name in _AMONG[key.kind]:
                found[name][key.value] = None
    numbers, candidates, id_numbers = map(list, found.values())
    return numbers, candidates, id_numbers


def match(row: Parsed, known: Keys) -> tuple[Known | None, list[Problem]]:
    """The one student of a row, or what is wrong; warnings do not keep the student away."""
    problems: list[Problem] = []
    if len(row.keys) == 1:
        return _one(row.keys[0], known, problems), problems
    found = [_one(key, known, problems) for key in row.keys]
    students = {student.id: student for student in found if student}
    if len(students) > 1:
        problems.append(_mismatch(row, found))
    if len(students) != 1 or any(student is None for student in found):
        return None, problems
    [student] = students.values()
    return student, problems


def _mismatch(row: Parsed, found: Sequence[Known | None]) -> Problem:
    """The first key that names another student than the one before it."""
    named = [(key, student.id) for key, student in zip(row.keys, found, strict=True) if student]
    first, second = next(
        (one, other)
        for (one, student), (other, another) in itertools.pairwise(named)
        if student != another
    )
    facts = {"first": first.text, "second": second.text}
    return Problem(Code.KEY_MISMATCH, second.letter, second.text, facts)


def name_problem(row: Parsed, student: Known, column: str) -> Problem | None:
    """NAME_MISMATCH if the row has a name and it is another one."""
    if not row.name or row.name == student.name:
        return None
    if identifiers.name_key(row.name) == identifiers.name_key(student.name):
        return None
    facts = {"value": row.name, "expected": student.name}
    return Problem(Code.NAME_MISMATCH, column, row.name, facts)


def _one(key: Key, known: Keys, problems: list[Problem]) -> Known | None:
    hits: list[Known] = [
        students[key.value]
        for name in _AMONG[key.kind]
        if key.value in (students := getattr(known, name))
    ]
    if len(hits) > 1 and len({student.id for student in hits}) > 1:
        problems.append(_problem(Code.KEY_AMBIGUOUS, key))
        return None
    if not hits:
        problems.append(_problem(_absence(key), key))
        return None
    if key.value in known.id_numbers and identifiers.has_wrong_check_digit(key.value):
        problems.append(_problem(Code.ID_CHECK_DIGIT, key))
    return hits[0]


def _absence(key: Key) -> Code:
    """Why nobody was found: an ID number that cannot be one says so."""
    if "id_numbers" in _AMONG[key.kind] and identifiers.is_malformed_id_number(key.value):
        return Code.ID_MALFORMED
    return Code.STUDENT_NOT_FOUND


def _problem(code: Code, key: Key) -> Problem:
    return Problem(code, key.letter, key.text, {"value": key.text})
