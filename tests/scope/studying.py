"""What each kind of person is answered: what is for students."""

from typing import Any

from tests.scope.hiring import MAY, NOWHERE, OUTSIDE
from tests.scope.house import PASSWORD, STUDENT
from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
_SEEN = "{} FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
REFUSED = "... on Refused { code message }"


def _of_a_student(field: str, argument: str = "") -> Line:
    """A mutation about one student, whose number must be in no open scheme of others."""
    return Line(
        f"Mutation.{field}",
        f"""mutation($student: ID!) {{ {field}(student: $student {argument}) {{
          ... on Student {{ name }} {REFUSED} }} }}""",
        (
            Attempt(IN, "a student", _SEEN.format("ok"), {"student": "@classmate"}),
            Attempt(
                IN,
                "one of the other scheme too",
                _SEEN.format("FORBIDDEN"),
                {"student": "@student"},
            ),
            Attempt(
                OUT,
                "one of another department",
                "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@geologist"},
            ),
            Attempt(OUT, "one of the other scheme", OUTSIDE, {"student": "@outsider"}),
            Attempt(OUT, "nobody at all", NOWHERE, {"student": "@unknown-student"}),
        ),
    )


#                         admin affairs geology library department elsewhere ungranted nobody
# fmt: off
LINES: tuple[Line, ...] = (
    Line("Query.me", """{ me { number record { name } clearances { title remark }
        handOuts { kind } certificate { verifyUrl } } }""", (
        Attempt(OWN, "oneself", "null null null null null null null null"),
    )),
    Line("Mutation.issueMyCertificate", f"""mutation {{ issueMyCertificate {{
          ... on OwnCertificate {{ url }} {REFUSED} }} }}""",
    (
        Attempt(OWN, "one's own", "FORBIDDEN " * 7 + "UNAUTHENTICATED"),
    )),
    Line("Mutation.signInStudent", f"""mutation($number: String!, $password: String!) {{
        signInStudent(number: $number, password: $password) {{
          ... on StudentSignedIn {{ expiresAt }} {REFUSED} }} }}""",
    (
        Attempt(OUT, "with a wrong password", "- SIGN_IN_FAILED - - - - - SIGN_IN_FAILED",
                {"number": STUDENT, "password": "wrong"}),
        Attempt(OUT, "with the login of an operator", "- SIGN_IN_FAILED - - - - - SIGN_IN_FAILED",
                {"number": "affairs", "password": PASSWORD}),
        Attempt(IN, "with the right password", "- ok - - - - - ok",
                {"number": STUDENT, "password": PASSWORD}),
    )),
    Line("Mutation.startPasswordsImport", """mutation($file: ID!, $scheme: ID!) {
        startPasswordsImport(file: $file, scheme: $scheme) {
          ... on Job { id operator { login } } ... on Refused { code message } } }""",
    (
        Attempt(IN, "one's own file", MAY, {"file": "@own-upload", "scheme": "@scheme"}),
        Attempt(OUT, "one's own file in the other scheme", OUTSIDE,
                {"file": "@own-upload", "scheme": "@other-scheme"}),
        Attempt(OUT, "a file of somebody else", "NOT_FOUND FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"file": "@upload", "scheme": "@scheme"}),
    )),
    _of_a_student("resetStudentPassword", 'password: "another horse"'),
    _of_a_student("endStudentSessions"),
)
# fmt: on

# For `test_hostile_input`, as `hostile.REQUESTS`.
_REFUSED = "{ ... on Refused { code message } }"
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        f"""mutation($number: String!, $password: String!) {{
          signInStudent(number: $number, password: $password) {_REFUSED} }}""",
        {"number": STUDENT, "password": "1"},
    ),
    (
        f"""mutation($file: ID!, $scheme: ID!, $sheet: String) {{ startPasswordsImport(file: $file,
          scheme: $scheme, sheet: $sheet) {_REFUSED} }}""",
        {"file": "@other-result", "scheme": "@scheme", "sheet": "Sheet1"},
    ),
    (
        f"""mutation($student: ID!, $password: String!) {{ resetStudentPassword(student: $student,
          password: $password) {_REFUSED} }}""",
        {"student": "@student", "password": "12345678"},
    ),
    (
        f"mutation($student: ID!) {{ endStudentSessions(student: $student) {_REFUSED} }}",
        {"student": "@student"},
    ),
)
