"""Rosters (名册): what a job tells of one, and what its rows do to students."""

from typing import Any

import strawberry

import models
from domain.enrolling.roster_batches import RosterChange
from resolvers import rosters
from schema.problem import Problem

strawberry.enum(
    RosterChange,
    description="ADDED: a new student. CHANGED: other data. RESTORED: an archived student is back,"
    " perhaps with other data.",
)


@strawberry.type(description="One field that becomes another.")
class FieldChange:
    """What a row of a roster does to one field."""

    field: models.StudentField = strawberry.field(description="Which field.")
    title: str = strawberry.field(description="As files head it, e.g. 学号.")
    old: str = strawberry.field(description="Before, as files print it, an ID number masked.")
    new: str = strawberry.field(description="After, in the same way.")


@strawberry.type(
    description="What a roster was asked for, and what it did, or of a dry run would do. added +"
    " changed + restored = applied of the job."
)
class RosterOutcome:
    """Numbers of a job."""

    cohort = strawberry.field(
        resolver=rosters.cohort,
        graphql_type=models.Cohort | None,
        description="Asked for: 学生范围 of new students whose row has none.",
    )
    create_departments = strawberry.field(
        resolver=rosters.create_departments,
        graphql_type=bool,
        description="Asked for: make the departments that there were not yet.",
    )
    added = strawberry.field(
        resolver=rosters.added, graphql_type=int, description="Students who are new."
    )
    changed = strawberry.field(
        resolver=rosters.changed, graphql_type=int, description="Students with other data now."
    )
    restored = strawberry.field(
        resolver=rosters.restored,
        graphql_type=int,
        description="Archived students whom a row named, and who are back.",
    )
    missing = strawberry.field(
        resolver=rosters.missing,
        graphql_type=int,
        description="Active students whom no row names, not even one that failed; see"
        " `missingStudents` of the job.",
    )
    archived = strawberry.field(
        resolver=rosters.archived, graphql_type=int, description="How many of these were archived."
    )
    unknown_departments = strawberry.field(
        resolver=rosters.unknown_departments,
        graphql_type=list[str],
        description="The 院系 that the file named and that there were not yet, the first 200 by"
        " name: made with `createDepartments`, DEPARTMENT_UNKNOWN without.",
    )
    not_archived_reason = strawberry.field(
        resolver=rosters.not_archived,
        graphql_type=Problem | None,
        description="MISSING_NOT_ARCHIVED if it was asked for, but some row failed or more are"
        " missing than may be archived; null otherwise.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Jobs of this kind."""
        return isinstance(value, models.Job)
