"""The rows of a job that wait, batch after batch: each of one checkpoint and one author."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, job_checkpoints, job_rows, jobs
from domain.deciding.judgement import Verdict
from domain.reading import sheets
from models import Act, Job, JobRow

Waiting = sa.Row[int, int | None, Act | None, str, int | None]
_ROWS = JobRow.__table__.c
_TOLD = arrays.Table(
    "told", row_number=sa.Integer(), outcome=sa.Text(), code=sa.Text(), problems=sa.Text()
)
_UPDATE = (
    sa.update(JobRow.__table__)
    .where(
        _ROWS.job_id == sa.bindparam("job", type_=sa.BigInteger()),
        _ROWS.row_number == _TOLD.c.row_number,
        _ROWS.part == sa.bindparam("place", type_=sa.SmallInteger()),
    )
    .values(
        outcome=_TOLD.c.outcome,
        code=_TOLD.c.code,
        problems=sa.func.coalesce(
            _ROWS.problems + sa.cast(_TOLD.c.problems, postgresql.JSONB), _ROWS.problems
        ),
    )
)
# The cursor of a job that goes part after part holds both: no sheet has so many rows.
_PART = 2**32


@dataclass(frozen=True)
class Batch:
    """Some rows that wait at one checkpoint, by number; all of the same repair, or of none."""

    checkpoint_id: int
    part: int
    rows: Sequence[Waiting]

    @property
    def cursor(self) -> int:
        """Where its job stands when they have their outcomes."""
        return _cursor(self.part, self.rows)

    @property
    def repair_id(self) -> int | None:
        """The repair that changed them, and who did is their author."""
        repair_id: int | None = self.rows[0].repair_id
        return repair_id


def following(session: Session, job_id: int, cursor: int | None = None) -> Batch | None:
    """The batch behind a cursor, the job's own if none is given; None when no row waits any more.

    Whoever holds the job may read it ahead: nobody else changes rows that wait.
    """
    job = session.get_one(Job, job_id)
    checkpoint_ids = job_checkpoints.of(session, job)
    first, after = divmod(job.cursor if cursor is None else cursor, _PART)
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
    """What became of the rows, and how far the job is."""
    write_part(session, job, batch.part, batch.rows, verdicts)


def write_part(
    session: Session,
    job: Job,
    part: int,
    rows: Sequence[sa.Row[*tuple[Any, ...]]],
    verdicts: Sequence[Verdict],
) -> None:
    """The same of rows of a job that need not be decisions."""
    told = _TOLD.holding(
        row_number=[row.row_number for row in rows],
        outcome=[verdict.outcome for verdict in verdicts],
        code=[verdict.code for verdict in verdicts],
        problems=[_problems(verdict) for verdict in verdicts],
    )
    session.execute(_UPDATE, {"job": job.id, "place": part, **told})
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    cursor = _cursor(part, rows)
    jobs.advance(session, job, cursor=cursor, **jobs.counted(outcomes))


def _cursor(part: int, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> int:
    number: int = rows[-1].row_number
    return part * _PART + number


def _problems(verdict: Verdict) -> str | None:
    if verdict.code is None:
        return None
    problem = sheets.Problem(verdict.code, facts=verdict.facts)
    return orjson.dumps([problem]).decode()
