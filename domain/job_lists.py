"""Lists of jobs: one's own, and for administrators all."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, operators, paging
from domain.configuration import schemes
from domain.ids import Noun, PublicId
from domain.signed_in import SignedIn
from models import Job, JobKind, JobStatus

JOBS = paging.Order("JOBS", (Job.id,), descending=True)


@dataclass(frozen=True)
class JobFilter:
    """Which jobs; every condition given must hold, a list means any of it."""

    kinds: list[JobKind] | None = None
    statuses: list[JobStatus] | None = None
    scheme: PublicId | None = None
    operator: PublicId | None = None


def page(
    session: Session, operator: SignedIn, where: JobFilter, window: paging.Window
) -> paging.Page[Job]:
    """The jobs in sight, the newest first."""
    statement = sa.select(Job).where(_matching(session, operator, where))
    return paging.fetch(session, statement, JOBS, window)


def count(session: Session, operator: SignedIn, where: JobFilter) -> int:
    """How many jobs are in sight."""
    matching = _matching(session, operator, where)
    return session.scalars(sa.select(sa.func.count()).select_from(Job).where(matching)).one()


def _matching(session: Session, operator: SignedIn, where: JobFilter) -> sa.ColumnElement[bool]:
    conditions = [operators.jobs_seen(operator)]
    if where.kinds is not None:
        conditions.append(arrays.any_of(Job.kind, where.kinds))
    if where.statuses is not None:
        conditions.append(arrays.any_of(Job.status, where.statuses))
    if where.scheme is not None:
        scheme_id = schemes.id_of(session, operator, where.scheme)
        conditions.append(Job.scheme_id == scheme_id)
    if where.operator is not None:
        conditions.append(Job.operator_id == ids.decode(where.operator, Noun.OPERATOR))
    return sa.and_(*conditions)
