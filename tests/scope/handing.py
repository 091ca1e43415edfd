"""What each kind of person is answered: handing out, and what is to be received."""

from typing import Any

from tests.schema.configuring import REFUSED
from tests.scope.lines import Attempt, Line, Side, matching
from tests.scope.table import JOB_OR_REFUSED, WITH_ROWS

IN, OUT = Side.INSIDE, Side.OUTSIDE
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
ELSEWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND UNAUTHENTICATED"
GIVEN: dict[str, Any] = {"items": [{"kind": "GRADUATION_MATERIALS"}]}


def _rows(student: str) -> list[dict[str, Any]]:
    return [{"student": student, "given": GIVEN}]


# fmt: off
#                                       admin affairs geology library department elsewhere
#                                       ungranted nobody
LINES: tuple[Line, ...] = (
    Line("Query.handOuts", """query($where: HandOutFilter!) { handOuts(where: $where, first: 9) {
        totalCount nodes { kind student { name } operator { name } } } }""",
    (
        Attempt(IN, "one's scheme", "2 1 1 2 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND 1 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        Attempt(OUT, "students of another department",
                "1 0 1 1 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", students={"scheme": "@scheme", "departments": ["@geology"]})),
    )),
    Line("Mutation.handOut", """mutation($student: ID!, $input: HandOutInput!) {
        handOut(student: $student, input: $input) {
          ... on Receipt { student { name handOuts { kind } } } ... on Refused { code message } } }
        """,
    (
        Attempt(IN, "a student who is clear", "ok FORBIDDEN NOT_FOUND FORBIDDEN ok NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"student": "@cleared", "input": GIVEN}),
        Attempt(IN, "a student who is not", "CLEARANCE_INCOMPLETE FORBIDDEN NOT_FOUND FORBIDDEN"
                " CLEARANCE_INCOMPLETE NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student", "input": GIVEN}),
        Attempt(OUT, "one of another department", "CLEARANCE_INCOMPLETE NOT_FOUND FORBIDDEN"
                " FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@geologist", "input": GIVEN}),
        Attempt(OUT, "one of the other scheme", ELSEWHERE,
                {"student": "@outsider", "input": GIVEN}),
        Attempt(OUT, "nobody at all", NOWHERE, {"student": "@unknown-student", "input": GIVEN}),
    )),
    Line("Mutation.handOutMany", f"""mutation($scheme: ID!, $rows: [HandOutRow!]!) {{
        handOutMany(scheme: $scheme, rows: $rows) {WITH_ROWS} }}""",
    (
        Attempt(IN, "a student who is clear", "ok FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"scheme": "@scheme", "rows": _rows("@cleared")}),
        Attempt(OUT, "one of another department", "CLEARANCE_INCOMPLETE FORBIDDEN FORBIDDEN"
                " FORBIDDEN STUDENT_NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme", "rows": _rows("@geologist")}),
        Attempt(OUT, "one of the other scheme", "STUDENT_NOT_FOUND FORBIDDEN FORBIDDEN FORBIDDEN"
                " STUDENT_NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme", "rows": _rows("@outsider")}),
        Attempt(OUT, "the other scheme", ELSEWHERE,
                {"scheme": "@other-scheme", "rows": _rows("@outsider")}),
    )),
    Line("Mutation.startHandOutsImport", f"""mutation($file: ID!, $scheme: ID!) {{
        startHandOutsImport(file: $file, scheme: $scheme) {JOB_OR_REFUSED} }}""",
    (
        Attempt(IN, "one's own file", "ok FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"file": "@own-upload", "scheme": "@scheme"}),
        Attempt(OUT, "one's own file in the other scheme", ELSEWHERE,
                {"file": "@own-upload", "scheme": "@other-scheme"}),
        Attempt(OUT, "a file of somebody else", "NOT_FOUND FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"file": "@upload", "scheme": "@scheme"}),
    )),
    Line("Mutation.startSigningSheetExport", f"""mutation($where: StudentFilter!) {{
        startSigningSheetExport(where: $where) {JOB_OR_REFUSED} }}""",
    (
        Attempt(IN, "one's scheme", "ok FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", matching("@scheme")),
        Attempt(OUT, "the other scheme", ELSEWHERE, matching("@other-scheme")),
    )),
    Line("Mutation.revokeHandOut", f"""mutation($handOut: ID!) {{
        revokeHandOut(handOut: $handOut, reason: "印错") {{
          ... on HandOut {{ revokedAt student {{ name }} }} {REFUSED} }} }}""",
    (
        Attempt(IN, "one of a student", "- FORBIDDEN NOT_FOUND FORBIDDEN ok NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"handOut": "@hand-out"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"handOut": "@geologist-hand-out"}),
        Attempt(OUT, "one of the other scheme", ELSEWHERE, {"handOut": "@other-hand-out"}),
        Attempt(OUT, "what is none", NOWHERE, {"handOut": "@clearance"}),
    )),
    Line("Mutation.setCohortEntitlement", f"""mutation($scheme: ID!) {{
        setCohortEntitlement(scheme: $scheme, cohort: UNDERGRADUATE, kinds: []) {{
          ... on Scheme {{ entitlements {{ cohort kinds isUsual }} }} {REFUSED} }} }}""",
    (
        Attempt(IN, "one's scheme", "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"scheme": "@scheme"}),
        Attempt(OUT, "the other scheme", ELSEWHERE, {"scheme": "@other-scheme"}),
    )),
    Line("Mutation.setStudentEntitlement", f"""mutation($student: ID!) {{
        setStudentEntitlement(student: $student, kinds: [DEGREE_CERTIFICATE], reason: "结业") {{
          ... on Student {{ name entitlement {{ kinds reason }} }} {REFUSED} }} }}""",
    (
        Attempt(IN, "a student", "ok FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"student": "@student"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"student": "@geologist"}),
        Attempt(OUT, "one of the other scheme", ELSEWHERE, {"student": "@outsider"}),
    )),
)
# fmt: on

# For `test_hostile_input`, as `hostile.REQUESTS`.
_REFUSED = "{ ... on Refused { code message } }"
_FULL = {
    "items": [{"kind": "DEGREE_CERTIFICATE", "certificateNumber": "D1"}],
    "receiver": "PROXY",
    "proxyName": "李四",
    "proxyIdNumber": "E1",
    "remark": "委托书",
}
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        f"""mutation($student: ID!, $input: HandOutInput!) {{ handOut(student: $student,
          input: $input) {_REFUSED} }}""",
        {"student": "@student", "input": _FULL},
    ),
    (
        f"""mutation($scheme: ID!, $rows: [HandOutRow!]!) {{ handOutMany(scheme: $scheme,
          rows: $rows) {_REFUSED} }}""",
        {"scheme": "@scheme", "rows": [{"student": "@student", "given": _FULL}]},
    ),
    (
        f"""mutation($handOut: ID!, $reason: String!) {{ revokeHandOut(handOut: $handOut,
          reason: $reason) {_REFUSED} }}""",
        {"handOut": "@other-hand-out", "reason": "印错"},
    ),
    (
        f"""mutation($file: ID!, $scheme: ID!, $sheet: String) {{ startHandOutsImport(file: $file,
          scheme: $scheme, sheet: $sheet) {_REFUSED} }}""",
        {"file": "@other-result", "scheme": "@scheme", "sheet": "Sheet1"},
    ),
    (
        f"""mutation($student: ID!, $reason: String!) {{ setStudentEntitlement(student: $student,
          kinds: [], reason: $reason) {_REFUSED} }}""",
        {"student": "@outsider", "reason": "结业"},
    ),
    (
        """query($where: HandOutFilter!, $after: String) { handOuts(where: $where, first: 1,
          after: $after) { totalCount nodes { kind } } }""",
        {
            "where": {"scheme": "@scheme", "students": {"scheme": "@scheme", "numbers": ["1"]}},
            "after": "@students-cursor",
        },
    ),
)
