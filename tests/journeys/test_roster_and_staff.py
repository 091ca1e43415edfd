"""系统管理员: 初始化离校数据, who leaves and who decides, by file, again and again."""

from collections.abc import Iterator

import pytest

from models.database import Database
from tests.journeys import office as offices
from tests.journeys.office import (
    AFFAIRS,
    FEES,
    FINANCE,
    GEOLOGY,
    HOSPITAL,
    KEY_LABORATORY,
    LIBRARY,
    MARX,
    PASSWORD,
    SECRETARY,
    STAFF,
    TITLES,
    Desk,
    Office,
    Row,
    decide,
    ids,
    opened,
    problems,
    refusal,
    standing,
    student,
    sums,
)

pytestmark = pytest.mark.usefixtures("worker")

REPORT = "{ checkpoint { title } grants { operator { login } } uncovered { name } }"
ADMIN_LINE = ("全部", "admin", "系统管理员", "系统管理员", "是")


@pytest.fixture
def office(address: str, database: Database) -> Iterator[Office]:
    with offices.founded(address, database) as office:
        yield office


@pytest.fixture
def admin(office: Office) -> Desk:
    return office.sign_in("admin")


def test_a_roster_is_tried_mended_and_taken_in(office: Office, admin: Desk) -> None:
    offices.add_scheme(office, admin)
    rows = offices.manual_roster()
    unknown = offices.add_students(office, admin, rows, dryRun=True)
    assert problems(unknown)[0] == (
        2, "H", "没有名为“马克思主义学院”的院系，请核对名称，或在导入时选择新建院系。",
    )  # fmt: skip
    right = dict(rows[2])
    rows[2] |= {"年级": "二〇一七", "学生范围": "硕士生"}
    options = {"createDepartments": True, "dryRun": True}

    tried = offices.add_students(office, admin, rows, **options)
    assert (sums(tried), tried["roster"]["added"]) == ((16, 15, 0, 1, 0), 15)
    assert problems(tried) == [
        (4, "E", "“年级”的值“二〇一七”无法识别，请填写：四位年份，如 2020。"),
        (4, "G", "“学生范围”的值“硕士生”无法识别，请填写：单证研究生、双证研究生、本科生。"),
    ]
    [header, wrong] = offices.sheet(admin, tried, "FAILED_ROWS")
    assert header == [*offices.COLUMNS, "原行号", "导入结果", "错误代码", "错误原因", "变更"]
    assert wrong[:8] == [
        *("10491200003", "2020010103", "王思", "女", "二〇一七", "110101199701010003"),
        *("硕士生", MARX),
    ]
    assert wrong[14:16] == ["4", "失败"]
    assert admin.ask("students", "{ totalCount }", where=office.where, first=1)["totalCount"] == 0
    assert ids(admin, "departments", "name") == {}

    rows[2] = right
    taken = offices.add_students(office, admin, rows)
    assert (sums(taken), taken["roster"]["added"]) == ((16, 16, 0, 0, 0), 16)
    assert [*ids(admin, "departments", "name")] == [GEOLOGY, MARX]
    assert set(standing(admin, office).values()) == {(16, 0, 16, 0, 0)}
    known = "{ name candidateNumber gender entryYear cohort idNumber className dormitory }"
    assert student(admin, office, "2020010101", known) == {
        "name": "张思",
        "candidateNumber": "10491200001",
        "gender": "MALE",
        "entryYear": 2016,
        "cohort": "DOUBLE_CERTIFICATE_GRADUATE",
        "idNumber": "110101********0001",
        "className": "马克思主义理论",
        "dormitory": "东区-研8号楼-2层-246-01床",
    }


def next_week(rows: list[Row]) -> list[Row]:
    """张思 is called otherwise, 李思 has moved, 郑思 (…114) is missing, 褚思 is new."""
    new = rows[12] | {"考生号": "10491200015", "学号": "2020010115", "姓名": "褚思"}
    new |= {"身份证号": "110101199701010015", "性别": "男"}
    renamed, moved = rows[0] | {"姓名": "张四"}, rows[1] | {"院系": GEOLOGY}
    return [renamed, moved, *rows[2:13], new, *rows[14:]]


