"""The list behind the numbers of changes: the history of the students that a filter matches."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from domain.ids import Noun
from models import Grant, Job, Role
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.chronicle import FIRST, Chronicle, Event
from tests.client import Client
from tests.schema.test_day_counts import BY_DAY
from tests.schema.test_history import ENTRIES
from tests.world import GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
BY_OPERATOR = """
query($where: StudentFilter!, $checkpoint: ID) {
  countsByOperator(where: $where, checkpoint: $checkpoint) {
    operator { id } toPassed toRefused toPending toNotRequired } }"""
COUNT = """
query($where: EntryFilter!) { entries(where: $where, first: 1) { totalCount } }"""
EXPORT = """
mutation($where: EntryFilter!) { startHistoryExport(where: $where) {
  ... on Refused { code message path facts { name value } } } }"""
# As the answers tell the changes to them.
STATUSES = {
    "toPassed": PASSED, "toRefused": REFUSED, "toPending": PENDING, "toNotRequired": NOT_REQUIRED,
}  # fmt: skip
MIDNIGHT = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    """Much that was changed in nine days, by three operators."""
    chronicle = Chronicle(world)
    chronicle.write_at_random(7)
    return chronicle


def groups(world: World) -> list[dict[str, Any]]:
    at = {"checkpoint": world.checkpoint(LIBRARY), "statuses": ["PASSED", "REFUSED"]}
    conditions: list[dict[str, Any]] = [
        {},
        {"departments": [world.department(MARX)]},
        {"numbers": ["2020010101", "2020020102"], "departments": [world.department(GEOLOGY)]},
        {"statusAt": [at]},
        {"allClear": False, "changedSince": "2026-03-05T00:00:00Z"},
        {"numbers": []},
    ]
    return [{"scheme": world.scheme} | each for each in conditions]


def count(client: Client, world: World, **more: Any) -> int:
    found = client.query(COUNT, where={"scheme": world.scheme} | more)["entries"]
    return int(found["totalCount"])


@pytest.mark.parametrize("login", ["admin", "affairs"])
@pytest.mark.parametrize("title", [None, LIBRARY])
def test_what_an_operator_changed_is_listed_under_the_filter_of_the_number(
    login: str, title: str | None, chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    client, listed = sign_in(login), 0
    at = {"checkpoint": title and world.checkpoint(title)}
    for students in groups(world):
        told = client.query(BY_OPERATOR, where=students, **at)["countsByOperator"]
        for each in told:
            asked = {"students": students, "operator": each.pop("operator")["id"], **at}
            assert count(client, world, **asked) == sum(each.values())
            for name, number in each.items():
                assert count(client, world, newStatuses=[STATUSES[name]], **asked) == number
            listed += sum(each.values())
        assert count(client, world, students=students, **at) == sum(
            sum(each.values()) for each in told
        )
    assert listed > 50


def test_what_changed_on_a_day_is_listed_under_the_filter_of_the_number(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    at = {"checkpoint": world.checkpoint(LIBRARY)}
    span = {"from": "2026-03-03", "until": "2026-03-05"}
    students = {"scheme": world.scheme, "departments": [world.department(MARX)]}
    [point] = client.query(BY_DAY, where=students, **at, **span)["countsByDay"]
    numbers = []
    for day in point["days"]:
        begin = dt.datetime.fromisoformat(day["day"]).replace(tzinfo=MIDNIGHT)
        within = {"from": begin.isoformat(), "until": (begin + dt.timedelta(days=1)).isoformat()}
        asked = {"students": students, **at, **within}
        numbers += [day[name] for name in STATUSES]
        for name, status in STATUSES.items():
            assert count(client, world, newStatuses=[status], **asked) == day[name]
    assert sum(numbers) > 5


def test_the_students_and_the_other_conditions_must_both_hold(
    world: World, sign_in: SignIn
) -> None:
    Chronicle(world).write(
        Event(FIRST, "2020010101", LIBRARY, REFUSED),
        Event(FIRST + dt.timedelta(hours=1), "2020020101", LIBRARY, PASSED),
    )
    client = sign_in("admin")
    of_marx = {"scheme": world.scheme, "departments": [world.department(MARX)]}
    where = {"scheme": world.scheme, "students": of_marx}
    [node] = client.query(ENTRIES, where=where, first=9)["entries"]["nodes"]
    assert (node["student"], node["newStatus"]) == ({"number": "2020010101"}, "REFUSED")
    assert count(client, world, students=of_marx, newStatuses=["PASSED"]) == 0
    assert count(client, world, students=of_marx, student=world.student("2020020101")) == 0
    assert count(sign_in("affairs-geology"), world, students=of_marx) == 0
    passed_there = {"checkpoint": world.checkpoint(LIBRARY), "statuses": ["PASSED"]}
    now_passed = {"scheme": world.scheme, "statusAt": [passed_there]}
    assert count(client, world, students=now_passed) == 1


@pytest.fixture
def elsewhere(world: World) -> tuple[str, str]:
    """A scheme and its checkpoint, which the administrator sees too."""
    with world.database.write() as session:
        session.add(Grant(operator_id=world.people["admin"], role=Role.ADMINISTRATOR))
        scheme, steps = roster.create_scheme(session, "别的方案", [NewCheckpoint(SUPERVISOR)])
        return (
            ids.encode(Noun.SCHEME, scheme.id),
            ids.encode(Noun.CHECKPOINT, steps[SUPERVISOR].id),
        )


def test_students_of_another_scheme_are_invalid_and_start_no_export(
    world: World, sign_in: SignIn, elsewhere: tuple[str, str]
) -> None:
    scheme, _ = elsewhere
    client, where = sign_in("admin"), {"scheme": world.scheme, "students": {"scheme": scheme}}
    facts = {"name": "scheme", "value": scheme, "expected": "the filter's scheme"}
    [error] = client.execute(ENTRIES, where=where, first=9)["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT", "facts": facts}
    assert client.query(EXPORT, where=where)["startHistoryExport"] == {
        "code": "INVALID_INPUT",
        "message": f"“scheme”的值“{scheme}”无效：须为该筛选条件所属的离校方案。",
        "path": ["where", "students", "scheme"],
        "facts": [{"name": name, "value": value} for name, value in facts.items()],
    }
    with world.database.write() as session:
        assert session.scalars(sa.select(Job)).all() == []


def test_what_the_students_are_narrowed_by_must_be_in_sight_and_not_too_much(
    world: World, sign_in: SignIn, elsewhere: tuple[str, str]
) -> None:
    scheme, checkpoint = elsewhere
    mine, library = {"scheme": world.scheme}, sign_in("library")
    for client, students in (
        (library, {"scheme": scheme}),
        (library, {"scheme": "nonsense"}),
        (sign_in("admin"), mine | {"onlyMissing": checkpoint}),
        (sign_in("admin"), mine | {"decidedBy": ids.encode(Noun.JOB, 2**40)}),
    ):
        assert client.refused(COUNT, where=mine | {"students": students}) == "NOT_FOUND"
    many = mine | {"students": mine | {"numbers": ["1"] * 5_001}}
    assert library.query(EXPORT, where=many)["startHistoryExport"]["path"] == [
        "where", "students", "numbers",
    ]  # fmt: skip


def test_the_list_of_300_students_costs_as_many_statements_as_that_of_3(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    chronicle, client = Chronicle(world), sign_in("admin")
    numbers = world.add_students(300)
    chronicle.write(*(Event(FIRST, number, LIBRARY, PASSED) for number in numbers))
    costs = []
    for size in (3, 300):
        students = {"scheme": world.scheme, "numbers": numbers[:size]}
        where = {"scheme": world.scheme, "students": students}
        with statements() as seen:
            found = client.query(ENTRIES, where=where, first=100)["entries"]
        costs.append(len(seen))
        assert (found["totalCount"], len(found["nodes"])) == (size, min(size, 100))
    assert costs[0] == costs[1]
