"""Waivers (免办)."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.ids import PublicId
from resolvers import waivers
from schema.errors import Refused
from schema.node import Node
from schema.operator import Operator
from schema.scheme import Checkpoint
from schema.student import Clearance, Student


@strawberry.type(description="NOT_REQUIRED by decision of two people (免办).")
class Waiver(Node):
    """GraphQL face of models.Waiver."""

    id = strawberry.field(
        resolver=waivers.public_id, graphql_type=PublicId, description="Opaque and stable."
    )
    status: models.WaiverStatus = strawberry.field(description="How far it has come.")
    reason: str = strawberry.field(description="Why; 1-200 characters.")
    student = strawberry.field(
        resolver=waivers.student, graphql_type=Student, description="Who is let off."
    )
    checkpoint = strawberry.field(
        resolver=waivers.checkpoint, graphql_type=Checkpoint, description="Where."
    )
    clearance = strawberry.field(
        resolver=waivers.clearance, graphql_type=Clearance, description="As it is now."
    )
    requested_by = strawberry.field(
        resolver=waivers.requested_by, graphql_type=Operator | None, description="Who asked."
    )
    requested_at: dt.datetime = strawberry.field(description="In UTC.")
    confirmed_by = strawberry.field(
        resolver=waivers.confirmed_by,
        graphql_type=Operator | None,
        description="The second person; null before there is one.",
    )
    confirmed_at: dt.datetime | None = strawberry.field(description="In UTC.")
    withdrawn_by = strawberry.field(
        resolver=waivers.withdrawn_by,
        graphql_type=Operator | None,
        description="Who took it back; null while nobody has.",
    )
    withdrawn_at: dt.datetime | None = strawberry.field(description="In UTC.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Waiver)


WaiverResult = Annotated[
    Waiver | Refused, strawberry.union("WaiverResult", description="The waiver, or why not.")
]
