"""Requests at the same time: whoever comes second is told so, and nothing is done twice."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import Clearance, Scheme, SchemeStatus, Student
from tests.client import Client
from tests.workbooks import xlsx
from tests.world import LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
NUMBER = "2020010101"
DECIDE = """mutation($student: ID!, $checkpoint: ID!, $act: Act!) {
  decide(student: $student, checkpoint: $checkpoint, act: $act, expectedVersion: 1) {
    ... on Clearance { status version } ... on Refused { code } } }"""


def decide(client: Client, world: World, title: str, act: str = "PASS") -> Any:
    asked = {"student": world.student(NUMBER), "checkpoint": world.checkpoint(title)}
    return client.query(DECIDE, **asked, act=act)["decide"]


@contextlib.contextmanager
def held(world: World, statement: sa.Executable) -> Iterator[None]:
    """A transaction that has run a statement and commits at the end, when somebody waits for it."""
    with world.database.write() as session:
        session.execute(statement)
        yield
        deadline = time.monotonic() + 10
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not session.scalar(waiting):
            assert time.monotonic() < deadline, "nobody waits for the lock"
            time.sleep(0.01)


def test_of_two_operators_who_decide_at_once_one_is_told_to_look_again(
    world: World, sign_in: SignIn
) -> None:
    clients = [(sign_in("library"), "PASS"), (sign_in("admin"), "REFUSE")]
    lock = sa.select(Student.id).where(Student.id == world.students[NUMBER]).with_for_update()
    with ThreadPoolExecutor(2) as pool:
        with held(world, lock):
            asked = [pool.submit(decide, client, world, LIBRARY, act) for client, act in clients]
        answers = [each.result() for each in asked]
    assert {"code": "STALE_STATE"} in answers
    [won] = [answer for answer in answers if "version" in answer]
    assert won["version"] == 2
    assert world.state(NUMBER, LIBRARY) == (won["status"], "", 2)
    assert [entry.version for entry in world.entries()] == [2]


def test_many_who_decide_at_once_make_one_change(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: decide(client, world, LIBRARY), range(24)))
    assert answers.count({"code": "STALE_STATE"}) == 23
    assert len(world.entries()) == 1


def test_nothing_is_decided_once_the_scheme_is_being_closed(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    close = sa.update(Scheme).where(Scheme.id == world.scheme_id).values(status=SchemeStatus.CLOSED)
    with ThreadPoolExecutor(1) as pool:
        with held(world, close):
            asked = pool.submit(decide, client, world, LIBRARY)
        assert asked.result() == {"code": "SCHEME_NOT_OPEN"}
    assert (world.state(NUMBER, LIBRARY), world.entries()) == (("PENDING", "", 1), [])


def test_a_student_who_is_moved_out_of_scope_meanwhile_is_not_decided(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("affairs")
    move = (
        sa.update(Student)
        .where(Student.id == world.students[NUMBER])
        .values(department_id=world.departments["地球科学学院"])
    )
    with ThreadPoolExecutor(1) as pool:
        with held(world, move):
            asked = pool.submit(decide, client, world, "学工审核", "REFUSE")
        assert asked.result() == {"code": "NOT_FOUND"}
    assert world.entries() == []


def test_a_request_that_runs_while_its_session_ends_is_done_and_is_the_last(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("library")
    lock = (
        sa.select(Clearance.student_id)
        .where(Clearance.student_id == world.students[NUMBER])
        .with_for_update()
    )
    with ThreadPoolExecutor(1) as pool:
        with held(world, lock):
            asked = pool.submit(decide, client, world, LIBRARY)
            wait_for_a_waiter(world)
            left = client.query("mutation { signOut { __typename } }")
        assert left == {"signOut": {"__typename": "Viewer"}}
        assert asked.result() == {"status": "PASSED", "version": 2}
    assert decide(client, world, LIBRARY) == {"code": "UNAUTHENTICATED"}


def wait_for_a_waiter(world: World) -> None:
    with held(world, sa.select(sa.literal(1))):
        pass


def test_one_file_that_is_imported_twice_at_once_decides_once(
    world: World, sign_in: SignIn, worker: None, tmp_path: Path
) -> None:
    client = sign_in("supervisor")
    rows = [("学号", "办理结果"), *((number, "通过") for number in world.students)]
    file = client.upload(xlsx(tmp_path / "a.xlsx", rows).read_bytes())
    checkpoint = world.checkpoint(SUPERVISOR)
    with ThreadPoolExecutor(2) as pool:
        started = list(
            pool.map(lambda _: client.import_file(file, checkpoint, again=True), range(2))
        )
    jobs = [client.finished(job["id"]) for job in started]
    assert sorted((job["applied"], job["unchanged"]) for job in jobs) == [(0, 6), (6, 0)]
    assert len(world.entries()) == 6


def test_batches_over_the_same_students_in_opposite_order_do_not_lock_each_other_out(
    world: World, sign_in: SignIn
) -> None:
    document = """mutation($input: BatchRequest!) { decideMany(input: $input) {
      ... on Job { applied unchanged failed } ... on Refused { code } } }"""
    numbers = world.add_students(200)
    client = sign_in("library")

    def batch(place: int) -> Any:
        given = {"checkpoint": world.checkpoint(LIBRARY), "act": "PASS"}
        listed = numbers if place % 2 else numbers[::-1]
        return client.query(document, input=given | {"select": {"numbers": listed}})["decideMany"]

    with ThreadPoolExecutor(4) as pool:
        jobs = list(pool.map(batch, range(8)))
    assert sorted(job["applied"] for job in jobs) == [0] * 7 + [200]
    assert {job["failed"] for job in jobs} == {0}
    assert len(world.entries()) == 200
