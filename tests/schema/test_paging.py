"""Pages of a list over HTTP: orders, cursors, sizes."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from domain import ids
from domain.lists.students import StudentOrder
from models import Clearance, Student
from tests.cases import PASSED, REFUSED
from tests.client import Client
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, STUDENTS, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
PAGE = """
query($where: StudentFilter!, $orderBy: StudentOrder! = NUMBER_ASC,
      $first: Int, $after: String, $last: Int, $before: String) {
  students(where: $where, orderBy: $orderBy,
           first: $first, after: $after, last: $last, before: $before) {
    nodes { id number name }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


CLASSES = ("二班", "", "一班")
CHANGED = dt.datetime(2026, 6, 1, 8, 30, 0, 123456, dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@pytest.fixture
def crowd(world: World) -> World:
    """Seventeen students; names, classes and changes repeat, four numbers and many are missing."""
    world.enrol(
        *(
            {
                "学号": f"B{place}",
                "姓名": f"陈{place % 3}",
                "院系": MARX,
                "班级": CLASSES[place % 3],
            }
            for place in range(7)
        ),
        *({"考生号": f"20{place}", "姓名": "陈0", "院系": MARX} for place in range(4)),
    )
    world.put("2020010103", AFFAIRS, PASSED, decided_at=CHANGED + MICROSECOND)
    for number in ("2020010102", "2020020101", "B0", "200"):
        world.put(number, AFFAIRS, PASSED, decided_at=CHANGED)
        world.put(number, LIBRARY, REFUSED, decided_at=CHANGED - MICROSECOND)
    world.put("B5", LIBRARY, REFUSED, decided_at=CHANGED - MICROSECOND)
    return world


def page(client: Client, world: World, where: dict[str, Any], **window: Any) -> Any:
    return client.query(PAGE, where={"scheme": world.scheme, **where}, **window)["students"]


def keys(world: World, order: StudentOrder) -> list[str]:
    """The ids of all students, sorted by Python."""
    students = everybody(world)
    by = order.partition("_")[0].lower()
    wanted = sorted(students, key=lambda student: (student[by] or "", student["place"]))
    found = [student["id"] for student in wanted]
    return found if order.endswith("ASC") else found[::-1]


def everybody(world: World) -> list[dict[str, Any]]:
    with world.database.write() as session:
        rows = session.scalars(sa.select(Student))
        last = sa.select(Clearance.student_id, sa.func.max(Clearance.decided_at))
        moments = session.execute(last.group_by(Clearance.student_id))
        changed = {key: at.isoformat("T", "microseconds") for key, at in moments if at}
        return [
            {
                "id": ids.encode(ids.Noun.STUDENT, row.id),
                "number": row.number,
                "name": row.name,
                "class": row.class_name,
                "changed": changed.get(row.id),
                "place": row.id,
            }
            for row in rows
        ]


@pytest.mark.parametrize("order", StudentOrder)
@pytest.mark.parametrize("size", [1, 2, 3, 17])
def test_every_student_is_on_exactly_one_page_forward_and_backward(
    order: StudentOrder, size: int, crowd: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    expected = keys(crowd, order)
    pages = list(walk(client, crowd, order, size, forward=True))
    assert [node["id"] for each in pages for node in each["nodes"]] == expected
    back = list(walk(client, crowd, order, size, forward=False))
    assert [node["id"] for each in reversed(back) for node in each["nodes"]] == expected
    assert len(pages) == len(back) == -(-17 // size)


@pytest.mark.parametrize("order", StudentOrder)
def test_students_of_several_departments_come_in_the_same_order(
    order: StudentOrder, crowd: World, sign_in: SignIn
) -> None:
    client = sign_in(crowd.hire_for("both", AFFAIRS, [MARX, GEOLOGY]))
    for forward in (True, False):
        pages = list(walk(client, crowd, order, 3, forward=forward))
        in_order = pages if forward else pages[::-1]
        found = [node["id"] for each in in_order for node in each["nodes"]]
        assert found == keys(crowd, order)


@pytest.mark.parametrize("order", StudentOrder)
@pytest.mark.parametrize("offset", ["+00:00", ""])
def test_who_was_changed_since_then_comes_in_the_same_order(
    order: StudentOrder, offset: str, crowd: World, sign_in: SignIn
) -> None:
    since = f"{CHANGED.replace(tzinfo=None).isoformat()}{offset}"
    changed = {each["id"]: each["changed"] or "" for each in everybody(crowd)}
    expected = [each for each in keys(crowd, order) if changed[each] >= CHANGED.isoformat()]
    assert 3 < len(expected) < 17
    for forward in (True, False):
        pages = list(
            walk(
                sign_in("admin"),
                crowd,
                order,
                3,
                forward=forward,
                where={"changedSince": since},
            )
        )
        in_order = pages if forward else pages[::-1]
        assert [node["id"] for each in in_order for node in each["nodes"]] == expected


def walk(
    client: Client,
    world: World,
    order: StudentOrder,
    size: int,
    *,
    forward: bool,
    where: dict[str, Any] | None = None,
) -> Iterator[Any]:
    """Page after page until there is no more, and never more than there can be."""
    count, beyond, more, cursor = (
        ("first", "after", "hasNextPage", "endCursor")
        if forward
        else ("last", "before", "hasPreviousPage", "startCursor")
    )
    at = None
    for place in range(20):
        found = page(client, world, where or {}, orderBy=order, **{count: size, beyond: at})
        info = found["pageInfo"]
        cursors = [edge["cursor"] for edge in found["edges"]]
        assert [edge["node"]["id"] for edge in found["edges"]] == [
            node["id"] for node in found["nodes"]
        ]
        assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
        assert info["hasPreviousPage" if forward else "hasNextPage"] is (place > 0)
        yield found
        if not info[more]:
            return
        at = info[cursor]


def test_both_bounds_hold_at_once(crowd: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    whole = page(client, crowd, {}, first=17)
    cursors = [edge["cursor"] for edge in whole["edges"]]
    some = page(client, crowd, {}, first=10, after=cursors[2], before=cursors[6])
    assert some["nodes"] == whole["nodes"][3:6]
    some = page(client, crowd, {}, last=2, after=cursors[2], before=cursors[6])
    assert some["nodes"] == whole["nodes"][4:6]


def test_students_who_come_and_go_meanwhile_neither_repeat_nor_hide_the_others(
    crowd: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    first = page(client, crowd, {}, first=8)
    crowd.enrol({"学号": "1999", "姓名": "新来", "院系": MARX})
    rest = page(client, crowd, {}, first=100, after=first["pageInfo"]["endCursor"])
    numbers = [node["number"] for node in first["nodes"] + rest["nodes"]]
    later = [f"B{place}" for place in range(7)]
    assert numbers == [None] * 4 + [number for number, *_ in STUDENTS] + later


def test_an_empty_page_has_no_cursors(world: World, sign_in: SignIn) -> None:
    where = {"scheme": world.scheme, "numbers": []}
    found = sign_in("admin").query(PAGE, where=where, first=5)["students"]
    info = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert found == {"nodes": [], "edges": [], "pageInfo": info}


def test_the_total_is_counted_only_when_it_is_selected(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    client = sign_in("affairs")
    document = "query($where: StudentFilter!) { students(where: $where, first: 2) { %s } }"
    where = {"scheme": world.scheme}
    client.query(document % "nodes { name }", where=where)
    with statements() as plain:
        client.query(document % "nodes { number }", where=where)
    with statements() as counted:
        answer = client.query(document % "nodes { number } totalCount", where=where)
    assert answer["students"]["totalCount"] == 4
    assert ["tallies" in text for text in plain] == [False]
    assert ["tallies" in text for text in counted] == [True]


def cursor(*key: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


BAD = [
    "",
    "garbage",
    "%%%",
    "9" * 300,
    cursor("NAME_ASC", "张思", 1),
    cursor("NUMBER_DESC", "2020010101", 1),
    cursor("JOBS", 1),
    cursor("NUMBER_ASC", "2020010101"),
    cursor("NUMBER_ASC", "2020010101", "1"),
    cursor("NUMBER_ASC", "2020010101", True),
    cursor("NUMBER_ASC", None, 1),
    cursor("NUMBER_ASC", "2020010101", 2**63),
    cursor("NUMBER_ASC", "\0", 1),
    cursor("CHANGED_ASC", "2026-06-01T08:30:00.123456+00:00", 1),
    cursor(),
    base64.b64encode(b"null").decode(),
]


@pytest.mark.parametrize(("count", "beyond"), [("first", "after"), ("last", "before")])
def test_a_cursor_of_another_list_is_refused(
    count: str, beyond: str, world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    for bad in BAD:
        where = {"scheme": world.scheme}
        answer = client.execute(PAGE, where=where, **{count: 2, beyond: bad})
        [error] = answer["errors"]
        assert error["extensions"] == {"code": "INVALID_CURSOR", "facts": {"value": bad[:40]}}
        assert error["message"] == f"游标“{bad[:40]}”无效，请从第一页重新查询。"
        assert answer["data"] is None


@pytest.mark.parametrize(
    ("window", "facts"),
    [
        ({"first": 0}, ("first", "0", "1-100")),
        ({"first": 101}, ("first", "101", "1-100")),
        ({"last": -1}, ("last", "-1", "1-100")),
        ({"last": 101}, ("last", "101", "1-100")),
        ({}, ("first", "", "exactly one of first and last")),
        ({"first": 2, "last": 2}, ("first", "2", "exactly one of first and last")),
    ],
)
def test_a_page_has_1_to_100_rows_counted_from_one_end(
    window: dict[str, int], facts: tuple[str, str, str], world: World, sign_in: SignIn
) -> None:
    answer = sign_in("admin").execute(PAGE, where={"scheme": world.scheme}, **window)
    [error] = answer["errors"]
    assert error["extensions"] == {
        "code": "INVALID_INPUT",
        "facts": dict(zip(("name", "value", "expected"), facts, strict=True)),
    }
    assert answer["data"] is None


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh", "“first”的值“未填写”无效：first 和 last 须填写且只能填写一个。"),
        ("en", "“first” cannot be “empty”; needed: exactly one of first and last."),
    ],
)
def test_a_page_without_a_size_is_refused_in_words_of_the_readers_language(
    language: str, message: str, world: World, address: str
) -> None:
    with Client(address, world.token("admin"), language=language) as client:
        [error] = client.execute(PAGE, where={"scheme": world.scheme})["errors"]
    assert error["message"] == message
