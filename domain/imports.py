"""An import of decisions from a workbook: start, stage, decide in batches, settle, write results.

Every function is one transaction of a worker and safe to run again after a death at any point.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, cells, checkpoints, decisions, files, ids, jobs, operators, staging
from domain.cells import Layout
from domain.errors import Code, Refusal
from domain.ids import PublicId
from domain.judgement import Decision, Since, Verdict
from domain.workbook import read
from domain.workbook.read import Head, Row
from models import (
    Act,
    Channel,
    Checkpoint,
    File,
    FileKind,
    IfNewer,
    Job,
    JobKind,
    JobPhase,
    JobRow,
    MatchBy,
    Outcome,
)

_Waiting = sa.Row[int, int | None, Act | None, str]


@dataclass(frozen=True)
class ImportRequest:
    """Which file decides at which checkpoint, and how."""

    file: PublicId
    checkpoint: PublicId
    match_by: MatchBy = MatchBy.AUTO
    dry_run: bool = False
    if_newer: IfNewer = IfNewer.KEEP


@dataclass(frozen=True)
class Sheet:
    """Some rows of the chosen sheet, and what its header means."""

    name: str
    layout: Layout
    rows: list[Row]


def start(
    session: Session, operator: operators.SignedIn, request: ImportRequest, language: str
) -> Job:
    """A queued job; the file is read by the worker."""
    upload = files.get(session, operator, request.file)
    if upload.kind is not FileKind.UPLOAD:
        raise ids.not_found(ids.Noun.FILE)
    checkpoint = checkpoints.get(session, operator, request.checkpoint)
    operators.require_deciding(operator, checkpoint.scheme_id, checkpoint.id)
    job = Job(
        kind=JobKind.IMPORT,
        operator_id=operator.id,
        scheme_id=checkpoint.scheme_id,
        checkpoint_id=checkpoint.id,
        upload_id=upload.id,
        match_by=request.match_by,
        dry_run=request.dry_run,
        if_newer=request.if_newer,
        options={"language": language},
    )
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    checkpoint_title: str
    match_by: MatchBy


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    upload = session.get(File, job.upload_id) if job.upload_id else None
    if upload is None:
        raise ids.not_found(ids.Noun.FILE)
    with path.open("wb") as target:
        target.writelines(files.chunks(session, upload.id))
    title = session.get_one(Checkpoint, job.checkpoint_id).title
    return Source(upload.name, title, job.match_by or MatchBy.AUTO)


def sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows below the header of the one sheet that is meant, in batches, as they are read.

    Close it to leave early.
    """
    chosen: list[tuple[str, Layout]] = []

    def pick(heads: Sequence[Head]) -> int:
        index = _pick(heads, about.checkpoint_title)
        layout = cells.find_layout(heads[index].rows, about.checkpoint_title, about.match_by)
        chosen.append((heads[index].name, layout))
        return index

    batch: list[Row] = []
    reading = read.read(path, pick, on_wait=on_wait, file=about.file_name)
    with contextlib.closing(reading):
        for rows in reading:
            [(name, layout)] = chosen
            batch += [row for row in rows if row.number > layout.header_row]
            if len(batch) >= staging.BATCH_ROWS:
                yield Sheet(name, layout, batch)
                batch = []
    if batch:
        [(name, layout)] = chosen
        yield Sheet(name, layout, batch)


def _pick(heads: Sequence[Head], checkpoint_title: str) -> int:
    """The only sheet with a header; without any, the first that holds something."""
    with_header = [
        index
        for index, head in enumerate(heads)
        if any(cells.header_score(row, checkpoint_title) > 1 for row in head.rows)
    ]
    if len(with_header) > 1:
        names = "、".join(heads[index].name for index in with_header)
        raise Refusal(Code.SHEET_AMBIGUOUS, {"sheets": names})
    filled = [index for index, head in enumerate(heads) if head.rows]
    return (with_header or filled or [0])[0]


