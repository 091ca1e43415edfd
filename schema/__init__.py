"""The assembled schema."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types import ExecutionContext

from domain.ids import PublicId
from schema import enums, inputs
from schema.errors import RefusalHandler, TellErrors
from schema.limits import EXTENSIONS
from schema.mutation import Mutation
from schema.paging import TellMoment
from schema.query import Query
from schema.scheme import Department

__all__ = ["api", "enums", "inputs"]


class Api(strawberry.Schema):
    """Strawberry's own log of errors is off: `TellErrors` logs a fault once, and no Refusal."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing."""


api = Api(
    query=Query,
    mutation=Mutation,
    types=[Department],
    # The domain's opaque id is GraphQL's own ID.
    config=StrawberryConfig(scalar_map={PublicId: DEFAULT_SCALAR_REGISTRY[strawberry.ID]}),
    extensions=[TellErrors, TellMoment, *EXTENSIONS],
    exception_handlers=[RefusalHandler()],
)
