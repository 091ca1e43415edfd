"""An import of 100,000 rows: from the first uploaded byte to the last outcome, and to its files."""

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks import meters
from benchmarks.claims import Part
from benchmarks.house import WORKER, House
from benchmarks.meters import Line
from benchmarks.statements import Count
from domain.workbook import write
from models import Student

REPETITIONS = 3
HEADER = ["学号", "姓名", "办理结果", "备注"]
WRONG_EVERY = 100
START = """mutation($file: ID!, $checkpoint: ID!) {
  startImport(file: $file, checkpoint: $checkpoint, again: true) {
    ... on Job { id } ... on Refused { code } }
}"""


@dataclass(frozen=True)
class Run:
    """One import; seconds count from the beginning of the upload."""

    rows: int
    uploaded: float
    staged: float
    decided: float
    finished: float
    worker_cpu: float
    postgres_cpu: float
    peak_bytes: int
    sent: Count


def measure_in_order(house: House) -> Part:
    """By number, which is the order of every list and template of the house."""
    rows = _rows(house)
    _run(house, _workbook(rows[:1000]), 1000, house.university.checkpoints[1])
    lines = _measure(house, rows, house.university.checkpoints[2:])
    return Part("Import of 100,000 rows, by student number", lines)


def measure_shuffled(house: House) -> Part:
    """In no order, so that every batch is spread over the whole of every table."""
    rows = _rows(house)
    random.Random(1).shuffle(rows)  # noqa: S311 -- the same order every time is what is wanted
    lines = _measure(house, rows, house.university.checkpoints[2 + REPETITIONS :])
    return Part("Import of 100,000 rows, in no order", lines)


def _measure(house: House, rows: list[list[str]], checkpoints: Sequence[str]) -> list[Line]:
    """Every repetition at a checkpoint of its own, where all are pending."""
    content = _workbook(rows)
    return _lines([_run(house, content, len(rows), each) for each in checkpoints[:REPETITIONS]])


def _rows(house: House) -> list[list[str]]:
    with house.database.write() as session:
        found = session.execute(sa.select(Student.number, Student.name).order_by(Student.number))
        return [_row(place, number or "", name) for place, (number, name) in enumerate(found)]


def _row(place: int, number: str, name: str) -> list[str]:
    """One in ten is refused, with a remark; one in a hundred names nobody or the wrong person."""
    is_wrong = place % WRONG_EVERY == 0
    is_unknown = is_wrong and place % (2 * WRONG_EVERY) == 0
    result = ("未通过", "尚未还清图书") if place % 10 == 5 else ("通过", "")
    return [
        f"9{number[1:]}" if is_unknown else number,
        f"{name}甲" if is_wrong and not is_unknown else name,
        *result,
    ]


def _workbook(rows: list[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "导入.xlsx")
        write.write_table(path, "导入", HEADER, rows)
        return path.read_bytes()


def _run(house: House, content: bytes, rows: int, checkpoint: str) -> Run:
    before = _cpu(house)
    with (
        house.client() as client,
        house.statements.counting(WORKER) as sent,
        meters.PeakMemory(house.worker) as memory,
    ):
        began = time.perf_counter()
        file = client.upload(content, "导入.xlsx")
        uploaded = time.perf_counter() - began
        job = client.query(START, file=file, checkpoint=checkpoint)["startImport"]["id"]
        reached: dict[str, float] = {}
        for seen in client.watch(job):
            reached.setdefault(seen["phase"] or seen["status"], time.perf_counter() - began)
    _check(seen, rows)
    worker_cpu, postgres_cpu = (
        after - spent for after, spent in zip(_cpu(house), before, strict=True)
    )
    return Run(
        rows,
        uploaded,
        reached.get("DECIDING", 0.0),
        reached.get("WRITING", reached["FINISHED"]),
        reached["FINISHED"],
        worker_cpu,
        postgres_cpu,
        memory.bytes,
        sent,
    )


def _cpu(house: House) -> tuple[float, float]:
    return (
        meters.cpu_seconds(meters.tree(house.worker)),
        meters.cpu_seconds(meters.postgres()),
    )


def _check(job: dict[str, object], rows: int) -> None:
    failed = rows // WRONG_EVERY
    assert job["status"] == "FINISHED", job
    assert (job["applied"], job["failed"]) == (rows - failed, failed), job


def _lines(runs: list[Run]) -> list[Line]:
    return [
        Line("rows/s from upload to the last outcome", [run.rows / run.decided for run in runs]),
        Line("rows/s from upload to the workbooks", [run.rows / run.finished for run in runs]),
        Line("seconds of uploading", [run.uploaded for run in runs], 2),
        Line("seconds of reading and staging", [run.staged - run.uploaded for run in runs], 2),
        Line("seconds of deciding", [run.decided - run.staged for run in runs], 2),
        Line("seconds of writing workbooks", [run.finished - run.decided for run in runs], 2),
        Line("processor seconds of worker and parser", [run.worker_cpu for run in runs], 2),
        Line("processor seconds of PostgreSQL", [run.postgres_cpu for run in runs], 2),
        Line("peak MB of worker and parser", [run.peak_bytes / 1e6 for run in runs]),
        Line("SQL statements", [run.sent.statements for run in runs]),
        Line("transactions", [run.sent.transactions for run in runs]),
        Line("seconds waited for PostgreSQL", [run.sent.seconds for run in runs], 2),
    ]
