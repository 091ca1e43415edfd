"""One loader a kind of nested row: however many parents, one statement."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session
from strawberry.dataloader import DataLoader

from domain import (
    files,
    job_checkpoints,
    job_files,
    job_queues,
    job_rows,
    jobs,
    operators,
    undos,
    waivers,
)
from domain.certifying import certificates
from domain.configuration import checkpoints, schemes
from domain.enrolling import enrolment, roster_missing
from domain.feeding import feeds, tokens
from domain.handing import entitlements
from domain.handing import lists as hand_out_lists
from domain.importing import repairs
from domain.lists import clearances, student_lines, students
from domain.reports import history, past_clearances
from domain.signed_in import SignedIn
from domain.staffing import accounts, grants

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
P = ParamSpec("P")
T = TypeVar("T")
ByKeys = Callable[[Session, SignedIn, list[K]], Mapping[K, V]]


class Reads(Protocol):
    """The part of a context that loaders need."""

    def read(
        self,
        function: Callable[Concatenate[Session, SignedIn, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]: ...


class Loaders:
    """The loaders of one operation; they live no longer, so nothing is ever stale."""

    def __init__(self, reads: Reads) -> None:
        # As long as there are kinds of nested rows, and nothing but their list.
        self.scheme = _loader(reads, schemes.by_ids)
        self.department = _loader(reads, schemes.departments_by_ids)
        self.departments = _loader(reads, schemes.departments)
        self.checkpoint = _loader(reads, checkpoints.by_ids)
        self.checkpoints = _loader(reads, checkpoints.of_schemes)
        self.prerequisites = _loader(reads, checkpoints.prerequisites)
        self.student = _loader(reads, students.by_ids)
        self.enrolled = _loader(reads, enrolment.by_ids)
        self.student_changes = _loader(reads, student_lines.pages)
        self.student_change_count = _loader(reads, student_lines.counts)
        self.clearance = _loader(reads, clearances.by_keys)
        self.clearances = _loader(reads, clearances.of_students)
        self.past_clearances = _loader(reads, past_clearances.at)
        self.entry = _loader(reads, clearances.last_entries)
        self.entries = _loader(reads, history.pages)
        self.entry_count = _loader(reads, history.counts)
        self.waiver = _loader(reads, waivers.by_ids)
        self.waiver_of = _loader(reads, waivers.alive)
        self.hand_out = _loader(reads, hand_out_lists.by_ids)
        self.hand_outs = _loader(reads, hand_out_lists.of_students)
        self.certificate = _loader(reads, certificates.by_ids)
        self.newest_certificate = _loader(reads, certificates.newest)
        self.entitlement = _loader(reads, entitlements.of_students)
        self.cohort_entitlements = _loader(reads, entitlements.of_schemes)
        self.operator = _loader(reads, operators.by_ids)
        self.operator_seen = _loader(reads, accounts.by_ids)
        self.grant = _loader(reads, grants.by_ids)
        self.grants = _loader(reads, grants.of_operators)
        self.feed = _loader(reads, feeds.by_ids)
        self.feed_token = _loader(reads, tokens.by_ids)
        self.feed_tokens = _loader(reads, tokens.of_feeds)
        self.job = _loader(reads, jobs.by_ids)
        self.job_row = _loader(reads, job_rows.by_keys)
        self.job_rows = _loader(reads, job_rows.pages)
        self.job_row_count = _loader(reads, job_rows.counts)
        self.missing_students = _loader(reads, roster_missing.pages)
        self.missing_student_count = _loader(reads, roster_missing.counts)
        self.job_checkpoints = _loader(reads, job_checkpoints.of_jobs)
        self.queue_place = _loader(reads, job_queues.places)
        self.undo = _loader(reads, undos.of_jobs)
        self.repair = _loader(reads, repairs.by_ids)
        self.job_files = _loader(reads, job_files.of_jobs)
        self.file = _loader(reads, files.by_ids)


def _loader(reads: Reads, by_keys: ByKeys[K, V]) -> DataLoader[K, V | None]:
    async def load(keys: list[K]) -> list[V | None]:
        found = await reads.read(by_keys, keys)
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load)
