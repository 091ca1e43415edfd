"""Jobs of one request: done in the transaction that starts them, with a row for each input."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.deciding.judgement import Verdict
from domain.reading.sheets import Problem
from models import Job, JobQueue, JobStatus, Outcome


def start(session: Session, job: Job) -> Job:
    """Give a job its id; whatever it does now is part of it."""
    now = sa.func.clock_timestamp()
    job.status, job.queue = JobStatus.FINISHED, JobQueue.INTERACTIVE
    job.started_at = job.finished_at = now
    session.add(job)
    session.flush()
    return job


def problems(verdict: Verdict) -> list[Problem]:
    """What a row tells of its verdict."""
    return [Problem(verdict.code, facts=verdict.facts)] if verdict.code else []


def count(session: Session, job: Job, verdicts: Sequence[Verdict]) -> Job:
    """Write how many rows had which outcome, and read the job as it has become."""
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    job.total = job.staged = len(verdicts)
    job.applied, job.unchanged = outcomes[Outcome.APPLIED], outcomes[Outcome.UNCHANGED]
    job.failed, job.unprocessed = outcomes[Outcome.FAILED], outcomes[Outcome.UNPROCESSED]
    session.flush()
    session.refresh(job)
    return job