def stage(session: Session, job_id: int, token: int, sheet: Sheet) -> None:
    """One batch of rows; a cancelled job stops here."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.header is None:
        layout = sheet.layout
        header = {"sheet": sheet.name, "row": layout.header_row, "titles": layout.titles}
        jobs.advance(session, job, header=header | {"unknown": layout.unknown})
    operator = operators.load(session, job.operator_id)
    staging.stage(session, job, operator, sheet.rows, sheet.layout)


def finish_staging(session: Session, job_id: int, token: int) -> None:
    """All rows are there: look for duplicates over the whole file."""
    staging.finish(session, jobs.hold_unless_cancelled(session, job_id, token))


def decide(session: Session, job_id: int, token: int) -> bool:
    """Judge and write the next batch of rows; False when none is left."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    rows = _waiting_rows(session, job)
    if not rows:
        return False
    verdicts = decisions.apply(
        session, _checkpoint_id(job), _decisions(rows), _origin(session, job)
    )
    _write_outcomes(session, job, rows, verdicts)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    jobs.advance(session, job, cursor=rows[-1].row_number, **_counted(outcomes))
    return True


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: repeated rows take that of the first; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = staging.settle_duplicates(session, job)
    jobs.start_phase(session, job, JobPhase.WRITING, **_counted(outcomes))


def _counted(outcomes: Counter[Outcome]) -> dict[str, Any]:
    return {
        "applied": Job.applied + outcomes[Outcome.APPLIED],
        "unchanged": Job.unchanged + outcomes[Outcome.UNCHANGED],
        "failed": Job.failed + outcomes[Outcome.FAILED],
    }


def _waiting_rows(session: Session, job: Job) -> Sequence[_Waiting]:
    return session.execute(
        sa.select(JobRow.row_number, JobRow.student_id, JobRow.act, JobRow.remark)
        .where(
            JobRow.job_id == job.id,
            JobRow.row_number > job.cursor,
            JobRow.outcome.is_(None),
            JobRow.duplicate_of.is_(None),
        )
        .order_by(JobRow.row_number)
        .limit(staging.BATCH_ROWS)
    ).all()


def _decisions(rows: Sequence[_Waiting]) -> list[Decision]:
    return [
        Decision(student_id, act, remark, row_number=row_number)
        for row_number, student_id, act, remark in rows
        if student_id is not None and act is not None
    ]


def _checkpoint_id(job: Job) -> int:
    if job.checkpoint_id is None:
        raise ids.not_found(ids.Noun.CHECKPOINT)
    return job.checkpoint_id


def _origin(session: Session, job: Job) -> decisions.Origin:
    since = None
    if job.if_newer is IfNewer.KEEP:
        upload = session.get(File, job.upload_id) if job.upload_id else None
        since = Since(upload.created_at if upload else job.created_at)
    operator = operators.load(session, job.operator_id)
    return decisions.Origin(operator, Channel.IMPORT, job.id, since, dry_run=job.dry_run)


def _write_outcomes(
    session: Session, job: Job, rows: Sequence[_Waiting], verdicts: Sequence[Verdict]
) -> None:
    text = sa.Text()
    new = arrays.rows(
        "new",
        row_number=(sa.Integer(), [row.row_number for row in rows]),
        outcome=(text, [verdict.outcome for verdict in verdicts]),
        code=(text, [verdict.code for verdict in verdicts]),
        problems=(text, [_problems(verdict) for verdict in verdicts]),
    )
    session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job.id, JobRow.row_number == new.c.row_number)
        .values(
            outcome=new.c.outcome,
            code=new.c.code,
            problems=JobRow.problems + sa.cast(new.c.problems, postgresql.JSONB),
        ),
        execution_options={"synchronize_session": False},
    )


def _problems(verdict: Verdict) -> str:
    if verdict.code is None:
        return "[]"
    problem = cells.Problem(verdict.code, facts=verdict.facts)
    return orjson.dumps([problem]).decode()
