"""An export of 100,000 students x 27 columns, from PostgreSQL to the finished workbook.

The peers are measured on the first 20,000 students, as their cost for each row is constant.
"""

import tempfile
import zipfile
from pathlib import Path

from benchmarks import job_runs, office, peer_work
from benchmarks.claims import Claim, Part
from benchmarks.client import Client
from benchmarks.house import House
from benchmarks.job_runs import JobRun
from benchmarks.meters import Line
from benchmarks.peer_work import Work
from domain.exports.columns import StudentColumn

ROUNDS = 3
COLUMNS = 27
CHECKPOINTS = COLUMNS - len(StudentColumn)
SHEET, ROW = "xl/worksheets/sheet1.xml", b"<row "
WORK = f"export of 100,000 students x {COLUMNS} columns"
START = """mutation($where: StudentFilter!, $checkpoints: [ID!]) {
  startExport(where: $where, checkpoints: $checkpoints) {
    ... on Job { id } ... on Refused { code } } }"""


def measure(house: House) -> Part:
    """The same columns of each in turn."""
    peer = office.opened(house)
    runs, django, openpyxl = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "学生列表.xlsx")
        for _ in range(ROUNDS):
            django.append(_checked(peer.export(CHECKPOINTS, target), target))
            runs.append(run(house, target))
            openpyxl.append(_checked(_by_openpyxl(house, target), target))
        counted = run(house, target, is_counted=True)
    rates = [run.job["total"] / run.finished for run in runs]
    of_django = [rate / other.rate for rate, other in zip(rates, django, strict=True)]
    of_openpyxl = [rate / other.rate for rate, other in zip(rates, openpyxl, strict=True)]
    claims = [
        Claim(WORK, "x django-import-export's rows/s", of_django, 15, 18),
        Claim(WORK, "x SQLAlchemy + openpyxl's rows/s", of_openpyxl, 5),
    ]
    lines = [
        Line("Lixiao: rows/s", rates),
        *job_runs.costs("Lixiao", runs, counted),
        *peer_work.lines("django-import-export", django),
        *peer_work.lines("SQLAlchemy + openpyxl", openpyxl),
    ]
    return Part(f"Export of 100,000 students x {COLUMNS} columns", lines, claims)


def run(house: House, target: Path, *, is_counted: bool = False) -> JobRun:
    """Every student of the house, with a column for each of the first checkpoints."""
    asked = {
        "where": {"scheme": house.university.scheme},
        "checkpoints": house.university.checkpoints[:CHECKPOINTS],
    }

    def start(client: Client) -> str:
        return str(client.query(START, **asked)["startExport"]["id"])

    done = job_runs.run(house, start, is_counted=is_counted)
    with house.client() as client:
        target.write_bytes(client.send("GET", done.job["files"][0]["url"]))
    _check(target, house.university.students)
    return done


def _by_openpyxl(house: House, target: Path) -> Work:
    words = ("benchmarks.peers.openpyxl_export", str(peer_work.ROWS), str(CHECKPOINTS), str(target))
    url = house.database.engine.url.render_as_string(hide_password=False)
    return peer_work.do(words, {"DATABASE_URL": url})


def _checked(work: Work, target: Path) -> Work:
    _check(target, peer_work.ROWS)
    return work


def _check(target: Path, rows: int) -> None:
    """So many rows below the heading, under so many columns; no reader holds the largest."""
    found, before = 0, b""
    with zipfile.ZipFile(target) as book, book.open(SHEET) as sheet:
        while portion := sheet.read(2**20):
            if not before:
                assert portion.partition(b"</row>")[0].count(b"<c ") == COLUMNS, portion[:1000]
            found += (before + portion).count(ROW)
            before = portion[1 - len(ROW) :]
    assert found == rows + 1, found
