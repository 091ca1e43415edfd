"""What each kind of person is answered: what is for students."""

from typing import Any

from tests.scope.house import PASSWORD, STUDENT
from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
REFUSED = "... on Refused { code message }"

#                         admin affairs geology library department elsewhere ungranted nobody
# fmt: off
LINES: tuple[Line, ...] = (
    Line("Query.me", "{ me { number record { name } clearances { title remark } } }", (
        Attempt(OWN, "oneself", "null null null null null null null null"),
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
)
