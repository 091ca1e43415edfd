"""An import of 100,000 rows: its floor, its dry run and its undo beside it, and a peer.

Every round begins at a checkpoint where all are pending. The peer is measured on the first 20,000
rows, as its cost for each row is constant. The promise is about its bulk mode (`use_bulk`,
`skip_diff`); what further advice of its documentation makes of that, in batches of the size that
was fastest, is measured too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from benchmarks import job_runs, office, peer_work, sheet
from benchmarks.claims import Claim, Part
from benchmarks.client import Client
from benchmarks.floors import import_rows as floor
from benchmarks.floors.import_rows import FloorRun
from benchmarks.house import House
from benchmarks.job_runs import JobRun
from benchmarks.meters import Line
from benchmarks.peer_work import Work
from benchmarks.sheet import Row
from benchmarks.university import TITLES
from domain import ids
from domain.ids import Noun

ROUNDS, SHUFFLED, PEER_ROUNDS = 3, 2, 2
PEERS = {
    "bulk": "django-import-export bulk (use_bulk, skip_diff)",
    "tuned": "django-import-export bulk, tuned (CachedInstanceLoader, batches of 250)",
    "default": "django-import-export default",
}
WORK = "import of 100,000 rows, from upload to the last row result"
START = """mutation($file: ID!, $checkpoint: ID!, $dryRun: Boolean!) {
  startImport(file: $file, checkpoint: $checkpoint, dryRun: $dryRun, again: true) {
    ... on Job { id } ... on Refused { code } } }"""
UNDO = "mutation($job: ID!) { undoJob(job: $job) { ... on Job { id } ... on Refused { code } } }"
_WRITTEN = """
SELECT (SELECT jsonb_object_agg(outcome, count) FROM (
    SELECT outcome, count(*) FROM job_rows WHERE job_id = :job GROUP BY outcome) o),
  (SELECT count(*) FROM entries WHERE job_id = :job),
  (SELECT jsonb_object_agg(status, count) FROM (
    SELECT clearances.status, count(*) FROM clearances JOIN jobs USING (checkpoint_id)
    WHERE jobs.id = :job AND decided_at IS NOT NULL GROUP BY 1) c)
