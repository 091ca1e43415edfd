"""后台管理: whom the offices look up, each as far as its grants reach."""

from collections.abc import Iterator
from typing import Any

import pytest

from models.database import Database
from tests.journeys import first_day
from tests.journeys import office as offices
from tests.journeys.first_day import (
    CLEAR,
    DONE,
    GEOLOGISTS,
    HALF,
    MARXISTS,
    MEN,
    ONLY_LIBRARY_MISSING,
    REFUSED_LINE,
    REFUSED_ONE,
    REMARK,
    STUDENT_COLUMNS,
    WORDS,
)
from tests.journeys.office import (
    AFFAIRS,
    GEOLOGY,
    LIBRARY,
    MARX,
    SCHEME,
    TITLES,
    Desk,
    Office,
    ids,
    refusal,
    student,
)

pytestmark = pytest.mark.usefixtures("worker")

NOT_THERE = "找不到毕业生，或它不在您的权限范围内。"


@pytest.fixture
def office(address: str, database: Database) -> Iterator[Office]:
    with first_day.over(address, database) as office:
        yield office


@pytest.fixture
def affairs(office: Office) -> Desk:
    """马克思主义学院学工组."""
    return office.sign_in("xuegong")


@pytest.fixture
def by_file(office: Office, affairs: Desk) -> str:
    """The id of the job of their workbook."""
    return first_day.decide_by_file(office, affairs)


def found(desk: Desk, office: Office, **conditions: Any) -> list[str]:
    where = office.where | conditions
    return offices.numbers(desk.ask("students", "{ nodes { number } }", where=where, first=100))


def test_every_field_of_the_search_form_finds_as_far_as_ones_students_go(
    office: Office, affairs: Desk, by_file: str
) -> None:
    admin = office.sign_in("admin")
    geology = ids(admin, "departments", "name")[GEOLOGY]
    women = [number for number in MARXISTS if number not in MEN]
    expected: dict[str, tuple[dict[str, Any], list[str]]] = {
        "离校方案": ({}, GEOLOGISTS + MARXISTS),
        "学号": ({"numbers": ["２０２００１０１０２ "]}, ["2020010102"]),
        "姓名": ({"namePrefix": "周"}, ["2020010106", "2020010112"]),
        "姓名包含": ({"nameContains": "娜"}, GEOLOGISTS[:1]),
        "院系": ({"departments": [geology]}, GEOLOGISTS),
        "考生号": ({"candidateNumbers": ["20420002"]}, GEOLOGISTS[1:]),
        "专业": ({"majors": ["科学技术哲学--硕博"]}, ["2020010102", "2020010103"]),
        "班级": ({"classes": ["011162", "科学技术哲学"]}, [GEOLOGISTS[1], *MARXISTS[1:3]]),
        "培养层次": ({"trainingLevels": ["本科"]}, GEOLOGISTS),
        "性别": ({"genders": ["FEMALE"]}, [GEOLOGISTS[0], *women]),
        "学生范围": ({"cohorts": ["DOUBLE_CERTIFICATE_GRADUATE"]}, MARXISTS),
        "只差图书馆": ({"onlyMissing": office.checkpoints[LIBRARY]}, [ONLY_LIBRARY_MISSING]),
        "全部办结": ({"allClear": True}, [DONE]),
        "经由任务": ({"decidedBy": by_file}, MARXISTS),
        "两项": ({"genders": ["MALE"], "namePrefix": "吴"}, [GEOLOGISTS[1], "2020010107"]),
    }
    for field, (conditions, numbers) in expected.items():
        assert found(admin, office, **conditions) == numbers, field
        mine = [number for number in numbers if number in MARXISTS]
        assert found(affairs, office, **conditions) == mine, field

    elsewhere = {"where": {"scheme": geology}, "first": 1}
    assert affairs.turned_away("students", "{ totalCount }", **elsewhere) == (
        "NOT_FOUND", "找不到离校方案，或它不在您的权限范围内。",
    )  # fmt: skip
    assert affairs.turned_away("students", "{ totalCount }", where=office.where) == (
        "INVALID_INPUT", "“first”的值“未填写”无效：first 和 last 须填写且只能填写一个。",
    )  # fmt: skip


