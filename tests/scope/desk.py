"""The lines of jobs that go on or are taken back: resumed, retried, repaired, undone."""

from tests.scope.lines import Attempt, Line, Side
from tests.scope.table import JOB_OR_REFUSED

IN, OUT = Side.INSIDE, Side.OUTSIDE
_ACTS = {
    "resumeJob": "JOB_NOT_RESUMABLE",
    "retryJob": "JOB_NOT_RETRYABLE",
    "repairJob": "JOB_NOT_REPAIRABLE",
}
_CELLS = ', cells: [{row: 1, column: "A", value: ""}]'


def _line(name: str, code: str) -> Line:
    cells = _CELLS if name == "repairJob" else ""
    return Line(
        f"Mutation.{name}",
        f"mutation($job: ID!) {{ {name}(job: $job{cells}) {JOB_OR_REFUSED} }}",
        (
            Attempt(
                IN,
                "a batch that has ended well",
                f"{code} {code}{' NOT_FOUND' * 5} UNAUTHENTICATED",
                {"job": "@job"},
            ),
            Attempt(
                OUT,
                "one of the other scheme",
                f"{'NOT_FOUND ' * 5}{code} NOT_FOUND UNAUTHENTICATED",
                {"job": "@other-job"},
            ),
        ),
    )


LINES = (
    *(_line(name, code) for name, code in _ACTS.items()),
    # What was done may be taken back by who did it, and by an administrator.
    _line("undoJob", "ok"),
)
_REFUSED = "{ ... on Refused { code message } }"
REQUESTS = (
    *(
        (f"mutation($job: ID!) {{ {name}(job: $job) {_REFUSED} }}", {"job": "@job"})
        for name in ("resumeJob", "retryJob", "undoJob")
    ),
    (
        f"""mutation($job: ID!, $cells: [CellEdit!]) {{ repairJob(job: $job, cells: $cells)
          {_REFUSED} }}""",
        {"job": "@job", "cells": [{"row": 1, "column": "A", "value": "通过"}]},
    ),
    (
        f"""mutation($job: ID!, $replace: Replacement) {{ repairJob(job: $job, replace: $replace)
          {_REFUSED} }}""",
        {"job": "@job", "replace": {"column": "A", "old": "已办理", "new": "通过"}},
    ),
    (
        f"""mutation($file: ID!, $checkpoints: [ID!], $sheet: String) {{ startImport(file: $file,
          checkpoints: $checkpoints, sheet: $sheet) {_REFUSED} }}""",
        {"file": "@other-result", "checkpoints": ["@checkpoint"], "sheet": "Sheet1"},
    ),
    (
        f"""mutation($operator: ID!, $idempotencyKey: String) {{ endSessions(operator: $operator,
          idempotencyKey: $idempotencyKey) {_REFUSED} }}""",
        {"operator": "@operator", "idempotencyKey": "0b9f8f0e-once"},
    ),
    (
        f"""mutation($file: ID!, $scheme: ID!, $sheet: String) {{ startRosterImport(file: $file,
          scheme: $scheme, sheet: $sheet) {_REFUSED} }}""",
        {"file": "@other-result", "scheme": "@scheme", "sheet": "Sheet1"},
    ),
)
