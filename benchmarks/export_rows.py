"""An export of one department: 20,000 students, every column, a column for each checkpoint."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import meters
from benchmarks.claims import Part
from benchmarks.house import WORKER, House
from benchmarks.meters import Line
from benchmarks.statements import Count
from benchmarks.university import CHECKPOINTS, DEPARTMENTS, STUDENTS
from domain.exports.columns import StudentColumn
from domain.workbook import read

REPETITIONS = 3
ROWS = STUDENTS // DEPARTMENTS
COLUMNS = len(StudentColumn) + CHECKPOINTS
START = """mutation($where: StudentFilter!) {
  startExport(where: $where) { ... on Job { id } ... on Refused { code } }
}"""


@dataclass(frozen=True)
class Run:
    """One export, from the request to the file's being there."""

    seconds: float
    size: int
    peak_bytes: int
    sent: Count


def measure(house: House) -> Part:
    """The same export several times."""
    runs = [_run(house) for _ in range(REPETITIONS)]
    lines = [
        Line(f"rows of {COLUMNS} columns a second", [ROWS / run.seconds for run in runs]),
        Line("seconds", [run.seconds for run in runs], 2),
        Line("MB of the workbook", [run.size / 1e6 for run in runs], 2),
        Line("peak MB of the worker's processes", [run.peak_bytes / 1e6 for run in runs]),
        Line("SQL statements", [run.sent.statements for run in runs]),
    ]
    return Part(f"Export of {ROWS:,} students x {CHECKPOINTS} checkpoints", lines)


def _run(house: House) -> Run:
    where = {"scheme": house.university.scheme, "departments": [house.university.departments[0]]}
    with (
        house.client() as client,
        house.statements.counting(WORKER) as sent,
        meters.PeakMemory(house.worker) as memory,
    ):
        began = time.perf_counter()
        job = client.query(START, where=where)["startExport"]["id"]
        *_, last = client.watch(job)
        seconds = time.perf_counter() - began
        assert (last["status"], last["applied"]) == ("FINISHED", ROWS), last
        content = client.send("GET", last["files"][0]["url"])
    _check(content)
    return Run(seconds, len(content), memory.bytes, sent)


def _check(content: bytes) -> None:
    """The file holds what was asked for."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        batches = read.read(Path(file.name), lambda _: 0, file="学生列表.xlsx")
        rows = [row for batch in batches for row in batch]
    assert (len(rows), len(rows[0].cells)) == (ROWS + 1, COLUMNS)
