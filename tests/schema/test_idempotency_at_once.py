"""The same key from several requests at the same time, and from one after a fault."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.configuration import schemes
from models import IdempotencyKey, Student
from tests.client import Client
from tests.keys import KEY, under
from tests.people import together
from tests.schema import enrolling
from tests.schema.configuring import at_once, await_waiting, held
from tests.world import World

CREATE = under(KEY, enrolling.DOCUMENTS["createStudent"])
DAY = dt.timedelta(hours=24)
# Of the requests that wait, the one that has the key waits for the scheme.
WAITS_FOR_THE_SCHEME = sa.text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND query LIKE '%FROM schemes%'"
)


@pytest.fixture
def create(admin: Client, world: World) -> Callable[..., Any]:
    """createStudent under the key."""

    def ask(**fields: Any) -> Any:
        return admin.query(CREATE, **enrolling.new(world, **fields))["createStudent"]

    return ask


def enrolled(world: World) -> int:
    """How many students are new."""
    with world.database.write() as session:
        found = session.scalars(sa.select(sa.func.count()).select_from(Student)).one()
        return found - len(world.students)


def test_many_at_once_do_it_once(create: Callable[..., Any], world: World) -> None:
    answers = together(lambda _place: create(), 6)
    assert answers[0]["number"] == "2020990001"
    assert answers == answers[:1] * 6
    assert enrolled(world) == 1


def test_who_asks_while_the_first_is_at_work_waits_for_its_answer(
    create: Callable[..., Any], world: World, pool: ThreadPoolExecutor
) -> None:
    first, again, third = at_once(world, pool, create, create, create)
    assert first["number"] == "2020990001"
    assert first == again == third
    assert enrolled(world) == 1


def test_who_asks_for_something_else_meanwhile_is_refused(
    create: Callable[..., Any], world: World, pool: ThreadPoolExecutor
) -> None:
    answers = at_once(world, pool, create, lambda: create(number="2020990002"))
    codes = {answer.get("code") for answer in answers}
    assert codes == {None, "IDEMPOTENCY_KEY_REUSED"}
    assert enrolled(world) == 1


def test_an_expired_key_is_taken_anew_once(create: Callable[..., Any], world: World) -> None:
    create(name="")
    with world.database.write() as session:
        session.execute(sa.update(IdempotencyKey).values(created_at=sa.func.now() - DAY))
    answers = together(lambda _place: create(), 4)
    assert answers[0]["number"] == "2020990001"
    assert answers == answers[:1] * 4
    assert enrolled(world) == 1


def test_after_a_fault_whoever_waits_does_it_and_a_repeat_gets_that_answer(
    admin: Client, world: World, pool: ThreadPoolExecutor, create: Callable[..., Any]
) -> None:
    def lock(session: Session) -> object:
        return schemes.lock(session, world.scheme_id)

    def ask() -> Any:
        return admin.execute(CREATE, **enrolling.new(world))

    with held(world, lock):
        asked = [pool.submit(ask), pool.submit(ask)]
        await_waiting(world, 2)
        end_the_one_at_work(world)
    answers = sorted((each.result() for each in asked), key=lambda answer: "errors" in answer)
    assert answers[1]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert answers[0]["data"]["createStudent"]["number"] == "2020990001"
    assert create() == answers[0]["data"]["createStudent"]
    assert enrolled(world) == 1


def end_the_one_at_work(world: World) -> None:
    """Its connection breaks in the middle of its transaction."""
    with world.database.write() as session:
        [pid] = session.scalars(WAITS_FOR_THE_SCHEME).all()
        session.execute(sa.select(sa.func.pg_terminate_backend(pid)))
    deadline = time.monotonic() + 10
    while True:
        with world.database.write() as session:
            # The next one has the key and waits for the scheme.
            if session.scalars(WAITS_FOR_THE_SCHEME).all() not in ([], [pid]):
                return
        assert time.monotonic() < deadline, "nobody took the key over"
        time.sleep(0.01)
