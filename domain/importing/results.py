"""The workbooks of a job: its rows with what became of them, and only the failed ones.

A row of the file is one line, however many checkpoints it is for.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import job_checkpoints
from domain.errors import Code
from domain.messages import Reader
from domain.reading import sheets, student_records
from domain.reading.roster_cells import CHANGES_HEADER
from domain.reading.sheets import REPAIR_HEADER
from domain.workbook import write
from models import Checkpoint, FileKind, Job, JobKind, JobRow, Operator, Outcome, Repair

_PAGE = 5_000
_OUTCOMES = {
    Outcome.UNCHANGED: "无变化",
    Outcome.FAILED: "失败",
    Outcome.UNPROCESSED: "未处理",
}
_ACTS = {JobKind.UNDO: "撤回", JobKind.HAND_OUT: "发放"}
_ROWS = JobRow.__table__.c
# Most rows have no problems, and JSON is read only of those that have.
_PROBLEMS = sa.func.nullif(_ROWS.problems, sa.literal([], postgresql.JSONB), type_=postgresql.JSONB)
_COLUMNS = (
    _ROWS.row_number,
    _ROWS.part,
    _ROWS.cells,
    _ROWS.outcome,
    _PROBLEMS.label("problems"),
    _ROWS.changes,
    _ROWS.edits,
)
_Part = sa.Row[*tuple[Any, ...]]
# A row of the file, at each of the checkpoints.
_Row = Sequence[_Part]


@dataclass(frozen=True)
class _About:
    """What the lines of a job's workbook are made of."""

    kind: JobKind
    outcomes: Mapping[Outcome | None, str]
    reader: Reader
    checkpoints: Sequence[str]
    repairs: Mapping[int, str]


def kinds(session: Session, job_id: int) -> tuple[FileKind, ...]:
    """Which workbooks a settled job makes: only failed rows of a file can be corrected in it."""
    job = session.get_one(Job, job_id)
    is_corrected = job.failed > 0 and job.kind is not JobKind.UNDO
    return (FileKind.ANNOTATED, FileKind.FAILED_ROWS) if is_corrected else (FileKind.ANNOTATED,)


def name(job: Job, kind: FileKind) -> str:
    """What a workbook is called."""
    return f"{'失败行' if kind is FileKind.FAILED_ROWS else _title(job)}.xlsx"


def _title(job: Job) -> str:
    return "撤回结果" if job.kind is JobKind.UNDO else "导入结果"


def write_workbook(
    session: Session, job_id: int, kind: FileKind, path: Path, reader: Reader
) -> None:
    """Write one of the two workbooks of an import; its rows are read a page at a time."""
    job = session.get_one(Job, job_id)
    titles_at, repairs = _titles(session, job), _repairs(session, job, reader)
    about = _About(job.kind, _outcomes(job), reader, titles_at, repairs)
    titles = [str(title) for title in (job.header or {}).get("titles", [])]
    rows = _rows(session, job_id, only_failed=kind is FileKind.FAILED_ROWS)
    width = max(len(titles), _widest(session, job_id))
    titles += [""] * (width - len(titles))
    # Without what an earlier import appended: a file that fails again must not grow.
    kept = [place for place, title in enumerate(titles) if not _is_appended(title)]
    header = [*(titles[place] for place in kept), *_appended(_title(job), about)]
    write.write_table(path, _title(job), header, (_line(row, kept, about) for row in rows))


def _outcomes(job: Job) -> dict[Outcome | None, str]:
    """What became of a row, as its column tells it."""
    act = _ACTS.get(job.kind, "导入")
    applied = f"可{act}" if job.dry_run else f"已{act}"
    told: dict[Outcome | None, str] = {None: _OUTCOMES[Outcome.UNPROCESSED]}
    return told | _OUTCOMES | {Outcome.APPLIED: applied}


def _titles(session: Session, job: Job) -> list[str]:
    """Of its checkpoints, if there are several."""
    if job.checkpoint_id is not None:
        return []
    checkpoint_ids = job_checkpoints.of(session, job)
    return [session.get_one(Checkpoint, each).title for each in checkpoint_ids]


