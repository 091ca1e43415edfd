"""A file of operators that waits: rights count at the act, and passwords are seen by nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import models
from domain import ids, jobs
from domain.ids import Noun
from domain.staffing import hiring
from domain.staffing.hiring import Passwords
from models import Operator, Role
from tests.client import Client
from tests.people import promote
from tests.schema.test_sign_in import try_in
from tests.scope.conftest import Paused
from tests.tasks.operator_files import (
    CHECKPOINT,
    DEPARTMENT,
    SECRET,
    START,
    counts,
    held,
    start,
)
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def test_a_queued_job_that_is_cancelled_takes_its_file_with_it(
    world: World, head: Client, tmp_path: Path, paused: Paused
) -> None:
    cancel = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
    row = ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "")
    with paused():
        job = start(world, head, tmp_path, row)["id"]
        assert head.query(cancel, job=job) == {"cancelJob": {"status": "CANCELLED"}}
    with world.database.write() as session:
        assert session.scalars(sa.select(models.File.id)).all() == []


def test_a_right_that_is_taken_away_while_the_job_waits_ends_it(
    world: World, head: Client, sign_in: SignIn, tmp_path: Path, paused: Paused
) -> None:
    row = ("library", "", "", DEPARTMENT, "", "", "")
    admin = sign_in("admin")
    with paused():
        job = start(world, admin, tmp_path, row)["id"]
        with world.database.write() as session:
            session.get_one(Operator, world.people["admin"]).is_disabled = True
    ended = head.finished(job)
    assert (ended["status"], ended["problem"]["code"]) == ("FAILED", "FORBIDDEN")
    assert len(held(world, "library")) == 1


def test_an_upload_with_passwords_is_seen_by_nobody_else(
    world: World, head: Client, sign_in: SignIn, tmp_path: Path, paused: Paused
) -> None:
    row = ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "")
    admin = sign_in("admin")
    asked = "query($id: ID!) { job(id: $id) { upload { url } } }"
    with paused():
        job = start(world, head, tmp_path, row)["id"]
        url = head.query(asked, id=job)["job"]["upload"]["url"]
        assert admin.query(asked, id=job) == {"job": {"upload": None}}
        assert admin.http.get(url).status_code == 404
        stolen = admin.query(START, file=url.rpartition("/")[2], scheme=world.scheme)
        assert stolen["startOperatorImport"]["code"] == "NOT_FOUND"
        assert head.http.get(url).status_code == 200
    assert head.finished(job)["applied"] == 1


def test_a_job_goes_on_after_the_death_of_its_worker_and_reads_the_passwords_again(
    world: World, head: Client, tmp_path: Path, paused: Paused, anonymous: Client
) -> None:
    rows = [
        (f"new{place:03d}", f"新人{place}", SECRET, CHECKPOINT, LIBRARY, "", "")
        for place in range(3)
    ]
    with paused():
        job = start(world, head, tmp_path, *rows)["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
        told = head.query("query($id: ID!) { job(id: $id) { phase staged total } }", id=job)["job"]
        assert told == {"phase": "APPLYING", "staged": 3, "total": 3}
    ended = head.finished(job)
    assert counts(ended) == (3, 3, 0, 0, 0)
    assert [held(world, f"new{place:03d}") for place in range(3)] == [
        [(Role.CHECKPOINT_OPERATOR, LIBRARY, None, False)]
    ] * 3
    assert try_in(anonymous, "new002", SECRET)["viewer"]["login"] == "new002"


def die_after_staging(world: World, job_id: int, path: Path) -> None:
    """What a worker does that dies with the passwords in its memory; its lease has run out."""
    with world.database.write() as session:
        job = jobs.claim(session, job_id)
        assert job
        source = hiring.source(session, job, path)
    for sheet in hiring.read_sheets(path, source, on_wait=lambda: None):
        with world.database.write() as session:
            hiring.stage(session, job_id, job.token, sheet, Passwords())
    with world.database.write() as session:
        hiring.finish_staging(session, job_id, job.token)
        session.execute(sa.update(models.Job).values(lease_until=None))


def test_a_cancelled_job_leaves_the_rest_unprocessed_and_no_file_behind(
    world: World, head: Client, tmp_path: Path, paused: Paused
) -> None:
    row = ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "")
    cancel = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
    with paused():
        job = start(world, head, tmp_path, row)["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
        assert head.query(cancel, job=job) == {"cancelJob": {"status": "RUNNING"}}
    ended = head.finished(job)
    assert (ended["status"], counts(ended)) == ("CANCELLED", (1, 0, 0, 0, 1))
    assert held(world, "wangwu") == []
    with world.database.write() as session:
        assert session.scalars(sa.select(models.FileChunk.content)).all() == []
