"""Sixteen clients at once, made by autocannon: what they get and what that costs."""

import subprocess
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks import meters
from benchmarks.house import WEB, House
from benchmarks.meters import Line
from benchmarks.questions import Question
from benchmarks.servers import NODE, NODE_PEERS, Server

CLIENTS, PAIRS = 16, 5
SECONDS, WARM_UP_SECONDS = 4.0, 2.0
CHECKED, COUNTED = 5, 4
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Contender:
    """A server and the question in its words, under the name of its lines."""

    name: str
    server: Server
    question: Question


@dataclass(frozen=True)
class Load:
    """A few seconds of requests; the processor's time is that of the server and PostgreSQL."""

    rate: float
    p50: float
    p99: float
    kilobytes: float
    cpu_ms: float


Rounds = Mapping[str, Sequence[Load]]


def rounds(contenders: Sequence[Contender], *, pairs: int = PAIRS) -> Rounds:
    """All of them in turn, again and again; by name."""
    for each in contenders:
        _check(each)
        _load(each, WARM_UP_SECONDS)
    taken: dict[str, list[Load]] = {each.name: [] for each in contenders}
    for _ in range(pairs):
        for each in contenders:
            taken[each.name].append(_load(each, SECONDS))
    return taken


def rate(load: Load) -> float:
    """Requests a second."""
    return load.rate


def p99(load: Load) -> float:
    """Milliseconds within which all but one in a hundred were answered."""
    return load.p99


def ratios(
    taken: Rounds, one: str, other: str, measure: Callable[[Load], float] = rate
) -> list[float]:
    """One by the other, round by round."""
    pairs = zip(taken[one], taken[other], strict=True)
    return [measure(mine) / measure(theirs) for mine, theirs in pairs]


def compared(taken: Rounds, one: str, other: str) -> Line:
    """The requests a second of one as a part of another's."""
    return Line(f"{one}: requests/s, x those of {other}", ratios(taken, one, other), 2)


def statements(house: House, question: Question) -> Line:
    """How many Lixiao needs for an answer; in a run of its own, since the log costs time."""
    bodies = list(question.bodies())[:CHECKED]
    with house.client() as client, house.statements.counting(WEB) as sent:
        for body in bodies * COUNTED:
            client.send("POST", "/graphql", body)
    asked = len(bodies) * COUNTED
    return Line("Lixiao: SQL statements a request", [sent.statements / asked], 1)


def lines(taken: Rounds) -> list[Line]:
    """What each of them gave and took."""
    return [line for name, loads in taken.items() for line in _lines(name, loads)]


def _lines(name: str, loads: Sequence[Load]) -> list[Line]:
    return [
        Line(f"{name}: requests/s", [load.rate for load in loads]),
        Line(f"{name}: p50 in ms", [load.p50 for load in loads]),
        Line(f"{name}: p99 in ms", [load.p99 for load in loads]),
        Line(f"{name}: processor ms a request", [load.cpu_ms for load in loads], 2),
        Line(f"{name}: kB an answer", [load.kilobytes for load in loads], 1),
    ]


def _check(contender: Contender) -> None:
    """Some answers are looked at before any are counted."""
    bodies = list(contender.question.bodies())[:CHECKED]
    for place, body in enumerate(bodies):
        contender.question.check(place, _answer(contender.server, body))


def _answer(server: Server, body: bytes) -> Any:
    headers = {**_JSON, **server.headers}
    request = urllib.request.Request(server.url, body, headers)  # noqa: S310 -- our own server
    with urllib.request.urlopen(request) as answer:  # noqa: S310 -- the same
        return orjson.loads(answer.read())


def _load(contender: Contender, seconds: float) -> Load:
    before = _cpu_seconds(contender.server)
    done = _autocannon(contender, seconds)
    spent = _cpu_seconds(contender.server) - before
    assert done["failed"] == 0, done
    return Load(
        done["requests"] / done["seconds"],
        done["p50"],
        done["p99"],
        done["bytes"] / done["requests"] / 1000,
        spent / done["requests"] * 1000,
    )


def _cpu_seconds(server: Server) -> float:
    return meters.cpu_seconds([*meters.tree(server.process), *meters.postgres()])


def _autocannon(contender: Contender, seconds: float) -> dict[str, float]:
    asked = {
        "url": contender.server.url,
        "headers": {**_JSON, **contender.server.headers},
        "connections": CLIENTS,
        "seconds": seconds,
        "bodies": [body.decode() for body in contender.question.bodies()],
    }
    done = subprocess.run(
        [NODE, NODE_PEERS / "load.mjs"],
        input=orjson.dumps(asked),
        stdout=subprocess.PIPE,
        check=True,
    )
    taken: dict[str, float] = orjson.loads(done.stdout)
    return taken
