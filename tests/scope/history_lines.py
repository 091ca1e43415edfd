"""What each kind of person is answered: statistics, and the history."""

from tests.scope.lines import Attempt, Line, Side, matching

IN, OUT = Side.INSIDE, Side.OUTSIDE


# fmt: off
#                       admin affairs geology library department elsewhere ungranted nobody
_NOT_THERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
_OTHER_CHECKPOINT = Attempt(
    OUT, "a checkpoint of the other scheme", f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
    matching("@scheme") | {"checkpoint": "@other-checkpoint"},
)
_OTHER_JOB = Attempt(
    OUT, "the students of a job of the other scheme",
    f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
    matching("@scheme", decidedBy="@other-job"),
)

LINES: tuple[Line, ...] = (
    Line("Query.countsBy", """query($where: StudentFilter!, $checkpoint: ID) {
        countsBy(where: $where, by: DEPARTMENT, checkpoint: $checkpoint) {
          label department { name } students checkpoints { checkpoint { title } due } } }""",
    (
        Attempt(IN, "one's scheme", "2 1 1 2 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", f"{_NOT_THERE} 1 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        Attempt(OUT, "another department", "1 0 1 1 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", departments=["@geology"])),
        _OTHER_CHECKPOINT,
        _OTHER_JOB,
    )),
    Line("Query.countsByDay", """query($where: StudentFilter!, $checkpoint: ID) {
        countsByDay(where: $where, checkpoint: $checkpoint, from: "2026-06-01",
                    until: "2026-06-02") { checkpoint { title } days { day due } } }""",
    (
        Attempt(IN, "one's scheme", "3 3 3 3 3 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", f"{_NOT_THERE} 2 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        _OTHER_CHECKPOINT,
        _OTHER_JOB,
    )),
    Line("Query.countsByOperator", """query($where: StudentFilter!, $checkpoint: ID) {
        countsByOperator(where: $where, checkpoint: $checkpoint) {
          operator { login name } toRefused students } }""",
    (
        Attempt(IN, "one's scheme", "1 1 0 1 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", f"{_NOT_THERE} 1 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        Attempt(OUT, "another department", "0 0 0 0 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", departments=["@geology"])),
        _OTHER_CHECKPOINT,
        _OTHER_JOB,
    )),
    Line("Query.entries", """query($where: EntryFilter!) { entries(where: $where, first: 9) {
        totalCount nodes { newStatus operator { name } job { id }
          student { name history(first: 9) { nodes { newStatus } }
                    clearancesAt(moment: "2026-06-01T00:00:00Z") { status } }
          checkpoint { title } clearance { status } } } }""",
    (
        Attempt(IN, "one's scheme", "1 1 0 1 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", f"{_NOT_THERE} 1 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        Attempt(OUT, "the students of another department",
                "0 0 0 0 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", students={"scheme": "@scheme", "departments": ["@geology"]})),
        Attempt(OUT, "the students of the other scheme",
                f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", students={"scheme": "@other-scheme"})),
        Attempt(OUT, "the students of a job of the other scheme",
                f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", students={"scheme": "@scheme", "decidedBy": "@other-job"})),
        Attempt(IN, "a student", "1 1 NOT_FOUND 1 1 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", student="@student")),
        Attempt(OUT, "a student of another department",
                "0 NOT_FOUND 0 0 NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", student="@geologist")),
        Attempt(OUT, "a student of the other scheme",
                f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", student="@outsider")),
        Attempt(OUT, "nobody at all", f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", student="@unknown-student")),
        Attempt(OUT, "a checkpoint of the other scheme",
                f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", checkpoint="@other-checkpoint")),
        Attempt(IN, "a job of the operator",
                "1 1 NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", job="@job")),
        Attempt(OUT, "a job of the other scheme",
                f"{_NOT_THERE} NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", job="@other-job")),
    )),
)
