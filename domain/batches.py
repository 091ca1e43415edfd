"""Deciding many students in one request: by ids, by numbers, or by filter minus exceptions.

One transaction; it leaves a job of kind BATCH with a row for every student.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, finished_jobs, identifiers, ids, job_rows, moments, operators
from domain.configuration import checkpoints, schemes
from domain.deciding import decisions, locked_states
from domain.deciding.judgement import REMARK_LENGTH, Decision, Since, Verdict, refuse
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.lists import student_filters, student_keys, students
from domain.signed_in import SignedIn
from models import (
    Act,
    Channel,
    Checkpoint,
    Job,
    JobKind,
    Outcome,
    Student,
)

LISTED = 5_000
FILTERED = 50_000
# Where things stand in what the caller gave.
_SELECT = ("input", "select")
_FILTER = (*_SELECT, "filter")


class BatchMode(enum.StrEnum):
    """What happens when some students cannot be decided."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    VALID_ONLY = "VALID_ONLY"


@dataclass(frozen=True)
class FilterSelection:
    """The students a filter matches, as they were seen at `as_of`."""

    where: student_filters.StudentFilter
    expected_count: int
    as_of: dt.datetime
    except_ids: list[PublicId] | None = None


@dataclass(frozen=True)
class Selection:
    """Which students; exactly one is given."""

    ids: list[PublicId] | None = None
    numbers: list[str] | None = None
    filter: FilterSelection | None = None


@dataclass(frozen=True)
class BatchRequest:
    """One act with one remark for many students at one checkpoint."""

    checkpoint: PublicId
    select: Selection
    act: Act
    remark: str | None = None
    mode: BatchMode = BatchMode.VALID_ONLY


@dataclass(frozen=True)
class _Line:
    """One student of the batch, as asked for; without an id there is no such student in sight."""

    text: str
    student_id: int | None
    number: str = ""
    name: str = ""


def decide(session: Session, operator: SignedIn, request: BatchRequest) -> Job:
    """Decide all at once and answer the finished job."""
    checkpoint = checkpoints.get(session, operator, request.checkpoint)
    operators.require_deciding(operator, checkpoint.scheme_id, checkpoint.id)
    locked_states.lock_scheme(session, checkpoint.id)
    lines, since = _select(session, operator, request.select, checkpoint)
    job = _job(session, operator, request, checkpoint, since)
    verdicts = _decide(session, operator, request, lines, since, job)
    _insert_rows(session, job, request, lines, verdicts)
    return finished_jobs.count(session, job, verdicts)


def _select(
    session: Session,
    operator: SignedIn,
    selection: Selection,
    checkpoint: Checkpoint,
) -> tuple[list[_Line], Since | None]:
    given = [each for each in vars(selection).values() if each is not None]
    if len(given) != 1:
        raise errors.invalid(_SELECT, len(given), "exactly one of ids, numbers and filter")
    if selection.filter is not None:
        as_of = moments.in_utc(selection.filter.as_of, (*_FILTER, "as_of"))
        return _by_filter(session, operator, selection.filter, checkpoint), Since(
            as_of, operator.id
        )
    if selection.numbers is not None:
        return _by_numbers(session, operator, selection.numbers, checkpoint.scheme_id), None
    return _by_ids(session, operator, selection.ids or [], checkpoint.scheme_id), None


def _by_filter(
    session: Session,
    operator: SignedIn,
    selection: FilterSelection,
    checkpoint: Checkpoint,
) -> list[_Line]:
    """The selection as it is now; another number of students than expected is refused whole."""
    if schemes.id_of(session, operator, selection.where.scheme) != checkpoint.scheme_id:
        path = (*_FILTER, "where", "scheme")
        raise errors.invalid(path, selection.where.scheme, "the checkpoint's scheme")
    _check_size((*_FILTER, "except_ids"), len(selection.except_ids or ()), LISTED)
    excepted = {ids.decode(each, Noun.STUDENT) for each in selection.except_ids or ()}
    rows = session.execute(
        sa.select(Student.id, Student.number, Student.name)
        .where(
            student_filters.matching(session, operator, selection.where, path=(*_FILTER, "where")),
            Student.id != sa.all_(arrays.ids(excepted)),
        )
        .order_by(Student.id)
        .limit(FILTERED + 1)
    ).all()
    _check_size(_SELECT, len(rows), FILTERED)
    if len(rows) != selection.expected_count:
        facts = {"expected": selection.expected_count, "actual": len(rows)}
        raise Refusal(Code.SELECTION_CHANGED, facts, path=(*_FILTER, "expected_count"))
    return [
        _Line(number or "", student_id, number or "", name) for student_id, number, name in rows
    ]


