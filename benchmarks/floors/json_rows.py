"""The least that can answer: Starlette, one statement of fixed SQL, its JSON passed through.

No GraphQL, no authorisation, nothing selected. `uvicorn --factory
benchmarks.floors.json_rows:from_environment`, with PostgreSQL's own PG variables.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import orjson
import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_CONNECTIONS = 8
_ONE = """
SELECT json_build_object('data', json_build_object('student', row_to_json(s)))::text
FROM (SELECT id, number, name, major, class_name AS "className"
      FROM students WHERE scheme_id = %(scheme)s AND number = %(number)s) s
"""
_LIST = """
SELECT json_build_object('data',
  json_build_object('students', json_build_object('nodes', json_agg(s))))::text
FROM (
  SELECT id, number, id_number AS "idNumber", name, gender, entry_year AS "entryYear", cohort,
    category, major, class_name AS "className", c.clearances
  FROM students CROSS JOIN LATERAL (
    SELECT json_agg(x) AS clearances
    FROM (SELECT status, remark, version, decided_at AS "decidedAt"
          FROM clearances WHERE student_id = students.id) x) c
  WHERE scheme_id = %(scheme)s AND department_id = %(department)s
  ORDER BY coalesce(number, ''), id LIMIT 50) s
"""


class Answers:
    """Fixed statements over a few connections that are kept open."""

    def __init__(self) -> None:
        self._free: asyncio.LifoQueue[psycopg.AsyncConnection] = asyncio.LifoQueue()

    @contextlib.asynccontextmanager
    async def connected(self, _app: Starlette) -> AsyncIterator[None]:
        """While the server runs."""
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(_CONNECTIONS):
                opening = await psycopg.AsyncConnection.connect(autocommit=True)
                self._free.put_nowait(await stack.enter_async_context(opening))
            yield

    async def give(self, request: Request) -> Response:
        """One student if a number is given, else the first 50 of a department."""
        values = orjson.loads(await request.body())["variables"]
        connection = await self._free.get()
        try:
            statement = _ONE if "number" in values else _LIST
            cursor = await connection.execute(statement, values, prepare=True)
            [text] = await cursor.fetchone() or [""]
        finally:
            self._free.put_nowait(connection)
        return Response(text, media_type="application/json")


def from_environment() -> Starlette:
    """For uvicorn."""
    answers = Answers()
    return Starlette(
        routes=[Route("/graphql", answers.give, methods=["POST"])], lifespan=answers.connected
    )
