"""From an HTTP request to a context and back: the token, the language, refusals and faults."""

import zoneinfo
from collections.abc import Awaitable, Callable
from functools import lru_cache

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from domain.errors import Code, Refusal
from domain.messages import Language, Reader
from resolvers.application import Application
from resolvers.context import Context
from tasks import logs

STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.CERTIFICATE_WITHDRAWN: 410,
    Code.FILE_TOO_LARGE: 413,
    Code.INTERNAL: 500,
}
# Clients send few different ones, and reading one costs more than the rest of a request's face.
HEADERS_KNOWN = 128
Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Context, Request], Awaitable[Response]]


def endpoint(context_for: Callable[[Request], Context], handler: Handler) -> Endpoint:
    """The endpoint of a Route outside of GraphQL: whatever goes wrong has a code, as JSON."""

    async def answer(request: Request) -> Response:
        context = context_for(request)
        try:
            return await _handled(handler, context, request)
        except Refusal as refusal:
            return refused(refusal, context.reader)
        except ClientDisconnect:
            # Nobody is there to read it.
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 -- the edge: no fault goes out unmasked
            return refused(logs.fault(error, path=_path(request)), context.reader)

    return answer


def _path(request: Request) -> str:
    """As the log may have it: with a certificate's code anybody could ask for it."""
    code = request.path_params.get("code")
    return request.url.path.replace(code, "…") if code else request.url.path


async def _handled(handler: Handler, context: Context, request: Request) -> Response:
    try:
        return await handler(context, request)
    finally:
        await context.close()


def context_for(application: Application, timezone: zoneinfo.ZoneInfo, request: Request) -> Context:
    """The context of one request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer"
    reader = Reader(language_of(request.headers.get("accept-language", "")), timezone)
    return Context(application, token.strip() if is_bearer else None, reader)


@lru_cache(HEADERS_KNOWN)
def language_of(accepted: str) -> Language:
    """The first language of Accept-Language that there are messages in; Chinese otherwise."""
    wanted = []
    for part in accepted.split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        wanted.append((-_number(quality), tag[:2].lower()))
    for negated, tag in sorted(wanted, key=lambda pair: pair[0]):
        if negated and tag in set(Language):
            return Language(tag)
    return Language.ZH


def _number(quality: str) -> float:
    try:
        return float(quality or 1)
    except ValueError:
        return 0.0


def refused(refusal: Refusal, reader: Reader) -> Response:
    """A Refusal as JSON, shaped as the API's Refused."""
    body = {
        "code": refusal.code,
        "message": reader.message(refusal.code, refusal.facts),
        "path": refusal.path,
        "facts": [{"name": name, "value": value} for name, value in refusal.facts.items()],
    }
    headers = {"Cache-Control": "no-store"}
    if refusal.code is Code.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        orjson.dumps(body),
        status_code=STATUS.get(refusal.code, 400),
        media_type="application/json",
        headers=headers,
    )
