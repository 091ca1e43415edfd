"""Lines of what changed about a student."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
from resolvers import enrolment
from schema.operator import Operator

if TYPE_CHECKING:
    from schema.job import Job
    from schema.student import Student

JobLink = Annotated["Job", strawberry.lazy("schema.job")]
StudentLink = Annotated["Student", strawberry.lazy("schema.student")]


@strawberry.type(
    description="One field of a student that became another; never altered, never deleted. Of a new"
    " student there is one line, of STATUS."
)
class StudentChange:
    """GraphQL face of models.StudentChange."""

    at: dt.datetime = strawberry.field(description="When, in UTC.")
    field: models.StudentField = strawberry.field(description="Which field.")
    old: str = strawberry.field(
        description="Before, as files print it, an ID number masked; empty if there was nothing."
    )
    new: str = strawberry.field(description="After, in the same way.")
    row_number: int | None = strawberry.field(description="The Excel row of a roster.")
    student = strawberry.field(
        resolver=enrolment.change_student,
        graphql_type=StudentLink | None,
        description="Whose; null unless you administer the scheme.",
    )
    operator = strawberry.field(
        resolver=enrolment.change_operator, graphql_type=Operator | None, description="By whom."
    )
    job = strawberry.field(
        resolver=enrolment.change_job,
        graphql_type=JobLink | None,
        description="The roster it came with; null for a change of one student alone.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.StudentChange)
