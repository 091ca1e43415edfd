"""What one may choose of an export of students: checkpoints, order, columns; when it is gone."""

import datetime as dt
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from domain import ids
from domain.exports import jobs as exports
from domain.exports.matrix import MatrixRequest
from domain.ids import Noun, PublicId
from domain.lists.student_filters import StudentFilter
from models import ClearanceStatus, File, Job
from tests.client import Client
from tests.tasks import export_files
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
FIELD = "startExport"
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"


def table(client: Client, world: World, **values: Any) -> list[list[str]]:
    """The rows of an export as CSV."""
    where = {"scheme": world.scheme} | values.pop("where", {})
    return export_files.text(export_files.made(client, FIELD, where=where, format="CSV", **values))


@pytest.mark.usefixtures("worker")
def test_the_checkpoints_are_those_that_were_chosen_in_their_order(
    sign_in: SignIn, world: World
) -> None:
    world.put("2020020101", LIBRARY, ClearanceStatus.PASSED)
    where = {"numbers": ["2020020101"]}
    chosen = [world.checkpoint(title) for title in (LIBRARY, SUPERVISOR, LIBRARY)]

    told = table(
        sign_in("library"), world, where=where, columns=["NAME", "NAME"], checkpoints=chosen
    )
    assert told == [["姓名", LIBRARY, SUPERVISOR], ["欧阳·娜娜", "已通过", "未办理"]]


@pytest.mark.usefixtures("worker")
def test_without_checkpoints_it_is_the_roster(sign_in: SignIn, world: World) -> None:
    told = table(
        sign_in("admin"),
        world,
        where={"departments": [world.department(GEOLOGY)]},
        columns=["NUMBER", "ID_NUMBER", "NAME", "DEPARTMENT"],
        checkpoints=[],
        fullIdNumbers=True,
    )
    assert told == [
        ["学号", "身份证号", "姓名", "院系"],
        ["2020020101", "E12345678", "欧阳·娜娜", GEOLOGY],
        ["2020020102", "110101199701010006", "吴思", GEOLOGY],
    ]


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("NUMBER_ASC", ["2020010101", "2020010102", "2020010103", "2020010104"]),
        ("NUMBER_DESC", ["2020010104", "2020010103", "2020010102", "2020010101"]),
        ("NAME_ASC", ["2020010103", "2020010104", "2020010101", "2020010102"]),
        ("CHANGED_DESC", ["2020010102", "2020010104", "2020010103", "2020010101"]),
    ],
)
def test_it_is_sorted_as_asked(
    sign_in: SignIn, world: World, order: str, numbers: list[str]
) -> None:
    moment = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    world.put("2020010102", LIBRARY, ClearanceStatus.PASSED, decided_at=moment)
    told = table(sign_in("affairs"), world, columns=["NUMBER"], checkpoints=[], orderBy=order)
    assert [row[0] for row in told[1:]] == numbers


def test_a_checkpoint_that_the_scheme_does_not_have_is_not_found(
    sign_in: SignIn, world: World
) -> None:
    for wrong in ("nonsense", ids.encode(Noun.CHECKPOINT, 2**40)):
        answer = export_files.start(
            sign_in("library"),
            FIELD,
            where={"scheme": world.scheme},
            checkpoints=[world.checkpoint(LIBRARY), wrong],
        )
        assert (answer["code"], answer["message"]) == (
            "NOT_FOUND", "找不到离校环节，或它不在您的权限范围内。",
        )  # fmt: skip
    with world.database.write() as session:
        assert session.scalars(sa.select(Job)).all() == []


@pytest.mark.usefixtures("worker")
def test_a_file_past_its_date_is_not_found_and_no_longer_listed(
    sign_in: SignIn, world: World
) -> None:
    client = sign_in("library")
    job = export_files.start(client, FIELD, where={"scheme": world.scheme})["id"]
    [file] = client.finished(job)["files"]
    assert client.http.get(file["url"]).status_code == 200
    with world.database.write() as session:
        kept = session.scalars(sa.select(File)).one()
        assert kept.expires_at - kept.created_at == dt.timedelta(days=30)
        kept.expires_at = dt.datetime.now(dt.UTC)

    answer = client.http.get(file["url"])
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    ended = client.finished(job)
    assert (ended["status"], ended["files"]) == ("FINISHED", [])


@pytest.mark.parametrize("students", [3, 300])
def test_a_page_costs_the_same_statements_however_many_students_it_has(
    world: World, statements: Statements, students: int
) -> None:
    world.add_students(students)
    where = StudentFilter(PublicId(world.scheme), name_prefix="学生")
    operator = world.operator("library")
    with world.database.write() as session:
        job = exports.start(session, operator, MatrixRequest(where))
    session = world.database.open_snapshot()
    with session, statements() as seen:
        rows = list(exports.table(session, operator, job, ZoneInfo("UTC")).rows)
    assert (len(rows), len(seen)) == (students, 4)


@pytest.mark.usefixtures("worker")
def test_it_stops_at_the_end_of_a_page_when_it_is_cancelled(sign_in: SignIn, world: World) -> None:
    """The worker waits for the first page while the wish comes."""
    world.add_students(2_100)
    client = sign_in("library")
    with world.database.write() as session:
        session.execute(sa.text("LOCK TABLE clearances IN ACCESS EXCLUSIVE MODE"))
        started = export_files.start(client, FIELD, where={"scheme": world.scheme}, format="CSV")
        wait_until_running(client, started["id"])
        assert client.query(CANCEL, job=started["id"])["cancelJob"] == {"status": "RUNNING"}
    ended = client.finished(started["id"])

    told = [ended[name] for name in ("status", "files", "total", "applied", "unprocessed")]
    assert told == ["CANCELLED", [], 2_106, 0, 0]


def wait_until_running(client: Client, job: str) -> None:
    deadline = time.monotonic() + 30
    document = "query($id: ID!) { job(id: $id) { status } }"
    while client.query(document, id=job)["job"]["status"] != "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("worker")
def test_rows_beyond_a_page_are_all_there_once(sign_in: SignIn, world: World) -> None:
    numbers = world.add_students(4_001, MARX)
    told = table(
        sign_in("affairs"),
        world,
        columns=["NUMBER"],
        where={"namePrefix": "学生"},
        checkpoints=[world.checkpoint(AFFAIRS)],
    )
    assert told[1:] == [[number, "未办理"] for number in numbers]
