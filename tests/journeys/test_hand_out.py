"""The morning of the ceremony, as the department operator: a pile of certificates, a list to sign,
somebody who comes for a friend, one who is not cleared, a certificate that was printed wrong."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from tests.client import Client
from tests.desk import DECIDE
from tests.schema.handing import (
    DEGREE,
    GRADUATION,
    MATERIALS,
    REVOKE,
    certificate,
    give,
    received,
)
from tests.tasks.test_hand_outs import messages, outcomes, run
from tests.tasks.test_signing_sheets import exported, opened
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

ONE, TWO, THREE, FOUR = "2020010101", "2020010102", "2020010103", "2020010104"
PASS = """mutation($checkpoint: ID!, $numbers: [String!]!) {
  decideMany(input: {checkpoint: $checkpoint, select: {numbers: $numbers}, act: PASS}) {
    ... on Job { applied } ... on Refused { code message } } }"""
MAY = """query($where: StudentFilter!) { students(where: $where, first: 20) {
  nodes { number entitlement { mayReceive } } } }"""
BOOK = """query($where: HandOutFilter!) { handOuts(where: $where, first: 20) {
  nodes { kind certificateNumber student { number } receiver proxyName revokeReason } } }"""
SignIn = Callable[[str], Client]


def cleared(admin: Client, world: World, *numbers: str) -> None:
    """Every office has passed them."""
    for title in (SUPERVISOR, AFFAIRS, LIBRARY):
        job = admin.query(PASS, checkpoint=world.checkpoint(title), numbers=list(numbers))
        assert job["decideMany"] == {"applied": len(numbers)}


def who_may(client: Client, world: World, kind: str) -> list[str]:
    where = {"scheme": world.scheme, "mayReceive": [kind]}
    return [each["number"] for each in client.query(MAY, where=where)["students"]["nodes"]]


def filled_in(content: bytes, numbers: dict[str, tuple[str, str]]) -> bytes:
    """The sheet as it comes back: numbers written where somebody has signed."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for row in range(4, sheet.max_row + 1):
        for column, number in zip(
            (6, 7), numbers.get(str(sheet.cell(row, 2).value), ("", "")), strict=False
        ):
            sheet.cell(row, column, number)
            sheet.cell(row, 8, "是")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def refused_and_cleared(world: World, sign_in: SignIn, department: Client) -> None:
    """Who is not cleared is told where; the library clears, and the certificate leaves."""
    refused = give(department, world, certificate("D3"), number=THREE)
    assert refused["message"] == "该学生尚有环节未办结：图书馆。请先办结这些环节。"
    checkpoint = world.checkpoint(LIBRARY)
    sign_in("library").query(PASS, checkpoint=checkpoint, numbers=[THREE])
    proxy = {"receiver": "PROXY", "proxyName": "李四", "proxyIdNumber": "E12345678"}
    assert "code" not in give(department, world, certificate("D3"), number=THREE, **proxy)


def printed_anew(world: World, sign_in: SignIn, department: Client) -> None:
    """The library's second thoughts come too late; a wrong certificate is revoked and replaced."""
    decided = sign_in("library").query(
        DECIDE,
        student=world.student(THREE),
        checkpoint=world.checkpoint(LIBRARY),
        act="RESET",
        version=2,
        remark="",
    )
    assert decided["decide"]["code"] == "HANDED_OUT"
    wrong = received(department, world, THREE)["handOuts"][0]["id"]
    department.query(REVOKE, handOut=wrong, reason="姓名印错")
    give(department, world, certificate("D3B"), number=THREE)


def test_the_department_hands_out_a_year_of_certificates(
    world: World, sign_in: SignIn, worker: None
) -> None:
    admin, department = sign_in("admin"), sign_in("department")
    cleared(admin, world, ONE, TWO)
    for title in (SUPERVISOR, AFFAIRS):
        admin.query(PASS, checkpoint=world.checkpoint(title), numbers=[THREE])
    assert who_may(department, world, DEGREE) == [ONE, TWO]

    sheet = exported(department, world)
    assert [row[1] for row in list(opened(sheet).values)[3:]] == [ONE, TWO]
    back = filled_in(sheet, {ONE: ("G1", "D1"), TWO: ("G2", "D1")})
    job = run(department, world, back)
    assert outcomes(job) == [(row, "FAILED", "DUPLICATE_CONFLICT") for row in (4, 5)]
    assert messages(job)[4] == ["编号“D1”在第 4、5 行给了不同的学生，均未发放，请核对编号。"]
    job = run(department, world, filled_in(sheet, {ONE: ("G1", "D1"), TWO: ("G2", "D2")}))
    assert outcomes(job) == [(4, "APPLIED", None), (5, "APPLIED", None)]
    assert who_may(department, world, DEGREE) == []

    refused_and_cleared(world, sign_in, department)
    printed_anew(world, sign_in, department)
    book = department.query(BOOK, where={"scheme": world.scheme, "kinds": [DEGREE]})["handOuts"]
    assert [_line(each) for each in book["nodes"]] == [
        (THREE, "D3B", "IN_PERSON", None, None),
        (THREE, "D3", "PROXY", "李四", "姓名印错"),
        (TWO, "D2", "IN_PERSON", None, None),
        (ONE, "D1", "IN_PERSON", None, None),
    ]
    still = received(department, world, THREE)["entitlement"]["mayReceive"]
    assert still == [GRADUATION, MATERIALS]
    assert received(department, world, FOUR)["entitlement"]["mayReceive"] == []


def _line(each: Any) -> tuple[Any, ...]:
    columns = ("certificateNumber", "receiver", "proxyName", "revokeReason")
    return (each["student"]["number"], *(each[name] for name in columns))
