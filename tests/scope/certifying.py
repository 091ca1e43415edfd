"""What each kind of person is answered: certificates of clearance."""

from typing import Any

from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
CERTIFICATE = """{ ... on ClearanceCertificate { id verifyUrl student { name } }
    ... on Refused { code message } }"""
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
ISSUE = f"""mutation($student: ID!) {{ issueCertificate(student: $student) {CERTIFICATE} }}"""

# fmt: off
#                                admin affairs geology library department elsewhere ungranted nobody
LINES: tuple[Line, ...] = (
    Line("Mutation.issueCertificate", ISSUE, (
        Attempt(IN, "a student who is cleared", "ok FORBIDDEN NOT_FOUND FORBIDDEN ok NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"student": "@cleared"}),
        Attempt(IN, "a student who is not", "CLEARANCE_INCOMPLETE FORBIDDEN NOT_FOUND FORBIDDEN"
                " CLEARANCE_INCOMPLETE NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"student": "@geologist-cleared"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " FORBIDDEN NOT_FOUND UNAUTHENTICATED", {"student": "@outsider"}),
        Attempt(OUT, "nobody at all", NOWHERE, {"student": "@unknown-student"}),
        Attempt(OUT, "what is no student", NOWHERE, {"student": "@certificate"}),
    )),
)
ROUTES: tuple[Line, ...] = (
    Line("GET /certificates/{id}.pdf", "/certificates/{id}.pdf", (
        Attempt(IN, "of a student", "ok ok NOT_FOUND ok ok NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"id": "@certificate"}),
        Attempt(OUT, "of one of another department",
                "ok NOT_FOUND ok ok NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"id": "@geologist-certificate"}),
        Attempt(OUT, "of one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND CERTIFICATE_WITHDRAWN NOT_FOUND UNAUTHENTICATED",
                {"id": "@other-certificate"}),
        Attempt(OUT, "what is no id", NOWHERE, {"id": "%"}),
    )),
    Line("GET /certificates/own.pdf", "/certificates/own.pdf", (
        Attempt(OWN, "a student's own", "FORBIDDEN " * 7 + "UNAUTHENTICATED"),
    )),
    # Whoever has the paper may ask; nobody reads a whole name there.
    Line("GET /verify/{code}", "/verify/{code}", (
        Attempt(OWN, "a valid certificate", "ok ok ok ok ok ok ok ok", {"code": "@code"}),
        Attempt(OWN, "what is no code", "ok ok ok ok ok ok ok ok", {"code": "%"}),
    )),
)
# fmt: on

# For `test_hostile_input`, as `hostile.REQUESTS`.
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = ((ISSUE, {"student": "@cleared"}),)
