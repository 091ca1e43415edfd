"""A student's last weeks: let in by a list, refused with a reason, sent on, and clear at last."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
SignIn = Callable[[str], Client]


def test_a_student_from_the_first_password_to_the_last_checkpoint(
    world: World, sign_in: SignIn, anonymous: Client, worker: None, tmp_path: Path
) -> None:
    admin, student = sign_in("admin"), anonymous
    # Passwords as Excel keeps digits, one row with a wrong name.
    rows = ((NUMBER, "张思", 20261225), ("2020010102", "张思", 20261226))
    content = xlsx(tmp_path / "list.xlsx", [("学号", "姓名", "初始密码"), *rows]).read_bytes()
    let_in_by_a_list(world, admin, student, content)
    chooses_a_password(student)
    reads_what_is_in_the_way(student)
    refused_with_a_reason(world, sign_in, student)
    decides_nothing(world, student)
    clear_at_last(world, sign_in, student)
    keeps_the_password_until_it_is_reset(world, admin, student, content)


def import_passwords(world: World, admin: Client, content: bytes) -> Any:
    """The finished job."""
    file = admin.upload(content, "初始密码.xlsx")
    job = admin.query(START, file=file, scheme=world.scheme)["startPasswordsImport"]
    return admin.finished(job["id"])


def let_in_by_a_list(world: World, admin: Client, student: Client, content: bytes) -> None:
    """Before there is one, nobody gets in."""
    assert try_in(student, NUMBER, GIVEN)["code"] == "SIGN_IN_FAILED"
    ended = import_passwords(world, admin, content)
    assert (ended["status"], counts(ended)) == ("FINISHED", (2, 1, 0, 1, 0))
    assert [row["code"] for row in ended["rows"]["nodes"]] == [None, "NAME_MISMATCH"]
    assert GIVEN not in str(ended)


def chooses_a_password(student: Client) -> None:
    """With the one that was given, and no other."""
    assert try_in(student, NUMBER, "20261226")["code"] == "SIGN_IN_FAILED"
    token = try_in(student, "２０２００１０１０１", GIVEN)["token"]
    student.http.headers["authorization"] = f"Bearer {token}"
    changed = student.query(CHANGE, old=GIVEN, new=OWN)["changePassword"]
    assert changed == {"number": NUMBER, "isInitialPassword": False}


def reads_what_is_in_the_way(student: Client) -> None:
    """Nothing is decided yet."""
    pending = {"status": "PENDING", "remark": "", "openPrerequisites": []}
    assert student.query(SEEN)["me"] == {
        "isInitialPassword": False,
        "record": {
            "name": "张思",
            "idNumber": "110101********0001",
            "department": "马克思主义学院",
        },
        "clearances": [
            {"title": SUPERVISOR, **pending},
            {"title": AFFAIRS, **pending, "openPrerequisites": [SUPERVISOR]},
            {"title": LIBRARY, **pending},
        ],
        "inTheWay": "还有 3 个环节未办结：现在可以办理：导师审核、图书馆（还清图书）；"
        "须先办结前置环节：学工审核（先办 导师审核）。",
    }


def refused_with_a_reason(world: World, sign_in: SignIn, student: Client) -> None:
    """The supervisor passes, the student affairs group refuses, the library passes."""
    for login, title in (("supervisor", SUPERVISOR), ("library", LIBRARY)):
        place = {"student": world.student(NUMBER), "checkpoint": world.checkpoint(title)}
        assert sign_in(login).query(PASS, **place)["decide"] == {"status": "PASSED"}
    refused = decide(sign_in("affairs"), world, "REFUSE", remark="登记表缺照片")
    assert refused["status"] == "REFUSED"
    told = student.query(SEEN)["me"]
    assert [(each["status"], each["remark"]) for each in told["clearances"]] == [
        ("PASSED", ""),
        ("REFUSED", "登记表缺照片"),
        ("PASSED", ""),
    ]
    assert told["inTheWay"] == (
        "还有 1 个环节未办结：未通过，请按原因处理后再次办理：学工审核（登记表缺照片）。"
    )


def decides_nothing(world: World, student: Client) -> None:
    """Not even for themselves."""
    place = {"student": world.student(NUMBER), "checkpoint": world.checkpoint(AFFAIRS)}
    assert student.query(PASS, **place)["decide"] == {
        "code": "FORBIDDEN",
        "message": "您以学生身份登录，只能查看本人的离校情况。",
    }
    assert student.refused("{ schemes { name } }") == "FORBIDDEN"
    assert world.state(NUMBER, AFFAIRS) == ("REFUSED", "登记表缺照片", 2)


def clear_at_last(world: World, sign_in: SignIn, student: Client) -> None:
    """With the photograph it is passed, and nothing is in the way any more."""
    assert decide(sign_in("affairs"), world, "PASS", version=2)["status"] == "PASSED"
    told = "全部环节均已办结，没有未办事项；可领取毕业证、学位证、毕业材料。"
    assert student.query(WAY) == {"me": {"inTheWay": told}}


def keeps_the_password_until_it_is_reset(
    world: World, admin: Client, student: Client, content: bytes
) -> None:
    """The next list leaves it alone; the administrator can reset it."""
    first = import_passwords(world, admin, content)["rows"]["nodes"][0]
    assert (first["outcome"], first["code"]) == ("UNCHANGED", "ACCOUNT_EXISTS")
    reset = """mutation($student: ID!) { resetStudentPassword(student: $student,
      password: "重新发放-2026") { ... on Student { name } } }"""
    done = admin.query(reset, student=world.student(NUMBER))
    assert done == {"resetStudentPassword": {"name": "张思"}}
    assert student.query(WAY) == {"me": None}
    assert try_in(student, NUMBER, OWN)["code"] == "SIGN_IN_FAILED"
    assert try_in(student, NUMBER, "重新发放-2026")["me"]["isInitialPassword"] is True
