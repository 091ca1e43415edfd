"""The history (办理记录): the entries of students in sight, the newest first."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, ids, jobs, moments, operators, paging
from domain.configuration import checkpoints, schemes
from domain.ids import Noun, PublicId
from domain.lists import student_filters, students
from domain.lists.student_filters import StudentFilter
from domain.signed_in import SignedIn
from models import Channel, ClearanceStatus, Entry, Student

# A batch decides thousands at one moment.
KEY = (Entry.at, Entry.student_id, Entry.checkpoint_id, Entry.version)
NEWEST = paging.Order("ENTRIES", KEY, descending=True)


@dataclass(frozen=True)
class EntryFilter:
    """Which entries of one scheme; every condition given must hold, a list means any of it."""

    scheme: PublicId
    student: PublicId | None = None
    checkpoint: PublicId | None = None
    operator: PublicId | None = None
    job: PublicId | None = None
    channels: list[Channel] | None = None
    new_statuses: list[ClearanceStatus] | None = None
    from_: dt.datetime | None = None
    until: dt.datetime | None = None
    students: StudentFilter | None = None


def page(
    session: Session, operator: SignedIn, where: EntryFilter, window: paging.Window
) -> paging.Page[Entry]:
    """One page of the entries of students in sight."""
    return paging.fetch(session, matching(session, operator, where), NEWEST, window)


def count(session: Session, operator: SignedIn, where: EntryFilter) -> int:
    """How many entries the filter matches."""
    return session.scalars(_length(matching(session, operator, where))).one()


def listing(operator: SignedIn, where: EntryFilter, window: paging.Window) -> paging.Listing[Entry]:
    """The same as a statement; it finds nothing where `page` says NOT_FOUND."""
    statement = _in_sight(operator, where)
    return paging.Listing(statement, NEWEST, window, _length(statement))


def _length(statement: sa.Select[Entry]) -> sa.Select[int]:
    return statement.with_only_columns(sa.func.count())


def matching(session: Session, operator: SignedIn, where: EntryFilter) -> sa.Select[Entry]:
    """The filter inside the operator's scope. NOT_FOUND for what it names and is not in sight."""
    _require_names(session, operator, where)
    return _in_sight(operator, where)


def _in_sight(operator: SignedIn, where: EntryFilter) -> sa.Select[Entry]:
    return (
        sa.select(Entry)
        .join(Student, Student.id == Entry.student_id)
        .where(_of_students(operator, where), *_conditions(operator, where))
    )


def _require_names(session: Session, operator: SignedIn, where: EntryFilter) -> None:
    scheme_id = schemes.id_of(session, operator, where.scheme)
    if where.students is not None:
        student_filters.require_names(session, operator, where.students)
    if where.checkpoint is not None:
        checkpoints.require(session, operator, scheme_id, [where.checkpoint])
    if where.student is not None:
        students.require(session, operator, scheme_id, where.student)
    if where.job is not None:
        jobs.require(session, operator, scheme_id, where.job)


def _of_students(operator: SignedIn, where: EntryFilter) -> sa.ColumnElement[bool]:
    """The very students that the statistics count under this filter; all in sight without one."""
    scheme_id = ids.decode(where.scheme, Noun.SCHEME)
    if where.students is None:
        return operators.students_seen(operator, scheme_id)
    path = ("where", "students")
    if ids.decode(where.students.scheme, Noun.SCHEME) != scheme_id:
        raise errors.invalid((*path, "scheme"), where.students.scheme, "the filter's scheme")
    return student_filters.in_sight(operator, where.students, path=path)


def _conditions(operator: SignedIn, where: EntryFilter) -> list[sa.ColumnElement[bool]]:
    named = (
        (Entry.student_id, where.student, Noun.STUDENT),
        (Entry.checkpoint_id, where.checkpoint, Noun.CHECKPOINT),
        (Entry.operator_id, where.operator, Noun.OPERATOR),
        (Entry.job_id, where.job, Noun.JOB),
    )
    listed = ((Entry.channel, where.channels), (Entry.new_status, where.new_statuses))
    conditions = [
        column == ids.decode(each, noun) for column, each, noun in named if each is not None
    ]
    conditions += [arrays.any_of(column, values) for column, values in listed if values is not None]
    if where.job is not None:
        conditions.append(jobs.is_seen(operator, ids.decode(where.job, Noun.JOB)))
    if where.from_ is not None:
        conditions.append(Entry.at >= moments.in_utc(where.from_, ("where", "from")))
    if where.until is not None:
        conditions.append(Entry.at < moments.in_utc(where.until, ("where", "until")))
    return conditions


@dataclass(frozen=True)
class EntriesOf:
    """A page of the entries of one student, at every checkpoint or one."""

    student_id: int
    checkpoint_id: int | None
    window: paging.Window


def pages(
    session: Session, _operator: SignedIn, wanted: Sequence[EntriesOf]
) -> dict[EntriesOf, paging.Page[Entry]]:
    """Pages of entries of students that were seen already; one statement for all that ask alike."""
    found: dict[EntriesOf, paging.Page[Entry]] = {}
    for alike in _alike(wanted):
        places = range(1, len(alike) + 1)
        of_places = paging.fetch_each(
            session, places, partial(_below, alike), NEWEST, alike[0].window
        )
        found |= {each: of_places[place] for place, each in zip(places, alike, strict=True)}
    return found


def counts(
    session: Session, _operator: SignedIn, wanted: Sequence[EntriesOf]
) -> dict[EntriesOf, int]:
    """How many entries there are on all pages of these."""
    columns = (Entry.student_id, Entry.checkpoint_id)
    rows = session.execute(
        sa.select(*columns, sa.func.count())
        .where(arrays.any_of(Entry.student_id, {each.student_id for each in wanted}))
        .group_by(*columns)
    )
    numbers = Counter[tuple[int, int | None]]()
    for student_id, checkpoint_id, number in rows:
        numbers[student_id, checkpoint_id] = number
        numbers[student_id, None] += number
    return {each: numbers[each.student_id, each.checkpoint_id] for each in wanted}


def _alike(wanted: Sequence[EntriesOf]) -> list[list[EntriesOf]]:
    groups: dict[tuple[bool, paging.Window], list[EntriesOf]] = {}
    for each in wanted:
        groups.setdefault((each.checkpoint_id is None, each.window), []).append(each)
    return list(groups.values())


def _below(alike: Sequence[EntriesOf], place: sa.ColumnElement[int]) -> sa.Select[Entry]:
    student_ids = [each.student_id for each in alike]
    statement = sa.select(Entry).where(Entry.student_id == arrays.element(student_ids, place))
    checkpoint_ids = [each.checkpoint_id for each in alike if each.checkpoint_id is not None]
    if not checkpoint_ids:
        return statement
    return statement.where(Entry.checkpoint_id == arrays.element(checkpoint_ids, place))
