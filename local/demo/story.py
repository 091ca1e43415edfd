"""What an operator of the 学工组 does, step by step; each step shows what the service answers."""

from pathlib import Path
from typing import Any

from local.demo import paper
from local.demo.client import Client
from local.demo.desk import Desk, counters
from local.demo.graduation import CERTIFICATE, SHEET, graduate
from local.demo.screen import begin, end, say, step, table
from local.demo.second_thoughts import CHANGED_NUMBER, CHANGED_REMARK, UNDONE, repair, undo
from local.failure import Failure

LOGIN, PASSWORD = "xuegong", "lixiao-xuegong"
NUMBER, REFUSED_NUMBER, SHARED_NAME = "2020010101", "2020010102", "周思"
REMARK = "毕业生登记表未交，请到 205 室补交"
STATUS = {
    "PENDING": "未办理",
    "PASSED": "已通过",
    "REFUSED": "未通过",
    "NOT_REQUIRED": "无需办理",
}
TEMPLATE, FILLED, EXPORT = "1-template.xlsx", "2-filled.xlsx", "6-students.xlsx"
RESULTS = {"ANNOTATED": "3-annotated.xlsx", "FAILED_ROWS": "4-failed-rows.xlsx"}
FILES = {
    TEMPLATE: "the template, as it was downloaded",
    FILLED: "the template, filled in: what was uploaded",
    RESULTS["ANNOTATED"]: "every uploaded row with 原行号, 导入结果, 错误代码, 错误原因, 修正",
    RESULTS["FAILED_ROWS"]: "only the failed rows, to be corrected and uploaded again",
    UNDONE: "what the undo did with each of them",
    EXPORT: "the list: a row for each student, a column for each checkpoint",
    SHEET: "who may receive, to be printed and signed (签收表)",
    CERTIFICATE: "the certificate of clearance (离校单) of one student",
}

VIEWER = """{ viewer { login name grants { role scheme { id name } department { name }
  checkpoint { id title requirement place hours templateUrl } } } }"""
STUDENT = """query($scheme: ID!, $number: String!) {
  student(scheme: $scheme, key: {number: $number}) {
    id number name idNumber major department { name }
    clearances { status version remark checkpoint { id title } } } }"""
NAMED = """query($scheme: ID!, $name: String!) {
  students(where: {scheme: $scheme, namePrefix: $name}, first: 10) {
    nodes { number name gender dormitory idNumber } } }"""
DECIDE = """mutation($student: ID!, $checkpoint: ID!, $act: Act!, $version: Int!, $remark: String) {
  decide(student: $student, checkpoint: $checkpoint, act: $act, expectedVersion: $version,
         remark: $remark) {
    ... on Clearance { status version remark } ... on Refused { code message } } }"""
IMPORT = """mutation($file: ID!, $checkpoint: ID!, $dryRun: Boolean!) {
  startImport(file: $file, checkpoint: $checkpoint, dryRun: $dryRun) {
    ... on Job { id status } ... on Refused { code message } } }"""
EXPORTED = """mutation($scheme: ID!) { startExport(where: {scheme: $scheme}) {
  ... on Job { id status } ... on Refused { code message } } }"""


