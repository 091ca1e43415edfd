"""The HTTP face of the GraphQL API, as the GraphQL-over-HTTP specification has it."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from domain.errors import Code
from web import graphiql, media_types
from web.media_types import GRAPHQL, HTML, JSON

BODY_BYTES = 1024 * 1024
# U+0000 as GraphQL writes it; PostgreSQL cannot store it.
NUL = re.compile(r"\x00|\\u(0000|\{0+\})")
HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}
OPERATIONS = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}


class Closable(Protocol):
    """What an operation holds while it runs."""

    @property
    def is_open(self) -> bool:
        """Whether there is anything to give back."""

    async def close(self) -> None:
        """Give everything back; awaited once, however the operation ended."""


C = TypeVar("C", bound=Closable)
T = TypeVar("T")


class HttpRefusal(Exception):  # noqa: N818 -- an expected answer, not a fault
    """A request that is answered without an operation being run."""

    def __init__(
        self, status: int, message: str, *, code: Code | None = None, allow: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {"Allow": allow} if allow else {}
        extensions = {"extensions": {"code": code.value}} if code else {}
        self.content = {"errors": [{"message": message, **extensions}]}


@dataclass(frozen=True)
class Operation:
    """The parameters of a request, their types checked."""

    query: str
    variables: dict[str, Any] | None
    name: str | None
    extensions: dict[str, Any] | None


class GraphQLOverHttp(GraphQL[C, None], Generic[C]):
    """The endpoint of a Route. `context_for` makes the context of one operation."""

    def __init__(
        self,
        schema: BaseSchema,
        context_for: Callable[[Request], Awaitable[C] | C],
        *,
        body_bytes: int = BODY_BYTES,
    ) -> None:
        super().__init__(schema, subscription_protocols=())
        self._context_for = context_for
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; one whose client has gone is dropped."""
        try:
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        media_type = JSON
        try:
            _check_method(request)
            media_type = _negotiate(request)
            if media_type == HTML:
                return graphiql.page()
            operation = _operation(await self._parameters(request))
            _check_query(operation.query)
            result = await self._run(request, operation)
        except HttpRefusal as refusal:
            return _response(refusal.content, media_type, refusal.status, refusal.headers)
        return _result(result, media_type)

    async def _parameters(self, request: Request) -> object:
        if request.method == "GET":
            return _parameters_of_url(request)
        _check_content_type(request)
        return _json(await self._body(request), "The request body")

    async def _body(self, request: Request) -> bytes:
        """The body, never more of it than is allowed, whether its length was declared or not."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._body_bytes:
                raise HttpRefusal(
                    413,
                    f"The request body may have at most {self._body_bytes} bytes.",
                    code=Code.LIMIT_EXCEEDED,
                )
        return bytes(body)

    async def _run(self, request: Request, operation: Operation) -> ExecutionResult:
        made = self._context_for(request)
        context = await made if inspect.isawaitable(made) else made
        try:
            return await self._execute(request, operation, context)
        finally:
            # Shielded: a second cancellation must not keep a connection from being given back.
            if context.is_open:
                await asyncio.shield(context.close())

    async def _execute(self, request: Request, operation: Operation, context: C) -> ExecutionResult:
        try:
            return await self.schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
                allowed_operation_types=OPERATIONS[request.method],
                operation_extensions=operation.extensions,
            )
        except InvalidOperationTypeError as error:
            message = f"A {error.operation_type.value} cannot be sent by {request.method}."
            if error.operation_type is OperationType.MUTATION:
                raise HttpRefusal(405, message, allow="POST") from error
            raise HttpRefusal(400, message) from error
        except CannotGetOperationTypeError as error:
            name = error.operation_name
            unknown = f'Unknown operation named "{name}".' if name else "Must provide an operation."
            return ExecutionResult(data=None, errors=[GraphQLError(unknown)])


def _check_method(request: Request) -> None:
    if request.method not in OPERATIONS:
        raise HttpRefusal(405, "Use GET or POST.", allow="GET, POST")


def _check_content_type(request: Request) -> None:
    if not media_types.is_json(request.headers.get("content-type", "")):
        raise HttpRefusal(415, f"The content type of a POST must be {JSON}, in UTF-8.")


def _check_query(query: str) -> None:
    """GraphQL has escapes of its own."""
    if NUL.search(query):
        raise _nul()


def _nul() -> HttpRefusal:
    message = "The character U+0000 cannot be part of a text."
    return HttpRefusal(400, message, code=Code.INVALID_INPUT)


def _texts(value: object) -> Iterator[str]:
    """All of them, with a list for a stack: variables may nest deeper than calls can."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found


def _negotiate(request: Request) -> str:
    accept = ",".join(request.headers.getlist("accept")) or JSON
    media_type = media_types.of_answer(accept, request.method)
    if media_type is None:
        raise HttpRefusal(406, f"The answer can be {GRAPHQL} or {JSON}.")
    return media_type


def _parameters_of_url(request: Request) -> dict[str, object]:
    """An empty parameter of a URL is one that was not given."""
    given = {name: value for name, value in request.query_params.items() if value}
    return {
        name: _json(value.encode(), f"The parameter {name}")
        if name in {"variables", "extensions"}
        else value
        for name, value in given.items()
    }


def _json(text: bytes, name: str) -> object:
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HttpRefusal(400, f"{name} is not valid JSON: {error}.") from None
    # JSON has no NUL but as this escape, which another backslash before it makes a text.
    if b"\\u0000" in text and any("\0" in each for each in _texts(found)):
        raise _nul()
    return found


def _operation(parameters: object) -> Operation:
    if isinstance(parameters, list):
        raise HttpRefusal(400, "Batches are not supported; send one operation in a request.")
    if not isinstance(parameters, dict):
        raise HttpRefusal(400, "The request body must be a JSON object.")
    query = _parameter(parameters, "query", str)
    if not query:
        raise HttpRefusal(400, "The parameter query is missing.")
    return Operation(
        query=query,
        variables=_parameter(parameters, "variables", dict),
        name=_parameter(parameters, "operationName", str),
        extensions=_parameter(parameters, "extensions", dict),
    )


def _parameter(parameters: dict[str, object], name: str, kind: type[T]) -> T | None:
    value = parameters.get(name)
    if value is None or isinstance(value, kind):
        return value
    expected = "a string" if kind is str else "an object"
    raise HttpRefusal(400, f"The parameter {name} must be {expected}.")


def _result(result: ExecutionResult, media_type: str) -> Response:
    """An error without a path is one of the whole request: nothing was run, there is no data."""
    errors = result.errors or []
    ran = result.data is not None or any(error.path for error in errors)
    content: dict[str, object] = {"errors": [error.formatted for error in errors]} if errors else {}
    if ran:
        content["data"] = result.data
    if result.extensions:
        content["extensions"] = result.extensions
    return _response(content, media_type, 200 if ran or media_type == JSON else 400)


def _response(
    content: Mapping[str, object],
    media_type: str,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return Response(
        orjson.dumps(content),
        status,
        headers={**HEADERS, **(headers or {})},
        media_type=f"{media_type}; charset=utf-8",
    )
