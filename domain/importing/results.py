"""The workbooks of an import: the uploaded rows with what became of them, and only the failed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import Code
from domain.messages import Reader
from domain.reading import sheets, student_records
from domain.reading.roster_cells import CHANGES_HEADER
from domain.workbook import write
from models import FileKind, Job, JobKind, JobRow, Outcome

_PAGE = 5_000
_COLUMNS = (
    JobRow.row_number,
    JobRow.cells,
    JobRow.outcome,
    JobRow.code,
    JobRow.problems,
    JobRow.changes,
)
_Row = sa.Row[int, list[Any], Outcome | None, str | None, list[Any], list[Any] | None]
_OUTCOMES = {
    Outcome.APPLIED: ("已导入", "可导入"),
    Outcome.UNCHANGED: ("无变化", "无变化"),
    Outcome.FAILED: ("失败", "失败"),
    Outcome.UNPROCESSED: ("未处理", "未处理"),
}
NAMES = {FileKind.ANNOTATED: "导入结果.xlsx", FileKind.FAILED_ROWS: "失败行.xlsx"}


def kinds(session: Session, job_id: int) -> tuple[FileKind, ...]:
    """Which workbooks a settled import makes: without a failed row there is nothing to correct."""
    has_failed = session.get_one(Job, job_id).failed > 0
    return (FileKind.ANNOTATED, FileKind.FAILED_ROWS) if has_failed else (FileKind.ANNOTATED,)


def write_workbook(
    session: Session,
    job_id: int,
    kind: FileKind,
    path: Path,
    reader: Reader,
) -> None:
    """Write one of the two workbooks of an import; its rows are read a page at a time."""
    job = session.get_one(Job, job_id)
    titles = [str(title) for title in (job.header or {}).get("titles", [])]
    is_failed = kind is FileKind.FAILED_ROWS
    rows = _rows(session, job_id, only_failed=is_failed)
    width = max(len(titles), _widest(session, job_id))
    titles += [""] * (width - len(titles))
    appended = _appended(job)
    # Without what an earlier import appended: a file that fails again must not grow.
    kept = [place for place, title in enumerate(titles) if sheets.folded(title) not in appended]
    header = [*(titles[place] for place in kept), *appended]
    lines = (_line(row, kept, reader, job) for row in rows)
    write.write_table(path, "导入结果", header, lines)


def _appended(job: Job) -> tuple[str, ...]:
    changes = (CHANGES_HEADER,) if job.kind is JobKind.ROSTER else ()
    return (*sheets.RESULT_HEADERS, *changes)


def _widest(session: Session, job_id: int) -> int:
    """A row may have cells beyond the header; they are kept too."""
    widths = sa.select(sa.func.max(sa.func.jsonb_array_length(JobRow.cells)))
    return session.scalars(widths.where(JobRow.job_id == job_id)).one() or 0


def _rows(session: Session, job_id: int, *, only_failed: bool) -> Iterator[_Row]:
    statement = (
        sa.select(*_COLUMNS).where(JobRow.job_id == job_id).order_by(JobRow.row_number).limit(_PAGE)
    )
    if only_failed:
        statement = statement.where(JobRow.outcome == Outcome.FAILED)
    last = 0
    while page := session.execute(statement.where(JobRow.row_number > last)).all():
        yield from page
        last = page[-1].row_number


def _line(row: _Row, kept: Sequence[int], reader: Reader, job: Job) -> list[str]:
    applied, would_apply = _OUTCOMES[row.outcome or Outcome.UNPROCESSED]
    codes = "、".join(dict.fromkeys(problem["code"] for problem in row.problems))
    reasons = " ".join(dict.fromkeys(problem_text(problem, reader) for problem in row.problems))
    uploaded = [row.cells[index] if index < len(row.cells) else "" for index in kept]
    became = would_apply if job.dry_run else applied
    line = [*uploaded, str(row.row_number), became, codes, reasons]
    return [*line, student_records.sentence(row.changes)] if job.kind is JobKind.ROSTER else line


def problem_text(problem: dict[str, Any], reader: Reader) -> str:
    """The sentence of one stored problem."""
    return reader.message(Code(problem["code"]), problem["facts"])
