"""What each kind of person is answered: hiring."""

from tests.scope.house import PASSWORD
from tests.scope.lines import Attempt, Line, Side

IN, OUT, OWN = Side.INSIDE, Side.OUTSIDE, Side.OWN
OPERATOR = """{ ... on Operator { login isDisabled grants { role } } ... on Refused { code message }
    }"""
# Nobody in the house administers all schemes.
#             admin     affairs   geology   library   department elsewhere ungranted nobody
NOBODY_MAY = "FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN UNAUTHENTICATED"
MAY = "ok FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN NOT_FOUND NOT_FOUND UNAUTHENTICATED"
OUTSIDE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN NOT_FOUND UNAUTHENTICATED"
NOWHERE = "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED"
FAILED = "SIGN_IN_FAILED " * 7 + "UNAUTHENTICATED"


def _listed(admin: str) -> str:
    return f"{admin} {'FORBIDDEN ' * 6}UNAUTHENTICATED"


def _of_everybody(field: str, argument: str = "") -> Line:
    """A mutation that takes an administrator of all schemes, whoever it is about."""
    return Line(
        f"Mutation.{field}",
        f"mutation($operator: ID!) {{ {field}(operator: $operator {argument}) {OPERATOR} }}",
        (
            Attempt(IN, "a colleague", NOBODY_MAY, {"operator": "@operator"}),
            Attempt(OUT, "one of the other scheme", NOBODY_MAY, {"operator": "@other-operator"}),
            Attempt(OUT, "nobody at all", NOBODY_MAY, {"operator": "@unknown-student"}),
        ),
    )


def _grant(operator: str, scheme: str | None) -> dict[str, object]:
    return {"operator": operator, "input": {"role": "DEPARTMENT_OPERATOR", "scheme": scheme}}


# fmt: off
LINES: tuple[Line, ...] = (
    Line("Query.operators", """query($search: String, $scheme: ID) {
        operators(search: $search, scheme: $scheme, first: 100) {
          totalCount nodes { login grants { scheme { name } department { name } } } } }""",
    (
        Attempt(IN, "one's scheme", _listed("6"), {"scheme": "@scheme"}),
        Attempt(IN, "whoever is in sight", _listed("6")),
        Attempt(OUT, "the other scheme", _listed("NOT_FOUND"), {"scheme": "@other-scheme"}),
        Attempt(OUT, "one of the other scheme by exact login", _listed("1"),
                {"search": "elsewhere"}),
        Attempt(OUT, "one of the other scheme by a part of it", _listed("0"),
                {"search": "elsewher"}),
    )),
    Line("Query.deciders", """query($scheme: ID!) { deciders(scheme: $scheme) {
        checkpoint { title } grants { operator { login } } uncovered { name } } }""",
    (
        Attempt(IN, "one's scheme", MAY.replace("ok", "3"), {"scheme": "@scheme"}),
        Attempt(OUT, "the other scheme", OUTSIDE, {"scheme": "@other-scheme"}),
    )),
    Line("Mutation.changePassword", """mutation($old: String!) {
        changePassword(oldPassword: $old, newPassword: "another horse") {
          ... on Viewer { login } ... on Refused { code message } } }""",
    (
        Attempt(OWN, "with a wrong one", FAILED, {"old": "wrong"}),
        Attempt(OWN, "with the right one", "- ok - - - - - -", {"old": PASSWORD}),
    )),
    Line("Mutation.createOperator", f"""mutation {{ createOperator(input: {{
        login: "new", name: "新人", password: "correct horse" }}) {OPERATOR} }}""",
    (
        Attempt(OWN, "somebody new", NOBODY_MAY),
    )),
    _of_everybody("renameOperator", 'name: "别名"'),
    _of_everybody("disableOperator"),
    _of_everybody("enableOperator"),
    _of_everybody("resetPassword", 'password: "another horse"'),
    _of_everybody("endSessions"),
    Line("Mutation.addGrant", """mutation($operator: ID!, $input: NewGrant!) {
        addGrant(operator: $operator, input: $input) {
          ... on Grant { role operator { login } } ... on Refused { code message } } }""",
    (
        Attempt(IN, "to a colleague", MAY, _grant("@operator", "@scheme")),
        Attempt(OUT, "to one of the other scheme", MAY, _grant("@other-operator", "@scheme")),
        Attempt(OUT, "to nobody at all", MAY.replace("ok", "NOT_FOUND"),
                _grant("@unknown-student", "@scheme")),
        Attempt(OUT, "in the other scheme", OUTSIDE, _grant("@operator", "@other-scheme")),
        Attempt(OUT, "in all schemes", NOBODY_MAY, _grant("@operator", None)),
    )),
    Line("Mutation.removeGrant", f"""mutation($grant: ID!) {{
        removeGrant(grant: $grant) {OPERATOR} }}""",
    (
        Attempt(IN, "of a colleague",
                "ok FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND UNAUTHENTICATED",
                {"grant": "@grant"}),
        Attempt(OUT, "of one of the other scheme", OUTSIDE, {"grant": "@other-grant"}),
        Attempt(OUT, "of nobody", NOWHERE, {"grant": "@unknown-student"}),
    )),
    Line("Mutation.startOperatorImport", """mutation($file: ID!, $scheme: ID!, $sheet: String) {
        startOperatorImport(file: $file, scheme: $scheme, sheet: $sheet) {
          ... on Job { id operator { login } } ... on Refused { code message } } }""",
    (
        Attempt(IN, "one's own file", MAY, {"file": "@own-upload", "scheme": "@scheme"}),
        Attempt(OUT, "one's own file in the other scheme", OUTSIDE,
                {"file": "@own-upload", "scheme": "@other-scheme"}),
        Attempt(OUT, "a file of somebody else", "NOT_FOUND FORBIDDEN NOT_FOUND NOT_FOUND NOT_FOUND"
                " NOT_FOUND NOT_FOUND UNAUTHENTICATED", {"file": "@upload", "scheme": "@scheme"}),
    )),
)
# fmt: on
