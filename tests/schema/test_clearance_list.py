"""The list behind each number of the statistics (各环节信息数据) over HTTP."""

import datetime as dt
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from domain.lists.students import StudentOrder
from models import Clearance, Student
from tests.cases import NOT_REQUIRED, PASSED, REFUSED, put
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import AFFAIRS, CHECKPOINTS, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
LIST = """
query($where: StudentFilter!, $checkpoint: ID, $statuses: [ClearanceStatus!],
      $orderBy: StudentOrder! = NUMBER_ASC,
      $first: Int, $after: String, $last: Int, $before: String) {
  clearances(where: $where, checkpoint: $checkpoint, statuses: $statuses, orderBy: $orderBy,
             first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes {
      id status remark decidedAt student { number name } checkpoint { title }
      lastEntry { operator { login } newRemark }
    }
  }
}
"""
SNAPSHOT = """
fragment total on ClearanceConnection { totalCount nodes { status } }
query($where: StudentFilter!, $checkpoint: ID!, $passed: StudentFilter!, $open: StudentFilter!) {
  counts(where: $where) { checkpoint { id } due passed pending refused notRequired }
  all: students(where: $where, first: 1) { totalCount }
  standing: students(where: $passed, first: 1) { totalCount }
  missing: students(where: $open, first: 1) { totalCount }
  DUE: clearances(where: $where, checkpoint: $checkpoint, statuses: [PASSED, PENDING, REFUSED],
                  first: 100) { ...total }
  PASSED: clearances(where: $where, checkpoint: $checkpoint, statuses: [PASSED], first: 100)
    { ...total }
  PENDING: clearances(where: $where, checkpoint: $checkpoint, statuses: [PENDING], first: 100)
    { ...total }
  REFUSED: clearances(where: $where, checkpoint: $checkpoint, statuses: [REFUSED], first: 100)
    { ...total }
  matrix(where: $where) { students(first: 100) { nodes { statuses } } }
}
"""
TITLES = [each.title for each in CHECKPOINTS]
AT = dt.datetime(2026, 6, 1, 8, 30, 0, 500_000, dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
MOMENTS = itertools.cycle((None, AT, AT, AT + MICROSECOND, AT - MICROSECOND))


def ask(client: Client, world: World, **asked: Any) -> Any:
    where = {"scheme": world.scheme} | asked.pop("where", {})
    if "at" in asked:
        asked["checkpoint"] = world.checkpoint(asked.pop("at"))
    return client.query(LIST, where=where, **({"first": 100} | asked))["clearances"]


def found(page: Any) -> list[tuple[str, str]]:
    return [(node["student"]["number"], node["status"]) for node in page["nodes"]]


def test_a_line_tells_who_stands_where_and_who_decided_it(world: World, sign_in: SignIn) -> None:
    select = {"numbers": ["2020010102"]}
    decide_many(sign_in("library"), world, select, "REFUSE", remark="欠书一本")
    [line] = ask(sign_in("admin"), world, at=LIBRARY, statuses=["REFUSED"])["nodes"]
    [entry] = world.entries()
    assert line == {
        "id": world.clearance("2020010102", LIBRARY),
        "status": "REFUSED",
        "remark": "欠书一本",
        "decidedAt": entry.at.isoformat(),
        "student": {"number": "2020010102", "name": "李思"},
        "checkpoint": {"title": LIBRARY},
        "lastEntry": {"operator": {"login": "library"}, "newRemark": "欠书一本"},
    }


def test_it_is_of_one_checkpoint_or_all_and_of_any_status_or_some(
    world: World, sign_in: SignIn
) -> None:
    put(world, "2020010101", LIBRARY, PASSED)
    put(world, "2020010102", LIBRARY, NOT_REQUIRED)
    put(world, "2020010101", AFFAIRS, REFUSED)
    client = sign_in("admin")
    assert ask(client, world)["totalCount"] == 18
    two = {"numbers": ["2020010101", "2020010102"]}
    assert found(ask(client, world, where=two)) == [
        ("2020010101", "PENDING"),
        ("2020010101", "REFUSED"),
        ("2020010101", "PASSED"),
        ("2020010102", "PENDING"),
        ("2020010102", "PENDING"),
        ("2020010102", "NOT_REQUIRED"),
    ]
    decided = ["PASSED", "NOT_REQUIRED"]
    assert found(ask(client, world, at=LIBRARY, statuses=decided)) == [
        ("2020010101", "PASSED"),
        ("2020010102", "NOT_REQUIRED"),
    ]
    assert found(ask(client, world, statuses=["REFUSED"])) == [("2020010101", "REFUSED")]
    assert ask(client, world, statuses=[]) == ask(client, world, where={"numbers": []})
    here = {"checkpoint": world.checkpoint(AFFAIRS), "statuses": ["REFUSED"]}
    page = ask(client, world, at=LIBRARY, where={"statusAt": [here]})
    assert found(page) == [("2020010101", "PASSED")]


@pytest.fixture
def crowd(world: World) -> World:
    """Ten students; numbers and classes are missing, names, classes and moments repeat."""
    world.enrol(
        {"学号": "B1", "姓名": "陈一", "院系": MARX, "班级": "二班"},
        {"学号": "B2", "姓名": "陈一", "院系": MARX, "班级": "一班"},
        {"考生号": "1", "姓名": "张思", "院系": MARX, "班级": "一班"},
        {"考生号": "2", "姓名": "陈一", "院系": MARX},
    )
    for number, title in itertools.product(sorted(world.students), TITLES):
        world.put(number, title, PASSED, decided_at=next(MOMENTS))
    return world


@pytest.mark.parametrize("order", StudentOrder)
@pytest.mark.parametrize(("title", "size"), [(None, 1), (None, 3), (LIBRARY, 2)])
def test_every_clearance_is_on_exactly_one_page_forward_and_backward(
    order: StudentOrder, title: str | None, size: int, crowd: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    at = {"at": title} if title else {}
    expected = _sorted(crowd, order, title)
    assert list(_walk(client, crowd, size, forward=True, orderBy=order, **at)) == expected
    back = list(_walk(client, crowd, size, forward=False, orderBy=order, **at))
    assert back == expected[::-1]


def _sorted(world: World, order: StudentOrder, title: str | None) -> list[str]:
    """Public ids in the order that Python finds; a student's checkpoints always in theirs."""
    name, _, direction = order.partition("_")
    places = {world.checkpoints[each]: place for place, each in enumerate(TITLES)}
    sign = -1 if direction == "DESC" else 1
    numbers = {key: number for number, key in world.students.items()}
    with world.database.write() as session:
        rows = session.execute(
            sa.select(Student, Clearance).join(Clearance, Clearance.student_id == Student.id)
        ).all()

    def key(row: Any) -> tuple[Any, ...]:
        student, clearance = row
        at = clearance.decided_at or AT - dt.timedelta(days=1)
        of = {"NUMBER": student.number, "NAME": student.name, "CLASS": student.class_name}
        by = at.isoformat("T", "microseconds") if name == "CHANGED" else of[name] or ""
        return by, student.id, sign * places[clearance.checkpoint_id]

    return [
        world.clearance(numbers[clearance.student_id], TITLES[places[clearance.checkpoint_id]])
        for _, clearance in sorted(rows, key=key, reverse=sign < 0)
        if title is None or clearance.checkpoint_id == world.checkpoints[title]
    ]


def _walk(client: Client, world: World, size: int, *, forward: bool, **asked: Any) -> Iterator[str]:
    """Id after id, from the front or from the back."""
    count, beyond, more, cursor = (
        ("first", "after", "hasNextPage", "endCursor")
        if forward
        else ("last", "before", "hasPreviousPage", "startCursor")
    )
    at = None
    for _ in range(31):
        page = ask(client, world, **({"first": None, count: size, beyond: at} | asked))
        yield from [node["id"] for node in page["nodes"]][:: 1 if forward else -1]
        if not page["pageInfo"][more]:
            return
        at = page["pageInfo"][cursor]
    raise AssertionError("there is no end")


def test_a_cursor_of_another_list_or_order_is_refused(world: World, sign_in: SignIn) -> None:
    client, where = sign_in("admin"), {"scheme": world.scheme}
    of_students = "query($where: StudentFilter!) { students(where: $where, first: 1) %s }"
    page = client.query(of_students % "{ pageInfo { endCursor } }", where=where)["students"]
    cursors = [
        page["pageInfo"]["endCursor"],
        ask(client, world, first=1, orderBy="NAME_ASC")["pageInfo"]["endCursor"],
        ask(client, world, first=1, orderBy="NUMBER_DESC")["pageInfo"]["endCursor"],
    ]
    for cursor in cursors:
        assert client.refused(LIST, where=where, first=1, after=cursor) == "INVALID_CURSOR"


def test_it_ends_where_the_scope_ends(world: World, sign_in: SignIn) -> None:
    for login, total in (("admin", 6), ("affairs", 4), ("affairs-geology", 2), ("department", 4)):
        assert ask(sign_in(login), world, at=SUPERVISOR)["totalCount"] == total
    where, client = {"scheme": world.scheme}, sign_in("affairs")
    unknown = world.student("2020010101")
    assert client.refused(LIST, where=where, checkpoint=unknown, first=1) == "NOT_FOUND"


def test_100_lines_cost_as_many_statements_as_3(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    world.add_students(110)
    numbers = sorted(world.students)
    decide_many(sign_in("library"), world, {"numbers": numbers}, "REFUSE", remark="缺")
    client = sign_in("admin")
    costs = []
    for first in (3, 100):
        with statements() as seen:
            page = ask(client, world, at=LIBRARY, first=first)
        costs.append(len(seen))
        assert [node["lastEntry"]["operator"]["login"] for node in page["nodes"]] == (
            ["library"] * first
        )
    assert costs[0] == costs[1] <= 12


@contextmanager
def _deciding(clients: list[Client], world: World) -> Iterator[None]:
    """Each client decides a student of its own again and again meanwhile."""
    done = threading.Event()
    failed: list[BaseException] = []

    def decide(client: Client, number: str) -> None:
        try:
            for act in itertools.cycle(("PASS", "REFUSE", "RESET")):
                if done.is_set():
                    return
                job = decide_many(client, world, {"numbers": [number]}, act)
                assert job["applied"] == 1
        except BaseException as error:  # noqa: BLE001 -- told in the thread of the test
            failed.append(error)

    numbers = sorted(world.students)
    threads = [
        threading.Thread(target=decide, args=each) for each in zip(clients, numbers, strict=False)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failed == []


def test_counters_and_lists_of_one_answer_agree_while_others_decide(
    world: World, sign_in: SignIn
) -> None:
    put(world, "2020020102", LIBRARY, NOT_REQUIRED)
    where = {"scheme": world.scheme}
    library = {"checkpoint": world.checkpoint(LIBRARY)}
    asked = {
        "where": where,
        "checkpoint": world.checkpoint(LIBRARY),
        "passed": where | {"statusAt": [library | {"statuses": ["PASSED"]}]},
        "open": where | {"statusAt": [library | {"statuses": ["PENDING", "REFUSED"]}]},
    }
    reader, seen = sign_in("admin"), set()
    with _deciding([sign_in("library") for _ in range(2)], world):
        for _ in range(50):
            answer = reader.query(SNAPSHOT, **asked)
            seen.add(_consistent(answer, library["checkpoint"]))
    assert len(seen) > 3
    assert len(world.entries()) > 50


def _consistent(answer: Any, checkpoint: str) -> tuple[int, ...]:
    """What stood at the checkpoint; every number of the answer tells the same."""
    [at] = [each for each in answer["counts"] if each["checkpoint"]["id"] == checkpoint]
    names = ("passed", "pending", "refused")
    for name in names:
        listed = answer[name.upper()]
        assert at[name] == listed["totalCount"]
        assert listed["nodes"] == [{"status": name.upper()}] * at[name]
    assert at["due"] == sum(at[name] for name in names) == answer["DUE"]["totalCount"]
    assert at["due"] + at["notRequired"] == answer["all"]["totalCount"] == 6
    assert at["passed"] == answer["standing"]["totalCount"]
    assert at["pending"] + at["refused"] == answer["missing"]["totalCount"]
    in_matrix = Counter(node["statuses"][-1] for node in answer["matrix"]["students"]["nodes"])
    for name in (*names, "not_required"):
        given = at["notRequired"] if name == "not_required" else at[name]
        assert in_matrix[name.upper()] == given
    return tuple(at[name] for name in names)
