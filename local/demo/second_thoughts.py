"""What the operator does about errors: repairs rows where they are, and takes the import back."""

from typing import Any

from local.demo.desk import Desk, counters
from local.demo.screen import say, step, table
from local.failure import Failure

# Row, column, what it shall say: a word that was ambiguous, and a name that was another's.
REPAIRS = ((12, "C", "通过"), (13, "B", "冯思"))
CHANGED_NUMBER, CHANGED_REMARK = "2020010103", "登记表签名不清"
UNDONE = "5-undone.xlsx"

REPAIR = """mutation($job: ID!, $cells: [CellEdit!]!) { repairJob(job: $job, cells: $cells) {
  ... on Job { id } ... on Refused { code message } } }"""
UNDO = """mutation($job: ID!, $dryRun: Boolean!) { undoJob(job: $job, dryRun: $dryRun) {
  ... on Job { id } ... on Refused { code message } } }"""


def repair(desk: Desk, job: Any) -> Any:
    """The job with two of its failed rows repaired."""
    step("Repair two rows where they are", "They alone are judged again; nothing is uploaded.")
    cells = [dict(zip(("row", "column", "value"), each, strict=True)) for each in REPAIRS]
    desk.client.ask(REPAIR, job=job["id"], cells=cells)
    done = desk.client.watch(job["id"], _ignore)
    numbers = {row for row, _, _ in REPAIRS}
    _show([row for row in done["rows"]["nodes"] if row["rowNumber"] in numbers])
    say(f"applied {done['applied']} · unchanged {done['unchanged']} · failed {done['failed']}")
    counters(desk)
    return done


def undo(desk: Desk, job: Any) -> Any:
    """What the undo of the import did: first told by a dry run, then for good."""
    step("Take the import back", "First as a dry run. Who was changed since is left alone.")
    rehearsal, done = (_undo(desk, job, dry_run=dry_run) for dry_run in (True, False))
    rows = done["rows"]["nodes"]
    if rehearsal["rows"]["nodes"] != rows:
        raise Failure("The undo judged a row otherwise than its dry run had.")
    _show(rows)
    say(f"applied {done['applied']} · unchanged {done['unchanged']} · failed {done['failed']}")
    counters(desk)
    [file] = done["files"]
    desk.save(UNDONE, desk.client.download(file["url"]))
    return done


def _undo(desk: Desk, job: Any, *, dry_run: bool) -> Any:
    started = desk.client.ask(UNDO, job=job["id"], dryRun=dry_run)
    return desk.client.watch(started["id"], _ignore)


def _show(rows: list[Any]) -> None:
    table(
        ("Excel 行", "key", "姓名", "outcome", "code"),
        [
            (row["rowNumber"], row["key"], row["name"], row["outcome"], row["code"] or "-")
            for row in rows
        ],
    )


def _ignore(_phase: str) -> None:
    pass