def _by_numbers(
    session: Session, operator: SignedIn, numbers: Sequence[str], scheme_id: int
) -> list[_Line]:
    _check_size(_SELECT, len(numbers), LISTED)
    wanted = dict.fromkeys(identifiers.clean(number) for number in numbers)
    known = student_keys.by_keys(session, operator, scheme_id, (list(wanted), [], [])).numbers
    return [
        _Line(number, student.id, number, student.name)
        if (student := known.get(number))
        else _Line(number, None)
        for number in wanted
    ]


def _by_ids(
    session: Session, operator: SignedIn, public_ids: Sequence[PublicId], scheme_id: int
) -> list[_Line]:
    _check_size(_SELECT, len(public_ids), LISTED)
    wanted = {each: ids.decode(each, Noun.STUDENT) for each in dict.fromkeys(public_ids)}
    known = students.by_ids(session, operator, set(wanted.values()))
    lines = []
    for public_id, student_id in wanted.items():
        student = known.get(student_id)
        if student and student.scheme_id == scheme_id:
            lines.append(_Line(public_id, student.id, student.number or "", student.name))
        else:
            lines.append(_Line(public_id, None))
    return lines


def _job(
    session: Session,
    operator: SignedIn,
    request: BatchRequest,
    checkpoint: Checkpoint,
    since: Since | None,
) -> Job:
    job = Job(
        kind=JobKind.BATCH,
        operator_id=operator.id,
        scheme_id=checkpoint.scheme_id,
        checkpoint_id=checkpoint.id,
        options={
            "act": request.act,
            "mode": request.mode,
            "as_of": since.moment.isoformat() if since else None,
        },
        header={"titles": ["学号", "姓名"]},
    )
    return finished_jobs.start(session, job)


def _decide(
    session: Session,
    operator: SignedIn,
    request: BatchRequest,
    lines: Sequence[_Line],
    since: Since | None,
    job: Job,
) -> list[Verdict]:
    """One verdict a line. All or nothing is first tried without writing, under the same locks."""
    made = [
        Decision(line.student_id, request.act, (request.remark or "").strip(), row_number=number)
        for number, line in enumerate(lines, 1)
        if line.student_id is not None
    ]
    origin = decisions.Origin(operator, Channel.BATCH, job.id, since)
    is_whole = len(made) == len(lines)
    if request.mode is BatchMode.ALL_OR_NOTHING:
        tried = decisions.apply(session, _id(job), made, decisions.without_writing(origin))
        if not is_whole or any(verdict.outcome is Outcome.FAILED for verdict in tried):
            return _with_unknown(lines, [_held_back(verdict) for verdict in tried])
    return _with_unknown(lines, decisions.apply(session, _id(job), made, origin))


def _id(job: Job) -> int:
    if job.checkpoint_id is None:
        raise ids.not_found(Noun.CHECKPOINT)
    return job.checkpoint_id


def _held_back(verdict: Verdict) -> Verdict:
    return verdict if verdict.outcome is Outcome.FAILED else Verdict(Outcome.UNPROCESSED)


def _with_unknown(lines: Sequence[_Line], verdicts: Sequence[Verdict]) -> list[Verdict]:
    of_known = iter(verdicts)
    return [
        refuse(Code.STUDENT_NOT_FOUND, value=line.text)
        if line.student_id is None
        else next(of_known)
        for line in lines
    ]


def _insert_rows(
    session: Session,
    job: Job,
    request: BatchRequest,
    lines: Sequence[_Line],
    verdicts: Sequence[Verdict],
) -> None:
    remark = (request.remark or "").strip()
    kept = remark if len(remark) <= REMARK_LENGTH else ""
    job_rows.insert(
        session,
        [
            (
                job.id,
                number,
                [line.number or line.text, line.name],
                line.number or line.text,
                line.name,
                line.student_id,
                request.act,
                kept,
                verdict.outcome,
                verdict.code,
                finished_jobs.problems(verdict),
            )
            for number, (line, verdict) in enumerate(zip(lines, verdicts, strict=True), 1)
        ],
    )


def _check_size(path: tuple[str, ...], size: int, limit: int) -> None:
    if size > limit:
        raise errors.exceeded(path, limit, size)