def test_next_week_the_same_roster_changes_what_is_new_and_no_decision(
    office: Office, admin: Desk
) -> None:
    opened(office, admin)
    rule = {"only": {"departments": [ids(admin, "departments", "name")[GEOLOGY]]}}
    laboratory = office.checkpoints[KEY_LABORATORY]
    admin.ask("setApplicability", "{ toNotRequired }", checkpoint=laboratory, applicability=rule)
    decide(admin, office, "2020010101", LIBRARY)
    before = standing(admin, office)
    rows = next_week(offices.manual_roster())
    with_error = [*rows[:-1], rows[-1] | {"性别": "男性"}]

    tried = offices.add_students(office, admin, with_error, archiveMissing=1, dryRun=True)
    assert tried["roster"] == {
        "added": 1, "changed": 2, "restored": 0, "missing": 1, "archived": 0,
        "unknownDepartments": [], "notArchivedReason": {
            "code": "MISSING_NOT_ARCHIVED",
            "message": "名册中有 1 名学生不在文件里，但文件有 1 行出错，因此一名也没有归档。"
            "请改正后重新导入。",
        },
    }  # fmt: skip
    assert problems(tried) == [(17, "D", "“性别”的值“男性”无法识别，请填写：男、女。")]
    assert standing(admin, office) == before

    done = offices.add_students(office, admin, rows, archiveMissing=1)
    assert sums(done) == (16, 3, 13, 0, 0)
    assert [done["roster"][each] for each in ("added", "changed", "missing", "archived")] == [
        1, 2, 1, 1,
    ]  # fmt: skip
    assert done["missingStudents"]["nodes"] == [
        {"number": "2020010114", "name": "郑思", "status": "ARCHIVED"}
    ]
    assert [line[-1] for line in offices.sheet(admin, done, "ANNOTATED") if line[-1]] == [
        "变更", "姓名: 张思 → 张四", "院系: 马克思主义学院 → 地球科学学院", "状态: — → 在册",
    ]  # fmt: skip
    assert student(admin, office, "2020010114") is None
    after = standing(admin, office)
    assert (after[LIBRARY], after[KEY_LABORATORY]) == ((16, 1, 15, 0, 0), (3, 0, 3, 0, 13))
    again = offices.add_students(office, admin, rows, archiveMissing=1)
    assert (sums(again), again["roster"]["missing"]) == ((16, 0, 16, 0, 0), 0)


def test_people_are_hired_from_a_list_and_a_wrong_row_keeps_no_other_back(
    office: Office, admin: Desk
) -> None:
    offices.add_scheme(office, admin)
    offices.add_students(office, admin, offices.manual_roster())
    wrong = (
        ("yiyuan", "校医院", "kurz", "离校点操作员", HOSPITAL, "", "否"),
        ("shebei", "设备处", PASSWORD, "管理员", "设备管理", "外语学院", "也许"),
    )
    hired = offices.add_staff(office, admin, *STAFF, *wrong)
    assert sums(hired) == (9, 7, 0, 2, 0)
    assert problems(hired) == [
        (9, "C", "初始密码至少 8 个字符，请加长。"),
        (10, "D", "“角色”的值“管理员”无法识别，请填写：离校点操作员、院系操作员、系统管理员。"),
        (10, "E", "该离校方案没有名为“设备管理”的环节，请核对名称。"),
        (10, "F", "没有名为“外语学院”的院系，请核对名称。"),
        (10, "G", "“查看证件号”的值“也许”无法识别，请填写：是、否。"),
    ]
    header, first, *_ = offices.sheet(admin, hired, "ANNOTATED")
    assert header == [*offices.STAFF_HEADER, "原行号", "导入结果", "错误代码", "错误原因"]
    assert first == [
        *("xuegong", "马院学工组", "******", "离校点操作员", AFFAIRS, MARX, "否"),
        *("2", "已导入", None, None),
    ]
    assert [*ids(admin, "operators", "login")] == [
        "admin", "caiwu", "dike", "fuhe", "mishu", "tushuguan", "xuegong",
    ]  # fmt: skip
    finance = office.sign_in("caiwu").ask("viewer", "{ name grants { checkpoint { title } } }")
    assert finance == {
        "name": "财务处",
        "grants": [{"checkpoint": {"title": FEES}}, {"checkpoint": {"title": FINANCE}}],
    }
    again = offices.add_staff(office, admin, *STAFF, (*wrong[0][:2], PASSWORD, *wrong[0][3:]))
    assert sums(again) == (8, 1, 7, 0, 0)


