"""Who waits for whom: small work goes past large work, and operators take turns."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain import job_queues, jobs
from models import Job, JobQueue
from tests import workbooks
from tests.client import Client
from tests.desk import repaired
from tests.scope.conftest import Paused, paused
from tests.world import LIBRARY, World

__all__ = ["paused"]

HEADER = ("学号", "姓名", "办理结果")
TOLD = "query($id: ID!) { job(id: $id) { status queue queuePlace startedAt } }"
LIST = "{ jobs(first: 10) { nodes { id queuePlace } } }"
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status queuePlace } } }"
EXPORT = "mutation($where: StudentFilter!) { startExport(where: $where) { ... on Job { id } } }"


def large(name: str) -> bytes:
    """A row that names the first student so, in a file that is no small work."""
    lines = ["学号,姓名,办理结果,说明", f"2020010101,{name},通过,"]
    fill = "," * 3 + "x" * 30_000
    lines += [fill] * (job_queues.SMALL_BYTES // 30_000 + 1)
    return "\n".join(lines).encode()


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    rows = [HEADER, ("2020010101", "张思", "通过")]
    return workbooks.xlsx(tmp_path / "a.xlsx", rows).read_bytes()


def start(client: Client, world: World, content: bytes) -> str:
    answer = client.start_import(content, world.checkpoint(LIBRARY), again=True)
    return str(answer["id"])


def told(client: Client, job: str) -> Any:
    return client.query(TOLD, id=job)["job"]


def test_a_job_that_waits_shows_its_place_which_moves_up(
    sign_in: Callable[[str], Client], world: World, paused: Paused, content: bytes
) -> None:
    admin = sign_in("admin")
    with paused():
        first, second = (start(sign_in("library"), world, content) for _ in range(2))
        third = start(admin, world, content)
        large = admin.query(EXPORT, where={"scheme": world.scheme})["startExport"]["id"]
        assert [told(admin, job)["queuePlace"] for job in (first, second, third)] == [1, 2, 3]
        assert told(admin, large) == {
            "status": "QUEUED", "queue": "BULK", "queuePlace": 1, "startedAt": None,
        }  # fmt: skip
        cancelled = admin.query(CANCEL, job=first)["cancelJob"]
        assert cancelled == {"status": "CANCELLED", "queuePlace": None}
        assert admin.query(LIST)["jobs"]["nodes"] == [
            {"id": large, "queuePlace": 1},
            {"id": third, "queuePlace": 2},
            {"id": second, "queuePlace": 1},
            {"id": first, "queuePlace": None},
        ]
    for job in (second, third, large):
        assert admin.finished(job)["status"] == "FINISHED"
        assert told(admin, job)["queuePlace"] is None


def test_one_office_with_many_files_keeps_nobody_waiting_for_all_of_them(
    sign_in: Callable[[str], Client], world: World, paused: Paused, content: bytes
) -> None:
    """One worker process; the messages of the many come first."""
    admin = sign_in("admin")
    with paused():
        many = [start(sign_in("library"), world, content) for _ in range(6)]
        one = start(admin, world, content)
    for job in (*many, one):
        assert admin.finished(job)["status"] == "FINISHED"
    began = sorted((told(admin, job)["startedAt"], job) for job in (*many, one))
    assert [job for _, job in began] == [many[0], one, *many[1:]]


def test_small_work_goes_past_large_work_that_waits(
    sign_in: Callable[[str], Client], world: World, paused: Paused, content: bytes
) -> None:
    admin = sign_in("admin")
    with paused():
        bulk = [start(admin, world, large("张思")) for _ in range(2)]
        small = start(sign_in("library"), world, content)
        queues = [told(admin, job)["queue"] for job in (*bulk, small)]
        assert queues == ["BULK", "BULK", "INTERACTIVE"]
    for job in (*bulk, small):
        assert admin.finished(job)["status"] == "FINISHED"
    began = sorted((told(admin, job)["startedAt"], job) for job in (*bulk, small))
    assert [job for _, job in began] == [small, *bulk]


@pytest.fixture
def waiting(world: World) -> Callable[[str], int]:
    """One more job of a person that waits in the interactive queue."""

    def add(login: str) -> int:
        with world.database.write() as session:
            job = Job(
                kind="BATCH",
                operator_id=world.people[login],
                scheme_id=world.scheme_id,
                queue=JobQueue.INTERACTIVE,
            )
            return jobs.queue(session, job).id

    return add


def following(world: World, limit: int = 1) -> int | None:
    with world.database.write() as session:
        turn = job_queues.following(session, JobQueue.INTERACTIVE, limit)
        return turn.id if turn else None


def claim(world: World, job_id: int) -> None:
    with world.database.write() as session:
        assert jobs.claim(session, job_id)


def test_an_operator_has_no_more_jobs_running_than_the_limit(
    world: World, waiting: Callable[[str], int]
) -> None:
    first, second, third = (waiting("library") for _ in range(3))
    assert following(world) == first
    claim(world, first)
    assert following(world) is None
    assert following(world, limit=2) == second
    claim(world, second)
    assert following(world, limit=2) is None
    other = waiting("affairs")
    assert following(world, limit=2) == other
    with world.database.write() as session:
        session.execute(
            sa.text("UPDATE jobs SET status = 'FINISHED' WHERE id = :id"), {"id": first}
        )
    claim(world, other)
    assert following(world, limit=2) == third


def test_who_lets_old_jobs_go_on_has_been_served_too(
    world: World, waiting: Callable[[str], int]
) -> None:
    """A job that goes on after it had ended keeps its first start."""
    first, second = waiting("library"), waiting("library")
    other = waiting("affairs")
    old = sa.text("UPDATE jobs SET started_at = now() - interval '1 day' WHERE operator_id = :id")
    served = sa.text("UPDATE jobs SET started_at = now() - interval '1 hour' WHERE id = :id")
    ended = sa.text("UPDATE jobs SET status = 'FINISHED', finished_at = now() WHERE id = :id")
    with world.database.write() as session:
        session.execute(old, {"id": world.people["library"]})
        session.execute(served, {"id": other})
    assert following(world) == first
    with world.database.write() as session:
        session.execute(ended, {"id": first})
    assert following(world) == other
    assert second


def test_the_worker_that_died_with_a_job_does_not_count_for_ever(
    world: World, waiting: Callable[[str], int]
) -> None:
    first, second = waiting("library"), waiting("library")
    claim(world, first)
    with world.database.write() as session:
        session.execute(
            sa.text("UPDATE jobs SET lease_until = now() WHERE id = :id"), {"id": first}
        )
    assert following(world) == second


def test_of_two_workers_that_take_a_job_at_once_one_waits_for_the_other(
    world: World, waiting: Callable[[str], int]
) -> None:
    waiting("library")
    waiting("library")
    taken: list[int | None] = []

    def take() -> None:
        with world.database.write() as session:
            job_queues.hold(session, JobQueue.INTERACTIVE)
            turn = job_queues.following(session, JobQueue.INTERACTIVE, 1)
            if turn:
                jobs.claim(session, turn.id)
            taken.append(turn.id if turn else None)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each is None for each in taken) == [False, True]


def test_a_job_goes_on_as_small_work_when_few_rows_are_judged_again(
    sign_in: Callable[[str], Client], world: World, worker: None
) -> None:
    client = sign_in("library")
    job = client.run_import(large("李四"), world.checkpoint(LIBRARY))
    assert (told(client, job["id"])["queue"], job["failed"]) == ("BULK", 10)
    after = repaired(client, job["id"], (2, "B", "张思"))
    assert told(client, job["id"])["queue"] == "INTERACTIVE"
    assert (after["applied"], after["failed"]) == (1, 9)
