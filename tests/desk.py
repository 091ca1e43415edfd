"""How an operator asks for a job to go on, over HTTP."""

from typing import Any

from tests.client import Client

_ANSWER = """{ ... on Job { id status phase }
  ... on Refused { code message path facts { name value } } }"""
RESUME = f"mutation($job: ID!) {{ resumeJob(job: $job) {_ANSWER} }}"
RETRY = f"mutation($job: ID!) {{ retryJob(job: $job) {_ANSWER} }}"
REPAIR = f"""mutation($job: ID!, $cells: [CellEdit!], $replace: Replacement) {{
  repairJob(job: $job, cells: $cells, replace: $replace) {_ANSWER} }}"""


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
