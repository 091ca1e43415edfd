"""A graduation as the offices set it up over HTTP: who signs in, what they ask, which files."""

import contextlib
import csv
import functools
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import graphql
import openpyxl

from domain.staffing import accounts
from models import Grant, Role
from models.database import Database
from tests.client import Client
from tests.tasks import export_files

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "lixiao-2020-六月"
SCHEME = "2020级研究生6月份"
MARX, GEOLOGY = "马克思主义学院", "地球科学学院"
AFFAIRS, SECRETARY, SUPERVISOR = "培养单位学工审核", "培养单位秘书审核", "导师审核"
EQUIPMENT, LIBRARY, KEY_LABORATORY = "实验室与设备管理", "图书馆", "国家重点实验室审核"
HOSPITAL, FEES, FINANCE = "校医院审核", "研究生缴费", "财务清算"
# Title, what the student has to do.
CHECKPOINTS = {
    AFFAIRS: "提交毕业生登记表",
    SECRETARY: "核对学籍与培养档案",
    SUPERVISOR: "交清课题资料与论文定稿",
    EQUIPMENT: "归还设备与钥匙",
    LIBRARY: "还清图书，提交学位论文",
    KEY_LABORATORY: "归还门禁卡",
    HOSPITAL: "结清医疗费用",
    FEES: "缴清学费与住宿费",
    FINANCE: "结清借款",
}
TITLES = list(CHECKPOINTS)
COLUMNS = (
    *("考生号", "学号", "姓名", "性别", "年级", "身份证号", "学生范围", "院系", "专业", "班级"),
    *("学生类别", "培养层次", "是否户口迁移", "住宿信息"),
)
OTHERS = (
    (
        *("20420001", "2016020101", "欧阳·娜娜", "女", "2016", "E12345678", "本科生", GEOLOGY),
        *("地质学", "011161", "本科", "本科", "是", "西区-3号楼-1层-101-02床"),
    ),
    (
        *("20420002", "2016020102", "吴思", "男", "2016", "110101199801010019", "本科生", GEOLOGY),
        *("地质学", "011162", "本科", "本科", "否", ""),
    ),
)
# The list of operators as the administrator keeps it.
STAFF_HEADER = ("账号", "姓名", "初始密码", "角色", "离校环节", "院系", "查看证件号")
STAFF = (
    ("xuegong", "马院学工组", PASSWORD, "离校点操作员", AFFAIRS, MARX, "否"),
    ("mishu", "马院教务秘书", PASSWORD, "离校点操作员", SECRETARY, MARX, "否"),
    ("dike", "地学院学工组", PASSWORD, "离校点操作员", AFFAIRS, GEOLOGY, "否"),
    ("tushuguan", "图书馆", PASSWORD, "离校点操作员", LIBRARY, "", "否"),
    ("fuhe", "图书馆复核", PASSWORD, "离校点操作员", LIBRARY, "", "否"),
    ("caiwu", "财务处", PASSWORD, "离校点操作员", FEES, "", "否"),
    ("caiwu", "财务处", "", "离校点操作员", FINANCE, "", "否"),
)
JOB = """{ kind status dryRun total applied unchanged failed unprocessed
  problem { code message }
  roster { added changed restored missing archived unknownDepartments
    notArchivedReason { code message } }
  missingStudents(first: 100) { nodes { number name status } }
  files { kind name url }
  rows(first: 100) { nodes { rowNumber key outcome code change student { name }
    changes { title old new } problems { code column value message } } } }"""
REFUSED = "{ code message path }"
SUMS = ("due", "passed", "pending", "refused", "notRequired")
Cells = Sequence[str | int | None]
Row = dict[str, str]