def test_the_matrix_shows_every_student_at_every_checkpoint_and_goes_home_as_a_workbook(
    office: Office, affairs: Desk, by_file: str
) -> None:
    refused = ["REFUSED", *HALF[1:]]
    missing = [*CLEAR[:4], "PENDING", *CLEAR[5:]]
    expected = [CLEAR, *[HALF] * 11, refused, missing]
    page = """{ checkpoints { title } students(first: 10) { totalCount
        nodes { student { number } statuses } pageInfo { hasNextPage endCursor } } }"""
    seen = affairs.ask("matrix", page, where=office.where)
    assert [each["title"] for each in seen["checkpoints"]] == TITLES
    assert seen["students"]["totalCount"] == 14
    rows = [(each["student"]["number"], each["statuses"]) for each in seen["students"]["nodes"]]
    assert rows == list(zip(MARXISTS, expected, strict=True))[:10]
    end = seen["students"]["pageInfo"]
    assert end["hasNextPage"] is True
    rest = f'{{ students(first: 10, after: "{end["endCursor"]}") {{ nodes {{ statuses }} }} }}'
    rest = affairs.ask("matrix", rest, where=office.where)["students"]["nodes"]
    assert [each["statuses"] for each in rest] == expected[10:]

    header, *lines = affairs.export("startExport", where=office.where)
    assert header == [*STUDENT_COLUMNS, *TITLES]
    assert [line[0] for line in lines] == MARXISTS
    assert [line[14:] for line in lines] == [[WORDS[each] for each in row] for row in expected]
    assert lines[12][:14] == REFUSED_LINE
    chosen = {"columns": ["NUMBER", "NAME"], "checkpoints": office.at(LIBRARY, AFFAIRS)}
    where = office.where | {"onlyMissing": office.checkpoints[LIBRARY]}
    assert affairs.export("startExport", where=where, **chosen) == [
        ["学号", "姓名", LIBRARY, AFFAIRS],
        [ONLY_LIBRARY_MISSING, "郑思", "未办理", "已通过"],
    ]
    full = affairs.ask("startExport", where=office.where, fullIdNumbers=True)
    assert refusal(full) == (
        "FORBIDDEN", "您没有“查看完整证件号码”的权限，请联系系统管理员。",
    )  # fmt: skip


def test_one_student_is_looked_up_with_all_that_is_in_the_way_and_how_it_came(
    office: Office, affairs: Desk, by_file: str
) -> None:
    shown = """{ name department { name } clearances { status remark checkpoint { title }
        lastEntry { channel rowNumber operator { name } } } }"""
    seen = student(affairs, office, REFUSED_ONE, shown)
    assert (seen["name"], seen["department"]["name"]) == ("吴思", MARX)
    assert [each["checkpoint"]["title"] for each in seen["clearances"]] == TITLES
    assert [each["status"] for each in seen["clearances"]] == ["REFUSED", *HALF[1:]]
    assert seen["clearances"][0] == {
        "status": "REFUSED",
        "remark": REMARK,
        "checkpoint": {"title": AFFAIRS},
        "lastEntry": {"channel": "IMPORT", "rowNumber": 15, "operator": {"name": "马院学工组"}},
    }
    whom = student(affairs, office, REFUSED_ONE)["id"]
    line = "{ nodes { channel newStatus checkpoint { title } operator { name } } }"
    history = affairs.ask("entries", line, where=office.where | {"student": whom}, first=10)
    assert [tuple(each.values())[:2] for each in history["nodes"]] == [
        ("IMPORT", "REFUSED"), ("BATCH", "PASSED"), ("RULE", "NOT_REQUIRED"),
    ]  # fmt: skip

    other = student(office.sign_in("dike"), office, GEOLOGISTS[0])["id"]
    place = office.checkpoints[AFFAIRS]
    for number in (GEOLOGISTS[0], "9999999999"):
        assert student(affairs, office, number) is None
    assert affairs.ask("node", id=other) is None
    act = {"student": other, "checkpoint": place, "act": "PASS", "expectedVersion": 2}
    assert refusal(affairs.ask("decide", "{ status }", **act)) == ("NOT_FOUND", NOT_THERE)
    act |= {"student": whom, "checkpoint": office.checkpoints[LIBRARY]}
    assert refusal(affairs.ask("decide", "{ status }", **act)) == (
        "FORBIDDEN", "您没有“办理”的权限，请联系系统管理员。",
    )  # fmt: skip


def test_the_header_says_who_one_is_where_and_in_which_scheme(
    office: Office, affairs: Desk
) -> None:
    header = """{ login name grants { role maySeeIdNumbers scheme { name status }
        checkpoint { title requirement } department { name } } }"""
    assert affairs.ask("viewer", header) == {
        "login": "xuegong",
        "name": "马院学工组",
        "grants": [
            {
                "role": "CHECKPOINT_OPERATOR",
                "maySeeIdNumbers": False,
                "scheme": {"name": SCHEME, "status": "OPEN"},
                "checkpoint": {"title": AFFAIRS, "requirement": "提交毕业生登记表"},
                "department": {"name": MARX},
            }
        ],
    }
    everywhere = {"scheme": None, "checkpoint": None, "department": None}
    administrator = {"role": "ADMINISTRATOR", "maySeeIdNumbers": True, **everywhere}
    assert office.sign_in("admin").ask("viewer", header)["grants"] == [administrator]
    assert affairs.ask("schemes", "{ name departments { name } checkpoints { title } }") == [
        {
            "name": SCHEME,
            "departments": [{"name": MARX}],
            "checkpoints": [{"title": title} for title in TITLES],
        }
    ]
    assert refusal(affairs.ask("createScheme", name="2021级研究生6月份")) == (
        "FORBIDDEN", "您没有“管理整个系统”的权限，请联系系统管理员。",
    )  # fmt: skip

    affairs.ask("signOut", "{ login }")
    assert affairs.ask("viewer", header) is None
