"""A file of first passwords that waits: who is in counts at the act, and nobody else sees it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import models
from domain import ids, jobs
from domain.ids import Noun
from domain.studying import passwords
from domain.studying.passwords import Passwords
from tests.client import Client
from tests.scope.conftest import Paused
from tests.studying import FIRST, try_in
from tests.tasks.operator_files import SignIn, counts, told
from tests.tasks.password_files import ONE, SECRET, START, THREE, TWO, accounts, start
from tests.world import World


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    """The administrator of the scheme."""
    return sign_in("admin")


def test_students_archived_since_the_file_was_read_are_not_let_in(
    world: World, admin: Client, tmp_path: Path, paused: Paused
) -> None:
    with paused():
        job = start(world, admin, tmp_path, (ONE, "", SECRET), (TWO, "", SECRET))["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
        archive = "mutation($id: ID!) { archiveStudent(student: $id) { __typename } }"
        admin.query(archive, id=world.student(ONE))
    ended = admin.finished(job)
    assert told(ended) == [(2, "FAILED", "STUDENT_NOT_FOUND"), (3, "APPLIED", None)]
    assert accounts(world) == {TWO: True}


def die_after_staging(world: World, job_id: int, path: Path) -> None:
    """What a worker does that dies with the passwords in its memory; its lease has run out."""
    known = Passwords()
    with world.database.write() as session:
        job = jobs.claim(session, job_id)
        assert job
        source = passwords.source(session, job, path)
    for part in passwords.read_sheets(path, source, on_wait=lambda: None):
        with world.database.write() as session:
            passwords.stage(session, job_id, job.token, part, known)
    with world.database.write() as session:
        passwords.finish_staging(session, job_id, job.token, known)
        session.execute(sa.update(models.Job).values(lease_until=None))


def test_a_job_goes_on_after_the_death_of_its_worker(
    world: World, admin: Client, anonymous: Client, tmp_path: Path, paused: Paused
) -> None:
    rows = [(ONE, "", SECRET), (TWO, "", SECRET), (ONE, "", SECRET), (THREE, "", SECRET)]
    rows.append((THREE, "", FIRST))
    with paused():
        job = start(world, admin, tmp_path, *rows)["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
    assert counts(admin.finished(job)) == (5, 2, 1, 2, 0)
    assert try_in(anonymous, TWO, SECRET)["me"]["number"] == TWO


def test_a_cancelled_job_leaves_nobody_in_and_no_file_behind(
    world: World, admin: Client, tmp_path: Path, paused: Paused
) -> None:
    cancel = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
    resume = "mutation($job: ID!) { resumeJob(job: $job) { ... on Refused { code } } }"
    with paused():
        job = start(world, admin, tmp_path, (ONE, "", SECRET))["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
        assert admin.query(cancel, job=job) == {"cancelJob": {"status": "RUNNING"}}
    ended = admin.finished(job)
    assert (ended["status"], counts(ended)) == ("CANCELLED", (1, 0, 0, 0, 1))
    assert accounts(world) == {}
    assert admin.query(resume, job=job) == {"resumeJob": {"code": "JOB_NOT_RESUMABLE"}}
    with world.database.write() as session:
        assert session.scalars(sa.select(models.File.id)).all() == []


def test_an_upload_with_passwords_is_seen_by_nobody_else(
    world: World, admin: Client, sign_in: SignIn, tmp_path: Path, paused: Paused
) -> None:
    world.hire("deputy", models.Role.ADMINISTRATOR)
    deputy = sign_in("deputy")
    asked = "query($id: ID!) { job(id: $id) { upload { url } } }"
    with paused():
        job = start(world, admin, tmp_path, (ONE, "", SECRET))["id"]
        url = admin.query(asked, id=job)["job"]["upload"]["url"]
        assert deputy.query(asked, id=job) == {"job": {"upload": None}}
        assert deputy.http.get(url).status_code == 404
        stolen = deputy.query(START, file=url.rpartition("/")[2], scheme=world.scheme)
        assert stolen["startPasswordsImport"]["code"] == "NOT_FOUND"
    assert admin.finished(job)["applied"] == 1
