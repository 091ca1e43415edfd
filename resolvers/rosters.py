"""Rosters from files: start, and what a job tells of one."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple

from strawberry import Info, Parent, argument

import models
from domain.enrolling import roster_batches, rosters
from domain.enrolling.roster_batches import RosterChange, RosterRequest
from domain.enrolling.roster_missing import MissingOf
from domain.ids import PublicId
from domain.paging import Page
from domain.reading import student_records
from models import Cohort, JobKind, StudentField
from resolvers import context
from resolvers.imports import Sheet
from resolvers.loaders import Loaders
from resolvers.paging import After, Before, Connection, First, Last, window


async def start_roster_import(
    info: Info,
    file: Annotated[PublicId, argument(description="The id that POST /files answered.")],
    scheme: Annotated[PublicId, argument(description="Whose roster it is.")],
    cohort: Annotated[
        Cohort | None, argument(description="学生范围 of new students whose row has none.")
    ] = None,
    create_departments: Annotated[
        bool, argument(description="Make the departments that there are not yet.")
    ] = False,
    archive_missing: Annotated[
        int | None,
        argument(
            description="Archive every active student of the scheme whom no row names, of"
            " whatever 学生范围, unless they are more than this or a row failed; a dry run tells"
            " how many they are. Null: archive nobody."
        ),
    ] = None,
    dry_run: Annotated[
        bool, argument(description="Tell what would change, write nothing.")
    ] = False,
    sheet: Sheet = None,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    request = RosterRequest(
        file, scheme, cohort, create_departments, archive_missing, dry_run, sheet
    )
    job = await here.write(rosters.start, request, here.reader.language)
    await here.enqueue(job)
    return job


def tally(root: Parent[models.Job]) -> models.Job | None:
    """Of a roster only."""
    return root if root.kind is JobKind.ROSTER else None


def cohort(root: Parent[models.Job]) -> Cohort | None:
    """As it was asked for."""
    return roster_batches.request_of(root).cohort


def create_departments(root: Parent[models.Job]) -> bool:
    """As it was asked for."""
    return roster_batches.request_of(root).create_departments


def added(root: Parent[models.Job]) -> int:
    """Rows with a new student."""
    return _told(root, RosterChange.ADDED)


def changed(root: Parent[models.Job]) -> int:
    """Rows that changed a student."""
    return _told(root, RosterChange.CHANGED)


def restored(root: Parent[models.Job]) -> int:
    """Rows that brought an archived student back."""
    return _told(root, RosterChange.RESTORED)


def missing(root: Parent[models.Job]) -> int:
    """Active students whom no row names."""
    return _told(root, "missing")


def archived(root: Parent[models.Job]) -> int:
    """How many of these were archived."""
    return _told(root, "archived")


def _told(job: models.Job, name: str) -> int:
    return int((job.tally or {}).get(name, 0))


def unknown_departments(root: Parent[models.Job]) -> list[str]:
    """By name."""
    return list((root.tally or {}).get("unknown_departments", ()))


def not_archived(root: Parent[models.Job]) -> dict[str, Any] | None:
    """Why nobody was, though it was asked for."""
    return (root.tally or {}).get("not_archived")


async def missing_students(
    root: Parent[models.Job],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[models.Student]:
    """By number; one statement for all jobs of a page."""
    loaders = context.of(info).loaders
    wanted = MissingOf(root.id, window(first, after, last, before))
    found = await loaders.missing_students.load(wanted)
    return Connection(found or Page.empty(), partial(_count_missing, loaders, root.id))


async def _count_missing(loaders: Loaders, job_id: int) -> int:
    return await loaders.missing_student_count.load(job_id) or 0


class FieldChange(NamedTuple):
    """One field of a row's student."""

    field: StudentField
    title: str
    old: str
    new: str


def row_change(root: Parent[models.JobRow]) -> RosterChange | None:
    """What a row of a roster does to its student."""
    return roster_batches.change(root.changes) if root.changes else None


def row_changes(root: Parent[models.JobRow]) -> list[FieldChange]:
    """Field by field."""
    return [_field_change(each) for each in root.changes or ()]


def _field_change(stored: Mapping[str, str]) -> FieldChange:
    field = StudentField(stored["field"])
    return FieldChange(field, student_records.TITLES[field], stored["old"], stored["new"])
