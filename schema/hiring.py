"""Hiring: what it takes, what it answers, and the report of who may decide what."""

from typing import Annotated, Any

import strawberry

from domain.staffing import accounts, deciders, grants
from schema.errors import Refused
from schema.inputs import name_input
from schema.me import Me
from schema.operator import Grant, Operator, Viewer
from schema.scheme import Checkpoint, Department

NewGrant = name_input(
    grants.NewGrant,
    "A right to give; you can give what you hold yourself, in the schemes that you administer.",
    role="What it allows.",
    scheme="离校方案; null: all, which takes an administrator of all.",
    checkpoint="离校环节 of `scheme`, for a CHECKPOINT_OPERATOR only; null: all.",
    department="院系, not for an ADMINISTRATOR; null: all.",
    may_see_id_numbers="Full ID numbers too; you must see these yourself.",
)
NewOperator = name_input(
    accounts.NewOperator,
    "Somebody to hire.",
    login="账号: 1-100 visible characters without spaces; letter case does not matter.",
    name="姓名: 1-100 characters.",
    password="初始密码: 8-200 characters; it is never shown again.",  # noqa: S106 -- its description
    grants="What is granted at once, at most 100; all of it or nothing.",
)
OperatorResult = Annotated[
    Operator | Refused,
    strawberry.union("OperatorResult", description="The operator as they are now, or why not."),
]
GrantResult = Annotated[
    Grant | Refused, strawberry.union("GrantResult", description="The grant, or why not.")
]
ViewerResult = Annotated[
    Viewer | Me | Refused,
    strawberry.union("ViewerResult", description="Who is signed in, or why not."),
]


@strawberry.type(description="Who may decide at one checkpoint.")
class Deciders:
    """GraphQL face of domain.staffing.deciders.Deciders."""

    checkpoint: Checkpoint = strawberry.field(description="Where.")
    grants: list[Grant] = strawberry.field(
        description="The grants that allow it: those for all departments, then by department and"
        " login. Those of disabled operators are told too (`operator.isDisabled`)."
    )
    uncovered: list[Department] = strawberry.field(
        description="Departments with active students whom nobody enabled may decide here but"
        " administrators, by name."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A line of the report."""
        return isinstance(value, deciders.Deciders)
