"""What each kind of person is answered: exporting."""

from typing import Any

from tests.scope.lines import Attempt, Line, Side

IN, OUT = Side.INSIDE, Side.OUTSIDE
ANSWER = "{ ... on Job { id operator { login } } ... on Refused { code message } }"
NOBODY_INSIDE = (
    "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
)
INSIDE = "ok ok ok ok ok NOT_FOUND NOT_FOUND UNAUTHENTICATED"
OTHERS = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND ok NOT_FOUND UNAUTHENTICATED"


def _at(scheme: str, **more: object) -> dict[str, Any]:
    return {"where": {"scheme": scheme}, **more}


LINES: tuple[Line, ...] = (
    Line(
        "Mutation.startClearancesExport",
        f"""mutation($where: StudentFilter!, $checkpoint: ID, $full: Boolean! = false) {{
        startClearancesExport(where: $where, checkpoint: $checkpoint, fullIdNumbers: $full)
        {ANSWER} }}""",
        (
            Attempt(IN, "one's checkpoint", INSIDE, _at("@scheme", checkpoint="@checkpoint")),
            Attempt(IN, "another checkpoint", INSIDE, _at("@scheme", checkpoint="@library")),
            Attempt(IN, "every checkpoint", INSIDE, _at("@scheme")),
            Attempt(OUT, "every checkpoint of the other scheme", OTHERS, _at("@other-scheme")),
            Attempt(
                OUT,
                "the other scheme",
                OTHERS,
                _at("@other-scheme", checkpoint="@other-checkpoint"),
            ),
            Attempt(
                OUT,
                "a checkpoint of the other scheme",
                NOBODY_INSIDE,
                _at("@scheme", checkpoint="@other-checkpoint"),
            ),
            Attempt(
                OUT,
                "with full ID numbers",
                "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                _at("@scheme", checkpoint="@checkpoint", full=True),
            ),
        ),
    ),
    Line(
        "Mutation.startCountsExport",
        f"""mutation($where: StudentFilter!, $checkpoint: ID) {{
        startCountsExport(where: $where, by: DEPARTMENT, checkpoint: $checkpoint) {ANSWER} }}""",
        (
            Attempt(IN, "one's scheme", INSIDE, _at("@scheme")),
            Attempt(OUT, "the other scheme", OTHERS, _at("@other-scheme")),
            Attempt(
                OUT,
                "a checkpoint of the other scheme",
                NOBODY_INSIDE,
                _at("@scheme", checkpoint="@other-checkpoint"),
            ),
        ),
    ),
    Line(
        "Mutation.startHistoryExport",
        f"""mutation($where: EntryFilter!) {{ startHistoryExport(where: $where) {ANSWER} }}""",
        (
            Attempt(IN, "one's scheme", INSIDE, _at("@scheme")),
            Attempt(OUT, "the other scheme", OTHERS, _at("@other-scheme")),
            Attempt(
                OUT,
                "a student of another department",
                "ok NOT_FOUND ok ok NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"where": {"scheme": "@scheme", "student": "@geologist"}},
            ),
            Attempt(
                OUT,
                "the students of the other scheme",
                NOBODY_INSIDE,
                {"where": {"scheme": "@scheme", "students": {"scheme": "@other-scheme"}}},
            ),
            Attempt(
                OUT,
                "a job of another operator",
                "ok ok NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"where": {"scheme": "@scheme", "job": "@job"}},
            ),
        ),
    ),
    Line(
        "Mutation.startDecidersExport",
        f"mutation($scheme: ID!) {{ startDecidersExport(scheme: $scheme) {ANSWER} }}",
        (
            Attempt(
                IN,
                "one's scheme",
                "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"scheme": "@scheme"},
            ),
            Attempt(
                OUT,
                "the other scheme",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND"
                " UNAUTHENTICATED",
                {"scheme": "@other-scheme"},
            ),
        ),
    ),
)
