"""The first day of the manual's graduation: what each office has decided, and what that leaves."""

import contextlib
from collections.abc import Iterator

from models.database import Database
from tests.journeys.office import (
    AFFAIRS,
    EQUIPMENT,
    FEES,
    FINANCE,
    GEOLOGY,
    HOSPITAL,
    KEY_LABORATORY,
    LIBRARY,
    MARX,
    SECRETARY,
    SUPERVISOR,
    Desk,
    Office,
    founded,
    ids,
    opened,
    problems,
    sums,
    workbook,
)

DONE, ONLY_LIBRARY_MISSING, REFUSED_ONE = "2020010101", "2020010114", "2020010113"
GEOLOGISTS = ["2016020101", "2016020102"]
MEN = ["2020010101", "2020010102", "2020010105", "2020010107"]
MARXISTS = [f"20200101{place:02}" for place in range(1, 15)]
CLEAR = ["PASSED"] * 5 + ["NOT_REQUIRED"] + ["PASSED"] * 3
HALF = ["PASSED", "PENDING", "PENDING", "PENDING", "PASSED", "NOT_REQUIRED"] + ["PENDING"] * 3
WORDS = {"PASSED": "已通过", "PENDING": "未办理", "REFUSED": "未通过", "NOT_REQUIRED": "无需办理"}
STUDENT_COLUMNS = [
    *("学号", "考生号", "身份证号", "姓名", "性别", "年级", "学生范围", "院系", "专业", "班级"),
    *("学生类别", "培养层次", "是否户口迁移", "住宿信息"),
]
REFUSED_LINE = [
    *(REFUSED_ONE, "10491200013", "110101********0013", "吴思", "女", "2017", "双证研究生", MARX),
    *("马克思主义理论--硕博", "马克思主义理论", "学历硕士", "硕士", None, "东区-研1号楼-2层--02床"),
]
REMARK = "毕业生登记表未交"


@contextlib.contextmanager
def over(address: str, database: Database) -> Iterator[Office]:
    """All have decided but 马克思主义学院学工组."""
    with founded(address, database) as office:
        admin = office.sign_in("admin")
        opened(office, admin, "xuegong", "dike", "tushuguan")
        by_the_others(office, admin)
        decide_many(office.sign_in("dike"), office, AFFAIRS, GEOLOGISTS[:1])
        yield office


def decide_by_file(office: Office, affairs: Desk) -> str:
    """The id of their import, in whose workbook somebody of another department stands."""
    rows = [(number, "通过", "") for number in MARXISTS if number != REFUSED_ONE]
    rows += [(REFUSED_ONE, "未通过", REMARK), (GEOLOGISTS[1], "通过", "")]
    content = workbook(("学号", "办理结果", "备注"), *rows)
    place = office.checkpoints[AFFAIRS]
    job = affairs.run("startImport", content, "学工.xlsx", checkpoint=place)
    assert sums(job) == (15, 14, 0, 1, 0)
    assert problems(job) == [
        (16, "A", "找不到“2016020102”对应的学生，或该学生不在您的权限范围内，请核对。")
    ]
    return str(job["id"])


def by_the_others(office: Office, admin: Desk) -> None:
    """The library passes all but one, and two are passed wherever else something is due."""
    departments = ids(admin, "departments", "name")
    rule = {"only": {"departments": [departments[GEOLOGY]]}}
    place = office.checkpoints[KEY_LABORATORY]
    admin.ask("setApplicability", "{ toPending }", checkpoint=place, applicability=rule)
    for title in (SECRETARY, SUPERVISOR, EQUIPMENT, HOSPITAL, FEES, FINANCE):
        decide_many(admin, office, title, [DONE, ONLY_LIBRARY_MISSING])
    library = office.sign_in("tushuguan")
    decide_many(library, office, LIBRARY, [*MARXISTS[:-1], *GEOLOGISTS])


def decide_many(desk: Desk, office: Office, title: str, numbers: list[str]) -> None:
    """批量通过."""
    wanted = {
        "checkpoint": office.checkpoints[title],
        "act": "PASS",
        "select": {"numbers": numbers},
    }
    assert desk.ask("decideMany", "{ applied }", input=wanted) == {"applied": len(numbers)}