def tell(client: Client, folder: Path) -> None:
    """The whole story; raises Failure where the service does not do what it should."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    desk = sign_in(client, folder)
    count(
        desk, "The counters", "应办理 = 已通过 + 未办理 + 未通过, at every checkpoint (离校环节)."
    )
    look_up(desk)
    decide(desk)
    file = hand_in(desk)
    rehearsal = bring_in(desk, file, dry_run=True)
    done = bring_in(desk, file, dry_run=False)
    show_rows(rehearsal, done)
    repaired = repair(desk, done)
    keep_results(desk, repaired)
    change_one(desk)
    undo(desk, repaired)
    export(desk)
    count(desk, "The counters again", "What was decided by hand stands; the import is gone.")
    graduate(desk)
    list_files(desk)


def sign_in(client: Client, folder: Path) -> Desk:
    step("Sign in", "`viewer` says who one is, and where one may decide for whom.")
    client.sign_in(LOGIN, PASSWORD)
    viewer = client.ask(VIEWER)
    [grant] = viewer["grants"]
    checkpoint, scheme = grant["checkpoint"], grant["scheme"]
    say(f"{viewer['login']} · {viewer['name']} · {grant['role']}")
    say(f"离校方案 {scheme['name']} · 离校环节 {checkpoint['title']}")
    say(f"院系 {grant['department']['name']} · {checkpoint['requirement']} ({checkpoint['hours']})")
    return Desk(client, scheme["id"], checkpoint, folder)


def count(desk: Desk, title: str, why: str) -> None:
    step(title, why)
    table(
        ("环节", "应办理", "已通过", "未办理", "未通过"),
        [
            (of["checkpoint"]["title"], of["due"], of["passed"], of["pending"], of["refused"])
            for of in desk.counts()
        ],
    )


def look_up(desk: Desk) -> None:
    step(f"Look up 学号 {NUMBER}", "One student, and every checkpoint on the way out.")
    student = _student(desk, NUMBER)
    say(f"{student['number']} {student['name']} · {student['idNumber']} · {student['major']}")
    for status, word in STATUS.items():
        at = [of["checkpoint"]["title"] for of in student["clearances"] if of["status"] == status]
        if at:
            say(f"{word}: {'、'.join(at)}")
    step(f"Look up 姓名 {SHARED_NAME}", "Two students share it; a name alone never decides.")
    found = desk.client.ask(NAMED, scheme=desk.scheme, name=SHARED_NAME)["nodes"]
    table(
        ("学号", "姓名", "性别", "身份证号", "住宿信息"),
        [
            (
                each["number"],
                each["name"],
                {"MALE": "男", "FEMALE": "女"}[each["gender"]],
                each["idNumber"],
                each["dormitory"] or "-",
            )
            for each in found
        ],
    )


def decide(desk: Desk) -> None:
    step("Decide two by hand", "Each decision names the version that was looked at.")
    _decide(desk, (NUMBER, "PASS", None), (REFUSED_NUMBER, "REFUSE", REMARK))


def change_one(desk: Desk) -> None:
    step("Change one by hand", "The import had passed this student.")
    _decide(desk, (CHANGED_NUMBER, "REFUSE", CHANGED_REMARK))
    counters(desk)


def _decide(desk: Desk, *acts: tuple[str, str, str | None]) -> None:
    for number, act, remark in acts:
        student = _student(desk, number)
        [before] = [
            of for of in student["clearances"] if of["checkpoint"]["id"] == desk.checkpoint["id"]
        ]
        now = desk.client.ask(
            DECIDE,
            student=student["id"],
            checkpoint=desk.checkpoint["id"],
            act=act,
            version=before["version"],
            remark=remark,
        )
        change = f"{STATUS[before['status']]} → {STATUS[now['status']]}"
        say(f"{number} {student['name']}  {act}: {change}  {now['remark']}".rstrip())


def hand_in(desk: Desk) -> str:
    """The id of the uploaded workbook."""
    step("Download the template", "It holds the students still 未办理 in one's own scope.")
    desk.save(TEMPLATE, desk.client.download(desk.checkpoint["templateUrl"]))
    say(f"{paper.count_rows(desk.folder / TEMPLATE)} students to fill in")
    step("Fill it in and upload it", "Good rows, and each mistake that people make.")
    desk.save(FILLED, paper.fill((desk.folder / TEMPLATE).read_bytes()))
    say(f"{paper.count_rows(desk.folder / FILLED)} rows, three of them by 身份证号")
    say(
        "(No mistakes: a 学号 stored as a number, in full width, after a space; a space in a 姓名.)"
    )
    return desk.client.upload("学工组办理结果.xlsx", (desk.folder / FILLED).read_bytes())


def bring_in(desk: Desk, file: str, *, dry_run: bool) -> Any:
    """The finished import."""
    if dry_run:
        step("Import it as a dry run", "Every row is judged; nothing is written.")
    else:
        step("Import it for real", "A bad row keeps no good row back.")
    job = desk.client.ask(IMPORT, file=file, checkpoint=desk.checkpoint["id"], dryRun=dry_run)
    begin(job["status"])
    done = desk.client.watch(job["id"], lambda phase: begin(f" → {phase}", indent=""))
    end(f" → {done['status']}: {done['processed']} of {done['total']} rows")
    say(f"applied {done['applied']} · unchanged {done['unchanged']} · failed {done['failed']}")
    counters(desk)
    return done


def show_rows(rehearsal: Any, done: Any) -> None:
    """A line for each row, and below it a line for whatever is to be said about it."""
    rows = done["rows"]["nodes"]
    if rehearsal["rows"]["nodes"] != rows:
        raise Failure("The import judged a row otherwise than the dry run had.")
    step("Every row has its outcome", "The dry run had said the same of every one of them.")
    table(
        ("Excel 行", "key", "姓名", "outcome", "code"),
        [
            (row["rowNumber"], row["key"] or "-", row["name"], row["outcome"], row["code"] or "-")
            for row in rows
        ],
        below=[_messages(row) for row in rows],
    )


def keep_results(desk: Desk, done: Any) -> None:
    for file in done["files"]:
        desk.save(RESULTS[file["kind"]], desk.client.download(file["url"]))


def _messages(row: Any) -> list[str]:
    """What is wrong, or of a decided row what is to be noted."""
    kind = "" if row["code"] else "warning {code}: "
    return [kind.format(**problem) + problem["message"] for problem in row["problems"]]


def export(desk: Desk) -> None:
    step("Export the list", "Students x checkpoints, every identifier as text.")
    job = desk.client.ask(EXPORTED, scheme=desk.scheme)
    exported = desk.client.watch(job["id"], _ignore)
    [file] = exported["files"]
    desk.save(EXPORT, desk.client.download(file["url"]))
    say(f"{exported['status']}: {exported['total']} students")


def list_files(desk: Desk) -> None:
    step(f"Look at the files in {_near(desk.folder)}/")
    table(
        ("file", "rows", "what it is"),
        [(name, _rows(desk.folder / name), what) for name, what in FILES.items()],
    )


def _rows(path: Path) -> str:
    return str(paper.count_rows(path)) if path.suffix == ".xlsx" else "-"


def _near(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _ignore(_phase: str) -> None:
    pass


def _student(desk: Desk, number: str) -> Any:
    return desk.client.ask(STUDENT, scheme=desk.scheme, number=number)
