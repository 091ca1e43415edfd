"""Acts of a file of operators beside deaths of the worker, sign-ins and mutations at once."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import models
from domain import ids, jobs
from domain.ids import Noun
from domain.staffing import grants, hiring_batches, sessions
from domain.staffing.hiring import Passwords
from models import Job, JobRow, Operator
from tests.client import Client
from tests.people import promote, public, together
from tests.schema.hiring import RESET, by
from tests.schema.test_sign_in import try_in
from tests.scope.conftest import Paused
from tests.scope.test_operator_uploads import die_after_staging
from tests.tasks.operator_files import ACTS, SECRET, counts, disabled, held, start, told
from tests.world import World

SignIn = Callable[[str], Client]
RESETS = ("账号", "操作", "初始密码")


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


def add_people(world: World, count: int) -> list[str]:
    with world.database.write() as session:
        people = [Operator(login=f"new{place:03d}", name="新人") for place in range(count)]
        session.add_all(people)
        session.flush()
        world.people |= {each.login: each.id for each in people}
    return [each.login for each in people]


def test_a_job_goes_on_after_a_death_between_two_batches(
    world: World, head: Client, tmp_path: Path, paused: Paused, anonymous: Client
) -> None:
    logins = add_people(world, hiring_batches.BATCH_ROWS)
    rows = [(login, "停用", "") for login in logins]
    rows += [("new000", "停用", ""), ("library", "重置密码", SECRET), ("new001", "启用", "")]
    with paused():
        job = start(world, head, tmp_path, *rows, header=RESETS)["id"]
        job_id = ids.decode(job, Noun.JOB)
        die_after_staging(world, job_id, tmp_path / "bytes")
        die_after_a_batch(world, job_id)
        assert disabled(world) == logins
        # What somebody does meanwhile stays: the file said so once.
        assert head.query(by("enableOperator"), operator=public(world, "new000"))
    ended = head.finished(job)
    assert counts(ended) == (103, 102, 1, 0, 0)
    with world.database.write() as session:
        last = sa.select(JobRow.outcome, JobRow.code).order_by(JobRow.row_number.desc()).limit(3)
        assert [tuple(row) for row in session.execute(last)] == [
            ("APPLIED", None),
            ("APPLIED", None),
            ("UNCHANGED", "DUPLICATE_ROW"),
        ]
    assert disabled(world) == logins[2:]
    assert try_in(anonymous, "library", SECRET)["viewer"]["login"] == "library"


def die_after_a_batch(world: World, job_id: int) -> None:
    with world.database.write() as session:
        claimed = jobs.claim(session, job_id)
        assert claimed
    with world.database.write() as session:
        assert hiring_batches.apply(session, job_id, claimed.token, Passwords(), {})
        session.execute(sa.update(Job).values(lease_until=None))


def test_rows_that_were_staged_before_there_were_acts_grant(
    world: World, head: Client, tmp_path: Path, paused: Paused
) -> None:
    row = ("library", "", "", "系统管理员", "", "", "")
    with paused():
        job = start(world, head, tmp_path, row)["id"]
        die_after_staging(world, ids.decode(job, Noun.JOB), tmp_path / "bytes")
        with world.database.write() as session:
            session.execute(sa.text("UPDATE job_rows SET record = record - 'act'"))
    assert told(head.finished(job)) == [(2, "APPLIED", None)]
    assert held(world, "library")[1] == ("ADMINISTRATOR", None, None, False)


@pytest.mark.parametrize(
    ("act", "password"), [("重置密码", SECRET), ("停用", ""), ("退出登录", "")]
)
def test_a_sign_in_that_was_let_through_does_not_outlive_the_act(
    world: World, head: Client, tmp_path: Path, worker: None, act: str, password: str
) -> None:
    with world.database.write() as session:
        sessions.hold_login(session, "library")
        row = ("library", act, password)
        job = start(world, head, tmp_path, row, header=RESETS)["id"]
        wait_for_somebody_to_wait(world, "advisory")
        sessions.open_for(session, world.people["library"], dt.timedelta(hours=1))
    assert told(head.finished(job)) == [(2, "APPLIED", None)]
    with world.database.write() as session:
        mine = models.Session.operator_id == world.people["library"]
        assert session.scalars(sa.select(models.Session).where(mine)).all() == []


def wait_for_somebody_to_wait(world: World, kind: str) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = :kind AND NOT granted")
    deadline = time.monotonic() + 10
    with world.database.engine.connect() as connection:
        while not connection.execute(waiting, {"kind": kind}).scalar_one():
            assert time.monotonic() < deadline, "the job does not wait"
            time.sleep(0.02)


def test_a_file_that_waits_for_a_single_act_holds_nothing_that_this_needs(
    world: World, head: Client, tmp_path: Path, worker: None
) -> None:
    rows = [(login, "停用") for login in add_people(world, 3)]
    with world.database.write() as session:
        grants.lock(session)
        job = start(world, head, tmp_path, *rows, header=ACTS)["id"]
        wait_for_somebody_to_wait(world, "relation")
        session.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        sessions.hold_login(session, "new001")
    assert counts(head.finished(job)) == (3, 3, 0, 0, 0)


def test_a_file_of_many_and_single_acts_at_once_do_not_wait_in_a_circle(
    world: World, head: Client, tmp_path: Path, worker: None, address: str
) -> None:
    logins = add_people(world, 40)
    rows = [(login, act) for act in ("停用", "启用", "退出登录") for login in reversed(logins)]
    jobs_of = [start(world, head, tmp_path, *rows, header=ACTS)["id"] for _ in range(2)]
    acts = ("disableOperator", "enableOperator", "endSessions", "resetPassword")
    tokens = [world.token("head") for _ in acts]

    def act(place: int) -> set[str | None]:
        # A password takes its time.
        chosen = logins[::8] if acts[place] == "resetPassword" else logins
        with Client(address, tokens[place]) as client:
            return {done(client, acts[place], public(world, login)) for login in chosen}

    assert together(act, len(acts)) == [{None}] * len(acts)
    for job in jobs_of:
        ended = head.finished(job)
        assert (ended["status"], ended["failed"]) == ("FINISHED", 0)
    with world.database.write() as session:
        # Nobody had to begin again.
        assert session.scalars(sa.select(Job.token)).all() == [1, 1]


def done(client: Client, act: str, operator: str) -> str | None:
    """The code of what a single act was refused with."""
    if act == "resetPassword":
        answer = client.query(RESET, operator=operator, password=SECRET)
    else:
        answer = client.query(by(act), operator=operator)
    code: str | None = answer[act].get("code")
    return code
