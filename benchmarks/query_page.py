"""What 16 people at once get from one web process: a page of 50 students, and one student."""

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.claims import Part
from benchmarks.client import Client
from benchmarks.house import WEB, House
from benchmarks.meters import Line
from benchmarks.university import CHECKPOINTS, DEPARTMENTS, STUDENTS

CLIENTS, REPETITIONS, SECONDS = 16, 3, 6.0
ROWS = 50
PAGE = """query($where: StudentFilter!) { students(where: $where, first: 50) { nodes {
  id number idNumber name gender entryYear cohort category major className
  clearances { status remark version decidedAt }
} } }"""
ONE = """query($scheme: ID!, $number: String!) { student(scheme: $scheme, key: {number: $number}) {
  id number name major className
} }"""
Ask = Callable[[Client, int], Any]


def measure_page(house: House) -> Part:
    """The first page of a department."""
    departments = house.university.departments

    def ask(client: Client, turn: int) -> Any:
        where = {
            "scheme": house.university.scheme,
            "departments": [departments[turn % DEPARTMENTS]],
        }
        return client.query(PAGE, where=where)["students"]["nodes"]

    with house.client() as client:
        nodes = ask(client, 0)
    assert [len(node["clearances"]) for node in nodes] == [CHECKPOINTS] * ROWS
    title = f"A page of {ROWS} students with {CHECKPOINTS} clearances, {CLIENTS} clients"
    return Part(title, _measure(house, ask))


def measure_one(house: House) -> Part:
    """Another student each time, by number."""
    scheme = house.university.scheme

    def ask(client: Client, turn: int) -> Any:
        number = f"2020{turn * 7919 % STUDENTS:06}"
        found = client.query(ONE, scheme=scheme, number=number)["student"]
        assert found["number"] == number
        return found

    return Part(f"One student by number, {CLIENTS} clients", _measure(house, ask))


def _measure(house: House, ask: Ask) -> list[Line]:
    """Statements are counted while it warms up, and are not logged when time counts."""
    with house.statements.counting(WEB) as sent:
        asked = len(_load(house, ask, 1.0))
    loads = [_load(house, ask, SECONDS) for _ in range(REPETITIONS)]
    return [
        Line("requests/s", [len(latencies) / SECONDS for latencies in loads]),
        Line("p50 in ms", [_percentile(latencies, 50) for latencies in loads], 1),
        Line("p99 in ms", [_percentile(latencies, 99) for latencies in loads], 1),
        Line("SQL statements a request", [sent.statements / asked], 1),
    ]


def _load(house: House, ask: Ask, seconds: float) -> list[float]:
    """How long every request of every client took."""
    latencies: list[float] = []
    together = threading.Barrier(CLIENTS)
    end = time.perf_counter() + seconds

    def person(place: int) -> None:
        with house.client() as client:
            together.wait()
            turn = place
            while (began := time.perf_counter()) < end:
                ask(client, turn)
                latencies.append(time.perf_counter() - began)
                turn += CLIENTS

    with ThreadPoolExecutor(CLIENTS) as people:
        list(people.map(person, range(CLIENTS)))
    return latencies


def _percentile(latencies: list[float], percent: int) -> float:
    return statistics.quantiles(latencies, n=100)[percent - 1] * 1000
