"""What students are to receive: as usual, for a cohort, for one student; who may receive now."""

from collections.abc import Callable
from typing import Any

import pytest

from models import ClearanceStatus
from tests.client import Client
from tests.conftest import counting_statements
from tests.schema.configuring import REFUSED
from tests.schema.handing import (
    DEGREE,
    GRADUATION,
    MATERIALS,
    NUMBER,
    OTHER,
    REVOKE,
    certificate,
    clear,
    give,
    received,
)
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
COHORTS = "query($id: ID!) { scheme(id: $id) { entitlements { cohort kinds isUsual } } }"
SET_COHORT = f"""mutation($scheme: ID!, $cohort: Cohort!, $kinds: [HandOutKind!]) {{
  setCohortEntitlement(scheme: $scheme, cohort: $cohort, kinds: $kinds) {{
    ... on Scheme {{ entitlements {{ cohort kinds isUsual }} }} {REFUSED} }} }}"""
SET_STUDENT = f"""mutation($student: ID!, $kinds: [HandOutKind!], $reason: String! = "结业") {{
  setStudentEntitlement(student: $student, kinds: $kinds, reason: $reason) {{
    ... on Student {{ entitlement {{ kinds mayReceive reason operator {{ login }} }} }}
    {REFUSED} }} }}"""
LIST = """query($where: StudentFilter!) { students(where: $where, first: 50) {
  totalCount nodes { number entitlement { kinds mayReceive } handOuts { kind operator { login } } }
} }"""
USUAL = [
    {
        "cohort": "SINGLE_CERTIFICATE_GRADUATE",
        "kinds": [DEGREE, MATERIALS],
        "isUsual": True,
    },
    {
        "cohort": "DOUBLE_CERTIFICATE_GRADUATE",
        "kinds": [GRADUATION, DEGREE, MATERIALS],
        "isUsual": True,
    },
    {"cohort": "UNDERGRADUATE", "kinds": [GRADUATION, DEGREE, MATERIALS], "isUsual": True},
]


@pytest.fixture
def department(world: World, sign_in: SignIn) -> Client:
    clear(world, NUMBER, OTHER)
    return sign_in("department")


def set_cohort(client: Client, world: World, kinds: list[str] | None) -> Any:
    cohort = "DOUBLE_CERTIFICATE_GRADUATE"
    answer = client.query(SET_COHORT, scheme=world.scheme, cohort=cohort, kinds=kinds)
    return answer["setCohortEntitlement"]


def set_student(client: Client, world: World, kinds: list[str] | None, **other: str) -> Any:
    answer = client.query(SET_STUDENT, student=world.student(NUMBER), kinds=kinds, **other)
    return answer["setStudentEntitlement"]


def numbers(client: Client, world: World, **where: Any) -> list[str]:
    found = client.query(LIST, where={"scheme": world.scheme, **where})["students"]
    return [each["number"] for each in found["nodes"]]


def test_each_cohort_has_what_is_usual(world: World, department: Client) -> None:
    told = department.query(COHORTS, id=world.scheme)["scheme"]["entitlements"]
    assert told == USUAL


def test_a_cohort_has_something_else_in_one_scheme_and_the_usual_again(
    world: World, admin: Client, department: Client
) -> None:
    changed = {
        "cohort": "DOUBLE_CERTIFICATE_GRADUATE",
        "kinds": [DEGREE, MATERIALS],
        "isUsual": False,
    }
    answer = set_cohort(admin, world, [MATERIALS, DEGREE, DEGREE])
    assert answer["entitlements"] == [USUAL[0], changed, USUAL[2]]
    assert give(department, world, certificate("G1", GRADUATION))["code"] == "NOT_ENTITLED"
    assert set_cohort(admin, world, None)["entitlements"] == USUAL
    assert "code" not in give(department, world, certificate("G1", GRADUATION))


def test_one_student_has_something_else_for_a_reason_and_the_cohorts_again(
    world: World, admin: Client, department: Client
) -> None:
    set_cohort(admin, world, [GRADUATION, DEGREE])
    assert set_student(admin, world, [MATERIALS, GRADUATION], reason=" 结业，\n未授予学位 ") == {
        "entitlement": {
            "kinds": [GRADUATION, MATERIALS],
            "mayReceive": [GRADUATION, MATERIALS],
            "reason": "结业， 未授予学位",
            "operator": {"login": "admin"},
        }
    }
    assert give(department, world, certificate("D1"))["code"] == "NOT_ENTITLED"
    assert received(department, world, OTHER)["entitlement"]["kinds"] == [GRADUATION, DEGREE]
    assert set_student(admin, world, None, reason="补授学位") == {
        "entitlement": {
            "kinds": [GRADUATION, DEGREE],
            "mayReceive": [GRADUATION, DEGREE],
            "reason": None,
            "operator": None,
        }
    }


def test_who_is_to_receive_nothing_may_receive_nothing(
    world: World, admin: Client, department: Client
) -> None:
    answer = set_student(admin, world, [], reason="退学")
    assert answer["entitlement"]["mayReceive"] == []
    refused = give(department, world)
    assert refused["message"] == (
        "该学生不应领取毕业材料（应领取：无）。如有变动，请系统管理员先修改应领项目。"
    )


