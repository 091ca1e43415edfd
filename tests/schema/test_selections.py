"""Which students a batch decides: by ids, by numbers, by filter minus exceptions."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from domain import ids
from domain.deciding import decisions
from domain.deciding.judgement import Decision
from models import Act, Channel
from tests.cases import NUMBER, PASSED
from tests.client import Client
from tests.schema.test_batches import (
    DECIDE_MANY,
    MARX_NUMBERS,
    decide_many,
    jobs_kept,
    outcomes,
    states,
)
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]


def by_filter(world: World, count: int, as_of: str, **other: Any) -> dict[str, Any]:
    """A selection by filter; the whole scheme, unless conditions are given as `where`."""
    where = {"scheme": world.scheme} | other.pop("where", {})
    return {"filter": {"where": where, "expectedCount": count, "asOf": as_of} | other}


def seen_at(client: Client, world: World) -> str:
    """`asOf` of a page as it is now."""
    document = "query($where: StudentFilter!) { students(where: $where, first: 1) { asOf } }"
    page = client.query(document, where={"scheme": world.scheme})["students"]
    return str(page["asOf"])


def test_a_number_may_be_written_in_any_way_and_twice_is_once(
    world: World, sign_in: SignIn
) -> None:
    numbers = ["'2020010101", " 2020010101\n", "２０２００１０１０１", "2020010102.0", "nobody"]
    job = decide_many(sign_in("library"), world, {"numbers": numbers})
    assert outcomes(job) == [
        ("2020010101", "APPLIED", None),
        ("2020010102", "APPLIED", None),
        ("NOBODY", "FAILED", "STUDENT_NOT_FOUND"),
    ]
    assert len(world.entries()) == 2


def test_an_id_given_twice_is_decided_once(world: World, sign_in: SignIn) -> None:
    job = decide_many(sign_in("library"), world, {"ids": [world.student(NUMBER)] * 3})
    assert outcomes(job) == [(NUMBER, "APPLIED", None)]
    assert world.state(NUMBER, LIBRARY) == ("PASSED", "", 2)


def test_a_filter_decides_what_it_matches_but_the_exceptions(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    select = by_filter(
        world,
        2,
        seen_at(client, world),
        where={"nameContains": "思"},
        exceptIds=[world.student(number) for number in ("2020010101", "2020010103", "2020020102")],
    )
    job = decide_many(client, world, select)
    assert outcomes(job) == [("2020010102", "APPLIED", None), ("2020010104", "APPLIED", None)]
    assert [number for number, status in states(world).items() if status == "PASSED"] == [
        "2020010102",
        "2020010104",
    ]


def test_a_filter_reaches_no_further_than_the_operators_sight(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("affairs")
    world.put_all(SUPERVISOR, PASSED)
    checkpoint = world.checkpoint(AFFAIRS)
    select = by_filter(world, 4, seen_at(client, world))
    job = decide_many(client, world, select, checkpoint=checkpoint)
    assert [key for key, _, _ in outcomes(job)] == MARX_NUMBERS
    where = {"departments": [world.department(GEOLOGY)]}
    select = by_filter(world, 0, seen_at(client, world), where=where)
    assert outcomes(decide_many(client, world, select, checkpoint=checkpoint)) == []


@pytest.mark.parametrize("expected", [5, 7])
def test_another_number_of_students_than_expected_changes_nothing(
    expected: int, world: World, sign_in: SignIn
) -> None:
    client = sign_in("library")
    refused = decide_many(client, world, by_filter(world, expected, seen_at(client, world)))
    assert refused == {
        "code": "SELECTION_CHANGED",
        "message": f"所选学生已变化：预期 {expected} 人，现为 6 人。请刷新后重新选择。",
        "path": ["input", "select", "filter", "expectedCount"],
        "facts": [{"name": "expected", "value": str(expected)}, {"name": "actual", "value": "6"}],
    }
    assert states(world) == dict.fromkeys(world.students, "PENDING")
    assert (world.entries(), jobs_kept(world)) == ([], 0)


def test_what_somebody_else_decided_since_is_stale_and_ones_own_is_not(
    world: World, sign_in: SignIn
) -> None:
    library, admin = sign_in("library"), sign_in("admin")
    decide_many(admin, world, {"numbers": ["2020010104"]}, "REFUSE", remark="早先")
    as_of = seen_at(library, world)
    decide_many(admin, world, {"numbers": ["2020010101"]}, "REFUSE", remark="欠书")
    decide_many(admin, world, {"numbers": ["2020010103"]}, "PASS")
    decide_many(library, world, {"numbers": ["2020010102"]}, "REFUSE", remark="欠书")
    where = {"numbers": MARX_NUMBERS}
    job = decide_many(library, world, by_filter(world, 4, as_of, where=where))
    assert outcomes(job) == [
        ("2020010101", "FAILED", "STALE_STATE"),
        ("2020010102", "APPLIED", None),
        ("2020010103", "UNCHANGED", None),
        ("2020010104", "APPLIED", None),
    ]
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 2)
    [problem] = job["rows"]["nodes"][0]["problems"]
    assert problem["message"].startswith("该学生已由 admin 老师 于 ")


def test_a_moment_without_an_offset_is_utc(world: World, sign_in: SignIn) -> None:
    library = sign_in("library")
    decide_many(sign_in("admin"), world, {"numbers": ["2020010101"]}, "REFUSE")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    for hours, code in ((-1, "STALE_STATE"), (1, None)):
        as_of = (now + dt.timedelta(hours=hours)).isoformat()
        where = {"numbers": ["2020010101"]}
        [row] = outcomes(decide_many(library, world, by_filter(world, 1, as_of, where=where)))
        assert row[2] == code


def test_a_list_of_a_filter_is_refused_by_the_names_and_the_place_of_the_api(
    world: World, sign_in: SignIn
) -> None:
    where = {"candidateNumbers": ["1"] * 5_001}
    select = by_filter(world, 0, "2026-06-01T00:00:00Z", where=where)
    refused = decide_many(sign_in("library"), world, select)
    assert (refused["code"], refused["facts"][0]["value"], refused["path"]) == (
        "LIMIT_EXCEEDED",
        "candidateNumbers",
        ["input", "select", "filter", "where", "candidateNumbers"],
    )
    assert refused["message"] == (
        "请求超出限制：candidateNumbers 最多 5000，实际 5001。请缩小请求。"
    )


@pytest.mark.parametrize("kind", ["ids", "numbers"])
def test_a_list_has_at_most_5000_students(kind: str, world: World, sign_in: SignIn) -> None:
    many = [NUMBER] * 5_001
    if kind == "ids":
        many = [world.student(NUMBER)] * 5_001
    refused = decide_many(sign_in("library"), world, {kind: many})
    assert refused == {
        "code": "LIMIT_EXCEEDED",
        "message": "请求超出限制：select 最多 5000，实际 5001。请缩小请求。",
        "path": ["input", "select"],
        "facts": [
            {"name": "name", "value": "select"},
            {"name": "limit", "value": "5000"},
            {"name": "value", "value": "5001"},
        ],
    }
    assert jobs_kept(world) == 0
    assert decide_many(sign_in("library"), world, {kind: many[1:]})["applied"] == 1


@pytest.mark.parametrize(
    "select",
    [
        {},
        {"ids": [], "numbers": []},
        {"ids": None},
    ],
)
def test_exactly_one_way_to_select_is_given(
    select: dict[str, Any], world: World, sign_in: SignIn
) -> None:
    asked = {"checkpoint": world.checkpoint(LIBRARY), "select": select, "act": "PASS"}
    answer = sign_in("library").execute(DECIDE_MANY, input=asked)
    assert "data" not in answer
    assert jobs_kept(world) == 0


def test_a_filter_of_another_scheme_is_no_selection_here(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    where = {"scheme": ids.encode(ids.Noun.SCHEME, 999)}
    refused = decide_many(client, world, by_filter(world, 0, seen_at(client, world), where=where))
    assert (refused["code"], refused["facts"]) == (
        "NOT_FOUND",
        [{"name": "noun", "value": "Scheme"}],
    )


def test_a_decision_in_flight_while_the_page_was_read_counts_as_decided_since(
    world: World, sign_in: SignIn
) -> None:
    library, supervisor = sign_in("library"), world.operator("admin")
    refusal = Decision(world.students[NUMBER], Act.REFUSE, "欠书")
    with world.database.write() as session:
        origin = decisions.Origin(supervisor, Channel.SINGLE)
        decisions.apply(session, world.checkpoints[LIBRARY], [refusal], origin)
        as_of = seen_at(library, world)
    where = {"numbers": [NUMBER]}
    [row] = outcomes(decide_many(library, world, by_filter(world, 1, as_of, where=where)))
    assert row == (NUMBER, "FAILED", "STALE_STATE")
    assert world.state(NUMBER, LIBRARY) == ("REFUSED", "欠书", 2)
