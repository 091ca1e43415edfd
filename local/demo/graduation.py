"""The last day: a system clears, a student looks, the department hands out, the student leaves."""

import re
from typing import Any

from local.demo.client import Client
from local.demo.desk import Desk
from local.demo.screen import paragraph, say, step
from local.failure import Failure

ADMINISTRATOR = ("admin", "lixiao-admin")
LIBRARIAN = ("tushuguan", "lixiao-tushuguan")
DEPARTMENT = ("yuanxi", "lixiao-yuanxi")
LEAVER, OTHER, PASSWORD = "2020010101", "2020010102", "lixiao-2026"
SHEET, CERTIFICATE = "7-signing-sheet.xlsx", "8-certificate.pdf"
WORDS = {
    "GRADUATION_CERTIFICATE": "毕业证",
    "DEGREE_CERTIFICATE": "学位证",
    "GRADUATION_MATERIALS": "毕业材料",
}
GIVEN = {
    "receiver": "IN_PERSON",
    "items": [
        {"kind": "GRADUATION_CERTIFICATE", "certificateNumber": "104911202602000001"},
        {"kind": "DEGREE_CERTIFICATE", "certificateNumber": "1049142026000001"},
        {"kind": "GRADUATION_MATERIALS"},
    ],
}

CHECKPOINTS = "query($id: ID!) { scheme(id: $id) { checkpoints { id title } } }"
FEED = """mutation($checkpoint: ID!) {
  createFeed(input: {name: "图书馆系统", checkpoint: $checkpoint}) {
    ... on Feed { id } ... on Refused { code message } } }"""
NEW = """mutation($feed: ID!) { issueFeedToken(feed: $feed, days: 180) {
  ... on NewFeedToken { token } ... on Refused { code message } } }"""
SEND = """mutation($rows: [FeedRow!]!) { sendFeed(rows: $rows) {
  ... on Job { status applied failed } ... on Refused { code message } } }"""
PASSWORDS = """mutation($file: ID!, $scheme: ID!) {
  startPasswordsImport(file: $file, scheme: $scheme) {
    ... on Job { id } ... on Refused { code message } } }"""
ME = """{ me { record { name } inTheWay
  clearances { title status } handOuts { kind certificateNumber } } }"""
DECIDE_MANY = """mutation($checkpoint: ID!, $numbers: [String!]!) {
  decideMany(input: {checkpoint: $checkpoint, act: PASS, select: {numbers: $numbers}}) {
    ... on Job { applied failed } ... on Refused { code message } } }"""
STUDENT = """query($scheme: ID!, $number: String!) {
  student(scheme: $scheme, key: {number: $number}) {
    id name clearances { version checkpoint { id } } } }"""
SIGNING = """mutation($scheme: ID!) { startSigningSheetExport(where: {scheme: $scheme}) {
  ... on Job { id } ... on Refused { code message } } }"""
HAND_OUT = """mutation($student: ID!, $input: HandOutInput!) {
  handOut(student: $student, input: $input) {
    ... on Receipt { student { handOuts { kind certificateNumber } } }
    ... on Refused { code message } } }"""
RESET = """mutation($student: ID!, $checkpoint: ID!, $version: Int!) {
  decide(student: $student, checkpoint: $checkpoint, act: RESET, expectedVersion: $version) {
    ... on Clearance { status } ... on Refused { code message } } }"""
ISSUE = """mutation { issueMyCertificate {
  ... on OwnCertificate { url verifyUrl } ... on Refused { code message } } }"""


def graduate(desk: Desk) -> None:
    """From the library's own system to the certificate in the student's hand."""
    titles = _checkpoints(desk)
    feed(desk, titles["图书馆"])
    look(desk)
    clear(desk, titles)
    hand_out(desk)
    guard(desk, titles["图书馆"])
    leave(desk)


def _checkpoints(desk: Desk) -> dict[str, str]:
    desk.client.sign_in(*ADMINISTRATOR)
    scheme = desk.client.ask(CHECKPOINTS, id=desk.scheme)
    return {each["title"]: each["id"] for each in scheme["checkpoints"]}


