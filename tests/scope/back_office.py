"""What each kind of person is answered: back office."""

from typing import Any

from tests.scope.lines import Attempt, Line, Side, matching

IN, OUT = Side.INSIDE, Side.OUTSIDE
ELSEWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND {} NOT_FOUND UNAUTHENTICATED"
NOWHERE = ELSEWHERE.format("NOT_FOUND")


# fmt: off
#                                admin affairs geology library department elsewhere ungranted nobody
LINES: tuple[Line, ...] = (
    Line("Query.matrix", """query($where: StudentFilter!) { matrix(where: $where) {
        checkpoints { title } students(first: 100) {
          totalCount nodes { student { name department { name } } statuses changedAt } } } }""",
    (
        Attempt(IN, "one's scheme", "ok ok ok ok ok NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", ELSEWHERE.format("ok"), matching("@other-scheme")),
        Attempt(OUT, "another department", "ok ok ok ok ok NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", departments=["@geology"])),
        Attempt(OUT, "what is missing at a checkpoint of the other scheme", NOWHERE,
                matching("@scheme", onlyMissing="@other-checkpoint")),
        Attempt(OUT, "whom a job of the other scheme decided", NOWHERE,
                matching("@scheme", decidedBy="@other-job")),
    )),
    Line("Query.clearances", """query($where: StudentFilter!, $checkpoint: ID) {
        clearances(where: $where, checkpoint: $checkpoint, first: 100) {
          totalCount nodes { remark student { name } lastEntry { operator { login } } } } }""",
    (
        Attempt(IN, "one's scheme", "18 12 6 18 12 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(IN, "one's checkpoint", "6 4 2 6 4 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {**matching("@scheme"), "checkpoint": "@checkpoint"}),
        Attempt(IN, "another checkpoint", "6 4 2 6 4 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {**matching("@scheme"), "checkpoint": "@library"}),
        Attempt(OUT, "another department", "6 0 6 6 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", departments=["@geology"])),
        Attempt(OUT, "the other scheme", ELSEWHERE.format(2), matching("@other-scheme")),
        Attempt(OUT, "a checkpoint of the other scheme", NOWHERE,
                {**matching("@scheme"), "checkpoint": "@other-checkpoint"}),
        Attempt(IN, "whom a job of the operator decided",
                "3 3 NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", decidedBy="@job")),
        Attempt(OUT, "whom a job of the other scheme decided", NOWHERE,
                matching("@scheme", decidedBy="@other-job")),
    )),
)
# fmt: on
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        """query($where: StudentFilter!, $after: String, $before: String) { matrix(where: $where) {
          students(first: 1, after: $after, before: $before) { nodes { student { name } } } } }""",
        {
            **matching("@scheme", onlyMissing="@checkpoint", decidedBy="@job"),
            "after": "@students-cursor",
            "before": "@students-cursor",
        },
    ),
    (
        """query($where: StudentFilter!, $after: String, $before: String) {
          students(where: $where, orderBy: CHANGED_DESC, first: 1, after: $after, before: $before) {
            nodes { name } } }""",
        {**matching("@scheme"), "after": "@students-cursor", "before": "@students-cursor"},
    ),
    (
        """query($where: StudentFilter!, $checkpoint: ID, $after: String, $before: String) {
          clearances(where: $where, checkpoint: $checkpoint, orderBy: CHANGED_ASC, first: 1,
                     after: $after, before: $before) { totalCount nodes { remark } } }""",
        {
            **matching("@scheme"),
            "checkpoint": "@checkpoint",
            "after": "@students-cursor",
            "before": "@students-cursor",
        },
    ),
)
