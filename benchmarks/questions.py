"""The same questions in each server's own words, and what a right answer to them holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.university import CHECKPOINTS, University
from domain import ids
from domain.ids import Noun

LISTED, IN_MATRIX, NUMBERS = 50, 100, 500
_ONE = "number name major className"
_STUDENT = "number idNumber name gender entryYear cohort category major className"
_CLEARANCE = "status remark version decidedAt"
_LIST = f"""query($where: StudentFilter!) {{ students(where: $where, first: {LISTED}) {{ nodes {{
  id {_STUDENT} clearances {{ {_CLEARANCE} }} }} }} }}"""
_MATRIX = f"""query($where: StudentFilter!) {{ matrix(where: $where) {{ checkpoints {{ id title }}
  students(first: {IN_MATRIX}) {{ nodes {{ student {{ number name }} statuses }} }} }} }}"""
_STUDENT_BY_NUMBER = f"""query($scheme: ID!, $number: String!) {{
  student(scheme: $scheme, key: {{number: $number}}) {{ id {_ONE} }} }}"""
_POSTGRAPHILE_LIST = f"""query($scheme: BigInt!, $department: BigInt!) {{
  allStudents(condition: {{schemeId: $scheme, departmentId: $department}}, first: {LISTED},
    orderBy: NUMBER_ASC) {{ nodes {{
    rowId {_STUDENT} clearancesByStudentId {{ nodes {{ {_CLEARANCE} }} }} }} }} }}"""
_POSTGRAPHILE_STUDENT = f"""query($scheme: BigInt!, $number: String!) {{
  studentBySchemeIdAndNumber(schemeId: $scheme, number: $number) {{ rowId {_ONE} }} }}"""
_STOCK_LIST = f"""query($scheme: ID!, $department: ID!) {{
  students(scheme: $scheme, department: $department, first: {LISTED}) {{ nodes {{
    id {_STUDENT} clearances {{ {_CLEARANCE} }} }} }} }}"""
Told = tuple[str, int]


@dataclass(frozen=True)
class Question:
    """One document with many variables, and which students the answers name.

    `told` finds in an answer's data the number of each student and how many clearances it has.
    """

    document: str
    variables: Sequence[Mapping[str, Any]]
    expected: Sequence[Sequence[Told]]
    told: Callable[[Any], Iterable[Told]]

    def bodies(self) -> Iterator[bytes]:
        """A request for each set of variables."""
        for each in self.variables:
            yield orjson.dumps({"query": self.document, "variables": each})

    def check(self, place: int, answer: Any) -> None:
        """Whether this is the answer to the request at that place."""
        assert "errors" not in answer, answer
        assert list(self.told(answer["data"])) == self.expected[place], answer


def page(of: University) -> Question:
    """The first students of a department and all that is known of them, asked of Lixiao."""
    return Question(_LIST, _filters(of), _of_departments(of, LISTED), _told_by_page)


def page_of_floor(of: University) -> Question:
    """The same in the words of the floor, which reads nothing but the variables."""
    return Question("", _departments(of), _of_departments(of, LISTED), _told_by_page)


def page_of_stock(of: University) -> Question:
    """The same in those of stock Strawberry."""
    return Question(_STOCK_LIST, _departments(of), _of_departments(of, LISTED), _told_by_page)


def page_of_postgraphile(of: University) -> Question:
    """The same in those of PostGraphile."""
    expected = _of_departments(of, LISTED)
    return Question(_POSTGRAPHILE_LIST, _departments(of), expected, _told_by_postgraphile)


def matrix(of: University) -> Question:
    """Twice as many students of a department with nothing but their statuses."""
    return Question(_MATRIX, _filters(of), _of_departments(of, IN_MATRIX), _told_by_matrix)


def one(of: University) -> Question:
    """One student by number, asked of Lixiao."""
    return _one(of, _STUDENT_BY_NUMBER, of.scheme, "student")


def one_of_floor(of: University) -> Question:
    """The same in the words of the floor."""
    return _one(of, "", _key(of.scheme, Noun.SCHEME), "student")


def one_of_postgraphile(of: University) -> Question:
    """The same in those of PostGraphile."""
    scheme = _key(of.scheme, Noun.SCHEME)
    return _one(of, _POSTGRAPHILE_STUDENT, scheme, "studentBySchemeIdAndNumber")


def _one(of: University, document: str, scheme: str, field: str) -> Question:
    numbers = [of.number(place * 7919 % of.students) for place in range(NUMBERS)]
    return Question(
        document,
        [{"scheme": scheme, "number": number} for number in numbers],
        [[(number, 0)] for number in numbers],
        lambda data: [(data[field]["number"], 0)],
    )


def _filters(of: University) -> list[Mapping[str, Any]]:
    return [{"where": {"scheme": of.scheme, "departments": [each]}} for each in of.departments]


def _departments(of: University) -> list[Mapping[str, Any]]:
    scheme = _key(of.scheme, Noun.SCHEME)
    return [
        {"scheme": scheme, "department": _key(each, Noun.DEPARTMENT)} for each in of.departments
    ]


def _of_departments(of: University, count: int) -> list[list[Told]]:
    """The first ones of each department."""
    size = of.students // len(of.departments)
    firsts = range(0, of.students, size)
    return [[(of.number(first + n), CHECKPOINTS) for n in range(count)] for first in firsts]


def _told_by_page(data: Any) -> Iterator[Told]:
    return ((each["number"], len(each["clearances"])) for each in data["students"]["nodes"])


def _told_by_postgraphile(data: Any) -> Iterator[Told]:
    for each in data["allStudents"]["nodes"]:
        yield each["number"], len(each["clearancesByStudentId"]["nodes"])


def _told_by_matrix(data: Any) -> Iterator[Told]:
    for each in data["matrix"]["students"]["nodes"]:
        yield each["student"]["number"], len(each["statuses"])


def _key(public_id: str, noun: Noun) -> str:
    return str(ids.decode(public_id, noun))
