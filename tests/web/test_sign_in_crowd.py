"""Many who try passwords at the same time do not keep those who are signed in from working."""

import dataclasses
import threading

import sqlalchemy as sa

import settings
from tests.client import Client
from tests.conftest import serving
from tests.world import World

SIGN_IN = 'mutation { signIn(login: "library", password: "guess") { __typename } }'
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('library'))"


def guess(address: str) -> None:
    with Client(address) as client:
        client.execute(SIGN_IN)


def await_guesses(world: World, count: int) -> None:
    """Until that many sign-ins stand at the lock of their login."""
    with world.database.write() as session:
        while session.execute(sa.text(WAITING)).scalar_one() < count:
            session.execute(sa.text("SELECT pg_sleep(0.02)"))


def test_sign_ins_leave_connections_to_everybody_else(
    values: settings.Settings, world: World
) -> None:
    few = dataclasses.replace(values, web_connections=8)
    with serving(few) as address, Client(address, world.token("affairs")) as client:
        client.http.timeout = 5
        guesses = [threading.Thread(target=guess, args=(address,)) for _ in range(12)]
        with world.database.write() as session:
            session.execute(sa.text(LOCK))
            for each in guesses:
                each.start()
            await_guesses(world, 2)
            answer = client.query("{ viewer { login } }")
        for each in guesses:
            each.join()
    assert answer == {"viewer": {"login": "affairs"}}
