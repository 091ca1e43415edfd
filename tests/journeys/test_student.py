"""A student's last weeks: let in by a list, refused with a reason, sent on, and clear at last."""

from collections.abc import Callable
from pathlib import Path

from tests.client import Client
from tests.schema.test_decisions import decide
from tests.studying import CHANGE, try_in
from tests.tasks.operator_files import counts
from tests.tasks.password_files import START
from tests.workbooks import xlsx
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

NUMBER, GIVEN, OWN = "2020010101", "20261225", "只有我知道-2026"
SEEN = """{ me { isInitialPassword inTheWay record { name idNumber department }
  clearances { title status remark openPrerequisites } } }"""
WAY = "{ me { inTheWay } }"
PASS = """mutation($student: ID!, $checkpoint: ID!) {
  decide(student: $student, checkpoint: $checkpoint, act: PASS, expectedVersion: 1) {
    ... on Clearance { status } ... on Refused { code message } } }"""


def test_a_student_from_the_first_password_to_the_last_checkpoint(
    world: World,
    sign_in: Callable[[str], Client],
    anonymous: Client,
    worker: None,
    tmp_path: Path,
) -> None:
    admin, student = sign_in("admin"), anonymous

    # Before there is a list, nobody gets in.
    assert try_in(student, NUMBER, GIVEN)["code"] == "SIGN_IN_FAILED"

    # The administrator's list: passwords as Excel keeps digits, one row with a wrong name.
    rows = ((NUMBER, "张思", 20261225), ("2020010102", "张思", 20261226))
    content = xlsx(tmp_path / "list.xlsx", [("学号", "姓名", "初始密码"), *rows]).read_bytes()
    file = admin.upload(content, "初始密码.xlsx")
    job = admin.query(START, file=file, scheme=world.scheme)["startPasswordsImport"]
    ended = admin.finished(job["id"])
    assert (ended["status"], counts(ended)) == ("FINISHED", (2, 1, 0, 1, 0))
    assert [row["code"] for row in ended["rows"]["nodes"]] == [None, "NAME_MISMATCH"]
    assert GIVEN not in str(ended)

    # The student signs in, chooses a password of their own, and reads what is in the way.
    assert try_in(student, NUMBER, "20261226")["code"] == "SIGN_IN_FAILED"
    token = try_in(student, "２０２００１０１０１", GIVEN)["token"]
    student.http.headers["authorization"] = f"Bearer {token}"
    changed = student.query(CHANGE, old=GIVEN, new=OWN)["changePassword"]
    assert changed == {"number": NUMBER, "isInitialPassword": False}
    assert student.query(SEEN)["me"] == {
        "isInitialPassword": False,
        "record": {
            "name": "张思",
            "idNumber": "110101********0001",
            "department": "马克思主义学院",
        },
        "clearances": [
            {"title": SUPERVISOR, "status": "PENDING", "remark": "", "openPrerequisites": []},
            {
                "title": AFFAIRS,
                "status": "PENDING",
                "remark": "",
                "openPrerequisites": [SUPERVISOR],
            },
            {"title": LIBRARY, "status": "PENDING", "remark": "", "openPrerequisites": []},
        ],
        "inTheWay": "还有 3 个环节未办结：现在可以办理：导师审核、图书馆（还清图书）；"
        "须先办结前置环节：学工审核（先办 导师审核）。",
    }

    # The supervisor passes, the student affairs group refuses, the library passes.
    own = {"student": world.student(NUMBER)}
    sign_in("supervisor").query(PASS, **own, checkpoint=world.checkpoint(SUPERVISOR))
    affairs = sign_in("affairs")
    assert decide(affairs, world, "REFUSE", remark="登记表缺照片")["status"] == "REFUSED"
    sign_in("library").query(PASS, **own, checkpoint=world.checkpoint(LIBRARY))
    told = student.query(SEEN)["me"]
    assert [(each["status"], each["remark"]) for each in told["clearances"]] == [
        ("PASSED", ""),
        ("REFUSED", "登记表缺照片"),
        ("PASSED", ""),
    ]
    assert told["inTheWay"] == (
        "还有 1 个环节未办结：未通过，请按原因处理后再次办理：学工审核（登记表缺照片）。"
    )

    # A student decides nothing, not even for themselves.
    refused = student.query(PASS, **own, checkpoint=world.checkpoint(AFFAIRS))["decide"]
    assert refused == {
        "code": "FORBIDDEN",
        "message": "您以学生身份登录，只能查看本人的离校情况。",
    }
    assert student.refused("{ schemes { name } }") == "FORBIDDEN"
    assert world.state(NUMBER, AFFAIRS) == ("REFUSED", "登记表缺照片", 2)

    # With the photograph it is passed, and nothing is in the way any more.
    assert decide(affairs, world, "PASS", version=2)["status"] == "PASSED"
    told = "全部环节均已办结，没有未办事项；可领取毕业证、学位证、毕业材料。"
    assert student.query(WAY) == {"me": {"inTheWay": told}}

    # The next list keeps the student's own password; the administrator can reset it.
    file = admin.upload(content, "初始密码.xlsx")
    job = admin.query(START, file=file, scheme=world.scheme)["startPasswordsImport"]
    first = admin.finished(job["id"])["rows"]["nodes"][0]
    assert (first["outcome"], first["code"]) == ("UNCHANGED", "ACCOUNT_EXISTS")
    reset = """mutation($student: ID!) { resetStudentPassword(student: $student,
      password: "重新发放-2026") { ... on Student { name } } }"""
    assert admin.query(reset, **own) == {"resetStudentPassword": {"name": "张思"}}
    assert student.query(WAY) == {"me": None}
    assert try_in(student, NUMBER, OWN)["code"] == "SIGN_IN_FAILED"
    assert try_in(student, NUMBER, "重新发放-2026")["me"]["isInitialPassword"] is True
