"""Operators, their grants, and who is signed in."""

import datetime as dt
from typing import Any

import strawberry

import models
from domain import operators as domain_operators
from domain import sessions
from resolvers import operators
from schema.scheme import Checkpoint, Department, Scheme


@strawberry.type(description="Who made a decision or started a job.")
class Operator:
    """GraphQL face of models.Operator."""

    login: str = strawberry.field(description="The name to sign in with.")
    name: str = strawberry.field(description="The name to show.")


@strawberry.type(description="A right; each of scheme, checkpoint and department may be null: all.")
class Grant:
    """GraphQL face of models.Grant."""

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


@strawberry.type(description="Who is signed in; a session acts with all grants at once.")
class Viewer:
    """GraphQL face of domain.operators.SignedIn."""

    login: str = strawberry.field(description="The name to sign in with.")
    name: str = strawberry.field(description="The name to show.")
    grants = strawberry.field(
        resolver=operators.grants, graphql_type=list[Grant], description="Every right held."
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """A signed-in operator."""
        return isinstance(value, domain_operators.SignedIn)


@strawberry.type(description="A new session.")
class SignedIn:
    """GraphQL face of domain.sessions.NewSession."""

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
