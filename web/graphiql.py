"""GraphiQL, served from our own files: a campus network may not reach any other host."""

import pathlib

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = pathlib.Path(__file__).parent / "static"
# Styles may be inline: GraphiQL's dialogs and editors write them into the page. Scripts may not.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:;"
        " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


class _Files(StaticFiles):
    """Revalidated at each use, so that a new release is seen at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def routes() -> list[BaseRoute]:
    """Where the page finds its scripts and styles."""
    return [Mount("/static", _Files(directory=STATIC), name="static")]


def page() -> Response:
    """The page itself, at the address of the API."""
    return FileResponse(STATIC / "graphiql" / "index.html", headers=HEADERS)