def manual_roster() -> list[Row]:
    """The manual's students with 考生号 and 学生范围, and two of another department."""
    content = (ROOT / "cli" / "manual-students.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    for place, row in enumerate(rows, 1):
        row.update({"考生号": f"1049120{place:04}", "学生范围": "双证研究生"})
    return [*rows, *(dict(zip(COLUMNS, values, strict=True)) for values in OTHERS)]


def as_csv(rows: Sequence[Row]) -> bytes:
    """As the university's student register writes a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def workbook(*rows: Cells) -> bytes:
    """As Excel saves it."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(content)
    return content.getvalue()


@functools.cache
def _contract() -> graphql.GraphQLSchema:
    return graphql.build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))


@functools.cache
def _document(name: str, selection: str, values: tuple[str, ...]) -> str:
    """One root field with a variable for each value, typed as the contract says."""
    contract = _contract()
    assert contract.query_type
    assert contract.mutation_type
    is_query = name in contract.query_type.fields
    root = contract.query_type if is_query else contract.mutation_type
    about = root.fields[name]
    kind = graphql.get_named_type(about.type)
    if isinstance(kind, graphql.GraphQLUnionType):
        selection = f"{{ ... on {kind.types[0].name} {selection} ... on Refused {REFUSED} }}"
    declared = ", ".join(f"${value}: {about.args[value].type}" for value in values)
    given = ", ".join(f"{value}: ${value}" for value in values)
    operation = "query" if is_query else "mutation"
    head, call = (f"({declared})", f"{name}({given})") if values else ("", name)
    return f"{operation}{head} {{ {call} {selection} }}"


class Desk(Client):
    """Somebody who has signed in, with the screen in front of them."""

    def ask(self, name: str, selection: str = "{ id }", /, **values: Any) -> Any:
        """What one root field answers; a refusal is its code, message and path."""
        return self.query(_document(name, selection, tuple(values)), **values)[name]

    def turned_away(
        self, name: str, selection: str = "{ id }", /, **values: Any
    ) -> tuple[str, str]:
        """The code and the message of a query that is an error as a whole."""
        answer = self.execute(_document(name, selection, tuple(values)), **values)
        error = answer["errors"][0]
        return error["extensions"]["code"], error["message"]

    def run(self, name: str, content: bytes, file_name: str, /, **values: Any) -> Any:
        """The job that a file of this content has done, told at length."""
        job = self.ask(name, file=self.upload(content, file_name), **values)["id"]
        self.finished(job)
        return self.ask("job", JOB, id=job) | {"id": job}

    def export(self, name: str, /, **values: Any) -> list[list[object]]:
        """The first sheet of the workbook of an export."""
        return export_files.xlsx(export_files.made(self, name, **values))


@dataclass
class Office:
    """The installation and who works in it."""

    address: str
    stack: contextlib.ExitStack
    scheme: str = ""
    checkpoints: dict[str, str] = field(default_factory=dict)

    def sign_in(self, login: str, password: str = PASSWORD) -> Desk:
        """A desk with a session of its own."""
        desk = self.stack.enter_context(Desk(self.address))
        answer = desk.ask("signIn", "{ token }", login=login, password=password)
        desk.http.headers["authorization"] = f"Bearer {answer['token']}"
        return desk

    @property
    def where(self) -> dict[str, Any]:
        """The filter that is everybody."""
        return {"scheme": self.scheme}

    def at(self, *titles: str) -> list[str]:
        """The ids of checkpoints."""
        return [self.checkpoints[title] for title in titles]


@contextlib.contextmanager
def founded(address: str, database: Database) -> Iterator[Office]:
    """An installation without anything but its first administrator."""
    with database.write() as session:
        grant = Grant(role=Role.ADMINISTRATOR, may_see_id_numbers=True)
        accounts.create(session, "admin", "系统管理员", PASSWORD, [grant])
    with contextlib.ExitStack() as stack:
        yield Office(address, stack)


