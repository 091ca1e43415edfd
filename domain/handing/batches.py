"""Handing out to many students in one request: one transaction, a finished job, a row for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain import errors, finished_jobs, ids, job_rows, operators
from domain.batches import LISTED, BatchMode
from domain.configuration import schemes
from domain.deciding.judgement import Verdict, refuse
from domain.errors import Code
from domain.handing import hand_outs, requests
from domain.handing.hand_outs import Origin
from domain.handing.judgement import Handing
from domain.handing.requests import HandOutInput
from domain.ids import Noun, PublicId
from domain.lists import students
from domain.signed_in import SignedIn
from domain.words import office_word
from models import Job, JobKind, Outcome, Student

TITLES = ("学号", "姓名", "发放内容", "证书编号", "领取方式")


@dataclass(frozen=True)
class HandOutRow:
    """What is given to one student."""

    student: PublicId
    given: HandOutInput


def hand_out(
    session: Session,
    operator: SignedIn,
    scheme: PublicId,
    rows: Sequence[HandOutRow],
    mode: BatchMode,
) -> Job:
    """Hand out all at once, in order, and answer the finished job; INVALID_INPUT for rows that
    say what cannot be."""
    scheme_id = schemes.id_of(session, operator, scheme)
    operators.require_handing(operator, scheme_id)
    if len(rows) > LISTED:
        raise errors.exceeded(("rows",), LISTED, len(rows))
    handings = [_read(row, place) for place, row in enumerate(rows)]
    job = _job(session, operator, scheme_id, mode)
    verdicts = _hand_out(session, scheme_id, handings, Origin(operator, job.id), mode)
    _insert_rows(session, operator, job, rows, handings, verdicts)
    return finished_jobs.count(session, job, verdicts)


def _read(row: HandOutRow, place: int) -> Handing:
    student_id = ids.decode(row.student, Noun.STUDENT)
    return requests.read(student_id, row.given, ("rows", str(place), "given"), place + 1)


def _job(session: Session, operator: SignedIn, scheme_id: int, mode: BatchMode) -> Job:
    job = Job(
        kind=JobKind.HAND_OUT,
        operator_id=operator.id,
        scheme_id=scheme_id,
        options={"mode": mode},
        header={"titles": TITLES},
    )
    return finished_jobs.start(session, job)


def _hand_out(
    session: Session,
    scheme_id: int,
    handings: Sequence[Handing],
    origin: Origin,
    mode: BatchMode,
) -> list[Verdict]:
    """All or nothing is first tried without writing, under the same locks."""
    if mode is BatchMode.ALL_OR_NOTHING:
        tried = hand_outs.apply(session, scheme_id, handings, hand_outs.without_writing(origin))
        if any(verdict.outcome is Outcome.FAILED for verdict in tried):
            return [_held_back(verdict) for verdict in tried]
    return hand_outs.apply(session, scheme_id, handings, origin)


def _held_back(verdict: Verdict) -> Verdict:
    return verdict if verdict.outcome is Outcome.FAILED else Verdict(Outcome.UNPROCESSED)


def _insert_rows(
    session: Session,
    operator: SignedIn,
    job: Job,
    rows: Sequence[HandOutRow],
    handings: Sequence[Handing],
    verdicts: Sequence[Verdict],
) -> None:
    known = students.by_ids(session, operator, {each.student_id for each in handings})
    of_scheme = {each.id: each for each in known.values() if each.scheme_id == job.scheme_id}
    job_rows.insert(
        session,
        [
            _record(job.id, row, handing, verdict, of_scheme)
            for row, handing, verdict in zip(rows, handings, verdicts, strict=True)
        ],
    )


def _record(
    job_id: int,
    row: HandOutRow,
    handing: Handing,
    verdict: Verdict,
    known: Mapping[int, Student],
) -> tuple[object, ...]:
    student = known.get(handing.student_id)
    number, name = (student.number or "", student.name) if student else (row.student, "")
    if student is None:
        verdict = refuse(Code.STUDENT_NOT_FOUND, value=row.student)
    return (
        job_id,
        handing.row_number,
        [number, name, *_told(handing)],
        number,
        name,
        student.id if student else None,
        None,
        handing.remark,
        verdict.outcome,
        verdict.code,
        finished_jobs.problems(verdict),
    )


def _told(handing: Handing) -> list[str]:
    """What was to be given; who came instead is told by the hand-out alone."""
    kinds = "、".join(office_word(item.kind) for item in handing.items)
    numbers = "、".join(item.number for item in handing.items if item.number)
    return [kinds, numbers, office_word(handing.receiver)]