def test_the_report_names_where_nobody_decides_and_a_grant_mends_it(
    office: Office, admin: Desk
) -> None:
    opened(office, admin)
    offices.add_staff(office, admin, *STAFF)
    told = admin.ask("deciders", REPORT, scheme=office.scheme)
    uncovered = {
        each["checkpoint"]["title"]: [department["name"] for department in each["uncovered"]]
        for each in told
    }
    served = (AFFAIRS, LIBRARY, FEES, FINANCE)
    assert uncovered == {title: [] if title in served else [GEOLOGY, MARX] for title in TITLES} | {
        SECRETARY: [GEOLOGY]
    }
    _, *lines = admin.export("startDecidersExport", scheme=office.scheme)
    assert lines[:5] == [
        [AFFAIRS, *ADMIN_LINE],
        [AFFAIRS, GEOLOGY, "dike", "地学院学工组", "离校点操作员", "是"],
        [AFFAIRS, MARX, "xuegong", "马院学工组", "离校点操作员", "是"],
        [SECRETARY, *ADMIN_LINE],
        [SECRETARY, MARX, "mishu", "马院教务秘书", "离校点操作员", "是"],
    ]

    grant = {
        "role": "CHECKPOINT_OPERATOR",
        "scheme": office.scheme,
        "checkpoint": office.checkpoints[SECRETARY],
        "department": ids(admin, "departments", "name")[GEOLOGY],
    }
    secretary = ids(admin, "operators", "login")["mishu"]
    admin.ask("addGrant", operator=secretary, input=grant)
    again = admin.ask("addGrant", operator=secretary, input=grant)
    assert refusal(again) == (
        "ALREADY_EXISTS", "授权“mishu 离校点操作员”已存在，无需重复授予。",
    )  # fmt: skip
    assert admin.ask("deciders", REPORT, scheme=office.scheme)[1] == {
        "checkpoint": {"title": SECRETARY},
        "grants": [{"operator": {"login": login}} for login in ("admin", "mishu", "mishu")],
        "uncovered": [],
    }


def test_who_has_left_is_out_at_once_but_never_the_last_administrator(
    office: Office, admin: Desk
) -> None:
    opened(office, admin, "xuegong", "dike")
    affairs, people = office.sign_in("xuegong"), ids(admin, "operators", "login")
    everybody = {"where": office.where, "first": 1}
    assert affairs.ask("students", "{ totalCount }", **everybody) == {"totalCount": 14}

    gone = admin.ask("disableOperator", "{ isDisabled }", operator=people["xuegong"])
    assert gone == {"isDisabled": True}
    assert affairs.ask("viewer", "{ login }") is None
    assert affairs.turned_away("students", "{ totalCount }", **everybody) == (
        "UNAUTHENTICATED", "尚未登录或登录已过期，请重新登录。",
    )  # fmt: skip
    refused = affairs.ask("signIn", "{ token }", login="xuegong", password=PASSWORD)
    assert refusal(refused) == ("SIGN_IN_FAILED", "账号或密码不正确，请检查后重试。")
    uncovered = admin.ask("deciders", REPORT, scheme=office.scheme)[0]["uncovered"]
    assert uncovered == [{"name": MARX}]

    admin.ask("enableOperator", operator=people["xuegong"])
    admin.ask("resetPassword", operator=people["xuegong"], password="lixiao-七月-2020")
    back = office.sign_in("xuegong", "lixiao-七月-2020")
    assert back.ask("students", "{ totalCount }", **everybody) == {"totalCount": 14}
    assert refusal(back.ask("endSessions", operator=people["admin"]))[0] == "FORBIDDEN"
    last = admin.ask("disableOperator", operator=people["admin"])
    assert refusal(last) == (
        "LAST_ADMINISTRATOR", "“系统管理员”是最后一位系统管理员，请先指定另一位。",
    )  # fmt: skip


def test_in_autumn_a_list_shuts_out_who_has_left_and_gives_a_password_to_who_forgot_it(
    office: Office, admin: Desk
) -> None:
    opened(office, admin, "xuegong", "dike", "caiwu")
    affairs, new = office.sign_in("xuegong"), "lixiao-九月-2020"
    rows = (
        ("账号", "姓名", "操作", "初始密码"),
        ("xuegong", "马院学工组", "停用", ""),
        ("dike", "地学院学工组", "停用", ""),
        ("caiwu", "财务处", "重置密码", new),
        ("admin", "系统管理员", "停用", ""),
    )
    asked = (offices.workbook(*rows), "变动.xlsx")
    tried = admin.run("startOperatorImport", *asked, scheme=office.scheme, dryRun=True)
    assert affairs.ask("viewer", "{ login }") == {"login": "xuegong"}
    done = admin.run("startOperatorImport", *asked, scheme=office.scheme)
    assert sums(tried) == sums(done) == (4, 3, 0, 1, 0)
    last = "“系统管理员”是最后一位系统管理员，请先指定另一位。"
    assert problems(tried) == problems(done) == [(5, "C", last)]

    assert affairs.ask("viewer", "{ login }") is None
    for login in ("xuegong", "dike", "caiwu"):
        refused = affairs.ask("signIn", "{ token }", login=login, password=PASSWORD)
        assert refusal(refused)[0] == "SIGN_IN_FAILED"
    assert office.sign_in("caiwu", new).ask("viewer", "{ name }") == {"name": "财务处"}
    uncovered = admin.ask("deciders", REPORT, scheme=office.scheme)[0]["uncovered"]
    assert uncovered == [{"name": GEOLOGY}, {"name": MARX}]
