"""Schemes (离校方案), departments (院系) and checkpoints (离校环节)."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain.ids import PublicId
from resolvers import schemes
from schema.node import Node

CheckpointLink = Annotated["Checkpoint", strawberry.lazy("schema.scheme")]


@strawberry.type(description="A training unit (培养单位, 院系).")
class Department(Node):
    """GraphQL face of models.Department."""

    id = strawberry.field(
        resolver=schemes.department_id, graphql_type=PublicId, description="Opaque and stable."
    )
    name: str = strawberry.field(description="E.g. 马克思主义学院.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Department)


@strawberry.type(description="One office's step in a scheme (离校环节).")
class Checkpoint(Node):
    """GraphQL face of models.Checkpoint."""

    id = strawberry.field(
        resolver=schemes.checkpoint_id, graphql_type=PublicId, description="Opaque and stable."
    )
    position: int = strawberry.field(description="Its place in the order of the scheme.")
    title: str = strawberry.field(description="E.g. 培养单位学工审核; unique in the scheme.")
    requirement: str = strawberry.field(
        description="What the student has to do, e.g. 提交毕业生登记表."
    )
    place: str = strawberry.field(description="Where the office is.")
    contact: str = strawberry.field(description="Whom to ask.")
    hours: str = strawberry.field(description="When the office is open.")
    opens_at: dt.datetime | None = strawberry.field(
        description="Before this moment (UTC) nobody can be passed; null: no such bound."
    )
    closes_at: dt.datetime | None = strawberry.field(
        description="From this moment (UTC) on nobody can be passed; null: no such bound."
    )
    prerequisites = strawberry.field(
        resolver=schemes.prerequisites,
        graphql_type=list[CheckpointLink],
        description="What must be PASSED or NOT_REQUIRED before somebody can be passed here.",
    )
    template_url = strawberry.field(
        resolver=schemes.template_url,
        graphql_type=str,
        description="Path of the import template (GET, same token), pre-filled with the pending"
        " students that you may decide.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Checkpoint)


@strawberry.type(description="One graduation round (离校方案), e.g. 2020级研究生6月份.")
class Scheme(Node):
    """GraphQL face of models.Scheme."""

    id = strawberry.field(
        resolver=schemes.scheme_id, graphql_type=PublicId, description="Opaque and stable."
    )
    name: str = strawberry.field(description="Unique.")
    status: models.SchemeStatus = strawberry.field(description="Decisions need OPEN.")
    created_at: dt.datetime = strawberry.field(description="In UTC.")
    checkpoints = strawberry.field(
        resolver=schemes.checkpoints,
        graphql_type=list[Checkpoint],
        description="The checkpoints in their order.",
    )
    departments = strawberry.field(
        resolver=schemes.departments,
        graphql_type=list[Department],
        description="The departments with students in your scope, by name.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Scheme)