def add_scheme(office: Office, admin: Desk, name: str = SCHEME) -> None:
    """A draft with the manual's nine checkpoints."""
    office.scheme = admin.ask("createScheme", name=name)["id"]
    for title, requirement in CHECKPOINTS.items():
        about = {"title": title, "requirement": requirement}
        made = admin.ask("createCheckpoint", scheme=office.scheme, input=about)
        office.checkpoints[title] = made["id"]


def add_students(office: Office, admin: Desk, rows: Sequence[Row], **options: Any) -> Any:
    """The job of a roster; without options it may make departments."""
    return admin.run(
        "startRosterImport",
        as_csv(rows),
        "名册.csv",
        scheme=office.scheme,
        **(options or {"createDepartments": True}),
    )


def add_staff(office: Office, admin: Desk, *rows: Cells) -> Any:
    """The job of a list of operators."""
    content = workbook(STAFF_HEADER, *rows)
    return admin.run("startOperatorImport", content, "操作员.xlsx", scheme=office.scheme)


def opened(office: Office, admin: Desk, *logins: str) -> None:
    """The manual's graduation with its students, open, and some of its people."""
    add_scheme(office, admin)
    assert sums(add_students(office, admin, manual_roster())) == (16, 16, 0, 0, 0)
    staff = [row for row in STAFF if row[0] in logins]
    if staff:
        assert sums(add_staff(office, admin, *staff))[:2] == (len(staff), len(staff))
    assert admin.ask("openScheme", "{ status }", scheme=office.scheme) == {"status": "OPEN"}


def student(desk: Desk, office: Office, number: str, selection: str = "{ id }") -> Any:
    """Somebody by 学号; None out of sight."""
    return desk.ask("student", selection, scheme=office.scheme, key={"number": number})


def ids(desk: Desk, name: str, key: str) -> dict[str, str]:
    """Of a whole list, by what people call them."""
    nodes = desk.ask(name, f"{{ nodes {{ id {key} }} }}", first=100)["nodes"]
    return {each[key]: each["id"] for each in nodes}


def decide(desk: Desk, office: Office, number: str, title: str) -> Any:
    """One click of 通过 on what the screen shows."""
    shown = student(desk, office, number, "{ id clearances { version checkpoint { title } } }")
    versions = {each["checkpoint"]["title"]: each["version"] for each in shown["clearances"]}
    return desk.ask(
        "decide",
        "{ status version }",
        student=shown["id"],
        checkpoint=office.checkpoints[title],
        act="PASS",
        expectedVersion=versions[title],
    )


def standing(desk: Desk, office: Office, **narrowed: Any) -> dict[str, tuple[int, ...]]:
    """应办理 已通过 未办理 未通过 无需办理, by checkpoint."""
    where = office.where | narrowed
    told = desk.ask("counts", f"{{ checkpoint {{ title }} {' '.join(SUMS)} }}", where=where)
    return {each["checkpoint"]["title"]: tuple(each[name] for name in SUMS) for each in told}


def sums(job: Any) -> tuple[int, ...]:
    """Rows, applied, unchanged, failed, unprocessed."""
    return tuple(job[name] for name in ("total", "applied", "unchanged", "failed", "unprocessed"))


def problems(job: Any) -> list[tuple[int, str, str]]:
    """Row, column and sentence of every error; of the masked ID numbers there are warnings."""
    return [
        (row["rowNumber"], problem["column"], problem["message"])
        for row in job["rows"]["nodes"]
        for problem in row["problems"]
        if problem["code"] != "ID_CHECK_DIGIT"
    ]


def numbers(connection: Any) -> list[str]:
    """学号 of a page of students."""
    return [student["number"] for student in connection["nodes"]]


def refusal(answer: Any) -> tuple[str, str]:
    """The code and the message of a mutation that changed nothing."""
    return answer["code"], answer["message"]


def sheet(desk: Desk, job: Any, kind: str) -> list[list[object]]:
    """The first sheet of a workbook that a job made."""
    [path] = [file["url"] for file in job["files"] if file["kind"] == kind]
    return export_files.xlsx(desk.download(path))
