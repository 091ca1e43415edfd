"""More clients than connections: they wait their turn, and none holds what it does not use."""

import contextlib
import socket
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.client import Client
from tests.world import World

PAGE = """
query($where: StudentFilter!) { students(where: $where, first: 50) {
  totalCount nodes { number clearances { status checkpoint { title } lastEntry { channel } } }
} }
"""


def test_forty_clients_share_ten_connections(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    world.add_students(60)
    clients = [sign_in("library") for _ in range(40)]
    with ThreadPoolExecutor(len(clients)) as threads:
        pages = list(
            threads.map(lambda client: client.query(PAGE, where={"scheme": world.scheme}), clients)
        )
    assert [page["students"]["totalCount"] for page in pages] == [66] * 40


def test_downloads_that_nobody_reads_keep_no_connection(
    address: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("library")
    file = client.upload(b"x" * 12_000_000)
    target = urllib.parse.urlsplit(address)
    request = (
        f"GET /files/{file} HTTP/1.1\r\nHost: {target.netloc}\r\n"
        f"Authorization: {client.http.headers['authorization']}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            line = socket.create_connection((target.hostname or "", target.port or 0))
            stack.enter_context(line)
            line.sendall(request.encode())
            assert line.recv(12) == b"HTTP/1.1 200"
        assert client.query("{ viewer { login } }") == {"viewer": {"login": "library"}}