def feed(desk: Desk, library: str) -> None:
    step("The library's own system clears", "A feed: by its token it decides at one checkpoint.")
    made = desk.client.ask(FEED, checkpoint=library)
    desk.client.take(desk.client.ask(NEW, feed=made["id"])["token"])
    rows = [
        {"number": LEAVER, "act": "PASS"},
        {"number": OTHER, "act": "REFUSE", "remark": "欠书 2 本"},
    ]
    job = desk.client.ask(SEND, rows=rows)
    say(f"{job['status']}: applied {job['applied']} · failed {job['failed']}")


def look(desk: Desk) -> None:
    step("A student looks", "With 学号 and a first password: their own way out, and nobody else's.")
    desk.client.sign_in(*ADMINISTRATOR)
    list_ = f"学号,初始密码\n{LEAVER},{PASSWORD}\n{OTHER},{PASSWORD}\n"
    file = desk.client.upload("初始密码.csv", list_.encode())
    desk.client.watch(desk.client.ask(PASSWORDS, file=file, scheme=desk.scheme)["id"], _ignore)
    for number in (OTHER, LEAVER):
        desk.client.sign_in_student(number, PASSWORD)
        me = desk.client.ask(ME)
        say(f"{number} {me['record']['name']}")
        paragraph(me["inTheWay"])


def clear(desk: Desk, titles: dict[str, str]) -> None:
    step("The other offices clear one of them", "Here an administrator stands in for all of them.")
    desk.client.sign_in_student(LEAVER, PASSWORD)
    left = [each["title"] for each in desk.client.ask(ME)["clearances"] if _is_open(each)]
    desk.client.sign_in(*ADMINISTRATOR)
    for title in left:
        job = desk.client.ask(DECIDE_MANY, checkpoint=titles[title], numbers=[LEAVER])
        if job["failed"]:
            raise Failure(f"{title} did not pass {LEAVER}.")
    say("、".join(left))


def _is_open(clearance: Any) -> bool:
    return clearance["status"] in {"PENDING", "REFUSED"}


def hand_out(desk: Desk) -> None:
    step("The department hands out", "No certificate leaves while a checkpoint is open.")
    desk.client.sign_in(*DEPARTMENT)
    job = desk.client.watch(desk.client.ask(SIGNING, scheme=desk.scheme)["id"], _ignore)
    desk.save(SHEET, desk.client.download(job["files"][0]["url"]))
    refused = desk.client.refusal(HAND_OUT, student=_student(desk, OTHER)["id"], input=GIVEN)
    say(f"{OTHER}  {refused['code']}")
    paragraph(refused["message"])
    student = _student(desk, LEAVER)
    given = desk.client.ask(HAND_OUT, student=student["id"], input=GIVEN)["student"]["handOuts"]
    told = (f"{WORDS[each['kind']]} {each['certificateNumber'] or ''}" for each in reversed(given))
    say(f"{LEAVER} {student['name']}  {' · '.join(told).rstrip()}")


def guard(desk: Desk, library: str) -> None:
    step("The library has second thoughts", "Nothing opens behind a hand-out.")
    desk.client.sign_in(*LIBRARIAN)
    student = _student(desk, LEAVER)
    [own] = [each for each in student["clearances"] if each["checkpoint"]["id"] == library]
    asked = {"student": student["id"], "checkpoint": library, "version": own["version"]}
    refused = desk.client.refusal(RESET, **asked)
    say(refused["code"])
    paragraph(refused["message"])


def leave(desk: Desk) -> None:
    step("The student leaves", "With a certificate of clearance (离校单) that anybody can verify.")
    desk.client.sign_in_student(LEAVER, PASSWORD)
    say(desk.client.ask(ME)["inTheWay"])
    certificate = desk.client.ask(ISSUE)
    desk.save(CERTIFICATE, desk.client.download(certificate["url"]))
    say(f"its QR code leads to a public page: {_verified(desk.client, certificate['verifyUrl'])}")


def _verified(client: Client, address: str) -> str:
    """What the page says, without the moment."""
    page = client.download("/verify/" + address.rsplit("/", 1)[1]).decode()
    told = re.findall(r"<(?:h1|dd)>([^<]+)", page)
    return " · ".join(told[:3])


def _student(desk: Desk, number: str) -> Any:
    return desk.client.ask(STUDENT, scheme=desk.scheme, number=number)


def _ignore(_phase: str) -> None:
    pass
