"""The connections of plans: what they take of a URL, and in which state they are given on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Student
from models.database import Database
from models.readers import Readers, Unread
from settings import Settings
from tests.world import World

NAME = "SELECT current_setting('application_name')"
SLOW = "SELECT 1, pg_sleep(60)"


def reading(url: str, work: Callable[[Readers], Awaitable[Any]]) -> Any:
    """What is done with one connection."""

    async def run() -> Any:
        readers = Readers(url, connections=1)
        try:
            return await work(readers)
        finally:
            await readers.close()

    return asyncio.run(run())


def test_a_url_may_say_what_only_libpq_knows(values: Settings, migrated: Database) -> None:
    more = {"connect_timeout": "3", "keepalives_idle": "30", "application_name": "here"}
    url = sa.make_url(values.database_url).update_query_dict(more)

    async def named(readers: Readers) -> Any:
        return await readers.select([(NAME, ())])

    assert reading(url.render_as_string(hide_password=False), named) == [[("here",)]]


def test_several_statements_see_one_state(values: Settings, world: World) -> None:
    count = ("SELECT count(*) FROM students WHERE name = $1", ("改名",))

    async def twice(readers: Readers) -> Any:
        both = asyncio.ensure_future(readers.select([count, ("SELECT pg_sleep(1)", ()), count]))
        await asyncio.sleep(0.3)
        with world.database.write() as session:
            session.execute(sa.update(Student).values(name="改名"))
        [[before], _, [after]] = await both
        [[[later]]] = await readers.select([count])
        return before[0], after[0], later

    assert reading(values.database_url, twice) == (0, 0, len(world.students))


def test_they_cannot_write(values: Settings, migrated: Database) -> None:
    async def written(readers: Readers) -> None:
        await readers.select([("DELETE FROM students", ())])

    with pytest.raises(Unread, match="ReadOnlySQLTransactionError"):
        reading(values.database_url, written)


def test_who_was_cancelled_leaves_nothing_to_the_next(values: Settings, world: World) -> None:
    async def cancelled(readers: Readers) -> Any:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(readers.select([(SLOW, ())]), 0.2)
        return await readers.select([("SELECT 2", ())])

    assert reading(values.database_url, cancelled) == [[(2,)]]
