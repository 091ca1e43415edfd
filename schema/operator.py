"""Operators, their grants, and who is signed in."""

import datetime as dt
from typing import Annotated, Any

import strawberry

import models
from domain import signed_in
from domain.ids import PublicId
from domain.staffing import sessions
from resolvers import operators
from schema.node import Node
from schema.scheme import Checkpoint, Department, Scheme

GrantLink = Annotated["Grant", strawberry.lazy("schema.operator")]


@strawberry.type(
    description="A person who signs in (操作员), or a feed: who decided, started a job, asked."
)
class Operator(Node):
    """GraphQL face of models.Operator."""

    id = strawberry.field(
        resolver=operators.operator_id, graphql_type=PublicId, description="Opaque and stable."
    )
    login: str = strawberry.field(description="账号, the name to sign in with; unique.")
    name: str = strawberry.field(description="姓名, the name to show.")
    created_at: dt.datetime = strawberry.field(description="When they were hired, in UTC.")
    is_feed: bool = strawberry.field(
        description="A machine (系统对接): nobody signs in, and it is changed by `editFeed` and the"
        " like alone; else OPERATOR_IS_FEED."
    )
    is_disabled = strawberry.field(
        resolver=operators.is_disabled,
        graphql_type=bool | None,
        description="Cannot sign in and has no right; null for whom you do not administer.",
    )
    last_sign_in_at = strawberry.field(
        resolver=operators.last_sign_in_at,
        graphql_type=dt.datetime | None,
        description="When a session was last opened, in UTC; null if never, and for whom you do"
        " not administer.",
    )
    grants = strawberry.field(
        resolver=operators.grants_in_sight,
        graphql_type=list[GrantLink] | None,
        description="What was granted, as far as it reaches the schemes that you administer;"
        " of yourself: all.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Operator)


@strawberry.type(
    description="A right (授权); each of scheme, checkpoint and department may be null: all."
)
class Grant(Node):
    """GraphQL face of models.Grant."""

    id = strawberry.field(
        resolver=operators.grant_id, graphql_type=PublicId, description="Opaque and stable."
    )
    operator = strawberry.field(
        resolver=operators.grant_operator, graphql_type=Operator, description="Whose it is."
    )
    role: models.Role = strawberry.field(description="What it allows.")
    may_see_id_numbers: bool = strawberry.field(
        description="Whether `revealIdNumber` and full exports are allowed."
    )
    scheme = strawberry.field(
        resolver=operators.grant_scheme, graphql_type=Scheme | None, description="Null: all."
    )
    checkpoint = strawberry.field(
        resolver=operators.grant_checkpoint,
        graphql_type=Checkpoint | None,
        description="Null: all.",
    )
    department = strawberry.field(
        resolver=operators.grant_department,
        graphql_type=Department | None,
        description="Null: all.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Rows of the table."""
        return isinstance(value, models.Grant)


@strawberry.type(description="Who is signed in; a session acts with all grants at once.")
class Viewer:
    """GraphQL face of domain.signed_in.SignedIn."""

    login: str = strawberry.field(description="The name to sign in with.")
    name: str = strawberry.field(description="The name to show.")
    grants = strawberry.field(
        resolver=operators.grants, graphql_type=list[Grant], description="Every right held."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A signed-in operator."""
        return isinstance(value, signed_in.SignedIn)


@strawberry.type(description="A new session.")
class SignedIn:
    """GraphQL face of domain.staffing.sessions.NewSession."""

    token: str = strawberry.field(
        description="Shown only here. Send it as `Authorization: Bearer …`."
    )
    expires_at: dt.datetime = strawberry.field(description="When the session ends, in UTC.")
    viewer = strawberry.field(
        resolver=operators.viewer, graphql_type=Viewer | None, description="Who signed in."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A new session."""
        return isinstance(value, sessions.NewSession)
