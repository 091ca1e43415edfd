"""One operation over HTTP: its bounds, and its context whatever becomes of it."""

import asyncio
import json
import re
import socket

import httpx2
import pytest

from tests.web.small_service import BODY_BYTES, GRAPHQL, Context, Service, application


def test_a_body_over_the_limit_is_refused_also_without_a_declared_length(service: Service) -> None:
    body = json.dumps({"query": "{ greeting }", "variables": {"a": "x" * BODY_BYTES}}).encode()
    declared = service.post(body)
    headers = {"Content-Type": "application/json"}
    parts = (body[start : start + 8192] for start in range(0, len(body), 8192))
    chunked = service.client.post("/graphql", content=parts, headers=headers)
    for response in (declared, chunked):
        assert response.status_code == 413
        assert response.json() == {
            "errors": [
                {
                    "message": f"The request body may have at most {BODY_BYTES} bytes.",
                    "extensions": {"code": "LIMIT_EXCEEDED"},
                }
            ]
        }
    assert service.made == []


def test_variables_that_nest_too_deep_are_refused(service: Service) -> None:
    where: dict[str, object] = {}
    for _ in range(900):
        where = {"negated": where}
    body = {"query": "query($w: Filter!) { matches(where: $w) }", "variables": {"w": where}}
    response = service.post(body, GRAPHQL)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED"}


@pytest.mark.parametrize(
    "query", ["{ greeting }", "{ required }", "{ other }", "{", "query a { greeting } {"]
)
def test_the_context_of_an_operation_is_closed_once(service: Service, query: str) -> None:
    service.post({"query": query})
    assert [context.closed for context in service.made] == [1]


def test_the_context_of_a_cancelled_operation_is_closed() -> None:
    context = Context()

    async def cancel() -> None:
        transport = httpx2.ASGITransport(application(lambda _request: context))
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            asking = asyncio.create_task(client.post("/graphql", json={"query": "{ endless }"}))
            await context.entered.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    asyncio.run(cancel())
    assert context.closed == 1


def test_a_client_that_leaves_before_its_body_ends_is_dropped(service: Service) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as leaving:
        leaving.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b'Content-Length: 99\r\n\r\n{"query"'
        )
    assert service.post({"query": "{ greeting }"}).status_code == 200
    assert len(service.made) == 1


def test_a_browser_gets_graphiql_and_all_of_it_from_here(service: Service) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = service.client.get("/graphql?query={greeting}", headers={"Accept": accept})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    used = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.text)
    assert len(used) == 6
    for path in used:
        file = service.client.get(f"/{path}")
        assert (file.status_code, file.headers["x-content-type-options"]) == (200, "nosniff")
    assert service.made == []
