"""What each kind of person is answered: waiving, and what the words of files mean."""

from typing import Any

from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
WAIVER = """{ ... on Waiver { status student { name } clearance { status } requestedBy { name } }
    ... on Refused { code message } }"""
SYNONYM = "{ ... on Synonym { word result isOwn } ... on Refused { code message } }"
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN " * 7 + "UNAUTHENTICATED"

# fmt: off
#                                       admin affairs geology library department elsewhere
#                                       ungranted nobody
LINES: tuple[Line, ...] = (
    Line("Query.waivers", """query($scheme: ID!, $student: ID, $checkpoint: ID) {
        waivers(scheme: $scheme, student: $student, checkpoint: $checkpoint, first: 100) {
          totalCount nodes { reason student { name } requestedBy { name } } } }""",
    (
        Attempt(IN, "one's scheme", "2 1 1 2 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme"}),
        Attempt(OUT, "the other scheme",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND 1 NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@other-scheme"}),
        Attempt(OUT, "a student of another department",
                "1 NOT_FOUND 1 1 NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme", "student": "@geologist"}),
        Attempt(OUT, "one of the other scheme, looked for in this one",
                NOWHERE,
                {"scheme": "@scheme", "student": "@outsider"}),
        Attempt(OUT, "a checkpoint of the other scheme",
                NOWHERE,
                {"scheme": "@scheme", "checkpoint": "@other-checkpoint"}),
    )),
    Line("Mutation.requestWaiver", f"""mutation($student: ID!, $checkpoint: ID!) {{
        requestWaiver(student: $student, checkpoint: $checkpoint, reason: "出国") {WAIVER} }}""",
    (
        Attempt(IN, "a student", "- ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"student": "@classmate", "checkpoint": "@checkpoint"}),
        Attempt(IN, "a student with one already", "ALREADY_EXISTS ALREADY_EXISTS NOT_FOUND"
                " FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "a student at another checkpoint", "ok FORBIDDEN NOT_FOUND - FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student", "checkpoint": "@library"}),
        Attempt(OUT, "a student of another department", "ALREADY_EXISTS NOT_FOUND ALREADY_EXISTS"
                " FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@geologist", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " ALREADY_EXISTS NOT_FOUND UNAUTHENTICATED",
                {"student": "@outsider", "checkpoint": "@other-checkpoint"}),
        Attempt(OUT, "one of the other scheme at a checkpoint of this one", NOWHERE,
                {"student": "@outsider", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "nobody at all", NOWHERE,
                {"student": "@unknown-student", "checkpoint": "@checkpoint"}),
    )),
    Line("Mutation.confirmWaiver", f"""mutation($waiver: ID!) {{
        confirmWaiver(waiver: $waiver) {WAIVER} }}""",
    (
        Attempt(IN, "one's own request", "ok SECOND_PERSON_NEEDED NOT_FOUND FORBIDDEN FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"waiver": "@waiver"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND SECOND_PERSON_NEEDED FORBIDDEN"
                " NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"waiver": "@geologist-waiver"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " SECOND_PERSON_NEEDED NOT_FOUND UNAUTHENTICATED", {"waiver": "@other-waiver"}),
        Attempt(OUT, "what is no waiver", NOWHERE, {"waiver": "@clearance"}),
    )),
    Line("Mutation.withdrawWaiver", f"""mutation($waiver: ID!) {{
        withdrawWaiver(waiver: $waiver) {WAIVER} }}""",
    (
        Attempt(IN, "one's own request", "- ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"waiver": "@waiver"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND - FORBIDDEN NOT_FOUND NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"waiver": "@geologist-waiver"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " ok NOT_FOUND UNAUTHENTICATED", {"waiver": "@other-waiver"}),
        Attempt(OUT, "what is no waiver", NOWHERE, {"waiver": "%"}),
    )),
    Line("Query.synonyms", "{ synonyms(kind: RESULT) { word result isOwn setBy { login } } }", (
        Attempt(OWN, "the results", "16 16 16 16 16 16 16 UNAUTHENTICATED"),
    )),
    # An administrator of one scheme does not change what all of them understand.
    Line("Mutation.setSynonym", f"""mutation {{
        setSynonym(word: "已办理", meaning: {{ result: PASS }}) {SYNONYM} }}""", (
        Attempt(OWN, "a new word", FORBIDDEN),
    )),
    Line("Mutation.removeSynonym", f"""mutation {{
        removeSynonym(kind: RESULT, word: "合格") {SYNONYM} }}""", (
        Attempt(OWN, "a word", FORBIDDEN),
    )),
)
# fmt: on

# For `test_hostile_input`, as `hostile.REQUESTS`.
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        f"""mutation($student: ID!, $checkpoint: ID!, $reason: String!) {{
          requestWaiver(student: $student, checkpoint: $checkpoint, reason: $reason) {WAIVER} }}""",
        {"student": "@classmate", "checkpoint": "@checkpoint", "reason": "出国"},
    ),
    (
        f"mutation($waiver: ID!) {{ confirmWaiver(waiver: $waiver) {WAIVER} }}",
        {"waiver": "@waiver"},
    ),
    (
        f"mutation($waiver: ID!) {{ withdrawWaiver(waiver: $waiver) {WAIVER} }}",
        {"waiver": "@waiver"},
    ),
    (
        """query($scheme: ID!, $checkpoint: ID, $student: ID, $after: String) {
          waivers(scheme: $scheme, checkpoint: $checkpoint, student: $student, first: 1,
                  after: $after) { totalCount nodes { reason } } }""",
        {
            "scheme": "@scheme",
            "checkpoint": "@checkpoint",
            "student": "@student",
            "after": "@jobs-cursor",
        },
    ),
    (
        f"""mutation($word: String!) {{
          setSynonym(word: $word, meaning: {{ header: REMARK }}) {SYNONYM} }}""",
        {"word": "审批意见"},
    ),
    (
        f"mutation($word: String!) {{ removeSynonym(kind: HEADER, word: $word) {SYNONYM} }}",
        {"word": "审批意见"},
    ),
)
