"""Counters and lists of one answer agree while others decide, clear and take back."""

import datetime as dt
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
STANDING = "due passed pending refused notRequired"
CHANGES = ("toPassed", "toRefused", "toPending")
STATUSES = ("PASSED", "PENDING", "REFUSED", "NOT_REQUIRED")
LISTS = " ".join(
    f"{status}: clearances(where: $where, checkpoint: $library, statuses: {status}, first: 100)"
    " { totalCount nodes { status } }"
    for status in STATUSES
)
EVERYTHING = f"""
query($scheme: ID!, $where: StudentFilter!, $library: ID!, $from: Date!, $until: Date!) {{
  students(where: $where, first: 1) {{ totalCount }}
  {LISTS}
  counts(where: $where) {{ checkpoint {{ title }} {STANDING} }}
  countsBy(where: $where, by: DEPARTMENT, checkpoint: $library) {{
    students checkpoints {{ {STANDING} }} }}
  countsByDay(where: $where, checkpoint: $library, from: $from, until: $until) {{
    days {{ {STANDING} {" ".join(CHANGES)} }} }}
  countsByOperator(where: $where, checkpoint: $library) {{ {" ".join(CHANGES)} }}
  entries(where: {{ scheme: $scheme, checkpoint: $library }}, first: 1) {{ totalCount }}
}}"""


def test_every_answer_adds_up_while_others_decide(world: World, sign_in: SignIn) -> None:
    numbers = [*world.students, *world.add_students(60)]
    is_over = threading.Event()

    def decide(seed: int) -> int:
        chance, client = random.Random(seed), sign_in("library")  # noqa: S311 -- a test's chance
        applied = 0
        while not is_over.is_set():
            some = {"numbers": chance.sample(numbers, 9)}
            act = chance.choice(["PASS", "REFUSE", "RESET"])
            applied += decide_many(client, world, some, act=act)["applied"]
        return applied

    with ThreadPoolExecutor(3) as pool:
        deciding = [pool.submit(decide, seed) for seed in range(3)]
        try:
            answers = [look(sign_in("admin"), world) for _ in range(12)]
        finally:
            is_over.set()
        applied = sum(each.result() for each in deciding)
    for answer in answers:
        check(answer, len(numbers))
    changes = [answer["entries"]["totalCount"] for answer in answers]
    assert changes == sorted(changes)
    assert changes[0] < changes[-1] <= applied
    assert look(sign_in("admin"), world)["entries"]["totalCount"] == applied


def look(client: Client, world: World) -> Any:
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    return client.query(
        EVERYTHING,
        scheme=world.scheme,
        where={"scheme": world.scheme},
        library=world.checkpoint(LIBRARY),
        until=str((now + day).date()),
        **{"from": str((now - day).date())},
    )


def check(answer: Any, students: int) -> None:
    at_library = answer["counts"][2]
    assert at_library.pop("checkpoint") == {"title": LIBRARY}
    groups = [each["checkpoints"][0] for each in answer["countsBy"]]
    [days] = [each["days"] for each in answer["countsByDay"]]
    changes = sum(day.pop(name) for day in days for name in CHANGES)
    assert at_library == days[-1] == {name: sum(each[name] for each in groups) for name in days[-1]}
    for each in (at_library, *days, *groups):
        assert each["due"] == each["passed"] + each["pending"] + each["refused"]
    listed = [answer[status] for status in STATUSES]
    numbers = [at_library[name] for name in ("passed", "pending", "refused", "notRequired")]
    assert [each["totalCount"] for each in listed] == numbers
    assert [len(each["nodes"]) for each in listed] == numbers
    assert sum(each["students"] for each in answer["countsBy"]) == students
    assert at_library["due"] == answer["students"]["totalCount"] == students
    made = sum(sum(each.values()) for each in answer["countsByOperator"])
    assert made == changes == answer["entries"]["totalCount"]
