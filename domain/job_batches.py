"""The rows of a job that wait, batch after batch: each of one checkpoint and one author."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, job_checkpoints, job_rows, jobs
from domain.deciding.judgement import Verdict
from domain.reading import sheets
from models import Act, Job, JobRow, Outcome

Waiting = sa.Row[int, int | None, Act | None, str, int | None]
_ROWS = JobRow.__table__.c
_TOLD = arrays.Table(
    "told", row_number=sa.Integer(), outcome=sa.Text(), code=sa.Text(), problems=sa.Text()
)
_OF_PART = (
    _ROWS.job_id == sa.bindparam("job", type_=sa.BigInteger()),
    _ROWS.part == sa.bindparam("place", type_=sa.SmallInteger()),
)
_UPDATE = (
    sa.update(JobRow.__table__)
    .where(*_OF_PART, _ROWS.row_number == _TOLD.c.row_number)
    .values(
        outcome=_TOLD.c.outcome,
        code=_TOLD.c.code,
        problems=sa.func.coalesce(
            _ROWS.problems + sa.cast(_TOLD.c.problems, postgresql.JSONB), _ROWS.problems
        ),
    )
)
_UPDATE_RANGE = (
    sa.update(JobRow.__table__)
    .where(
        *_OF_PART,
        _ROWS.row_number.between(sa.bindparam("first"), sa.bindparam("last")),
        _ROWS.row_number != sa.all_(sa.bindparam("but", type_=postgresql.ARRAY(sa.Integer()))),
        job_rows.wait(_ROWS.duplicate_of),
    )
    .values(outcome=sa.bindparam("usual", type_=sa.Text()), code=sa.null())
)


@dataclass(frozen=True)
class Batch:
    """Some rows that wait at one checkpoint, by number; all of the same repair, or of none.

    Those of one part are of other students in every batch.
    """

    checkpoint_id: int
    part: int
    rows: Sequence[Waiting]

    @property
    def repair_id(self) -> int | None:
        """The repair that changed them, and who did is their author."""
        repair_id: int | None = self.rows[0].repair_id
        return repair_id


def following(session: Session, job_id: int, before: Batch | None = None) -> Batch | None:
    """The batch behind another one, or the first; None when no row waits any more.

    Whoever has the job may read it ahead: nobody else changes rows that wait. What a dead worker
    left waits among what it decided, as its batches ended in any order.
    """
    job = session.get_one(Job, job_id)
    checkpoint_ids = job_checkpoints.of(session, job)
    first = before.part if before else 0
    after = before.rows[-1].row_number if before else 0
    for part in range(first, len(checkpoint_ids)):
        rows = _rows(session, job, part, after if part == first else 0)
        if rows:
            return Batch(checkpoint_ids[part], part, rows)
    return None


def _rows(session: Session, job: Job, part: int, after: int) -> Sequence[Waiting]:
    rows = session.execute(
        sa.select(_ROWS.row_number, _ROWS.student_id, _ROWS.act, _ROWS.remark, _ROWS.repair_id)
        .where(
            _ROWS.job_id == job.id,
            _ROWS.part == part,
            _ROWS.row_number > after,
            job_rows.wait(_ROWS.duplicate_of),
        )
        .order_by(_ROWS.row_number)
        .limit(sheets.BATCH_ROWS)
    ).all()
    return list(itertools.takewhile(lambda row: row.repair_id == rows[0].repair_id, rows))


def write(session: Session, job: Job, batch: Batch, verdicts: Sequence[Verdict]) -> None:
    """What became of the rows, and how many have their outcome.

    Most come out alike, and are a range of the table but for the others: nobody looks for each.
    """
    usual = _usual(verdicts)
    pairs = zip(batch.rows, verdicts, strict=True)
    others = [pair for pair in pairs if (pair[1].outcome, pair[1].code) != (usual, None)]
    written = _write_range(session, job, batch, usual, [row.row_number for row, _ in others])
    if written != len(batch.rows) - len(others):
        first = batch.rows[0].row_number
        raise RuntimeError(f"{written} rows of job {job.id} wait from {first} on")
    if others:
        _write_each(session, job, batch.part, others)
    jobs.advance(session, job, **_counted(verdicts))


def write_some(
    session: Session,
    job: Job,
    rows: Sequence[sa.Row[*tuple[Any, ...]]],
    verdicts: Sequence[Verdict],
) -> None:
    """The same of rows that need not be decisions, nor all that wait in their range; and how far
    the job is that takes them in order."""
    _write_each(session, job, 0, list(zip(rows, verdicts, strict=True)))
    jobs.advance(session, job, cursor=rows[-1].row_number, **_counted(verdicts))


def _usual(verdicts: Sequence[Verdict]) -> Outcome:
    """What most rows without a problem came to."""
    outcomes = Counter(verdict.outcome for verdict in verdicts if verdict.code is None)
    return max(outcomes, key=outcomes.__getitem__, default=Outcome.APPLIED)


def _write_range(
    session: Session, job: Job, batch: Batch, outcome: Outcome, but: Sequence[int]
) -> int:
    values = {
        "job": job.id,
        "place": batch.part,
        "first": batch.rows[0].row_number,
        "last": batch.rows[-1].row_number,
        "but": but,
        "usual": outcome,
    }
    return cast("sa.CursorResult[Any]", session.execute(_UPDATE_RANGE, values)).rowcount


def _write_each(
    session: Session, job: Job, part: int, pairs: Sequence[tuple[Any, Verdict]]
) -> None:
    told = _TOLD.holding(
        row_number=[row.row_number for row, _ in pairs],
        outcome=[verdict.outcome for _, verdict in pairs],
        code=[verdict.code for _, verdict in pairs],
        problems=[_problems(verdict) for _, verdict in pairs],
    )
    session.execute(_UPDATE, {"job": job.id, "place": part, **told})


def _counted(verdicts: Sequence[Verdict]) -> dict[str, object]:
    return jobs.counted(Counter(verdict.outcome for verdict in verdicts))


def _problems(verdict: Verdict) -> str | None:
    if verdict.code is None:
        return None
    problem = sheets.Problem(verdict.code, facts=verdict.facts)
    return orjson.dumps([problem]).decode()
