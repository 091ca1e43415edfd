"""The same file twice: one import, unless it did not do what it was asked for."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import Job, Operator
from tests import workbooks
from tests.client import Client
from tests.locks import wait_for_locks
from tests.world import AFFAIRS, LIBRARY, World

HEADER = ("学号", "姓名", "办理结果")
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    rows = [HEADER, ("2020010101", "张思", "通过")]
    return workbooks.xlsx(tmp_path / "a.xlsx", rows).read_bytes()


def count(world: World) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Job)).one()


def test_the_same_bytes_asked_for_alike_are_one_job(
    admin: Client, world: World, content: bytes
) -> None:
    first = admin.start_import(content, world.checkpoint(LIBRARY))
    again = admin.start_import(content, world.checkpoint(LIBRARY))
    assert again["id"] == first["id"]
    assert count(world) == 1


@pytest.mark.parametrize(
    ("checkpoint", "options"),
    [
        (LIBRARY, {"dryRun": True}),
        (LIBRARY, {"matchBy": "STUDENT_NUMBER"}),
        (LIBRARY, {"ifNewer": "OVERRIDE"}),
        (LIBRARY, {"again": True}),
        (AFFAIRS, {}),
    ],
)
def test_other_options_another_checkpoint_or_insisting_make_another_job(
    admin: Client, world: World, content: bytes, checkpoint: str, options: dict[str, Any]
) -> None:
    first = admin.start_import(content, world.checkpoint(LIBRARY))
    other = admin.start_import(content, world.checkpoint(checkpoint), **options)
    assert other["id"] != first["id"]
    assert count(world) == 2


def test_another_file_or_another_person_makes_another_job(
    admin: Client, sign_in: Callable[[str], Client], world: World, content: bytes
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    jobs = [
        admin.start_import(content, checkpoint)["id"],
        admin.start_import(content + b"\0", checkpoint)["id"],
        sign_in("library").start_import(content, checkpoint)["id"],
    ]
    assert len(set(jobs)) == 3


def test_what_was_cancelled_is_imported_anew(admin: Client, world: World, content: bytes) -> None:
    first = admin.start_import(content, world.checkpoint(LIBRARY))["id"]
    admin.query(CANCEL, job=first)
    assert admin.start_import(content, world.checkpoint(LIBRARY))["id"] != first


@pytest.mark.usefixtures("worker")
def test_what_failed_is_imported_anew_and_what_ended_well_is_answered(
    admin: Client, world: World, content: bytes
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    failed = admin.run_import(b"x", checkpoint)["id"]
    done = admin.run_import(content, checkpoint)["id"]
    assert admin.start_import(b"x", checkpoint)["id"] != failed
    assert admin.start_import(content, checkpoint) == {"id": done, "status": "FINISHED"}


def test_of_two_at_once_the_second_gets_the_job_of_the_first(
    admin: Client, world: World, content: bytes
) -> None:
    files = [admin.upload(content) for _ in range(2)]
    answers: list[Any] = []

    def start(file: str) -> None:
        answers.append(admin.import_file(file, world.checkpoint(LIBRARY)))

    with world.database.write() as session:
        held = sa.select(Operator.id).where(Operator.id == world.people["admin"])
        session.execute(held.with_for_update(key_share=True))
        threads = [threading.Thread(target=start, args=(file,)) for file in files]
        for thread in threads:
            thread.start()
        wait_for_locks(session, 2)
    for thread in threads:
        thread.join()
    assert answers[0]["id"] == answers[1]["id"]
    assert count(world) == 1
