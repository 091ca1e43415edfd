"""Lists and look-ups of students over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from models import Cohort, Student, StudentStatus
from tests.cases import PASSED, REFUSED
from tests.client import Client
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, World

PAGE = """
query($where: StudentFilter!, $first: Int) { students(where: $where, first: $first) {
  totalCount nodes { number clearances { status checkpoint { title } lastEntry { channel } } }
} }
"""
NUMBERS = """
query($where: StudentFilter!, $orderBy: StudentOrder! = NUMBER_ASC) {
  students(where: $where, orderBy: $orderBy, first: 100) { totalCount nodes { number name } }
}
"""
ONE = """
query($scheme: ID!, $key: StudentKey!) { student(scheme: $scheme, key: $key) {
  id number candidateNumber idNumber name department { name } scheme { name }
  clearances { status version remark decidedAt checkpoint { title } lastEntry { version } }
} }
"""
SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
WANG = {
    "学号": "A01",
    "考生号": "100001",
    "身份证号": "110101199601010999",
    "姓名": "王一",
    "性别": "男",
    "年级": "2020",
    "专业": "地质学",
    "班级": "一班",
    "院系": GEOLOGY,
    "学生类别": "学历硕士",
    "培养层次": "硕士",
    "是否户口迁移": "是",
    "住宿信息": "东区1号楼",
}
ZHAO = {
    "学号": "a02",
    "考生号": "100002",
    "身份证号": "P7654321",
    "姓名": "赵一二",
    "性别": "女",
    "年级": "2021",
    "专业": "哲学",
    "班级": "二班",
    "院系": MARX,
    "学生类别": "学历博士",
    "培养层次": "博士",
}
NAMELESS = {"考生号": "100003", "姓名": "钱一", "院系": MARX, "性别": "女"}
ALL = ("2020010101", "2020010102", "2020010103", "2020010104", "2020020101", "2020020102")


@pytest.fixture
def varied(world: World) -> World:
    """The world and three students with every attribute, one of them without a number."""
    world.enrol(WANG, ZHAO, NAMELESS)
    with world.database.write() as session:
        session.execute(
            sa.update(Student).where(Student.number == "A02").values(cohort=Cohort.UNDERGRADUATE)
        )
    return world


def found(client: Client, world: World, **where: Any) -> tuple[str | None, ...]:
    """The numbers in their order; their count is the total."""
    page = client.query(NUMBERS, where={"scheme": world.scheme} | where)["students"]
    assert page["totalCount"] == len(page["nodes"])
    return tuple(node["number"] for node in page["nodes"])


def test_a_page_of_100_students_costs_as_many_statements_as_one_of_3(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    world.add_students(110)
    client = sign_in("affairs")
    costs = []
    for first in (3, 100):
        with statements() as seen:
            page = client.query(PAGE, where={"scheme": world.scheme}, first=first)["students"]
        costs.append(len(seen))
        assert len(page["nodes"]) == first
        assert page["totalCount"] == 114
    assert costs == [8, 8]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ({}, (None, *ALL, "A01", "A02")),
        ({"numbers": ["'2020010101", " a01 ", "nobody"]}, ("2020010101", "A01")),
        ({"numbers": []}, ()),
        ({"candidateNumbers": ["100002", "１００００３"]}, (None, "A02")),
        ({"idNumbers": ["p7654321", "110101199601010999"]}, ("A01", "A02")),
        ({"idNumbers": ["110101********0999"]}, ()),
        ({"namePrefix": "周"}, ("2020010103", "2020010104")),
        ({"namePrefix": " 王一 "}, ("A01",)),
        ({"namePrefix": "一"}, ()),
        ({"nameContains": "一"}, (None, "A01", "A02")),
        ({"nameContains": "%"}, ()),
        ({"majors": ["地质学", "哲学"]}, ("A01", "A02")),
        ({"classes": ["二班"]}, ("A02",)),
        ({"entryYears": [2020]}, ("A01",)),
        ({"genders": ["FEMALE"]}, (None, "A02")),
        ({"trainingLevels": ["硕士"]}, ("A01",)),
        ({"categories": ["学历博士", "学历硕士"]}, ("A01", "A02")),
        ({"cohorts": ["UNDERGRADUATE"]}, ("A02",)),
        ({"cohorts": ["SINGLE_CERTIFICATE_GRADUATE"]}, ()),
        ({"genders": ["FEMALE"], "nameContains": "一", "entryYears": [2021, 2022]}, ("A02",)),
    ],
    ids=str,
)
def test_each_condition_of_the_filter(
    where: dict[str, Any], numbers: tuple[str | None, ...], varied: World, sign_in: SignIn
) -> None:
    assert found(sign_in("admin"), varied, **where) == numbers


def test_the_filter_by_department(varied: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    geology, marx = varied.department(GEOLOGY), varied.department(MARX)
    assert found(client, varied, departments=[geology]) == ("2020020101", "2020020102", "A01")
    assert len(found(client, varied, departments=[geology, marx])) == 9
    assert found(client, varied, departments=[ids.encode(ids.Noun.DEPARTMENT, 999)]) == ()


def test_the_filter_by_status_at_checkpoints(world: World, sign_in: SignIn) -> None:
    world.put("2020010101", LIBRARY, PASSED)
    world.put("2020010102", LIBRARY, REFUSED)
    world.put("2020010102", AFFAIRS, REFUSED)
    client = sign_in("admin")
    library, affairs = world.checkpoint(LIBRARY), world.checkpoint(AFFAIRS)
    decided = {"checkpoint": library, "statuses": ["PASSED", "REFUSED"]}
    assert found(client, world, statusAt=[decided]) == ALL[:2]
    refused = {"checkpoint": affairs, "statuses": ["REFUSED"]}
    assert found(client, world, statusAt=[decided, refused]) == (ALL[1],)
    pending = {"checkpoint": library, "statuses": ["PENDING"]}
    assert found(client, world, statusAt=[pending]) == ALL[2:]


@pytest.mark.parametrize(
    ("login", "numbers"),
    [
        ("admin", (None, *ALL, "A01", "A02")),
        ("supervisor", (None, *ALL, "A01", "A02")),
        ("affairs", (None, *ALL[:4], "A02")),
        ("department", (None, *ALL[:4], "A02")),
        ("affairs-geology", (*ALL[4:], "A01")),
    ],
)
def test_a_list_ends_where_the_scope_ends(
    login: str, numbers: tuple[str | None, ...], varied: World, sign_in: SignIn
) -> None:
    client = sign_in(login)
    assert found(client, varied) == numbers
    departments = [varied.department(MARX), varied.department(GEOLOGY)]
    assert found(client, varied, departments=departments) == numbers


def test_archived_students_are_outside_every_list(world: World, sign_in: SignIn) -> None:
    with world.database.write() as session:
        archive = sa.update(Student).where(Student.number.in_(ALL[:5]))
        session.execute(archive.values(status=StudentStatus.ARCHIVED))
    client = sign_in("admin")
    assert found(client, world) == (ALL[5],)
    assert find(client, world, number=ALL[0]) is None
    assert find(client, world, id=world.student(ALL[0])) is None


def test_a_scheme_out_of_reach_is_not_found(world: World, sign_in: SignIn) -> None:
    client = sign_in("affairs")
    unknown = ids.encode(ids.Noun.SCHEME, 999)
    for scheme in (unknown, world.checkpoint(LIBRARY), "garbage"):
        assert client.refused(NUMBERS, where={"scheme": scheme}) == "NOT_FOUND"
    assert client.query(ONE, scheme=unknown, key={"number": ALL[0]}) == {"student": None}


def find(client: Client, world: World, **key: str) -> Any:
    return client.query(ONE, scheme=world.scheme, key=key)["student"]


@pytest.mark.parametrize(
    "key",
    [
        {"number": "２０２００１０１０１"},
        {"candidateNumber": "100001"},
        {"idNumber": "11010119960101 0999"},
    ],
    ids=str,
)
def test_a_student_is_found_by_any_key(key: dict[str, str], varied: World, sign_in: SignIn) -> None:
    student = find(sign_in("admin"), varied, **key)
    assert student["name"] == ("张思" if "number" in key else "王一")
    assert find(sign_in("admin"), varied, id=student["id"]) == student


def test_a_student_comes_with_the_clearances_in_checkpoint_order(
    world: World, sign_in: SignIn
) -> None:
    pending = {"status": "PENDING", "version": 1, "remark": "", "decidedAt": None}
    assert find(sign_in("affairs"), world, number="2020010101") == {
        "id": world.student("2020010101"),
        "number": "2020010101",
        "candidateNumber": None,
        "idNumber": "110101********0001",
        "name": "张思",
        "department": {"name": MARX},
        "scheme": {"name": "2020级研究生6月份"},
        "clearances": [
            pending | {"checkpoint": {"title": title}, "lastEntry": None}
            for title in world.checkpoints
        ],
    }


@pytest.mark.parametrize(
    "key",
    [
        {"number": "2020020101"},
        {"idNumber": "E12345678"},
        {"number": "nobody"},
        {"number": ""},
        {"idNumber": "110101********0001"},
        {"candidateNumber": "2020010101"},
    ],
    ids=str,
)
def test_who_is_out_of_sight_or_unknown_is_null(
    key: dict[str, str], world: World, sign_in: SignIn
) -> None:
    assert find(sign_in("affairs"), world, **key) is None


def test_exactly_one_key_is_given(world: World, sign_in: SignIn) -> None:
    for key in ({}, {"number": "1", "idNumber": "2"}, {"number": None}):
        assert "data" not in sign_in("admin").execute(ONE, scheme=world.scheme, key=key)


def test_an_id_number_is_masked_even_for_those_who_may_see_it(
    varied: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    answer = client.query(
        "query($where: StudentFilter!) { students(where: $where, first: 100)"
        " { nodes { number idNumber } } }",
        where={"scheme": varied.scheme},
    )
    masked = {node["number"]: node["idNumber"] for node in answer["students"]["nodes"]}
    assert masked == {
        None: None,
        "A01": "110101********0999",
        "A02": "P******1",
        "2020010101": "110101********0001",
        "2020010102": "110101********0002",
        "2020010103": "110101********0003",
        "2020010104": "110101********0004",
        "2020020101": "E*******8",
        "2020020102": "110101********0006",
    }
