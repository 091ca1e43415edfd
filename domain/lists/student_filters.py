"""The one filter of students: of lists, batches, counts and exports."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, ids, jobs, moments, operators, paging
from domain.configuration import checkpoints, schemes
from domain.deciding import gate
from domain.ids import Noun, PublicId
from domain.lists import called, standing, tallies
from domain.signed_in import SignedIn
from models import ClearanceStatus, Cohort, Entry, Gender, HandOutKind, Student

LIST_LIMIT = 5_000
# Each is a condition of its own in the statement; a scheme has fewer checkpoints.
STATUS_LIMIT = 50


@dataclass(frozen=True)
class StatusAt:
    """Students whose clearance at a checkpoint has one of these statuses."""

    checkpoint: PublicId
    statuses: list[ClearanceStatus]


@dataclass(frozen=True)
class StudentFilter:
    """Which students of one scheme; every condition given must hold, a list means any of it."""

    scheme: PublicId
    numbers: list[str] | None = None
    candidate_numbers: list[str] | None = None
    id_numbers: list[str] | None = None
    name_prefix: str | None = None
    name_contains: str | None = None
    departments: list[PublicId] | None = None
    majors: list[str] | None = None
    classes: list[str] | None = None
    entry_years: list[int] | None = None
    genders: list[Gender] | None = None
    training_levels: list[str] | None = None
    categories: list[str] | None = None
    cohorts: list[Cohort] | None = None
    status_at: list[StatusAt] | None = None
    only_missing: PublicId | None = None
    all_clear: bool | None = None
    may_receive: list[HandOutKind] | None = None
    has_received: list[HandOutKind] | None = None
    decided_by: PublicId | None = None
    changed_since: dt.datetime | None = None
    changed_before: dt.datetime | None = None


def matching(
    session: Session,
    operator: SignedIn,
    where: StudentFilter,
    *,
    path: tuple[str, ...] = ("where",),
) -> sa.ColumnElement[bool]:
    """The filter inside the operator's scope, as one condition on students.

    What it names must be of its scheme and in sight: NOT_FOUND, rather than nobody. `path` is where
    the caller was given the filter.
    """
    condition = in_sight(operator, where, path=path)
    require_names(session, operator, where)
    return condition


def in_sight(
    operator: SignedIn, where: StudentFilter, *, path: tuple[str, ...] = ("where",)
) -> sa.ColumnElement[bool]:
    """The same without a look at what it names: what is not in sight matches nobody."""
    _check_sizes(where, path)
    scheme_id = ids.decode(where.scheme, Noun.SCHEME)
    return sa.and_(
        operators.students_seen(operator, scheme_id),
        *called.numbered(where.numbers, where.candidate_numbers, where.id_numbers),
        *called.named(where.name_prefix, where.name_contains),
        *_attribute_conditions(where),
        *_status_conditions(where),
        *_hand_out_conditions(where),
        *_change_conditions(operator, where, path),
    )


def _check_sizes(where: StudentFilter, path: tuple[str, ...]) -> None:
    for name, value in vars(where).items():
        limit = STATUS_LIMIT if name == "status_at" else LIST_LIMIT
        if isinstance(value, list) and len(value) > limit:
            raise errors.exceeded((*path, name), limit, len(value))


def require_names(session: Session, operator: SignedIn, where: StudentFilter) -> None:
    """NOT_FOUND unless all that a filter names is of its scheme, and in sight."""
    scheme_id = schemes.id_of(session, operator, where.scheme)
    named = [each.checkpoint for each in where.status_at or ()]
    if where.only_missing is not None:
        named.append(where.only_missing)
    checkpoints.require(session, operator, scheme_id, named)
    if where.decided_by is not None:
        jobs.require(session, operator, scheme_id, where.decided_by)


def _attribute_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    attributes: tuple[tuple[paging.Column, Collection[Any] | None], ...] = (
        (Student.department_id, departments_of(where)),
        (Student.major, where.majors),
        (Student.class_name, where.classes),
        (Student.entry_year, where.entry_years),
        (Student.gender, where.genders),
        (Student.training_level, where.training_levels),
        (Student.category, where.categories),
        (Student.cohort, where.cohorts),
    )
    return [_any_of(column, values) for column, values in attributes if values is not None]


def _any_of(column: paging.Column, values: Collection[Any]) -> sa.ColumnElement[bool]:
    """An empty text stands for no value, as a group of the statistics without a label does."""
    wanted = arrays.any_of(column, values)
    return sa.or_(wanted, column.is_(None)) if "" in values else wanted


def _status_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [
        standing.has_status(ids.decode(each.checkpoint, Noun.CHECKPOINT), each.statuses)
        for each in where.status_at or ()
    ]
    if where.only_missing is not None:
        conditions.append(standing.misses_only(ids.decode(where.only_missing, Noun.CHECKPOINT)))
    if where.all_clear is not None:
        misses_any = standing.misses_any()
        conditions.append(sa.not_(misses_any) if where.all_clear else misses_any)
    return conditions


def _hand_out_conditions(where: StudentFilter) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if where.may_receive is not None:
        conditions.append(gate.may_receive(where.may_receive))
    if where.has_received is not None:
        received = (gate.has_received(kind) for kind in where.has_received)
        conditions.append(sa.or_(sa.false(), *received))
    return conditions


def _change_conditions(
    operator: SignedIn, where: StudentFilter, path: tuple[str, ...]
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if where.decided_by is not None:
        job_id = ids.decode(where.decided_by, Noun.JOB)
        decided = sa.select(Entry.student_id).where(Entry.job_id == job_id).correlate(None)
        conditions += [Student.id.in_(decided), jobs.is_seen(operator, job_id)]
    after = since(where, path)
    if after is not None:
        conditions.append(standing.changed_since(after))
    if where.changed_before is not None:
        before = moments.in_utc(where.changed_before, (*path, "changed_before"))
        conditions.append(standing.changed_before(before))
    return conditions


def tally_lines(operator: SignedIn, where: StudentFilter) -> sa.ColumnElement[bool] | None:
    """The tallies that tell of the very students that match; None if the filter asks for more than
    some departments of a scheme."""
    if asked(where) - {"departments"}:
        return None
    return tallies.in_sight(operator, ids.decode(where.scheme, Noun.SCHEME), departments_of(where))


def asked(where: StudentFilter) -> set[str]:
    """What else is asked than to be of the scheme."""
    return {name for name, value in vars(where).items() if value is not None} - {"scheme"}


def departments_of(where: StudentFilter) -> list[int] | None:
    """Their keys; None if any department will do."""
    if where.departments is None:
        return None
    return [ids.decode(each, Noun.DEPARTMENT) for each in where.departments]


def since(where: StudentFilter, path: tuple[str, ...] = ("where",)) -> dt.datetime | None:
    """As of when in UTC; None if no change is asked for."""
    if where.changed_since is None:
        return None
    return moments.in_utc(where.changed_since, (*path, "changed_since"))
