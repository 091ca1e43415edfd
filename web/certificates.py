"""Certificates of clearance: the paper for who sees the student, and the public page."""

from collections.abc import Callable
from functools import partial

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from domain.certifying import papers, printing, verification
from domain.certifying.papers import Paper
from domain.studying import graduation
from resolvers.context import Context
from web import verify_page
from web.files import download_headers
from web.requests import endpoint


def routes(context_for: Callable[[Request], Context]) -> list[Route]:
    """GET /certificates/own.pdf, GET /certificates/{id}.pdf, GET /verify/{code}."""
    return [
        Route(graduation.URL, endpoint(context_for, _own_paper), methods=["GET"]),
        Route("/certificates/{id}.pdf", endpoint(context_for, _paper), methods=["GET"]),
        Route("/verify/{code}", endpoint(context_for, _verify), methods=["GET"]),
    ]


async def _paper(context: Context, request: Request) -> Response:
    """Printed from the rows each time; nothing is held meanwhile."""
    imprint = context.application.imprint
    return await _printed(
        context, await context.read(papers.read, request.path_params["id"], imprint)
    )


async def _own_paper(context: Context, _request: Request) -> Response:
    """The same for the student, who is known by the token."""
    imprint = context.application.imprint
    return await _printed(context, await context.read_as_student(graduation.paper, imprint))


async def _printed(context: Context, paper: Paper) -> Response:
    await context.close()
    content = await anyio.to_thread.run_sync(printing.pdf, paper)
    headers = download_headers(f"离校单 {paper.number} {paper.name}.pdf")
    return Response(content, media_type="application/pdf", headers=headers)


async def _verify(context: Context, request: Request) -> Response:
    """For everybody. How often one may ask is not bounded: a code cannot be found by trying."""
    code = request.path_params["code"]
    found = await context.write_as_anyone(partial(verification.find, code=code))
    content = verify_page.told(found, context.reader.moment)
    return HTMLResponse(content, headers=verify_page.HEADERS)
