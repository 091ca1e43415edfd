"""The history over HTTP: entries of a scheme, of a student, of a clearance; the newest first."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Channel, Student, StudentStatus
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.chronicle import FIRST, Chronicle, Event, at
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
FIELDS = """
  at version channel rowNumber oldStatus newStatus oldRemark newRemark operator { login } job { id }
  student { number } checkpoint { title } clearance { id status }"""
ENTRIES = f"""
query($where: EntryFilter!, $first: Int, $after: String, $last: Int, $before: String) {{
  entries(where: $where, first: $first, after: $after, last: $last, before: $before) {{
    totalCount nodes {{ {FIELDS} }} edges {{ cursor node {{ version }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    """Five changes, of three students at two checkpoints."""
    chronicle = Chronicle(world)
    chronicle.write(
        Event(FIRST, "2020010101", LIBRARY, REFUSED, "欠书"),
        Event(FIRST + HOUR, "2020010101", LIBRARY, PASSED, channel=Channel.BATCH),
        Event(FIRST + 2 * HOUR, "2020020101", LIBRARY, PASSED),
        Event(FIRST + 3 * HOUR, "2020010101", AFFAIRS, PENDING, "提醒", login="affairs"),
        Event(
            FIRST + 4 * HOUR,
            "2020010102",
            LIBRARY,
            NOT_REQUIRED,
            login="admin",
            channel=Channel.RULE,
        ),
    )
    return chronicle


def entries(client: Client, world: World, **more: Any) -> list[tuple[str, str, str]]:
    """Number, title and new status of every entry."""
    found = client.query(ENTRIES, where={"scheme": world.scheme} | more, first=100)["entries"]
    assert found["totalCount"] == len(found["nodes"])
    return [
        (node["student"]["number"], node["checkpoint"]["title"], node["newStatus"])
        for node in found["nodes"]
    ]


ALL = [
    ("2020010102", LIBRARY, "NOT_REQUIRED"),
    ("2020010101", AFFAIRS, "PENDING"),
    ("2020020101", LIBRARY, "PASSED"),
    ("2020010101", LIBRARY, "PASSED"),
    ("2020010101", LIBRARY, "REFUSED"),
]


def test_an_entry_tells_who_changed_what_from_what_to_what(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    where = {"scheme": world.scheme, "student": world.student("2020010101")}
    found = sign_in("admin").query(ENTRIES, where=where, last=2)["entries"]
    clearance = {"id": world.clearance("2020010101", LIBRARY), "status": "PASSED"}
    shared = {
        "rowNumber": None,
        "operator": {"login": "library"},
        "job": None,
        "student": {"number": "2020010101"},
        "checkpoint": {"title": LIBRARY},
        "clearance": clearance,
    }
    assert found["totalCount"] == 3
    assert found["nodes"] == [
        {
            "at": "2026-03-01T01:00:00+00:00",
            "version": 3,
            "channel": "BATCH",
            "oldStatus": "REFUSED",
            "newStatus": "PASSED",
            "oldRemark": "欠书",
            "newRemark": "",
            **shared,
        },
        {
            "at": "2026-03-01T00:00:00+00:00",
            "version": 2,
            "channel": "SINGLE",
            "oldStatus": "PENDING",
            "newStatus": "REFUSED",
            "oldRemark": "",
            "newRemark": "欠书",
            **shared,
        },
    ]


def test_every_condition_narrows_the_history(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    operator = ids.encode(Noun.OPERATOR, world.people["affairs"])
    assert entries(client, world) == ALL
    assert entries(client, world, student=world.student("2020010101")) == [ALL[1], *ALL[3:]]
    assert entries(client, world, checkpoint=world.checkpoint(AFFAIRS)) == ALL[1:2]
    assert entries(client, world, operator=operator) == ALL[1:2]
    assert entries(client, world, channels=["RULE", "BATCH"]) == [ALL[0], ALL[3]]
    assert entries(client, world, channels=[]) == []
    assert entries(client, world, newStatuses=["PASSED"]) == ALL[2:4]
    both = {"newStatuses": ["PASSED", "REFUSED"], "student": world.student("2020010101")}
    assert entries(client, world, **both) == ALL[3:]
    nobody = ids.encode(Noun.OPERATOR, 2**40)
    assert entries(client, world, operator=nobody) == []
    for name in ("student", "checkpoint", "operator", "job"):
        where = {"scheme": world.scheme, name: ""}
        assert client.refused(ENTRIES, where=where, first=9) == "NOT_FOUND"


def test_a_span_holds_its_first_moment_and_not_its_last(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    span = {"from": "2026-03-01T01:00:00Z", "until": "2026-03-01T03:00:00Z"}
    assert entries(client, world, **span) == ALL[2:4]
    span = {"from": "2026-03-01T01:00:00", "until": "2026-03-01T11:00:00+08:00"}
    assert entries(client, world, **span) == ALL[2:4]
    far = {"from": "9999-12-31T23:59:59-14:00", "until": "0001-01-01T00:00:00+14:00"}
    for name, moment in far.items():
        where = {"scheme": world.scheme, name: moment}
        [error] = client.execute(ENTRIES, where=where, first=9)["errors"]
        facts = {"name": name, "value": moment, "expected": "1900-2999"}
        assert error["extensions"] == {"code": "INVALID_INPUT", "facts": facts}


def test_the_history_ends_where_the_scope_ends(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    assert entries(sign_in("affairs"), world) == [*ALL[:2], *ALL[3:]]
    assert entries(sign_in("affairs-geology"), world) == ALL[2:3]
    for student in (world.student("2020010101"), ids.encode(Noun.STUDENT, 2**40), "%"):
        where = {"scheme": world.scheme, "student": student}
        answer = sign_in("affairs-geology").execute(ENTRIES, where=where, first=9)
        assert answer["errors"][0]["extensions"] == {
            "code": "NOT_FOUND",
            "facts": {"noun": "Student"},
        }


def test_the_entries_of_a_job_are_found_by_who_sees_the_job(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    job = decide_many(sign_in("library"), world, {"numbers": ["2020010103", "2020010104"]})["id"]
    for login in ("library", "admin"):
        client = sign_in(login)
        found = entries(client, world, job=job)
        assert sorted(found) == [(f"202001010{n}", LIBRARY, "PASSED") for n in (3, 4)]
        [node] = client.query(ENTRIES, where={"scheme": world.scheme, "job": job}, first=1)[
            "entries"
        ]["nodes"]
        assert (node["job"], node["channel"], node["rowNumber"]) == ({"id": job}, "BATCH", 2)
    affairs = sign_in("affairs")
    refused = affairs.refused(ENTRIES, where={"scheme": world.scheme, "job": job}, first=9)
    assert refused == "NOT_FOUND"
    [newest] = affairs.query(ENTRIES, where={"scheme": world.scheme}, first=1)["entries"]["nodes"]
    assert newest["job"] is None


def test_an_archived_student_leaves_the_history_and_comes_back_with_all_of_it(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    where = {"scheme": world.scheme, "student": world.student("2020010101")}

    def become(status: StudentStatus) -> None:
        with world.database.write() as session:
            one = sa.update(Student).where(Student.number == "2020010101")
            session.execute(one.values(status=status))

    become(StudentStatus.ARCHIVED)
    assert entries(client, world) == [ALL[0], ALL[2]]
    assert client.refused(ENTRIES, where=where, first=9) == "NOT_FOUND"
    become(StudentStatus.ACTIVE)
    assert entries(client, world) == ALL


@pytest.mark.parametrize("size", [1, 7, 100])
def test_every_entry_is_on_exactly_one_page_though_many_bear_one_moment(
    size: int, world: World, sign_in: SignIn
) -> None:
    chronicle = Chronicle(world)
    chronicle.write(
        *(
            Event(FIRST, number, title, PASSED)
            for number in world.students
            for title in (LIBRARY, AFFAIRS)
        ),
        Event(FIRST, "2020010101", LIBRARY, REFUSED),
        Event(at("2026-03-01T00:00:00.000001"), "2020010102", LIBRARY, REFUSED),
    )
    client = sign_in("admin")
    forward = [cursor for page in walk(client, world, "first", size) for cursor in page]
    backward = list(walk(client, world, "last", size))[::-1]
    assert [cursor for page in backward for cursor in page] == forward
    assert len(set(forward)) == len(forward) == 14


def walk(client: Client, world: World, count: str, size: int) -> Iterator[list[str]]:
    beyond, more, end = {
        "first": ("after", "hasNextPage", "endCursor"),
        "last": ("before", "hasPreviousPage", "startCursor"),
    }[count]
    window: dict[str, Any] = {count: size}
    for _ in range(20):
        found = client.query(ENTRIES, where={"scheme": world.scheme}, **window)["entries"]
        yield [edge["cursor"] for edge in found["edges"]]
        if not found["pageInfo"][more]:
            return
        window[beyond] = found["pageInfo"][end]


def test_a_cursor_that_is_none_of_the_history_is_refused(world: World, sign_in: SignIn) -> None:
    key = ["2026-03-01T00:00:00+00:00", 1, 1, 2]
    keys: list[list[object]] = [
        ["JOBS", *key],
        ["ENTRIES", 5, *key[1:]],
        ["ENTRIES", "yesterday", *key[1:]],
        ["ENTRIES", *key[:-1]],
        ["ENTRIES", *key[:-1], 2**31],
        ["ENTRIES", None, *key[1:]],
    ]
    for each in keys:
        cursor = base64.urlsafe_b64encode(orjson.dumps(each)).decode().rstrip("=")
        window = {"first": 2, "after": cursor}
        where = {"scheme": world.scheme}
        assert sign_in("admin").refused(ENTRIES, where=where, **window) == "INVALID_CURSOR"
