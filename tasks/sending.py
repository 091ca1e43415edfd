"""How a job is sent to the workers: its kind says which task, its queue which way."""

from collections.abc import Mapping
from typing import Protocol

from models import JobKind, JobQueue
from tasks.app import QUEUES, app

TASKS: Mapping[JobKind, str] = {
    JobKind.BATCH: "batches.run",
    JobKind.IMPORT: "imports.run",
    JobKind.ROSTER: "rosters.run",
    JobKind.EXPORT: "exports.run",
    JobKind.OPERATORS: "hiring.run",
    JobKind.UNDO: "undos.run",
    JobKind.HAND_OUT: "hand_outs.run",
    JobKind.STUDENT_PASSWORDS: "student_passwords.run",
}


class Sendable(Protocol):
    """What is to be known of a job."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> JobKind: ...
    @property
    def queue(self) -> JobQueue: ...


def send(job: Sendable, *, retry: bool = True) -> None:
    """Send a committed job; twice does no harm, since its claim lets one worker in."""
    app.send_task(TASKS[job.kind], (job.id,), queue=QUEUES[job.queue], retry=retry)
