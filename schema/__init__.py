"""The assembled schema."""

from collections.abc import Iterable
from functools import cache
from typing import Any, cast

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from domain.ids import PublicId
from resolvers.context import Context
from schema import enums, inputs
from schema.errors import RefusalHandler, TellErrors
from schema.limits import EXTENSIONS
from schema.mutation import Mutation
from schema.paging import TellMoment
from schema.plans import Plans
from schema.query import Query
from schema.scheme import Department

__all__ = ["api", "enums", "inputs"]


class Names(NameConverter):
    """Strawberry's own, but remembered: it would spell every argument of every request anew."""

    apply_naming_config = cache(NameConverter.apply_naming_config)


class Api(strawberry.Schema):
    """Strawberry's own log of errors is off: `TellErrors` logs a fault once, and no Refusal.

    What can be planned is answered by its plan, before Strawberry prepares anything.
    """

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._plans = Plans(self)

    async def execute(  # noqa: PLR0913, PLR0917 -- as Strawberry has it
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """By its plan, or else by graphql-core."""
        here = cast("Context", context_value)
        variables = variable_values or {}
        planned = await self._plans.answer(here, query or "", variables, operation_name)
        if planned is not None:
            return ExecutionResult(data=planned, errors=None)
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing."""


api = Api(
    query=Query,
    mutation=Mutation,
    types=[Department],
    # The domain's opaque id is GraphQL's own ID.
    config=StrawberryConfig(
        name_converter=Names(), scalar_map={PublicId: DEFAULT_SCALAR_REGISTRY[strawberry.ID]}
    ),
    extensions=[TellErrors, TellMoment, *EXTENSIONS],
    exception_handlers=[RefusalHandler()],
)
