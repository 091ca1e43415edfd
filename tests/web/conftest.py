"""The small service on a port of its own, for what no real query shows."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
import uvicorn
from starlette.requests import Request

from tests.web.small_service import Context, Service, application


@pytest.fixture(scope="module")
def server() -> Iterator[Service]:
    made: list[Context] = []

    def context_for(_request: Request) -> Context:
        made.append(Context())
        return made[-1]

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        config = uvicorn.Config(application(context_for), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with httpx2.Client(base_url=url, timeout=10) as client:
                client.get("/graphql?query={__typename}").raise_for_status()
                yield Service(url, client, made)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def service(server: Service) -> Service:
    server.made.clear()
    return server
