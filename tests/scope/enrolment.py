"""What each kind of person is answered: enrolment."""

from typing import Any

from tests.schema.enrolling import DOCUMENTS
from tests.scope.lines import Attempt, Line, Side

IN, OUT = Side.INSIDE, Side.OUTSIDE
#          admin     affairs   geology   library   department elsewhere ungranted nobody
MAY = "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
MAY_STUDENT = "ok FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
MAY_GEOLOGIST = "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
OUTSIDE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND UNAUTHENTICATED"
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
ARCHIVED = """query($scheme: ID!, $numbers: [String!], $namePrefix: String, $after: String) {
    archivedStudents(scheme: $scheme, numbers: $numbers, namePrefix: $namePrefix, first: 9,
                     after: $after) { totalCount nodes { name } } }"""
CHANGES = """query($scheme: ID!, $student: ID, $operator: ID, $job: ID, $after: String) {
    studentChanges(scheme: $scheme, student: $student, operator: $operator, job: $job, first: 9,
                   after: $after) {
      totalCount nodes { old new student { name } operator { name } } } }"""
ROSTER = """mutation($file: ID!, $scheme: ID!, $createDepartments: Boolean! = false,
                  $sheet: String) {
    startRosterImport(file: $file, scheme: $scheme, createDepartments: $createDepartments,
                      sheet: $sheet) {
      ... on Job { id roster { missing } missingStudents(first: 9) { nodes { name } } }
      ... on Refused { code message } } }"""
NEW = {"name": "新生", "cohort": "UNDERGRADUATE", "department": "@marx", "number": "N1"}
TEXTS = {
    "number": "N1",
    "candidateNumber": "C1",
    "idNumber": "E1",
    "name": "新生",
    "major": "哲学",
    "department": "@marx",
    "className": "一班",
    "category": "学历硕士",
    "dormitory": "东区",
    "trainingLevel": "硕士",
}
# For `test_hostile_input`, as `hostile.REQUESTS`.
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (DOCUMENTS["updateStudent"], {"student": "@student", "input": TEXTS}),
    (DOCUMENTS["archiveStudent"], {"student": "@classmate"}),
    (
        ARCHIVED,
        {"scheme": "@scheme", "numbers": ["1"], "namePrefix": "张", "after": "@students-cursor"},
    ),
    (
        CHANGES,
        {
            "scheme": "@scheme",
            "student": "@student",
            "operator": "@operator",
            "job": "@job",
            "after": "@students-cursor",
        },
    ),
    (ROSTER, {"file": "@own-upload", "scheme": "@scheme", "sheet": "Sheet1"}),
)


def _of_student(field: str, **more: Any) -> Line:
    """A mutation of a student: one's own, of another department, of the other scheme, nobody."""
    return Line(
        f"Mutation.{field}",
        DOCUMENTS[field],
        (
            Attempt(IN, "a student", MAY_STUDENT, {"student": "@student", **more}),
            Attempt(OUT, "one of geology", MAY_GEOLOGIST, {"student": "@geologist", **more}),
            Attempt(OUT, "one of the other scheme", OUTSIDE, {"student": "@outsider", **more}),
            Attempt(OUT, "nobody at all", NOWHERE, {"student": "@unknown-student", **more}),
            Attempt(OUT, "what is no id", NOWHERE, {"student": "%", **more}),
        ),
    )


def _roster(side: Side, target: str, answers: str, scheme: str, **more: Any) -> Attempt:
    return Attempt(side, target, answers, {"file": "@own-upload", "scheme": scheme, **more})


LINES: tuple[Line, ...] = (
    Line(
        "Query.archivedStudents",
        ARCHIVED,
        (
            Attempt(IN, "one's scheme", MAY.replace("ok", "0"), {"scheme": "@scheme"}),
            Attempt(OUT, "the other scheme", OUTSIDE, {"scheme": "@other-scheme"}),
            Attempt(OUT, "what is no id", NOWHERE, {"scheme": "%"}),
        ),
    ),
    Line(
        "Query.studentChanges",
        CHANGES,
        (
            Attempt(IN, "one's scheme", MAY.replace("ok", "0"), {"scheme": "@scheme"}),
            Attempt(OUT, "the other scheme", OUTSIDE, {"scheme": "@other-scheme"}),
            Attempt(
                OUT,
                "a student of the other scheme",
                MAY.replace("ok", "NOT_FOUND"),
                {"scheme": "@scheme", "student": "@outsider"},
            ),
        ),
    ),
    Line(
        "Mutation.createStudent",
        DOCUMENTS["createStudent"],
        (
            Attempt(IN, "one's scheme", MAY, {"scheme": "@scheme", "input": NEW}),
            Attempt(OUT, "the other scheme", OUTSIDE, {"scheme": "@other-scheme", "input": NEW}),
            Attempt(OUT, "what is no id", NOWHERE, {"scheme": "%", "input": NEW}),
        ),
    ),
    _of_student("updateStudent", input={"name": "改名"}),
    _of_student("archiveStudent"),
    _of_student("restoreStudent"),
    Line(
        "Mutation.startRosterImport",
        ROSTER,
        (
            _roster(IN, "one's scheme", MAY, "@scheme"),
            _roster(
                IN,
                "one's scheme, with new departments",
                MAY.replace("ok", "FORBIDDEN"),
                "@scheme",
                createDepartments=True,
            ),
            _roster(OUT, "the other scheme", OUTSIDE, "@other-scheme"),
            _roster(OUT, "what is no id", NOWHERE, "%"),
            Attempt(
                OUT,
                "somebody else's file",
                f"NOT_FOUND FORBIDDEN {NOWHERE.split(maxsplit=2)[2]}",
                {"file": "@upload", "scheme": "@scheme"},
            ),
        ),
    ),
)
