"""The workbooks of an import: the uploaded rows with what became of them, and only the failed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import cells
from domain.errors import Code
from domain.messages import Reader
from domain.workbook import write
from models import FileKind, Job, JobRow, Outcome

_PAGE = 5_000
_Row = sa.Row[int, list[Any], Outcome | None, str | None, list[Any]]
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
    # Without what an earlier import appended: a file that fails again must not grow.
    kept = [index for index, title in enumerate(titles) if not cells.is_result_header(title)]
    header = [*(titles[index] for index in kept), *cells.RESULT_HEADERS]
    lines = (_line(row, kept, reader, dry_run=job.dry_run) for row in rows)
    write.write_table(path, "导入结果", header, lines)


def _widest(session: Session, job_id: int) -> int:
    """A row may have cells beyond the header; they are kept too."""
    widths = sa.select(sa.func.max(sa.func.jsonb_array_length(JobRow.cells)))
    return session.scalars(widths.where(JobRow.job_id == job_id)).one() or 0


def _rows(session: Session, job_id: int, *, only_failed: bool) -> Iterator[_Row]:
    statement = (
        sa.select(JobRow.row_number, JobRow.cells, JobRow.outcome, JobRow.code, JobRow.problems)
        .where(JobRow.job_id == job_id)
        .order_by(JobRow.row_number)
        .limit(_PAGE)
    )
    if only_failed:
        statement = statement.where(JobRow.outcome == Outcome.FAILED)
    last = 0
    while page := session.execute(statement.where(JobRow.row_number > last)).all():
        yield from page
        last = page[-1].row_number


def _line(row: _Row, kept: Sequence[int], reader: Reader, *, dry_run: bool) -> list[str]:
    applied, would_apply = _OUTCOMES[row.outcome or Outcome.UNPROCESSED]
    codes = "、".join(dict.fromkeys(problem["code"] for problem in row.problems))
    reasons = "；".join(dict.fromkeys(problem_text(problem, reader) for problem in row.problems))
    uploaded = [row.cells[index] if index < len(row.cells) else "" for index in kept]
    became = would_apply if dry_run else applied
    return [*uploaded, str(row.row_number), became, codes, reasons]


def problem_text(problem: dict[str, Any], reader: Reader) -> str:
    """The sentence of one stored problem."""
    return reader.message(Code(problem["code"]), problem["facts"])
