"""What setting up a scheme takes and answers: inputs, previews, results."""

from typing import Annotated, Any

import strawberry

from domain.configuration import checkpoint_changes, rules
from domain.deciding import applicability
from resolvers import configuration
from schema.errors import Refused
from schema.inputs import name_input
from schema.paging import Connection
from schema.scheme import Checkpoint, Department, Scheme
from schema.student import Student

strawberry.enum(
    rules.Turn,
    description="Which way a clearance turns: PENDING to NOT_REQUIRED by rule, or back.",
)
ConditionsInput = name_input(
    applicability.Conditions,
    "What holds for a student: every condition given must hold, a list (at most 500) means any of"
    " its values. At least one is given.",
    called="ConditionsInput",
    cohorts="学生范围; an empty list holds for nobody.",
    training_levels="培养层次, 1-100 characters each.",
    categories="学生类别, 1-100 characters each.",
    household_transfer="是否户口迁移.",
    has_dormitory="Whether there is any 住宿信息; the one condition that an empty cell decides.",
    dormitory_prefixes="住宿信息 begins with this, 1-100 characters each.",
    departments="院系.",
    entry_years="年级, 1900-2200.",
)
ApplicabilityInput = name_input(
    applicability.Applicability,
    "To whom a checkpoint applies: to whom `only` holds for and `notFor` does not; without both, to"
    " everybody. What is not known of a student (an empty 户口迁移) counts as applying.",
    called="ApplicabilityInput",
    only="Null: everybody.",
    not_for="Null: nobody is excepted.",
)
CheckpointInput = name_input(
    checkpoint_changes.CheckpointInput,
    "A checkpoint to add.",
    title="1-100 characters, unique in the scheme, e.g. 图书馆.",
    requirement="What the student has to do, at most 500 characters.",
    place="Where the office is, at most 500 characters.",
    contact="Whom to ask, at most 500 characters.",
    hours="When the office is open, at most 500 characters.",
    position="Its place in the order, from 1; those behind it move. Null: the last.",
    opens_at="From when on somebody can be passed; null: no bound. Without an offset it is UTC.",
    closes_at="From when on nobody can be passed, later than `opensAt`; null: no bound.",
    prerequisites="What must be PASSED or NOT_REQUIRED before; of the same scheme.",
    applicability="To whom it applies; null: to everybody.",
)
CheckpointEdit = name_input(
    checkpoint_changes.CheckpointEdit,
    "New texts of a checkpoint; null or absent keeps one, an empty text empties it.",
    title="1-100 characters, unique in the scheme; cannot be emptied.",
    requirement="What the student has to do, at most 500 characters.",
    place="Where the office is, at most 500 characters.",
    contact="Whom to ask, at most 500 characters.",
    hours="When the office is open, at most 500 characters.",
)


@strawberry.type(description="A checkpoint with its new rule, and what that turned.")
class ApplicabilityChange:
    """GraphQL face of domain.configuration.rules.Change."""

    checkpoint: Checkpoint = strawberry.field(description="As it is now.")
    to_not_required = strawberry.field(
        resolver=configuration.to_not_required,
        graphql_type=int,
        description="How many clearances turned from PENDING to NOT_REQUIRED.",
    )
    to_pending = strawberry.field(
        resolver=configuration.to_pending,
        graphql_type=int,
        description="How many turned from NOT_REQUIRED by rule to PENDING.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """What a change answers."""
        return isinstance(value, rules.Change)


@strawberry.type(description="What a rule would turn if it were set now.")
class ApplicabilityPreview:
    """GraphQL face of domain.configuration.rules.Preview."""

    checkpoint: Checkpoint = strawberry.field(description="With the rule it has now.")
    to_not_required = strawberry.field(
        resolver=configuration.to_not_required,
        graphql_type=int,
        description="How many clearances would turn from PENDING to NOT_REQUIRED.",
    )
    to_pending = strawberry.field(
        resolver=configuration.to_pending,
        graphql_type=int,
        description="How many would turn from NOT_REQUIRED by rule to PENDING.",
    )
    unmatched_values = strawberry.field(
        resolver=configuration.unmatched_values,
        graphql_type=list[str],
        description="Values of the rule (培养层次, 学生类别, 年级) that no active student of the"
        " scheme has, such as a misspelt one.",
    )
    students = strawberry.field(
        resolver=configuration.turning,
        graphql_type=Connection[Student],
        description="Whose they are, by number.",
    )


SchemeResult = Annotated[
    Scheme | Refused,
    strawberry.union("SchemeResult", description="The scheme as it is now, or why not."),
]
CheckpointResult = Annotated[
    Checkpoint | Refused,
    strawberry.union("CheckpointResult", description="The checkpoint as it is now, or why not."),
]
ApplicabilityResult = Annotated[
    ApplicabilityChange | Refused,
    strawberry.union("ApplicabilityResult", description="What the rule turned, or why not."),
]
DepartmentResult = Annotated[
    Department | Refused,
    strawberry.union("DepartmentResult", description="The department as it is now, or why not."),
]
