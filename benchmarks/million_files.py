"""Files of a million rows beside files of 100,000: how fast, and in how much memory."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import export_rows, house, import_rows, job_runs, meters, sheet
from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.job_runs import JobRun
from benchmarks.meters import Line

ROUNDS = 2
IMPORT = "import of 1,000,000 rows into 1,000,000 students x 15"
EXPORT = "export of 1,000,000 students x 27 columns"
USUAL, LARGE = "100,000 rows", "1,000,000 rows"


def measure_import(large: House) -> Part:
    """Every student of each house, in turn."""
    with house.opened() as usual:
        contents = [(each, _workbook(each)) for each in (usual, large)]
        rounds = [[_import(each, content) for each, content in contents] for _ in range(ROUNDS)]
    usual_runs, large_runs = zip(*rounds, strict=True)
    ratios = [much.rate / little.rate for little, much in rounds]
    peaks = [run.peak_branch / meters.MIB for run in large_runs]
    claims = [
        Claim(IMPORT, "x our rows/s at 100,000 rows", ratios, 0.5, 0.6),
        Claim(
            IMPORT,
            "peak MiB of the worker that runs it and its child",
            peaks,
            400,
            256,
            at_most=True,
        ),
    ]
    lines = [*job_runs.lines(USUAL, usual_runs), *job_runs.lines(LARGE, large_runs)]
    return Part("Import of 1,000,000 rows", lines, claims)


def measure_export(large: House) -> Part:
    """The same columns of every student of each house, in turn."""
    with house.opened() as usual, tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "学生列表.xlsx")
        rounds = [[export_rows.run(each, target) for each in (usual, large)] for _ in range(ROUNDS)]
    usual_runs, large_runs = zip(*rounds, strict=True)
    peaks = [much.peak_bytes / little.peak_bytes for little, much in rounds]
    claim = Claim(EXPORT, "peak memory, x that of 100,000", peaks, 1.25, at_most=True)
    lines = [*_lines(USUAL, usual_runs), *_lines(LARGE, large_runs)]
    return Part("Export of 1,000,000 students x 27 columns", lines, [claim])


def _import(of: House, content: bytes) -> JobRun:
    return import_rows.run(of, content, next(of.fresh))


def _workbook(of: House) -> bytes:
    return sheet.workbook(sheet.rows(of, of.university.students))


def _lines(name: str, runs: Sequence[JobRun]) -> list[Line]:
    rates = [run.job["total"] / run.finished for run in runs]
    return [Line(f"{name}: rows/s", rates), *job_runs.costs(name, runs)]
