"""Schemes (离校方案), departments (院系) and checkpoints (离校环节)."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
from domain.ids import PublicId
from resolvers import hand_outs, schemes
from schema.node import Node

if TYPE_CHECKING:
    from schema.hand_out import CohortEntitlement

CohortEntitlementLink = Annotated["CohortEntitlement", strawberry.lazy("schema.hand_out")]
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


@strawberry.type(
    description="What holds for a student: every condition that is not null must hold, a list means"
    " any of its values."
)
class Conditions:
    """GraphQL face of domain.deciding.applicability.Conditions."""

    cohorts: list[models.Cohort] | None = strawberry.field(
        description="学生范围; an empty list holds for nobody."
    )
    training_levels: list[str] | None = strawberry.field(description="培养层次.")
    categories: list[str] | None = strawberry.field(description="学生类别.")
    household_transfer: bool | None = strawberry.field(description="是否户口迁移.")
    has_dormitory: bool | None = strawberry.field(
        description="Whether there is any 住宿信息; the one condition that an empty cell decides."
    )
    dormitory_prefixes: list[str] | None = strawberry.field(
        description="住宿信息 begins with this, e.g. 东区-研1号楼."
    )
    departments = strawberry.field(
        resolver=schemes.departments_of_rule,
        graphql_type=list[Department] | None,
        description="院系, as far as they are in your sight.",
    )
    entry_years: list[int] | None = strawberry.field(description="年级.")


@strawberry.type(
    description="To whom a checkpoint applies: to whom `only` holds for and `notFor` does not."
    " What is not known of a student counts as applying."
)
class Applicability:
    """GraphQL face of domain.deciding.applicability.Applicability."""

    only: Conditions | None = strawberry.field(description="Null: everybody.")
    not_for: Conditions | None = strawberry.field(description="Null: nobody is excepted.")


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
    applicability = strawberry.field(
        resolver=schemes.applicability,
        graphql_type=Applicability | None,
        description="To whom it applies; the others are NOT_REQUIRED there. Null: to everybody.",
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
    entitlements = strawberry.field(
        resolver=hand_outs.of_cohorts,
        graphql_type=list[CohortEntitlementLink],
        description="What the students of each cohort are to receive (应领项目).",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Scheme)
