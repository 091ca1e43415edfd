"""One filter: each condition means the same in lists, counts, batches and exports."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from models import NotRequiredBy, SchemeStatus
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import AFFAIRS, CHECKPOINTS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Row = Mapping[str, Any]
Where = dict[str, Any]
TITLES = [each.title for each in CHECKPOINTS]
CLEAR, MISSING = {PASSED, NOT_REQUIRED}, {PENDING, REFUSED}
DAY = dt.datetime(2026, 6, 1, 8, 30, 0, 500_000, dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
MOMENTS = (None, None, DAY - MICROSECOND, DAY, DAY + MICROSECOND)
# Column of the roster -> what a student may have there.
CHANCES: dict[str, tuple[str, ...]] = {
    "院系": (MARX, GEOLOGY),
    "专业": ("哲学", "地质学", ""),
    "班级": ("一班", "二班", ""),
    "年级": ("2019", "2020", ""),
    "性别": ("男", "女", ""),
    "培养层次": ("硕士", "博士"),
    "学生类别": ("学历硕士", "学历博士"),
}
ASKERS = ("admin", "affairs")


@dataclass(frozen=True)
class Crowd:
    """The world, what is known of each of its new students, and the job that decided some."""

    world: World
    rows: list[dict[str, Any]]
    job: str


@pytest.fixture
def crowd(world: World, sign_in: SignIn) -> Crowd:
    """Thirty students by chance. The scheme is closed: a batch judges and changes none of them."""
    dice = random.Random(7)  # noqa: S311 -- the same students every time
    rows = [_somebody(dice, place) for place in range(30)]
    world.enrol(*rows)
    decided = [row["学号"] for row in rows if row["院系"] == MARX][::2]
    select = {"numbers": decided}
    checkpoint = world.checkpoint(AFFAIRS)
    job = decide_many(sign_in("affairs"), world, select, "REFUSE", checkpoint=checkpoint)
    world.set_scheme(status=SchemeStatus.CLOSED)
    for row in rows:
        row["decided"] = row["学号"] in decided
        row["statuses"] = _put_by_chance(dice, world, row)
    return Crowd(world, rows, job["id"])


def _somebody(dice: random.Random, place: int) -> dict[str, Any]:
    by_chance = {column: dice.choice(values) for column, values in CHANCES.items()}
    name = dice.choice("张王李") + dice.choice("一二") + dice.choice(("", "思"))
    keys = {"学号": f"N{place:02}", "考生号": f"7{place:02}", "身份证号": f"P0000{place:02}"}
    return by_chance | keys | {"姓名": name}


def _put_by_chance(dice: random.Random, world: World, row: dict[str, Any]) -> dict[str, str]:
    """Into other states, without entries; `changed` of the row is the last change."""
    row["changed"] = None
    for title in TITLES:
        status = dice.choice((PASSED, PASSED, PASSED, NOT_REQUIRED, PENDING, REFUSED))
        by = NotRequiredBy.RULE if status is NOT_REQUIRED else None
        at = dice.choice(MOMENTS)
        world.put(row["学号"], title, status, not_required_by=by, decided_at=at)
        row["changed"] = max(filter(None, (row["changed"], at)), default=None)
        row[title] = status
    return {title: row[title] for title in TITLES}


def _missing(row: Row) -> set[str]:
    return {title for title, status in row["statuses"].items() if status in MISSING}


def conditions(crowd: Crowd) -> dict[str, tuple[Where, Callable[[Row], bool]]]:
    """What is asked, and the same of a row in Python."""
    at, moment = crowd.world.checkpoint, DAY.isoformat()
    library = {"checkpoint": at(LIBRARY), "statuses": ["PASSED", "REFUSED"]}
    affairs = {"checkpoint": at(AFFAIRS), "statuses": ["NOT_REQUIRED", "PENDING"]}
    marx = crowd.world.department(MARX)
    return {
        "nothing": ({}, lambda _: True),
        "numbers": ({"numbers": ["n03", " N07", "N99"]}, lambda row: row["学号"] in {"N03", "N07"}),
        "candidates": (
            {"candidateNumbers": ["704", "705", "706"]},
            lambda row: "704" <= row["考生号"] <= "706",
        ),
        "ID numbers": ({"idNumbers": ["p000011"]}, lambda row: row["身份证号"] == "P000011"),
        "name prefix": ({"namePrefix": "张"}, lambda row: row["姓名"].startswith("张")),
        "name part": ({"nameContains": "思"}, lambda row: "思" in row["姓名"]),
        "departments": ({"departments": [marx]}, lambda row: row["院系"] == MARX),
        "majors": ({"majors": ["哲学"]}, lambda row: row["专业"] == "哲学"),
        "classes": ({"classes": ["一班", "二班"]}, lambda row: row["班级"] != ""),
        "entry years": ({"entryYears": [2019]}, lambda row: row["年级"] == "2019"),
        "genders": ({"genders": ["FEMALE"]}, lambda row: row["性别"] == "女"),
        "levels": ({"trainingLevels": ["硕士"]}, lambda row: row["培养层次"] == "硕士"),
        "categories": ({"categories": ["学历博士"]}, lambda row: row["学生类别"] == "学历博士"),
        "cohorts": ({"cohorts": ["UNDERGRADUATE"]}, lambda _: False),
        "a status": ({"statusAt": [library]}, lambda row: row[LIBRARY] in {PASSED, REFUSED}),
        "two statuses": (
            {"statusAt": [library, affairs]},
            lambda row: (
                row[LIBRARY] in {PASSED, REFUSED} and row[AFFAIRS] in {NOT_REQUIRED, PENDING}
            ),
        ),
        "only missing": ({"onlyMissing": at(LIBRARY)}, lambda row: _missing(row) == {LIBRARY}),
        "clear": ({"allClear": True}, lambda row: not _missing(row)),
        "not clear": ({"allClear": False}, lambda row: bool(_missing(row))),
        "a job": ({"decidedBy": crowd.job}, lambda row: row["decided"]),
        "since": (
            {"changedSince": moment},
            lambda row: row["changed"] is not None and row["changed"] >= DAY,
        ),
        "before": (
            {"changedBefore": moment},
            lambda row: row["changed"] is not None and row["changed"] < DAY,
        ),
        "some at once": (
            {"allClear": False, "decidedBy": crowd.job, "majors": ["哲学"]},
            lambda row: bool(_missing(row)) and row["decided"] and row["专业"] == "哲学",
        ),
    }


def in_students(client: Client, crowd: Crowd, where: Where) -> list[str]:
    document = """query($where: StudentFilter!) {
      students(where: $where, first: 100) { totalCount nodes { number } } }"""
    page = client.query(document, where=where)["students"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["number"] for node in page["nodes"]]


def in_matrix(client: Client, crowd: Crowd, where: Where) -> list[str]:
    document = """query($where: StudentFilter!) { matrix(where: $where) {
      students(first: 100) { totalCount nodes { student { number } statuses } } } }"""
    page = client.query(document, where=where)["matrix"]["students"]
    assert page["totalCount"] == len(page["nodes"])
    known = {row["学号"]: [row[title] for title in TITLES] for row in crowd.rows}
    for node in page["nodes"]:
        assert node["statuses"] == known.get(node["student"]["number"], node["statuses"])
    return [node["student"]["number"] for node in page["nodes"]]


def in_clearances(client: Client, crowd: Crowd, where: Where) -> list[str]:
    document = """query($where: StudentFilter!, $at: ID!) {
      clearances(where: $where, checkpoint: $at, first: 100) {
        totalCount nodes { student { number } } } }"""
    at = crowd.world.checkpoint(SUPERVISOR)
    page = client.query(document, where=where, at=at)["clearances"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["student"]["number"] for node in page["nodes"]]


def in_decide_many(client: Client, crowd: Crowd, where: Where) -> list[str]:
    count = len(in_students(client, crowd, where))
    selection = {"where": where, "expectedCount": count, "asOf": "2100-01-01T00:00:00Z"}
    checkpoint = crowd.world.checkpoint(AFFAIRS)
    job = decide_many(client, crowd.world, {"filter": selection}, checkpoint=checkpoint)
    assert {row["code"] for row in job["rows"]["nodes"]} <= {"SCHEME_NOT_OPEN"}
    return [row["student"]["number"] for row in job["rows"]["nodes"]]


def in_export(client: Client, crowd: Crowd, where: Where) -> list[str]:
    document = """mutation($where: StudentFilter!) {
      startExport(where: $where, columns: [NUMBER], format: CSV) { ... on Job { id } } }"""
    job = client.finished(client.query(document, where=where)["startExport"]["id"])
    assert job["status"] == "FINISHED"
    text = client.download(job["files"][0]["url"]).decode("utf-8-sig")
    return [row[0].lstrip("'") for row in csv.reader(io.StringIO(text))][1:]


@pytest.mark.parametrize("login", ASKERS)
@pytest.mark.parametrize(
    "ask",
    [in_students, in_matrix, in_clearances, in_decide_many, in_export],
    ids=lambda f: f.__name__,
)
@pytest.mark.usefixtures("worker")
def test_each_condition_finds_the_same_students_everywhere(
    ask: Callable[[Client, Crowd, Where], list[str]], login: str, crowd: Crowd, sign_in: SignIn
) -> None:
    client, found, expected = sign_in(login), {}, {}
    for name, (where, holds) in conditions(crowd).items():
        numbers = ask(client, crowd, {"scheme": crowd.world.scheme} | where)
        found[name] = sorted(number for number in numbers if number.startswith("N"))
        expected[name] = _expected(crowd, login, holds)
    assert found == expected


def _expected(crowd: Crowd, login: str, holds: Callable[[Row], bool]) -> list[str]:
    return sorted(row["学号"] for row in _seen(crowd, login) if holds(row))


def _seen(crowd: Crowd, login: str) -> list[dict[str, Any]]:
    return [row for row in crowd.rows if login == "admin" or row["院系"] == MARX]


@pytest.mark.parametrize("login", ASKERS)
def test_each_condition_counts_the_students_it_finds(
    login: str, crowd: Crowd, sign_in: SignIn
) -> None:
    document = """query($where: StudentFilter!) { counts(where: $where) {
      checkpoint { title } due passed pending refused notRequired } }"""
    client, found, expected = sign_in(login), {}, {}
    new = {"numbers": [row["学号"] for row in crowd.rows]}
    for name, (where, holds) in conditions(crowd).items():
        asked = {"scheme": crowd.world.scheme} | new | where
        rows = client.query(document, where=asked)["counts"]
        found[name] = {row.pop("checkpoint")["title"]: tuple(row.values()) for row in rows}
        matching = [row for row in _seen(crowd, login) if holds(row)]
        expected[name] = {title: _counted(matching, title) for title in TITLES}
    assert found == expected


def _counted(rows: list[dict[str, Any]], title: str) -> tuple[int, ...]:
    of = Counter(row[title] for row in rows)
    due = of[PASSED] + of[PENDING] + of[REFUSED]
    return due, of[PASSED], of[PENDING], of[REFUSED], of[NOT_REQUIRED]


def test_the_conditions_of_the_table_tell_students_apart(crowd: Crowd) -> None:
    found = {
        name: len(_expected(crowd, "affairs", holds))
        for name, (_, holds) in conditions(crowd).items()
    }
    everybody = found.pop("nothing")
    assert found.pop("departments") == everybody
    assert found.pop("cohorts") == 0
    assert {name for name, number in found.items() if not 0 < number < everybody} == set()


@pytest.mark.parametrize("field", ["changedSince", "changedBefore"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_moment_at_the_end_of_the_calendar_is_refused(
    field: str, moment: str, world: World, sign_in: SignIn
) -> None:
    document = "query($where: StudentFilter!) { students(where: $where, first: 1) { totalCount } }"
    where = {"scheme": world.scheme, field: moment}
    [error] = sign_in("admin").execute(document, where=where)["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["facts"]["expected"] == "1900-2999"


def test_a_moment_without_an_offset_is_in_utc(crowd: Crowd, sign_in: SignIn) -> None:
    scheme, client = crowd.world.scheme, sign_in("admin")
    naive, shifted = DAY.replace(tzinfo=None), DAY.astimezone(dt.timezone(dt.timedelta(hours=8)))
    found = [
        in_students(client, crowd, {"scheme": scheme, "changedSince": moment.isoformat()})
        for moment in (DAY, naive, shifted)
    ]
    assert found[0] == found[1] == found[2] != []
