"""Lists and counts of a million students beside those of 20,000, asked through the API.

The houses are alike but for their size: five departments, a hundred majors, a thousand names, and
one in a hundred students, spread evenly, has passed everywhere. So a filter finds the same share of
both, fifty times as many in the large one; only numbers name as many. The small house has just
1,000 pages.
"""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from benchmarks import house, sheet
from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.meters import Line

SMALL, AT_ONCE = 20_000, 5_000
# Those whose rows in a file are wrong: an import still finds all others as they were.
CLEARED_EVERY = sheet.WRONG_EVERY
ROWS, MOST = 20, 100
REPETITIONS, WARM_UPS = 5, 2
LIST = f"""query($where: StudentFilter!, $order: StudentOrder!, $after: String) {{
  students(where: $where, orderBy: $order, first: {ROWS}, after: $after) {{
    edges {{ cursor node {{ id number name className }} }} pageInfo {{ hasNextPage }} }} }}"""
CURSORS = """query($where: StudentFilter!, $order: StudentOrder!, $after: String, $first: Int!) {
  students(where: $where, orderBy: $order, first: $first, after: $after) { edges { cursor } } }"""
_SUMS = "checkpoint { id } due passed pending refused notRequired"
COUNTS = {
    "counts per checkpoint": f"""query($where: StudentFilter!) {{
      counts(where: $where) {{ {_SUMS} }} }}""",
    "counts per checkpoint and department": f"""query($where: StudentFilter!) {{
      countsBy(where: $where, by: DEPARTMENT) {{ label students checkpoints {{ {_SUMS} }} }} }}""",
}
SEE = "query($where: StudentFilter!) { students(where: $where, first: 1) { asOf } }"
DECIDE = """mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job { applied } ... on Refused { code } } }"""


Times = Sequence[tuple[float, ...]]
Compared = tuple[Claim, list[Line]]


@dataclass(frozen=True)
class Asked:
    """A question of one house."""

    house: House
    document: str
    variables: Mapping[str, Any]

    def ask(self) -> Any:
        """The data of the answer."""
        with self.house.client() as client:
            return client.query(self.document, **self.variables)

    def seconds(self) -> float:
        """How long the answer takes."""
        began = time.perf_counter()
        self.ask()
        return time.perf_counter() - began


@dataclass(frozen=True)
class ListQuery:
    """A filter beside the scheme, a sort, and whether it is the first page or the 1,000th."""

    name: str
    order: str
    where: Mapping[str, Any]
    page: int = 1


def list_queries(of: House, began: str) -> list[ListQuery]:
    """Each family of filters, each sort, the first page and the 1,000th."""
    known = of.university
    numbers = [known.number(place * known.students // ROWS) for place in range(ROWS)]
    department = {"departments": [known.departments[2]], "genders": ["FEMALE"]}
    passed = {"checkpoint": known.checkpoints[1], "statuses": ["PASSED"]}
    return [
        ListQuery("20 numbers, by number", "NUMBER_ASC", {"numbers": numbers}),
        ListQuery("everybody, by number, 1,000th page", "NUMBER_ASC", {}, 1_000),
        ListQuery("women of a department, by name", "NAME_ASC", department),
        ListQuery("everybody, by class, 1,000th page", "CLASS_ASC", {}, 1_000),
        ListQuery("the name holds 思文, by number", "NUMBER_DESC", {"nameContains": "思文"}),
        ListQuery("passed at a checkpoint, by number", "NUMBER_ASC", {"statusAt": [passed]}),
        ListQuery("all clear, by name", "NAME_ASC", {"allClear": True}),
        ListQuery("changed since then, by last change", "CHANGED_DESC", {"changedSince": began}),
    ]


def measure(large: House) -> Part:
    """Every question of both houses in turn."""
    with house.opened(SMALL) as small:
        houses = (small, large)
        began = [_clear(each) for each in houses]
        listed = [list_queries(*each) for each in zip(houses, began, strict=True)]
        compared = [
            *(_compare_counts(name, houses) for name in COUNTS),
            *(_compare_lists(pair, houses) for pair in zip(*listed, strict=True)),
        ]
    lines = [line for _, some in compared for line in some]
    return Part(
        "Queries at 1,000,000 students and at 20,000", lines, [each for each, _ in compared]
    )


def _compare_counts(name: str, houses: Sequence[House]) -> Compared:
    asked = [
        Asked(each, COUNTS[name], {"where": {"scheme": each.university.scheme}}) for each in houses
    ]
    times = _times(asked)
    return _compared(name, times, 5, 2)


def _compare_lists(queries: Sequence[ListQuery], houses: Sequence[House]) -> Compared:
    asked = [_page(*each) for each in zip(queries, houses, strict=True)]
    for each in asked:
        assert len(each.ask()["students"]["edges"]) == ROWS, each
    return _compared(queries[0].name, _times(asked), 2, 1.3)


def _compared(name: str, times: Times, must: float, goal: float) -> Compared:
    ratios = [large / small for small, large in times]
    claim = Claim(name, "time at 1,000,000 / at 20,000", ratios, must, goal, at_most=True)
    lines = [
        Line(f"{name}: ms at {size}", [pair[place] * 1000 for pair in times], 1)
        for place, size in enumerate(("20,000", "1,000,000"))
    ]
    return claim, lines


def _times(asked: Sequence[Asked]) -> Times:
    """In turn, after each was asked often enough to be prepared."""
    for each in (*asked,) * WARM_UPS:
        each.ask()
    return [tuple(each.seconds() for each in asked) for _ in range(REPETITIONS)]


def _page(query: ListQuery, of: House) -> Asked:
    """The page is reached as a person does it, with the cursor at the end of the one before."""
    variables = {
        "where": {"scheme": of.university.scheme, **query.where},
        "order": query.order,
    }
    before = (query.page - 1) * ROWS
    after = None
    with of.client() as client:
        while before:
            first = min(before, MOST)
            found = client.query(CURSORS, **variables, after=after, first=first)
            after = found["students"]["edges"][-1]["cursor"]
            before -= first
    return Asked(of, LIST, {**variables, "after": after})


def _clear(of: House) -> str:
    """One in a hundred passes everywhere; the moment before that."""
    known = of.university
    numbers = [known.number(place) for place in range(0, known.students, CLEARED_EVERY)]
    with of.client() as client:
        began = client.query(SEE, where={"scheme": known.scheme})["students"]["asOf"]
        for checkpoint, first in itertools.product(
            known.checkpoints[1:], range(0, len(numbers), AT_ONCE)
        ):
            some = numbers[first : first + AT_ONCE]
            asked = {"checkpoint": checkpoint, "select": {"numbers": some}, "act": "PASS"}
            job = client.query(DECIDE, input=asked)["decideMany"]
            assert job["applied"] == len(some), job
    # As autovacuum would before long.
    autocommit = of.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return str(began)
