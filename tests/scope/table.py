"""Who may do what: a line for every root field of the API and for every HTTP route.

A line lists attempts. Each says what every kind of person is answered, in the order of `COLUMNS`:
ok, null, a number of rows, or a code. @names are ids of `House`; @own-… is the person's own thing.
"""

from tests.scope.house import PASSWORD
from tests.scope.lines import Attempt, Line, Side, matching
from tests.scope.nodes import NODE, NODES

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
JOB_OR_REFUSED = "{ ... on Job { id operator { login } } ... on Refused { code message } }"
WITH_ROWS = "{ ... on Job { rows(first: 1) { nodes { code } } } ... on Refused { code message } }"

# fmt: off
FIELDS = (
    Line("Query.viewer", "{ viewer { login grants { scheme { name } department { name } } } }", (
        Attempt(OWN, "oneself", "ok ok ok ok ok ok ok null"),
    )),
    Line("Query.schemes", "{ schemes { name departments { name } } }", (
        Attempt(OWN, "the list", "1 1 1 1 1 1 0 UNAUTHENTICATED"),
    )),
    Line("Query.scheme", "query($id: ID!) { scheme(id: $id) { name departments { name } } }", (
        Attempt(IN, "one's scheme", "ok ok ok ok ok null null UNAUTHENTICATED", {"id": "@scheme"}),
        Attempt(OUT, "the other scheme", "null null null null null ok null UNAUTHENTICATED",
                {"id": "@other-scheme"}),
    )),
    Line("Query.students", """query($where: StudentFilter!) {
        students(where: $where, first: 100) { totalCount nodes { name clearances { status } } }
        }""",
    (
        Attempt(IN, "one's scheme", "6 4 2 6 4 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND 1 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
        Attempt(OUT, "another department", "2 0 2 2 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", departments=["@geology"])),
        Attempt(OUT, "a number of another department",
                "1 0 1 1 0 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", numbers=["2020020101"])),
        Attempt(OUT, "the status at a checkpoint of the other scheme", "NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme", statusAt=[{"checkpoint": "@other-checkpoint",
                                              "statuses": ["PENDING", "REFUSED"]}])),
    )),
    Line("Query.student", """query($scheme: ID!, $key: StudentKey!) {
        student(scheme: $scheme, key: $key) { name clearances { status } } }""",
    (
        Attempt(IN, "a student", "ok ok null ok ok null null UNAUTHENTICATED",
                {"scheme": "@scheme", "key": {"id": "@student"}}),
        Attempt(OUT, "one of another department", "ok null ok ok null null null UNAUTHENTICATED",
                {"scheme": "@scheme", "key": {"number": "2020020101"}}),
        Attempt(OUT, "one of another department by ID number",
                "ok null ok ok null null null UNAUTHENTICATED",
                {"scheme": "@scheme", "key": {"idNumber": "E12345678"}}),
        Attempt(OUT, "one of the other scheme", "null null null null null ok null UNAUTHENTICATED",
                {"scheme": "@other-scheme", "key": {"number": "2020010101"}}),
        Attempt(OUT, "one of the other scheme, looked for in this one",
                "null null null null null null null UNAUTHENTICATED",
                {"scheme": "@scheme", "key": {"id": "@outsider"}}),
        Attempt(OUT, "nobody at all", "null null null null null null null UNAUTHENTICATED",
                {"scheme": "@scheme", "key": {"id": "@unknown-student"}}),
    )),
    Line("Query.counts", """query($where: StudentFilter!) {
        counts(where: $where) { checkpoint { title } due } }""",
    (
        Attempt(IN, "one's scheme", "3 3 3 3 3 NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND 2 NOT_FOUND UNAUTHENTICATED",
                matching("@other-scheme")),
    )),
    Line("Query.job", """query($id: ID!) { job(id: $id) { rows(first: 9) { nodes { name } }
        files { name } upload { name } scheme { name } checkpoint { title } } }""",
    (
        Attempt(IN, "a job of the operator", "ok ok null null null null null UNAUTHENTICATED",
                {"id": "@job"}),
        Attempt(OUT, "one of the other scheme", "null null null null null ok null UNAUTHENTICATED",
                {"id": "@other-job"}),
        Attempt(OWN, "one's own", "ok ok ok ok ok ok null UNAUTHENTICATED", {"id": "@own-job"}),
    )),
    Line("Query.jobs", """{ jobs(first: 100) { totalCount nodes { scheme { name }
        rows(first: 9) { nodes { name } } } } }""",
    (
        Attempt(OWN, "the list", "8 2 1 1 1 2 0 UNAUTHENTICATED"),
    )),
    Line("Query.node", f"query($id: ID!) {{ node(id: $id) {{ {NODE} }} }}", (
        *NODES,
        Attempt(OUT, "what is no id", "null null null null null null null UNAUTHENTICATED",
                {"id": "%"}),
    )),
    Line("Query.nodes", f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {NODE} }} }}", (
        Attempt(IN, "a student, a clearance, a row", "3 3 0 2 2 0 0 UNAUTHENTICATED",
                {"ids": ["@student", "@clearance", "@row"]}),
        Attempt(OUT, "the same of others", "1 0 1 1 0 2 0 UNAUTHENTICATED",
                {"ids": ["@geologist", "@outsider", "@other-row", "@unknown-student"]}),
        Attempt(OWN, "no ids", "0 0 0 0 0 0 0 UNAUTHENTICATED", {"ids": []}),
    )),
    Line("Mutation.signIn", """mutation($password: String!) {
        signIn(login: "affairs", password: $password) {
          ... on SignedIn { token viewer { login } } ... on Refused { code message } } }""",
    (
        Attempt(OUT, "with a wrong password", "- SIGN_IN_FAILED - - - - - SIGN_IN_FAILED",
                {"password": "wrong"}),
        Attempt(IN, "with the right password", "ok ok - - - - - ok", {"password": PASSWORD}),
    )),
    Line("Mutation.signOut", """mutation { signOut {
        ... on Viewer { login } ... on Refused { code message } } }""",
    (
        Attempt(OWN, "one's session", "ok ok ok ok ok ok ok UNAUTHENTICATED"),
    )),
    Line("Mutation.decide", """mutation($student: ID!, $checkpoint: ID!) {
        decide(student: $student, checkpoint: $checkpoint, act: REFUSE, expectedVersion: 1) {
          ... on Clearance { status lastEntry { job { id } } } ... on Refused { code message } }
        }""",
    (
        Attempt(IN, "a student", "STALE_STATE STALE_STATE NOT_FOUND FORBIDDEN FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "a student at another checkpoint", "ok FORBIDDEN NOT_FOUND - FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@student", "checkpoint": "@library"}),
        Attempt(OUT, "a student of another department", "- NOT_FOUND ok FORBIDDEN NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"student": "@geologist", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " STALE_STATE NOT_FOUND UNAUTHENTICATED",
                {"student": "@outsider", "checkpoint": "@other-checkpoint"}),
        Attempt(OUT, "one of the other scheme at a checkpoint of this one",
                "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED",
                {"student": "@outsider", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "nobody at all", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED",
                {"student": "@unknown-student", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "what is no id", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"student": "%", "checkpoint": "@checkpoint"}),
    )),
    Line("Mutation.decideMany", f"""mutation($checkpoint: ID!, $select: Selection!) {{
        decideMany(input: {{ checkpoint: $checkpoint, select: $select, act: RESET }})
        {WITH_ROWS} }}""",
    (
        Attempt(IN, "a student", "ok ok STUDENT_NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED",
                {"checkpoint": "@checkpoint", "select": {"ids": ["@student"]}}),
        Attempt(OUT, "a student of another department by id",
                "ok STUDENT_NOT_FOUND ok FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"checkpoint": "@checkpoint", "select": {"ids": ["@geologist"]}}),
        Attempt(OUT, "a student of another department by number",
                "ok STUDENT_NOT_FOUND ok FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"checkpoint": "@checkpoint", "select": {"numbers": ["2020020101"]}}),
        Attempt(OUT, "one of the other scheme", "STUDENT_NOT_FOUND STUDENT_NOT_FOUND"
                " STUDENT_NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"checkpoint": "@checkpoint", "select": {"ids": ["@outsider"]}}),
        Attempt(OUT, "the other scheme, by filter", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND SELECTION_CHANGED NOT_FOUND UNAUTHENTICATED",
                {"checkpoint": "@other-checkpoint", "select": {"filter": {
                    "where": {"scheme": "@other-scheme"}, "expectedCount": 4,
                    "asOf": "2026-06-01T00:00:00Z"}}}),
        Attempt(OUT, "a filter of the other scheme at a checkpoint of this one",
                "NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED",
                {"checkpoint": "@checkpoint", "select": {"filter": {
                    "where": {"scheme": "@other-scheme"}, "expectedCount": 1,
                    "asOf": "2026-06-01T00:00:00Z"}}}),
    )),
    Line("Mutation.startImport", f"""mutation($file: ID!, $checkpoint: ID!) {{
        startImport(file: $file, checkpoint: $checkpoint) {JOB_OR_REFUSED} }}""",
    (
        Attempt(IN, "one's own file", "ok ok ok FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"file": "@own-upload", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "one's own file in the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND ok NOT_FOUND UNAUTHENTICATED",
                {"file": "@own-upload", "checkpoint": "@other-checkpoint"}),
        Attempt(OUT, "one's own file at another checkpoint", "ok FORBIDDEN FORBIDDEN ok FORBIDDEN"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"file": "@own-upload", "checkpoint": "@library"}),
        Attempt(OUT, "a file of somebody else", "NOT_FOUND ok NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"file": "@upload", "checkpoint": "@checkpoint"}),
        Attempt(OUT, "a file that is no upload", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"file": "@result", "checkpoint": "@checkpoint"}),
    )),
    Line("Mutation.startExport", f"""mutation($where: StudentFilter!, $full: Boolean! = false) {{
        startExport(where: $where, fullIdNumbers: $full) {JOB_OR_REFUSED} }}""",
    (
        Attempt(IN, "one's scheme", "ok ok ok ok ok NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                matching("@scheme")),
        Attempt(OUT, "the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND ok"
                " NOT_FOUND UNAUTHENTICATED", matching("@other-scheme")),
        Attempt(OUT, "with full ID numbers", "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {**matching("@scheme"), "full": True}),
    )),
    Line("Mutation.cancelJob", f"mutation($job: ID!) {{ cancelJob(job: $job) {JOB_OR_REFUSED} }}", (
        Attempt(IN, "a job that has ended", "JOB_NOT_CANCELLABLE JOB_NOT_CANCELLABLE NOT_FOUND"
                " NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"job": "@job"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " JOB_NOT_CANCELLABLE NOT_FOUND UNAUTHENTICATED", {"job": "@other-job"}),
        Attempt(OWN, "one's own", "ok ok ok ok ok ok NOT_FOUND UNAUTHENTICATED",
                {"job": "@own-job"}),
    )),
    Line("Mutation.revealIdNumber", """mutation($student: ID!) {
        revealIdNumber(student: $student, reason: "核对") {
          ... on IdNumber { idNumber } ... on Refused { code message } } }""",
    (
        Attempt(IN, "a student", "ok FORBIDDEN NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"student": "@student"}),
        Attempt(OUT, "one of another department", "ok NOT_FOUND FORBIDDEN FORBIDDEN NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"student": "@geologist"}),
        Attempt(OUT, "one of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " FORBIDDEN NOT_FOUND UNAUTHENTICATED", {"student": "@outsider"}),
        Attempt(OUT, "nobody at all", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"student": "@unknown-student"}),
    )),
)

ROUTES = (
    Line("ANY /graphql", "/graphql?query={query}", (
        Attempt(OWN, "the type's name", "ok ok ok ok ok ok ok ok", {"query": "{__typename}"}),
    )),
    Line("POST /files", "/files?name={name}", (
        Attempt(OWN, "a new file", "ok ok ok ok ok ok ok UNAUTHENTICATED", {"name": "新.xlsx"}),
    )),
    Line("GET /files/{id}", "/files/{id}", (
        Attempt(IN, "an upload", "NOT_FOUND ok NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"id": "@upload"}),
        Attempt(IN, "what a job made", "ok ok NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"id": "@result"}),
        Attempt(OUT, "what a job of the other scheme made", "NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND ok NOT_FOUND UNAUTHENTICATED", {"id": "@other-result"}),
        Attempt(OWN, "one's own", "ok ok ok ok ok ok ok UNAUTHENTICATED", {"id": "@own-upload"}),
        Attempt(OUT, "what is no id", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND UNAUTHENTICATED", {"id": "%"}),
    )),
    Line("GET /templates/{checkpoint}.xlsx", "/templates/{checkpoint}.xlsx", (
        Attempt(IN, "one's checkpoint", "ok ok ok FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"checkpoint": "@checkpoint"}),
        Attempt(OUT, "another checkpoint", "ok FORBIDDEN FORBIDDEN ok FORBIDDEN NOT_FOUND NOT_FOUND"
                " UNAUTHENTICATED", {"checkpoint": "@library"}),
        Attempt(OUT, "a checkpoint of the other scheme", "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND ok NOT_FOUND UNAUTHENTICATED", {"checkpoint": "@other-checkpoint"}),
    )),
    Line("ANY /static", "/static/graphiql/index.html", (
        Attempt(OWN, "the page of GraphiQL", "ok ok ok ok ok ok ok ok"),
    )),
    Line("GET /health", "/health", (
        Attempt(OWN, "whether it is up", "ok ok ok ok ok ok ok ok"),
    )),
    Line("GET /metrics", "/metrics", (
        Attempt(OWN, "what was counted", "ok ok ok ok ok ok ok ok"),
    )),
)
# fmt: on
