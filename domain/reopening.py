"""Jobs that have ended and go on: what was left alone, what failed, what was repaired.

Whoever sees the job and could start it may do so; it goes on as who started it.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import job_checkpoints, job_queues, jobs, operators
from domain.errors import Code, Refusal
from domain.signed_in import SignedIn
from models import File, Job, JobKind, JobPhase, JobRow, JobStatus, Outcome

_DECIDING = frozenset({JobKind.IMPORT, JobKind.BATCH, JobKind.FEED, JobKind.UNDO})
_READ = frozenset({JobKind.IMPORT, JobKind.ROSTER, JobKind.HAND_OUT})
# What was dropped of a feed, it may send again.
_ENDS_FOR_GOOD = frozenset({*operators.WITH_SECRETS, JobKind.FEED})
# Where the rows of each kind begin anew.
_FIRST: Mapping[JobKind, JobPhase] = {
    JobKind.IMPORT: JobPhase.MATCHING,
    JobKind.BATCH: JobPhase.DECIDING,
    JobKind.UNDO: JobPhase.APPLYING,
    JobKind.HAND_OUT: JobPhase.APPLYING,
}
# What a row that is judged again no longer has.
_UNJUDGED = {
    "outcome": sa.null(),
    "code": sa.null(),
    "problems": sa.text("'[]'::jsonb"),
    "duplicate_of": sa.null(),
}


def resume(session: Session, operator: SignedIn, public_id: str) -> Job:
    """Go on exactly where a job stopped: JOB_NOT_RESUMABLE if it did not, or its file is gone."""
    job = hold(session, operator, public_id)
    if not _can_resume(session, job):
        raise _refusal(Code.JOB_NOT_RESUMABLE, job)
    phase, rows = _take_up(session, job)
    values: dict[str, object] = {"left_at": None, "unprocessed": job.unprocessed - rows}
    if _is_unread(job):
        # How many rows are still to come is not known.
        values |= {"cursor": job.cursor, "total": None, "queue": job.queue}
    if job.kind is JobKind.EXPORT:
        # It has no rows to go on from.
        phase, values = None, values | {"cursor": 0, "staged": 0}
    return reopen(session, job, phase, rows, **values)


def _take_up(session: Session, job: Job) -> tuple[JobPhase | None, int]:
    """Let the rows that were left alone wait again, where they stood; how many they are.

    Those of an import that was read are looked up again: a repair may have been left among them.
    """
    left = JobRow.outcome == Outcome.UNPROCESSED
    if job.kind is JobKind.IMPORT and job.left_at in {JobPhase.MATCHING, JobPhase.DECIDING}:
        return JobPhase.MATCHING, unjudge(session, job, left)
    waiting = session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job.id, left)
        .values(outcome=sa.null())
        .returning(JobRow.row_number),
        execution_options={"synchronize_session": False},
    )
    return job.left_at, len(waiting.all())


def _is_unread(job: Job) -> bool:
    """Whether rows of its file are still to come."""
    return job.left_at in {None, JobPhase.STAGING}


def _can_resume(session: Session, job: Job) -> bool:
    """What failed for a reason of its own would only fail again."""
    has_faulted = job.status is JobStatus.FAILED and (job.problem or {})["code"] == Code.INTERNAL
    if job.kind in _ENDS_FOR_GOOD or not (has_faulted or job.status is JobStatus.CANCELLED):
        return False
    must_read = job.upload_id is not None or job.kind in _READ
    return not _is_unread(job) or not must_read or _has_file(session, job)


def _has_file(session: Session, job: Job) -> bool:
    statement = sa.select(File.id).where(File.id == job.upload_id, File.expires_at > sa.func.now())
    return session.scalars(statement).one_or_none() is not None


def retry(session: Session, operator: SignedIn, public_id: str) -> Job:
    """Judge the failed rows again, and these alone; JOB_NOT_RETRYABLE if there are none."""
    job = hold(session, operator, public_id)
    if not _can_retry(job):
        raise _refusal(Code.JOB_NOT_RETRYABLE, job)
    failed = [JobRow.outcome == Outcome.FAILED]
    if job.kind is JobKind.BATCH:
        # Whom nobody knew there is nobody to decide, and a remark too long was not kept.
        failed += [JobRow.student_id.is_not(None), JobRow.code != Code.REMARK_TOO_LONG]
    if job.kind is JobKind.HAND_OUT:
        # Only what was understood can be judged, and rows that contradict each other still do.
        failed += [JobRow.record.is_not(None), JobRow.code != Code.DUPLICATE_CONFLICT]
    count = unjudge(session, job, *failed)
    if not count:
        raise _refusal(Code.JOB_NOT_RETRYABLE, job)
    return reopen(session, job, _FIRST[job.kind], count, failed=job.failed - count)


def _can_retry(job: Job) -> bool:
    """All or nothing is no row's own matter."""
    is_whole = job.options.get("mode") == "ALL_OR_NOTHING"
    return job.kind in _FIRST and not is_whole and has_all_rows(job)


def has_all_rows(job: Job) -> bool:
    """Whether a job has ended with all rows of its file: a row still to come may contradict one
    that is judged again, so that such a job is to be resumed first."""
    if job.status is JobStatus.CANCELLED:
        return not _is_unread(job)
    return job.status is JobStatus.FINISHED


def unjudge(session: Session, job: Job, *which: sa.ColumnElement[bool], **values: object) -> int:
    """Take the outcome from some rows of a job; how many they were."""
    changed = session.execute(
        sa.update(JobRow)
        .where(JobRow.job_id == job.id, *which)
        .values(**_UNJUDGED, **values)
        .returning(JobRow.row_number),
        execution_options={"synchronize_session": False},
    )
    return len(changed.all())


def hold(session: Session, operator: SignedIn, public_id: str) -> Job:
    """Lock a job in sight that one might have started oneself; FORBIDDEN otherwise."""
    job = jobs.get(session, operator, public_id)
    session.execute(sa.select(Job.id).where(Job.id == job.id).with_for_update())
    session.refresh(job)
    if job.kind in _DECIDING:
        for checkpoint_id in job_checkpoints.of(session, job):
            operators.require_deciding(operator, job.scheme_id, checkpoint_id)
    elif job.kind is JobKind.HAND_OUT:
        operators.require_handing(operator, job.scheme_id)
    elif job.kind is not JobKind.EXPORT:
        operators.require_administering(operator, job.scheme_id)
    return job


def reopen(session: Session, job: Job, phase: JobPhase | None, rows: int, **values: object) -> Job:
    """Queue a job again for so many rows; its id is sent once that is committed."""
    now = sa.func.clock_timestamp()
    session.execute(
        sa.update(Job)
        .where(Job.id == job.id)
        .values(
            {
                "status": JobStatus.QUEUED,
                "phase": phase,
                "cursor": 0,
                "finished_at": None,
                "cancel_requested_at": None,
                "problem": sa.null(),
                "progress_token": Job.token,
                "queued_at": now,
                "waiting_since": now,
                "queue": job_queues.of_rows(rows),
                **values,
            }
        )
    )
    session.refresh(job)
    return job


def _refusal(code: Code, job: Job) -> Refusal:
    """Why a job does not go on."""
    return Refusal(code, {"kind": job.kind, "status": job.status})
