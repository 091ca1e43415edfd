"""The end of a student's own way: what is to be received, what was, and the certificate."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from models import ClearanceCertificate, ClearanceStatus
from tests.client import Client
from tests.schema.configuring import REFUSED, facts
from tests.schema.handing import DEGREE, GRADUATION, MATERIALS, REVOKE, certificate, clear, give
from tests.studying import become, give_accounts
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
NUMBER, OTHER = "2020010101", "2020010102"
ME = """{ me { inTheWay toReceive mayReceive
  handOuts { kind certificateNumber receiver proxyName handedOutAt }
  certificate { issuedAt withdrawnAt url verifyUrl } } }"""
ISSUE = f"""mutation {{ issueMyCertificate {{
  ... on OwnCertificate {{ url verifyUrl withdrawnAt }} {REFUSED} }} }}"""
ALL = [GRADUATION, DEGREE, MATERIALS]


@pytest.fixture
def zhang(world: World, address: str) -> Iterator[Client]:
    give_accounts(world, NUMBER, OTHER)
    with Client(address) as client:
        yield become(client, NUMBER)


def me(client: Client) -> Any:
    return client.query(ME)["me"]


def issue(client: Client) -> Any:
    return client.query(ISSUE)["issueMyCertificate"]


def test_before_the_end_everything_is_to_be_received_and_nothing_may_be(
    world: World, zhang: Client
) -> None:
    told = me(zhang)
    assert (told["toReceive"], told["mayReceive"]) == (ALL, [])
    assert (told["handOuts"], told["certificate"]) == ([], None)
    refused = issue(zhang)
    assert (refused["code"], facts(refused)["checkpoints"]) == (
        "CLEARANCE_INCOMPLETE",
        f"{SUPERVISOR}、{AFFAIRS}、{LIBRARY}",
    )


def test_a_student_issues_the_certificate_and_prints_it(world: World, zhang: Client) -> None:
    clear(world)
    issued = issue(zhang)
    assert (issued["url"], issued["withdrawnAt"]) == ("/certificates/own.pdf", None)
    assert issue(zhang) == issued
    assert me(zhang)["certificate"]["verifyUrl"] == issued["verifyUrl"]
    assert zhang.download(issued["url"]).startswith(b"%PDF-")
    with world.database.write() as session:
        rows = session.execute(
            sa.select(ClearanceCertificate.student_id, ClearanceCertificate.issued_by)
        ).all()
    assert [tuple(row) for row in rows] == [(world.students[NUMBER], None)]


def test_a_withdrawn_one_is_told_and_not_printed(world: World, zhang: Client) -> None:
    clear(world)
    url = issue(zhang)["url"]
    world.put(NUMBER, LIBRARY, ClearanceStatus.REFUSED)
    assert me(zhang)["certificate"]["withdrawnAt"] is not None
    answer = zhang.http.get(url)
    assert (answer.status_code, answer.json()["code"]) == (410, "CERTIFICATE_WITHDRAWN")


def test_without_any_there_is_no_paper(world: World, zhang: Client) -> None:
    answer = zhang.http.get("/certificates/own.pdf")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_the_paper_of_somebody_else_is_out_of_reach(
    world: World, zhang: Client, sign_in: SignIn
) -> None:
    clear(world, OTHER)
    document = """mutation($student: ID!) { issueCertificate(student: $student) {
      ... on ClearanceCertificate { url } } }"""
    other = sign_in("department").query(document, student=world.student(OTHER))
    answer = zhang.http.get(other["issueCertificate"]["url"])
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


def test_what_was_handed_out_is_told_and_what_was_revoked_is_not(
    world: World, zhang: Client, sign_in: SignIn
) -> None:
    clear(world)
    department = sign_in("department")
    proxy = {"receiver": "PROXY", "proxyName": "李四", "proxyIdNumber": "110101199001011234"}
    wrong = give(department, world, certificate("G1", GRADUATION))["student"]["handOuts"][0]["id"]
    department.query(REVOKE, handOut=wrong)
    at = "2026-06-20T01:00:00+00:00"
    give(department, world, certificate("D1"), handedOutAt=at, **proxy)
    told = me(zhang)
    assert told["handOuts"] == [
        {
            "kind": DEGREE,
            "certificateNumber": "D1",
            "receiver": "PROXY",
            "proxyName": "李四",
            "handedOutAt": at,
        }
    ]
    assert told["mayReceive"] == [GRADUATION, MATERIALS]
    assert told["inTheWay"] == "全部环节均已办结，没有未办事项；可领取毕业证、毕业材料。"


def test_who_has_received_everything_is_sent_on_their_way(
    world: World, zhang: Client, sign_in: SignIn
) -> None:
    clear(world)
    items = (certificate("G1", GRADUATION), certificate("D1"), {"kind": MATERIALS})
    give(sign_in("department"), world, *items)
    assert me(zhang)["inTheWay"] == "全部环节均已办结，应领取的均已领取，祝前程似锦。"
