"""Lists of jobs: one's own, and for administrators all."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, operators, paging
from domain.ids import Noun, PublicId
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
    session: Session, operator: operators.SignedIn, where: JobFilter, window: paging.Window
) -> paging.Page[Job]:
    """The jobs in sight, the newest first."""
    return paging.fetch(session, sa.select(Job).where(_matching(operator, where)), JOBS, window)


def count(session: Session, operator: operators.SignedIn, where: JobFilter) -> int:
    """How many jobs are in sight."""
    statement = sa.select(sa.func.count()).select_from(Job).where(_matching(operator, where))
    return session.scalars(statement).one()


def _matching(operator: operators.SignedIn, where: JobFilter) -> sa.ColumnElement[bool]:
    conditions = [operators.jobs_seen(operator)]
    if where.kinds is not None:
        conditions.append(Job.kind.in_(where.kinds))
    if where.statuses is not None:
        conditions.append(Job.status.in_(where.statuses))
    if where.scheme is not None:
        conditions.append(Job.scheme_id == ids.decode(where.scheme, Noun.SCHEME))
    if where.operator is not None:
        conditions.append(Job.operator_id == ids.decode(where.operator, Noun.OPERATOR))
    return sa.and_(*conditions)
