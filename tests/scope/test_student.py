"""Everything that there is, tried with a student's token: nothing but what is their own."""

import graphql
import pytest

from tests.client import Client
from tests.scope.contents import FIELDS, ROUTES
from tests.scope.house import OUTSIDER, STUDENT, House
from tests.scope.lines import Line
from tests.scope.test_scope import CONTRACT, send
from tests.world import STUDENTS

# What a student may do, and what each attempt of the line is answered.
OWN = {
    "Query.viewer": {"null"},
    "Query.me": {"ok"},
    # Somebody who is not cleared yet, and has no certificate.
    "Mutation.issueMyCertificate": {"CLEARANCE_INCOMPLETE"},
    "GET /certificates/own.pdf": {"NOT_FOUND"},
    "GET /verify/{code}": {"ok"},
    "Mutation.signIn": {"SIGN_IN_FAILED", "ok"},
    "Mutation.signInStudent": {"SIGN_IN_FAILED", "ok"},
    "Mutation.changePassword": {"SIGN_IN_FAILED", "ok"},
    "Mutation.signOut": {"ok"},
    "ANY /graphql": {"ok"},
    "ANY /static": {"ok"},
    "GET /health": {"ok"},
    "GET /metrics": {"ok"},
}
OTHERS = {OUTSIDER, *(name for number, name, *_ in STUDENTS if number != STUDENT)}


def tried(client: Client, house: House, line: Line) -> dict[str, str]:
    """What a student is answered, attempt by attempt; never a word of anybody else."""
    told = {}
    for attempt in line.attempts:
        variables = house.named(dict(attempt.variables), "student")
        answer, text = send(client.http, line, variables)
        told[attempt.target] = answer
        assert not [name for name in OTHERS if name in text], (line.operation, attempt.target)
    return told


def test_whatever_an_operator_may_ask_for_a_student_may_not(house: House, address: str) -> None:
    before, refused = house.digest(), {}
    lines = [line for line in (*FIELDS, *ROUTES) if line.operation not in OWN]
    with Client(address, house.tokens["student"]) as client:
        for line in lines:
            refused[line.operation] = set(tried(client, house, line).values())
    assert refused == {line.operation: {"FORBIDDEN"} for line in lines}
    assert house.digest() == before


@pytest.mark.parametrize(
    "line", [line for line in (*FIELDS, *ROUTES) if line.operation in OWN], ids=str
)
def test_what_is_a_students_own_is_their_own(house: House, address: str, line: Line) -> None:
    with Client(address, house.tokens["student"]) as client:
        assert set(tried(client, house, line).values()) == OWN[line.operation]


def test_nothing_that_a_student_reads_takes_an_argument() -> None:
    """No id that is given could be another's."""
    assert CONTRACT.query_type
    told = {"Query.me": CONTRACT.query_type.fields["me"]}
    for name in ("Me", "OwnRecord", "OwnClearance", "OwnHandOut", "OwnCertificate"):
        kind = CONTRACT.get_type(name)
        assert isinstance(kind, graphql.GraphQLObjectType)
        told |= {f"{name}.{field}": each for field, each in kind.fields.items()}
    assert {name: each.args for name, each in told.items() if each.args} == {}