@pytest.mark.parametrize("login", ["department", "affairs"])
def test_only_an_administrator_says_what_is_to_be_received(
    world: World, sign_in: SignIn, login: str
) -> None:
    client = sign_in(login)
    assert set_cohort(client, world, [])["code"] == "FORBIDDEN"
    assert set_student(client, world, [])["code"] == "FORBIDDEN"
    assert received(client, world)["entitlement"]["kinds"] == [GRADUATION, DEGREE, MATERIALS]


def test_a_closed_scheme_stays_as_it_is(world: World, admin: Client) -> None:
    world.set_scheme(status="CLOSED")
    assert set_cohort(admin, world, [])["code"] == "SCHEME_READ_ONLY"
    assert set_student(admin, world, [])["code"] == "SCHEME_READ_ONLY"


def test_lists_tell_who_may_receive_and_who_has(world: World, department: Client) -> None:
    give(department, world, certificate("D1"))
    assert numbers(department, world, mayReceive=[DEGREE]) == [OTHER]
    assert numbers(department, world, mayReceive=[DEGREE, MATERIALS]) == [NUMBER, OTHER]
    assert numbers(department, world, hasReceived=[DEGREE, GRADUATION]) == [NUMBER]
    assert numbers(department, world, hasReceived=[GRADUATION]) == []
    assert numbers(department, world, hasReceived=[]) == []
    world.put(OTHER, LIBRARY, ClearanceStatus.PENDING)
    assert numbers(department, world, mayReceive=[DEGREE, MATERIALS, GRADUATION]) == [NUMBER]


def test_what_was_revoked_may_be_received_again(world: World, department: Client) -> None:
    given = give(department, world, certificate("D1"))["student"]["handOuts"][0]["id"]
    department.query(REVOKE, handOut=given)
    assert numbers(department, world, hasReceived=[DEGREE]) == []
    assert numbers(department, world, mayReceive=[DEGREE]) == [NUMBER, OTHER]


def test_a_page_costs_the_same_statements_for_3_and_for_50(
    world: World, sign_in: SignIn, department: Client
) -> None:
    some = world.add_students(50)
    clear(world, *some)
    for number in some[:3]:
        give(department, world, certificate(f"D{number}"), number=number)

    def cost(wanted: list[str]) -> int:
        with counting_statements() as seen:
            assert len(numbers(department, world, numbers=wanted)) == len(wanted)
        return len(seen)

    assert cost(some[:3]) == cost(some)


HAND_OUTS = """query($where: HandOutFilter!, $first: Int = 10, $after: String) {
  handOuts(where: $where, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { certificateNumber kind student { number } } } }"""


def listed(client: Client, world: World, **where: Any) -> list[str | None]:
    found = client.query(HAND_OUTS, where={"scheme": world.scheme, **where})["handOuts"]
    assert found["totalCount"] == len(found["nodes"])
    return [each["certificateNumber"] for each in found["nodes"]]


def test_the_list_of_hand_outs_is_narrowed_by_every_condition(
    world: World, department: Client
) -> None:
    revoked = give(department, world, certificate("D0"), handedOutAt="2026-06-01T00:00:00Z")
    department.query(REVOKE, handOut=revoked["student"]["handOuts"][0]["id"])
    give(department, world, certificate("D1"), handedOutAt="2026-06-02T00:00:00Z")
    mailed = {"receiver": "MAIL", "handedOutAt": "2026-06-03T00:00:00Z"}
    give(department, world, certificate("G2", GRADUATION), number=OTHER, **mailed)
    assert listed(department, world) == ["G2", "D1", "D0"]
    assert listed(department, world, kinds=[DEGREE]) == ["D1", "D0"]
    assert listed(department, world, isRevoked=False) == ["G2", "D1"]
    assert listed(department, world, isRevoked=True) == ["D0"]
    assert listed(department, world, receivers=["MAIL", "PROXY"]) == ["G2"]
    at = "2026-06-02T00:00:00Z"
    assert listed(department, world, **{"from": at}) == ["G2", "D1"]
    assert listed(department, world, until=at) == ["D0"]
    who = {"scheme": world.scheme, "numbers": [OTHER]}
    assert listed(department, world, students=who) == ["G2"]


def test_the_list_is_read_page_by_page(world: World, department: Client) -> None:
    for place in range(3):
        number = (NUMBER, OTHER)[place % 2]
        kind = (DEGREE, DEGREE, GRADUATION)[place]
        give(department, world, certificate(f"N{place}", kind), number=number)
    asked = {"where": {"scheme": world.scheme}, "first": 2}
    first = department.query(HAND_OUTS, **asked)["handOuts"]
    assert [each["certificateNumber"] for each in first["nodes"]] == ["N2", "N1"]
    rest = department.query(HAND_OUTS, after=first["pageInfo"]["endCursor"], **asked)["handOuts"]
    assert [each["certificateNumber"] for each in rest["nodes"]] == ["N0"]
    assert rest["pageInfo"]["hasNextPage"] is False
