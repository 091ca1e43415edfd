"""`decideMany` by filter: the 20,000 students of a department in one request."""

import time

from benchmarks import meters
from benchmarks.claims import Claim, Part
from benchmarks.client import Client
from benchmarks.house import WEB, House
from benchmarks.meters import Line

REPETITIONS = 5
WORK = "decideMany by filter over 20,000 students"
SEE = "query($where: StudentFilter!) { students(where: $where, first: 1) { totalCount asOf } }"
DECIDE = """mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job { status total applied } ... on Refused { code } } }"""


def measure(house: House) -> Part:
    """At another checkpoint each time; once more where the statements are counted."""
    checkpoints = [next(house.fresh) for _ in range(REPETITIONS)]
    spent = meters.cpu_seconds([*meters.tree(house.web), *meters.postgres()])
    with house.client() as client:
        seconds = [_decide(house, client, each) for each in checkpoints]
    spent = meters.cpu_seconds([*meters.tree(house.web), *meters.postgres()]) - spent
    with house.client() as client, house.statements.counting(WEB) as sent:
        _decide(house, client, checkpoints[0], act="REFUSE")
    lines = [
        Line("seconds", seconds, 2),
        Line("processor seconds, PostgreSQL's too", [spent / REPETITIONS], 2),
        Line("SQL statements", [sent.statements]),
        Line("transactions", [sent.transactions]),
    ]
    claims = [Claim(WORK, "seconds", seconds, 2, 1, at_most=True)]
    return Part("One request that decides for 20,000 students", lines, claims)


def _decide(house: House, client: Client, checkpoint: str, act: str = "PASS") -> float:
    """Everybody whom the filter finds is decided."""
    of = house.university
    where = {"scheme": of.scheme, "departments": [of.departments[0]]}
    seen = client.query(SEE, where=where)["students"]
    chosen = {"where": where, "expectedCount": seen["totalCount"], "asOf": seen["asOf"]}
    asked = {"checkpoint": checkpoint, "select": {"filter": chosen}, "act": act}
    began = time.perf_counter()
    job = client.query(DECIDE, input=asked)["decideMany"]
    seconds = time.perf_counter() - began
    expected = of.students // len(of.departments)
    assert job == {"status": "FINISHED", "total": expected, "applied": expected}, job
    return seconds
