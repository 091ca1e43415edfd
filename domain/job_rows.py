"""The rows of jobs (任务行): inserted; pages below one job or many, counts, single rows."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, operators, paging
from domain.errors import Code
from domain.signed_in import SignedIn
from models import Job, JobRow, Outcome

ORDER = paging.Order("JOB_ROWS", (JobRow.row_number, JobRow.part))
# Only where the backslash is not itself escaped.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
COLUMNS = (
    "job_id",
    "row_number",
    "cells",
    "key",
    "name",
    "student_id",
    "act",
    "remark",
    "outcome",
    "code",
    "problems",
)
# With the place of its checkpoint among several.
PART_COLUMNS = (*COLUMNS, "part")
# With what a row says beside a decision.
RECORD_COLUMNS = (*COLUMNS, "record")
_ROWS = JobRow.__table__.c
_KEY = ("job_id", "row_number", "part")
_TEXT = sa.Text()


def insert(
    session: Session, records: Sequence[tuple[object, ...]], names: tuple[str, ...] = COLUMNS
) -> None:
    """New rows, each with the values of these columns.

    As one statement: a worker that freezes amid a COPY would hold its locks for ever, as no
    timeout of the server ends one.
    """
    session.execute(_insertion(names), _values(records, names))


def update(
    session: Session,
    records: Sequence[tuple[object, ...]],
    names: tuple[str, ...] = PART_COLUMNS,
) -> None:
    """The values of these columns for rows that are there, one statement; the key is among them."""
    session.execute(_change(names), _values(records, names))


def renew_statistics(session: Session) -> None:
    """Let the server know how many rows a new job has: taken for none, each of them would be
    compared with each. It may wait a second, for whoever cleans the table."""
    # Roughly is enough for that, and a tenth of the time.
    session.execute(sa.text("SET LOCAL default_statistics_target = 10"))
    session.execute(sa.text("ANALYZE job_rows (job_id, row_number, part, student_id)"))


def wait(*without: arrays.Column) -> sa.ColumnElement[bool]:
    """Rows with no outcome yet, nor anything in these columns; of a job that takes them in order.

    In these words the server takes nearly all for such. By its statistics, which are of the jobs
    that ended, no row waits: each batch would read and sort all the rows behind it.
    """
    return sa.and_(*(sa.func.num_nonnulls(each) != 1 for each in (_ROWS.outcome, *without)))


@functools.cache
def _new(names: tuple[str, ...]) -> arrays.Table:
    return arrays.Table("new", **{name: _sent(_ROWS[name].type) for name in names})


@functools.cache
def _insertion(names: tuple[str, ...]) -> sa.Insert:
    rows = sa.select(*_read(names).values())
    return sa.insert(JobRow.__table__).from_select(names, rows, include_defaults=False)


@functools.cache
def _change(names: tuple[str, ...]) -> sa.Update:
    new = _read(names)
    of_key = [_ROWS[name] == new.pop(name) for name in _KEY]
    return sa.update(JobRow.__table__).where(*of_key).values(new)


def _read(names: tuple[str, ...]) -> dict[str, sa.ColumnElement[Any]]:
    """The columns of all the records as those of the table."""
    new = _new(names).c
    kinds = {name: _ROWS[name].type for name in names}
    return {
        name: sa.cast(new[name], kind) if isinstance(kind, postgresql.JSONB) else new[name]
        for name, kind in kinds.items()
    }


def _values(records: Sequence[tuple[object, ...]], names: tuple[str, ...]) -> dict[str, object]:
    columns = list(zip(*records, strict=True)) or [()] * len(names)
    values = {
        name: _texts(_ROWS[name].type, column) for name, column in zip(names, columns, strict=True)
    }
    return _new(names).holding(**values)


def _sent(kind: arrays.Kind) -> arrays.Kind:
    return _TEXT if isinstance(kind, postgresql.JSONB | sa.String) else kind


def _texts(kind: arrays.Kind, values: tuple[Any, ...]) -> Sequence[Any]:
    """PostgreSQL holds no NUL, and no spreadsheet means one."""
    if isinstance(kind, postgresql.JSONB):
        return [None if value is None else _json(value) for value in values]
    # To look through all of them at once is less work than to look at each.
    if isinstance(kind, sa.String) and b"\\u0000" in orjson.dumps(values):
        return [value and value.replace("\0", "") for value in values]
    return values


def _json(value: object) -> str:
    text = orjson.dumps(value).decode()
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


@dataclass(frozen=True)
class RowsOf:
    """Which rows of a job."""

    job_id: int
    outcome: Outcome | None
    code: Code | None
    window: paging.Window


def pages(
    session: Session, _operator: SignedIn, wanted: Sequence[RowsOf]
) -> dict[RowsOf, paging.Page[JobRow]]:
    """Pages of rows of jobs that were seen already; one statement for all that ask alike."""
    found: dict[RowsOf, paging.Page[JobRow]] = {}
    for alike in _alike(wanted):
        first = alike[0]
        of_jobs = paging.fetch_each(
            session,
            [each.job_id for each in alike],
            partial(_below, first),
            ORDER,
            first.window,
        )
        found |= {each: of_jobs[each.job_id] for each in alike}
    return found


def counts(session: Session, _operator: SignedIn, wanted: Sequence[RowsOf]) -> dict[RowsOf, int]:
    """How many rows of each job have this outcome and code."""
    found: dict[RowsOf, int] = {}
    for alike in _alike(wanted):
        job_ids = [each.job_id for each in alike]
        counted = session.execute(
            sa.select(JobRow.job_id, sa.func.count().label("rows"))
            .where(JobRow.job_id.in_(job_ids), _narrowed(alike[0]))
            .group_by(JobRow.job_id)
        )
        of_jobs = {row.job_id: row.rows for row in counted}
        found |= {each: of_jobs.get(each.job_id, 0) for each in alike}
    return found


def _alike(wanted: Sequence[RowsOf]) -> list[list[RowsOf]]:
    groups: dict[RowsOf, list[RowsOf]] = {}
    for each in wanted:
        groups.setdefault(replace(each, job_id=0), []).append(each)
    return list(groups.values())


def _below(to: RowsOf, job_id: sa.ColumnElement[int]) -> sa.Select[JobRow]:
    return sa.select(JobRow).where(JobRow.job_id == job_id, _narrowed(to))


def _narrowed(to: RowsOf) -> sa.ColumnElement[bool]:
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if to.outcome is not None:
        conditions.append(JobRow.outcome == to.outcome)
    if to.code is not None:
        conditions.append(JobRow.code == to.code)
    return sa.and_(*conditions)


def by_keys(
    session: Session, operator: SignedIn, keys: Sequence[tuple[int, int, int]]
) -> dict[tuple[int, int, int], JobRow]:
    """The job rows in sight among these: job, row number and part."""
    statement = (
        sa.select(JobRow)
        .join(Job, Job.id == JobRow.job_id)
        .where(
            sa.tuple_(JobRow.job_id, JobRow.row_number, JobRow.part).in_(list(keys)),
            operators.jobs_seen(operator),
        )
    )
    return {(row.job_id, row.row_number, row.part): row for row in session.scalars(statement)}