"""


@dataclass(frozen=True)
class Jobs:
    """What was done with the same rows, one after the other; all is pending again."""

    dry: JobRun
    real: JobRun
    undo: JobRun


@dataclass(frozen=True)
class Round(Jobs):
    """Beside the floor."""

    floor: FloorRun


def measure(house: House) -> Part:
    """By number, as lists and templates of the house are; then in no order, for the lines only."""
    rows = sheet.rows(house, house.university.students)
    run(house, sheet.workbook(rows[:1000]), next(house.fresh))
    peer = office.opened(house)
    titles = iter(TITLES)
    content = sheet.workbook(rows)
    works: dict[str, list[Work]] = {name: [] for name in PEERS}
    rounds = []
    for place in range(ROUNDS):
        if place < PEER_ROUNDS:
            for name, done in works.items():
                done.append(peer.decide(name, next(titles), rows[: peer_work.ROWS]))
        checkpoint = next(house.fresh)
        rounds.append(_round(house, rows, content, checkpoint))
    counted = _jobs(house, content, checkpoint, is_counted=True)
    shuffled = sheet.workbook(sheet.shuffled(rows))
    spread = [run(house, shuffled, next(house.fresh)) for _ in range(SHUFFLED)]
    lines = [
        *_lines(rounds, spread, counted),
        *(line for name, done in works.items() for line in peer_work.lines(PEERS[name], done)),
    ]
    return Part("Import of 100,000 rows", lines, _claims(rounds, spread, works))


def _round(house: House, rows: Sequence[Row], content: bytes, checkpoint: str) -> Round:
    least = floor.run(house, rows, next(house.fresh))
    done = _jobs(house, content, checkpoint, like=least)
    return Round(done.dry, done.real, done.undo, least)


def _jobs(
    house: House,
    content: bytes,
    checkpoint: str,
    *,
    like: FloorRun | None = None,
    is_counted: bool = False,
) -> Jobs:
    dry = run(house, content, checkpoint, dry_run=True, is_counted=is_counted)
    real = run(house, content, checkpoint, is_counted=is_counted)
    job = real.job["id"]
    if like:
        _check_written(house, like.job, job)
    undo = job_runs.run(house, lambda client: _undo(client, job), is_counted=is_counted)
    assert undo.job["applied"] == real.job["applied"], undo.job
    return Jobs(dry, real, undo)


def run(
    house: House,
    content: bytes,
    checkpoint: str,
    *,
    dry_run: bool = False,
    is_counted: bool = False,
) -> JobRun:
    """All rows but the wrong ones are applied, or would be."""

    def start(client: Client) -> str:
        file = client.upload(content, "导入.xlsx")
        asked = {"file": file, "checkpoint": checkpoint, "dryRun": dry_run}
        return str(client.query(START, **asked)["startImport"]["id"])

    done = job_runs.run(house, start, is_counted=is_counted)
    rows, failed = done.job["total"], sheet.wrong(done.job["total"])
    assert (done.job["applied"], done.job["failed"]) == (rows - failed, failed), done.job
    return done


def _undo(client: Client, job: str) -> str:
    return str(client.query(UNDO, job=job)["undoJob"]["id"])


def _check_written(house: House, one: str, other: str) -> None:
    """Row results, history and clearances are as many of each kind."""
    with house.database.engine.connect() as connection:
        [first, second] = [
            connection.execute(sa.text(_WRITTEN), {"job": ids.decode(job, Noun.JOB)}).one()
            for job in (one, other)
        ]
    assert first == second, (first, second)


def _claims(
    rounds: Sequence[Round], spread: Sequence[JobRun], works: Mapping[str, Sequence[Work]]
) -> list[Claim]:
    rates = [each.real.rate for each in rounds]
    of_bulk, of_tuned = (
        [rate / peer.rate for rate, peer in zip(rates, works[name], strict=False)]
        for name in ("bulk", "tuned")
    )
    of_floor = [each.real.rate / each.floor.rate for each in rounds]
    dry = [each.dry.rate / each.real.rate for each in rounds]
    undo = [each.undo.rate / each.real.rate for each in rounds]
    files = [each.real.finished / each.real.decided for each in rounds]
    progressed = [each.progressed for each in (*(each.real for each in rounds), *spread)]
    return [
        Claim(WORK, "x django-import-export bulk's rows/s", of_bulk, 30, 40),
        Claim(WORK, "x the same, tuned by all of its advice", of_tuned, None),
        Claim(WORK, "x the floor's rows/s", of_floor, 0.5),
        Claim("dry run of 100,000 rows", "x the import's rows/s", dry, 1),
        Claim("undo of 100,000 rows", "x the import's rows/s", undo, 1),
        Claim(
            "annotated result workbook of a 100,000-row import",
            "time until the files are ready / until the last row result",
            files,
            2,
            1.3,
            at_most=True,
        ),
        Claim("start of an import to its first progress", "seconds", progressed, 1, at_most=True),
    ]


def _lines(rounds: Sequence[Round], spread: Sequence[JobRun], counted: Jobs) -> list[Line]:
    real = [each.real for each in rounds]
    staged = [run.reached.get("DECIDING", run.decided) for run in real]
    return [
        Line("the floor: rows/s", [each.floor.rate for each in rounds]),
        Line("the floor: processor seconds, PostgreSQL's too", [r.floor.cpu for r in rounds], 2),
        *job_runs.lines("import", real, counted.real),
        Line("import: seconds to the last staged row", staged, 2),
        *job_runs.lines("dry run", [each.dry for each in rounds], counted.dry),
        *job_runs.lines("undo", [each.undo for each in rounds], counted.undo),
        *job_runs.lines("import in no order", spread),
    ]
