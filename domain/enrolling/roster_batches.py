"""A batch of a roster's rows: judged as the students stand, written, and told row by row."""

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import arrays, job_rows, jobs, options
from domain.deciding.requirements import Cause
from domain.enrolling import rolls, roster_rows, student_writes
from domain.enrolling.roster_rows import Judged, Terms
from domain.enrolling.student_writes import Edit
from domain.errors import Code
from domain.ids import PublicId
from domain.reading import sheets
from domain.reading.sheets import Problem
from domain.reading.student_records import Difference, Record
from domain.signed_in import SignedIn
from models import Channel, Cohort, Department, Job, JobRow, Outcome, StudentField

_Waiting = sa.Row[int, dict[StudentField, Any]]
# How many departments are told; a wrong column under 院系 has thousands.
_TOLD = 200


@dataclass(frozen=True)
class RosterRequest:
    """Which file is the roster of which scheme, and what may become of what it does not know.

    Who is missing from it is archived unless they are more than `archive_missing`.
    """

    file: PublicId
    scheme: PublicId
    cohort: Cohort | None = None
    create_departments: bool = False
    archive_missing: int | None = None
    dry_run: bool = False
    sheet: str | None = None


def request_of(job: Job) -> RosterRequest:
    """What a job was asked for."""
    return options.read(RosterRequest, job.options)


class _Line(NamedTuple):
    """One row as it was judged."""

    row_number: int
    problems: Sequence[Problem]
    student_id: int | None
    edit: Edit | None
    changes: Sequence[Difference]

    @property
    def told(self) -> list[dict[str, str]]:
        """The changes as the job row keeps them."""
        return [each._asdict() for each in self.changes]

    @property
    def outcome(self) -> Outcome:
        """APPLIED if it changes something."""
        if self.problems:
            return Outcome.FAILED
        return Outcome.APPLIED if self.changes else Outcome.UNCHANGED


class RosterChange(enum.StrEnum):
    """What a row of a roster does to its student."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    RESTORED = "RESTORED"


def change(changes: Sequence[Mapping[str, Any]]) -> RosterChange:
    """Of a row that changes something; that of the status, if there is one, comes first."""
    first = changes[0]
    if first["field"] != StudentField.STATUS:
        return RosterChange.CHANGED
    return RosterChange.RESTORED if first["old"] else RosterChange.ADDED


def terms(session: Session, job: Job, records: Sequence[Record]) -> Terms:
    """What these rows are judged by."""
    asked = request_of(job)
    return Terms(
        rolls.roll_of(session, job.scheme_id, records),
        student_writes.departments(session, records),
        (job.header or {})["columns"],
        asked.cohort,
        creates_departments=asked.create_departments,
    )


def unknown_departments(session: Session, job: Job) -> list[str]:
    """The first of the departments that the file names and that there are not, by name."""
    name = JobRow.record[StudentField.DEPARTMENT.value].astext
    named = sa.select(name).where(JobRow.job_id == job.id, name.is_not(None))
    unknown = named.except_(sa.select(Department.name)).subquery()
    return list(session.scalars(sa.select(unknown).order_by(*unknown.c).limit(_TOLD)))


def apply(session: Session, job: Job, operator: SignedIn) -> bool:
    """The next batch; False when none is left. Whoever calls holds the job and the scheme."""
    rows = _waiting_rows(session, job)
    if not rows:
        return False
    lines = _judge(rows, terms(session, job, [row.record for row in rows]))
    if not job.dry_run:
        lines = _write(session, job, operator, lines)
    _write_outcomes(session, job, lines)
    outcomes = Counter(line.outcome for line in lines)
    tally = {**(job.tally or {}), **_tally(job, lines)}
    progress = {"cursor": rows[-1].row_number, "tally": tally}
    jobs.advance(session, job, **progress, **jobs.counted(outcomes))
    return True


def _waiting_rows(session: Session, job: Job) -> Sequence[_Waiting]:
    return session.execute(
        sa.select(JobRow.row_number, JobRow.record)
        .where(
            JobRow.job_id == job.id,
            JobRow.row_number > job.cursor,
            job_rows.wait(JobRow.duplicate_of),
        )
        .order_by(JobRow.row_number)
        .limit(sheets.BATCH_ROWS)
    ).all()


def _judge(rows: Sequence[_Waiting], known: Terms) -> list[_Line]:
    """Who was nobody's on staging may be one and the same student by now: one row is enough."""
    lines: list[_Line] = []
    first_rows: dict[int, int] = {}
    for row_number, record in rows:
        judged = roster_rows.judge(record, known)
        first = first_rows.setdefault(judged.student_id or -row_number, row_number)
        if first != row_number:
            facts = {"rows": f"{first}、{row_number}"}
            judged = Judged(
                None, [Problem(Code.DUPLICATE_CONFLICT, facts=facts)], judged.student_id
            )
        lines.append(_line(row_number, judged))
    return lines


def _line(row_number: int, judged: Judged) -> _Line:
    edit = judged.edit and replace(judged.edit, row_number=row_number)
    changes = edit.differences if edit else []
    changing = edit if changes else None
    return _Line(row_number, judged.problems, judged.student_id, changing, changes)


def _write(session: Session, job: Job, operator: SignedIn, lines: Sequence[_Line]) -> list[_Line]:
    """Also whom each line is about, now that new students have an id."""
    edits = [line.edit for line in lines if line.edit]
    if request_of(job).create_departments:
        student_writes.departments(session, [edit.after for edit in edits], create=True)
    cause = Cause(operator, Channel.ROSTER, job.id)
    written = iter(student_writes.write(session, job.scheme_id, edits, cause))
    return [line._replace(student_id=next(written)) if line.edit else line for line in lines]


def _tally(job: Job, lines: Sequence[_Line]) -> dict[str, int]:
    told = Counter(change(line.told) for line in lines if line.changes)
    before = job.tally or {}
    return {each.value: before.get(each.value, 0) + told[each] for each in RosterChange}


def _write_outcomes(session: Session, job: Job, lines: Sequence[_Line]) -> None:
    text = sa.Text()
    new = arrays.rows(
        "new",
        row_number=(sa.Integer(), [line.row_number for line in lines]),
        student_id=(sa.BigInteger(), [line.student_id for line in lines]),
        outcome=(text, [line.outcome for line in lines]),
        code=(text, [line.problems[0].code if line.problems else None for line in lines]),
        problems=(text, [orjson.dumps(line.problems).decode() for line in lines]),
        changes=(text, [orjson.dumps(line.told).decode() for line in lines]),
    )
    session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job.id, JobRow.row_number == new.c.row_number)
        .values(
            student_id=new.c.student_id,
            outcome=new.c.outcome,
            code=new.c.code,
            problems=JobRow.problems + sa.cast(new.c.problems, postgresql.JSONB),
            changes=sa.cast(new.c.changes, postgresql.JSONB),
        ),
        execution_options={"synchronize_session": False},
    )
