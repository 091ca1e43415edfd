"""Stock Strawberry as its documentation shows it: the ORM, a DataLoader, the ASGI view as it is.

On Lixiao's own tables; it authorises nobody. `uvicorn --factory
benchmarks.peers.stock:from_environment`, with DATABASE_URL.
"""

import datetime as dt
import os
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
import strawberry
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

import models

Sessions = async_sessionmaker[AsyncSession]
Info = strawberry.Info[dict[str, Any], None]
for _kind in (models.ClearanceStatus, models.Gender, models.Cohort):
    strawberry.enum(_kind)


@strawberry.type
class Clearance:
    """One of a student's clearances."""

    status: models.ClearanceStatus
    remark: str
    version: int
    decided_at: dt.datetime | None


@strawberry.type
class Student:
    """A student with their clearances."""

    id: strawberry.ID
    number: str | None
    id_number: str | None
    name: str
    gender: models.Gender | None
    entry_year: int | None
    cohort: models.Cohort
    category: str | None
    major: str | None
    class_name: str | None

    @strawberry.field
    async def clearances(self, info: Info) -> list[Clearance]:
        """At every checkpoint."""
        found: list[Clearance] = await info.context["clearances"].load(self.id)
        return found


@strawberry.type
class Students:
    """A page."""

    nodes: list[Student]


@strawberry.type
class Query:
    """A page and a student."""

    @strawberry.field
    async def students(
        self, info: Info, scheme: strawberry.ID, department: strawberry.ID, first: int
    ) -> Students:
        """The first ones of a department by number."""
        statement = (
            sa.select(models.Student)
            .where(models.Student.scheme_id == int(scheme))
            .where(models.Student.department_id == int(department))
            .order_by(sa.func.coalesce(models.Student.number, ""), models.Student.id)
            .limit(first)
        )
        async with info.context["sessions"]() as session:
            return Students(nodes=list(await session.scalars(statement)))

    @strawberry.field
    async def student(self, info: Info, scheme: strawberry.ID, number: str) -> Student | None:
        """The one with this number."""
        statement = sa.select(models.Student).where(
            models.Student.scheme_id == int(scheme), models.Student.number == number
        )
        async with info.context["sessions"]() as session:
            found: Student | None = await session.scalar(statement)
            return found


class Server(GraphQL[dict[str, Any], None]):
    """The stock view with a loader for each request."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(strawberry.Schema(Query))
        self._sessions = sessions

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        """What the resolvers need."""
        return {
            "request": request,
            "response": response,
            "sessions": self._sessions,
            "clearances": DataLoader(load_fn=self._clearances),
        }

    async def _clearances(self, student_ids: list[int]) -> list[list[models.Clearance]]:
        statement = sa.select(models.Clearance).where(models.Clearance.student_id.in_(student_ids))
        of: defaultdict[int, list[models.Clearance]] = defaultdict(list)
        async with self._sessions() as session:
            for each in await session.scalars(statement):
                of[each.student_id].append(each)
        return [of[student_id] for student_id in student_ids]


def from_environment() -> Server:
    """For uvicorn."""
    engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=8)
    return Server(async_sessionmaker(engine, expire_on_commit=False))
