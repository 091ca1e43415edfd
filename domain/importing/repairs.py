"""Repairing an import: cells of failed rows are changed, and these rows alone are judged again.

They are judged as decisions of who repaired them, against what was decided before the repair.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, job_rows, reopening
from domain.errors import Code, Refusal
from domain.ids import PublicId
from domain.reading import sheets
from domain.signed_in import SignedIn
from models import Job, JobKind, JobPhase, JobRow, Outcome, Repair

MOST_CELLS = 1_000
MOST_ROWS = 50_000
LONGEST = 2_000
_COLUMNS = ("job_id", "row_number", "part", "cells", "edits")


@dataclass(frozen=True)
class CellEdit:
    """A cell of a failed row, and what it shall say; the same as before judges the row anew."""

    row: int
    column: str
    value: str


@dataclass(frozen=True)
class Replacement:
    """What a column says in failed rows, and what it shall say in all of them instead."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RepairRequest:
    """Which cells of an import change, one by one or wherever they say the same; one is given."""

    job: PublicId
    cells: list[CellEdit] | None = None
    replace: Replacement | None = None


# The new texts of a row by the place of their column.
_Edits = Mapping[int, str]


def repair(session: Session, operator: SignedIn, request: RepairRequest) -> Job:
    """Change the cells and queue the job again: JOB_NOT_REPAIRABLE, ROW_NOT_REPAIRABLE."""
    if (request.cells is None) == (request.replace is None):
        raise errors.invalid(("cells",), None, "exactly one of cells and replace")
    job = reopening.hold(session, operator, request.job)
    if not _can_repair(job):
        facts = {"kind": job.kind, "status": job.status}
        raise Refusal(Code.JOB_NOT_REPAIRABLE, facts)
    edits = (
        _replaced(session, job, request.replace)
        if request.replace
        else _edited(session, job, request.cells or ())
    )
    began = Repair(job_id=job.id, operator_id=operator.id)
    session.add(began)
    session.flush()
    _write(session, job, edits, began.id)
    failed = job.failed - len(edits)
    return reopening.reopen(session, job, JobPhase.MATCHING, len(edits), failed=failed)


def _can_repair(job: Job) -> bool:
    is_one = job.kind is JobKind.IMPORT and not job.dry_run
    return is_one and job.failed > 0 and reopening.has_all_rows(job)


def _edited(session: Session, job: Job, wanted: Sequence[CellEdit]) -> list[tuple[JobRow, _Edits]]:
    """Each failed row (of each checkpoint) with its edits."""
    path = ("cells",)
    if not wanted:
        raise errors.invalid(path, "", "at least one value")
    if len(wanted) > MOST_CELLS:
        raise errors.exceeded(path, MOST_CELLS, len(wanted))
    edits: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for each in wanted:
        edits[each.row][_place(job, each.column, (*path, "column"))] = _text(
            each.value, (*path, "value")
        )
    # A number that no row can have names none.
    possible = [row for row in edits if 0 < row < 2**31]
    rows = _failed(session, job, JobRow.row_number.in_(possible))
    missing = edits.keys() - {row.row_number for row in rows}
    if missing:
        raise Refusal(Code.ROW_NOT_REPAIRABLE, {"row": min(missing)}, path=(*path, "row"))
    return [(row, edits[row.row_number]) for row in rows]


def _replaced(session: Session, job: Job, wanted: Replacement) -> list[tuple[JobRow, _Edits]]:
    path = ("replace",)
    place = _place(job, wanted.column, (*path, "column"))
    new = _text(wanted.new, (*path, "new"))
    said = sa.func.coalesce(JobRow.cells[place].astext, "")
    rows = _failed(session, job, sa.func.btrim(said) == wanted.old.strip())
    if not rows:
        raise errors.invalid(
            (*path, "old"), wanted.old[:LONGEST], "what the column says in a failed row"
        )
    return [(row, {place: new}) for row in rows]


def _failed(session: Session, job: Job, which: sa.ColumnElement[bool]) -> Sequence[JobRow]:
    rows = session.scalars(
        sa.select(JobRow)
        .where(JobRow.job_id == job.id, JobRow.outcome == Outcome.FAILED, which)
        .order_by(JobRow.row_number, JobRow.part)
        .limit(MOST_ROWS + 1)
    ).all()
    if len(rows) > MOST_ROWS:
        raise errors.exceeded(("replace",), MOST_ROWS, f"{MOST_ROWS + 1} or more")
    return rows


def _place(job: Job, column: str, path: tuple[str, ...]) -> int:
    """Of a column of the file by its letters."""
    letters = column.strip().upper()
    for place in range(len((job.header or {})["titles"])):
        if sheets.letter(place) == letters:
            return place
    raise errors.invalid(path, column[:LONGEST], "the letters of a column of the file")


def _text(value: str, path: tuple[str, ...]) -> str:
    return errors.of_length(path, value.replace("\0", ""), 0, LONGEST)


def _write(
    session: Session, job: Job, edits: Sequence[tuple[JobRow, _Edits]], repair_id: int
) -> None:
    """The cells, and what they said before."""
    of_rows = arrays.rows(
        "edited",
        row_number=(sa.Integer(), [row.row_number for row, _ in edits]),
        part=(sa.SmallInteger(), [row.part for row, _ in edits]),
    )
    is_edited = (JobRow.row_number == of_rows.c.row_number, JobRow.part == of_rows.c.part)
    reopening.unjudge(session, job, *is_edited, repair_id=repair_id)
    job_rows.update(
        session,
        [
            (job.id, row.row_number, row.part, edited(row.cells, new), _told(row, new, repair_id))
            for row, new in edits
        ],
        _COLUMNS,
    )


def edited(cells: Sequence[str], new: _Edits) -> list[str]:
    """The cells of a row with new texts; a row may be shorter than the header."""
    width = max(len(cells), *(place + 1 for place in new))
    padded = [*cells, *[""] * (width - len(cells))]
    return [new.get(place, text) for place, text in enumerate(padded)]


def _told(row: JobRow, new: _Edits, repair_id: int) -> list[dict[str, Any]]:
    changed = [
        {
            "column": sheets.letter(place),
            "old": row.cells[place] if place < len(row.cells) else "",
            "new": text,
            "repair": repair_id,
        }
        for place, text in new.items()
    ]
    return [*(row.edits or ()), *changed]


@dataclass(frozen=True)
class Repaired:
    """A cell that a repair changed."""

    column: str
    old: str
    new: str


def cells(row: JobRow) -> list[Repaired]:
    """What repairs changed in a row, in their order."""
    return [Repaired(each["column"], each["old"], each["new"]) for each in row.edits or ()]


def by_ids(session: Session, _operator: SignedIn, repair_ids: Sequence[int]) -> dict[int, Repair]:
    """The repairs of rows that were seen already."""
    statement = sa.select(Repair).where(Repair.id == sa.any_(arrays.ids(repair_ids)))
    return {each.id: each for each in session.scalars(statement)}
