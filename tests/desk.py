"""How an operator asks for a job to go on, over HTTP."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from models import Student
from tests.client import Client
from tests.journeys.house import wait_until
from tests.locks import wait_for_locks
from tests.world import World

_ANSWER = """{ ... on Job { id status phase }
  ... on Refused { code message path facts { name value } } }"""
RESUME = f"mutation($job: ID!) {{ resumeJob(job: $job) {_ANSWER} }}"
RETRY = f"mutation($job: ID!) {{ retryJob(job: $job) {_ANSWER} }}"
REPAIR = f"""mutation($job: ID!, $cells: [CellEdit!], $replace: Replacement) {{
  repairJob(job: $job, cells: $cells, replace: $replace) {_ANSWER} }}"""

UNDO = f"""mutation($job: ID!, $dryRun: Boolean! = false) {{
  undoJob(job: $job, dryRun: $dryRun) {_ANSWER} }}"""
DECIDE = """mutation($student: ID!, $checkpoint: ID!, $act: Act!, $version: Int!, $remark: String) {
  decide(student: $student, checkpoint: $checkpoint, act: $act, expectedVersion: $version,
         remark: $remark) { ... on Clearance { status version } ... on Refused { code } } }"""
PROGRESS = "query($id: ID!) { job(id: $id) { status applied } }"
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
BATCH = """mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job { id applied failed } ... on Refused { code message } } }"""


def repair(client: Client, job: str, *cells: tuple[int, str, str], **replace: str) -> Any:
    """The answer of repairJob: some cells (row, column, value), or column, old and new."""
    edits = [{"row": row, "column": column, "value": value} for row, column, value in cells]
    variables = {"replace": replace} if replace else {"cells": edits}
    return client.query(REPAIR, job=job, **variables)["repairJob"]


def repaired(client: Client, job: str, *cells: tuple[int, str, str], **replace: str) -> Any:
    """The job when the repaired rows have been judged."""
    return client.finished(repair(client, job, *cells, **replace)["id"])


def retried(client: Client, job: str) -> Any:
    """The job when its failed rows have been judged again."""
    return client.finished(client.query(RETRY, job=job)["retryJob"]["id"])


def resumed(client: Client, job: str) -> Any:
    """The job when the rest of its rows has been judged."""
    return client.finished(client.query(RESUME, job=job)["resumeJob"]["id"])


def outcomes(job: Any) -> list[tuple[Any, ...]]:
    """Row number, outcome and code of each row."""
    return [(row["rowNumber"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def sums(job: Any) -> dict[str, int]:
    """The job's counters that are not zero."""
    names = ("applied", "unchanged", "failed", "unprocessed")
    return {name: job[name] for name in names if job[name]}


def undone(client: Client, job: str, **options: Any) -> Any:
    """The undo of a job, when it has ended."""
    return client.finished(client.query(UNDO, job=job, **options)["undoJob"]["id"])


def batch(client: Client, checkpoint: str, act: str, numbers: list[str], **more: Any) -> str:
    """The id of a batch by numbers."""
    asked = {"checkpoint": checkpoint, "act": act, "select": {"numbers": numbers}, **more}
    return str(client.query(BATCH, input=asked)["decideMany"]["id"])


def cancelled_midway(
    client: Client, world: World, numbers: Sequence[str], start: Callable[[], str]
) -> Any:
    """A job over these 10,050 students, held up in its second batch of 5,000 while the others are
    decided and the wish to cancel it comes; as it has ended."""
    with world.database.write() as session:
        held = sa.select(Student.id).where(Student.number == numbers[7_000])
        session.execute(held.with_for_update(key_share=True))
        job = start()
        wait_for_locks(session, 1)
        others = {"status": "RUNNING", "applied": 5_050}
        wait_until(lambda: client.query(PROGRESS, id=job)["job"] == others, 30)
        client.query(CANCEL, job=job)
    return client.finished(job)
