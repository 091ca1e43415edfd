"""A small schema behind the HTTP face of GraphQL, and its server."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from schema.limits import EXTENSIONS
from web import graphiql
from web.graphql import GraphQLOverHttp

JSON = "application/json; charset=utf-8"
GRAPHQL = "application/graphql-response+json"
BODY_BYTES = 64 * 1024


class Context:
    """Tells how often it was made and closed, and lets a test stop an operation halfway."""

    def __init__(self) -> None:
        self.closed = 0
        self.entered = asyncio.Event()
        self.is_open = True

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.closed += 1


@strawberry.input
class Filter:
    """Nests in itself."""

    negated: "Filter | None" = None


@strawberry.type
class Query:
    """What the tests ask."""

    @strawberry.field
    def greeting(self, name: str = "离校") -> str:
        return f"你好，{name}"

    @strawberry.field
    def matches(self, where: Filter) -> bool:
        return where.negated is None

    @strawberry.field
    def required(self) -> int:
        raise ValueError("no such number")

    @strawberry.field
    async def endless(self, info: strawberry.Info[Context, None]) -> int:
        info.context.entered.set()
        await asyncio.Event().wait()
        return 0


@strawberry.type
class Mutation:
    """What GET may not do."""

    @strawberry.mutation
    def increase(self, number: int) -> int:
        return number + 1


SCHEMA = strawberry.Schema(Query, Mutation, extensions=EXTENSIONS)


@dataclass(frozen=True)
class Service:
    """A server of the schema above, and the contexts it made."""

    url: str
    client: httpx2.Client
    made: list[Context]

    def post(self, body: object, accept: str = "application/json") -> httpx2.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": accept}
        return self.client.post("/graphql", content=content, headers=headers)


def application(context_for: Callable[[Request], Context]) -> Starlette:
    endpoint = GraphQLOverHttp(SCHEMA, context_for, body_bytes=BODY_BYTES)
    return Starlette(routes=[Route("/graphql", endpoint), *graphiql.routes()])


def errors(response: httpx2.Response) -> list[str]:
    """The messages of a well-formed answer without data."""
    content = response.json()
    assert set(content) == {"errors"}
    return [error["message"] for error in content["errors"]]
