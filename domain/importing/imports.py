"""An import of decisions from a workbook: start, stage, decide in batches, settle, write results.

Every function is one transaction of a worker and safe to run again after a death at any point.
"""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, files, ids, jobs, operators
from domain.configuration import checkpoints
from domain.deciding import decisions
from domain.deciding.judgement import Decision, Since, Verdict
from domain.ids import PublicId
from domain.importing import staging
from domain.reading import cells, sheets, synonyms
from domain.reading.cells import Sheet
from domain.reading.vocabulary import USUAL, Results, Vocabulary
from models import (
    Act,
    Channel,
    Checkpoint,
    File,
    IfNewer,
    Job,
    JobKind,
    JobPhase,
    JobRow,
    MatchBy,
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


def start(
    session: Session, operator: operators.SignedIn, request: ImportRequest, language: str
) -> Job:
    """A queued job; the file is read by the worker."""
    upload = files.upload(session, operator, request.file)
    checkpoint = checkpoints.get(session, operator, request.checkpoint)
    operators.require_deciding(operator, checkpoint.scheme_id, checkpoint.id)
    checkpoints.keep(session, checkpoint.id)
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
    return jobs.queue(session, job)


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know."""

    file_name: str
    checkpoint_title: str
    match_by: MatchBy
    vocabulary: Vocabulary = USUAL

    @property
    def results(self) -> Results:
        """What the cells of 办理结果 decide."""
        return self.vocabulary.acts(cells.RESULTS)


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    name = staging.fetch(session, job, path)
    title = session.get_one(Checkpoint, job.checkpoint_id).title
    vocabulary = synonyms.vocabulary(session)
    return Source(name, title, job.match_by or MatchBy.AUTO, vocabulary)


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Sheet, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read."""
    headers = cells.headers(about.checkpoint_title, about.vocabulary)
    check = partial(cells.check, match_by=about.match_by)
    return sheets.read_list(path, headers, check, file=about.file_name, on_wait=on_wait)


def stage(
    session: Session, job_id: int, token: int, sheet: Sheet, about: Source | None = None
) -> None:
    """One batch of rows; a cancelled job stops here."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.header is None:
        jobs.advance(session, job, header=sheet.header)
    operator = operators.load(session, job.operator_id)
    results = about.results if about else cells.RESULTS
    staging.stage(session, job, operator, sheet, results)


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
    jobs.advance(session, job, cursor=rows[-1].row_number, **jobs.counted(outcomes))
    return True


def settle(session: Session, job_id: int, token: int) -> None:
    """Every row has its outcome: repeated rows take that of the first; results come next."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    outcomes = staging.settle_duplicates(session, job)
    jobs.start_phase(session, job, JobPhase.WRITING, **jobs.counted(outcomes))


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
        .limit(sheets.BATCH_ROWS)
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
    problem = sheets.Problem(verdict.code, facts=verdict.facts)
    return orjson.dumps([problem]).decode()