def _repairs(session: Session, job: Job, reader: Reader) -> dict[int, str]:
    """By whom and when, as the column of repairs tells it."""
    rows = session.execute(
        sa.select(Repair.id, Repair.created_at, Operator.name)
        .join(Operator, Operator.id == Repair.operator_id)
        .where(Repair.job_id == job.id)
    )
    return {repair_id: f"{name} {reader.moment(at)}" for repair_id, at, name in rows}


def _appended(outcome: str, about: _About) -> list[str]:
    number, _, *errors = sheets.RESULT_HEADERS
    outcomes = [f"{outcome}（{title}）" for title in about.checkpoints] or [outcome]
    changes = [CHANGES_HEADER] if about.kind is JobKind.ROSTER else []
    repairs = [REPAIR_HEADER] if about.repairs else []
    return [number, *outcomes, *errors, *changes, *repairs]


def _is_appended(title: str) -> bool:
    """Be it of one checkpoint or of several."""
    return sheets.is_result(title) or sheets.folded(title) == CHANGES_HEADER


def _widest(session: Session, job_id: int) -> int:
    """A row may have cells beyond the header; they are kept too."""
    widths = sa.select(sa.func.max(sa.func.jsonb_array_length(JobRow.cells)))
    return session.scalars(widths.where(JobRow.job_id == job_id)).one() or 0


def _rows(session: Session, job_id: int, *, only_failed: bool) -> Iterator[_Row]:
    parts = _parts(session, job_id, only_failed=only_failed)
    for _, row in itertools.groupby(parts, key=lambda part: part.row_number):
        yield list(row)


def _parts(session: Session, job_id: int, *, only_failed: bool) -> Iterator[_Part]:
    key = sa.tuple_(JobRow.row_number, JobRow.part)
    statement = sa.select(*_COLUMNS).where(JobRow.job_id == job_id)
    if only_failed:
        failed = orm.aliased(JobRow)
        has_failed = sa.exists().where(
            failed.job_id == job_id,
            failed.row_number == JobRow.row_number,
            failed.outcome == Outcome.FAILED,
        )
        statement = statement.where(has_failed)
    statement = statement.order_by(JobRow.row_number, JobRow.part).limit(_PAGE)
    last = (0, 0)
    while page := session.execute(statement.where(key > last)).all():
        yield from page
        last = (page[-1].row_number, page[-1].part)


def _line(row: _Row, kept: Sequence[int], about: _About) -> list[str]:
    # A repair changes the cells of the parts that failed, and these only.
    cells = max(row, key=lambda part: len(part.edits or ())).cells
    line = [cells[place] if place < len(cells) else "" for place in kept]
    line.append(str(row[0].row_number))
    line += [about.outcomes[part.outcome] for part in row]
    line += (_codes(row), _reasons(row, about)) if any(part.problems for part in row) else ("", "")
    if about.kind is JobKind.ROSTER:
        line.append(student_records.sentence(row[0].changes))
    return [*line, _repaired(row, about)] if about.repairs else line


def _codes(row: _Row) -> str:
    codes = (problem["code"] for part in row for problem in part.problems or ())
    return "、".join(dict.fromkeys(codes))


def _reasons(row: _Row, about: _About) -> str:
    """Each reason once; where it does not hold at every checkpoint, with those where it does."""
    titles: dict[str, list[str]] = {}
    for part in row:
        problems = part.problems or ()
        for reason in dict.fromkeys(problem_text(each, about.reader) for each in problems):
            titles.setdefault(reason, []).extend(about.checkpoints[part.part : part.part + 1])
    return " ".join(
        reason if len(where) == len(about.checkpoints) else f"{'、'.join(where)}：{reason}"
        for reason, where in titles.items()
    )


def _repaired(row: _Row, about: _About) -> str:
    told = (
        f"{about.repairs[edit['repair']]} {edit['column']}：“{edit['old']}” → “{edit['new']}”"
        for part in row
        for edit in part.edits or ()
    )
    return "；".join(dict.fromkeys(told))


def problem_text(problem: dict[str, Any], reader: Reader) -> str:
    """The sentence of one stored problem."""
    return reader.message(Code(problem["code"]), problem["facts"])
