"""Compiled plans: queries that are answered by a statement for each field of their root.

The first time a document comes, its operation is compiled into what its rows are read for, and how
the answer is made of their columns. Whatever cannot be planned, finds nothing or fails is left to
graphql-core, which resolves one field of one row after the other: so every error is its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues
from prometheus_client import Counter

from domain.errors import Refusal
from resolvers.context import Context
from schema import limits
from schema.plans import texts
from schema.plans.makers import Unplanned
from schema.plans.operations import Operation, operation_of
from schema.plans.plan import Call, Plan
from schema.plans.selections import Selections

Arguments = Mapping[str, Any]
QUERIES = Counter(
    "lixiao_queries", "Query operations: who answered, and why not the plan.", ("by", "reason")
)
_PLANNED = QUERIES.labels("plan", "")


@dataclass(frozen=True)
class Request:
    """What decides about a plan: the operation, and which fields are skipped."""

    operation: Operation
    switched: frozenset[str]
    values: VariableValues = field(compare=False)


class Plans:
    """The plans of one schema."""

    def __init__(self, api: strawberry.Schema) -> None:
        self._schema: GraphQLSchema = api._schema  # noqa: SLF001 -- Strawberry offers no public way to it
        self._conversion = (api.schema_converter.scalar_registry, api.config)
        self._plan = lru_cache(limits.DOCUMENTS)(self._compiled)
        self._learned = lru_cache(limits.DOCUMENTS)(self._learn)

    async def answer(
        self, context: Context, query: str, variables: Mapping[str, Any], name: str | None
    ) -> dict[str, Any] | None:
        """The data of an operation; None leaves it to graphql-core."""
        try:
            data = await self._answer(context, query, variables, name)
        except Unplanned as why:
            reason = str(why)
        except (Refusal, GraphQLError):
            reason = "refused"
        else:
            _PLANNED.inc()
            return data
        QUERIES.labels("graphql-core", reason).inc()
        return None

    async def _answer(
        self, context: Context, query: str, variables: Mapping[str, Any], name: str | None
    ) -> dict[str, Any]:
        operation = operation_of(self._schema, query, name)
        plan, arguments = self._understood(operation, variables)
        known = await context.acquaintance()
        if known is None:
            raise Unplanned("nobody known")
        asked = tuple(
            reading.asked(given) for reading, given in zip(plan.readings, arguments, strict=True)
        )
        call = Call(plan, known, asked, self._schema, operation, variables)
        statements = call.statements()
        found = await context.select(call.queries(statements))
        if found is None:
            raise Unplanned("not read")
        data: dict[str, Any] = plan.answer(statements, found)
        return data

    def _understood(
        self, operation: Operation, variables: Mapping[str, Any]
    ) -> tuple[Plan, list[Arguments]]:
        """The plan, and the arguments of each of its readings."""
        learned = self._learned(operation) if operation.takes_as_texts(variables) else None
        if learned:
            plan, fills = learned
            return plan, [fill(variables) for fill in fills]
        return self._converted(operation, variables)

    def _converted(
        self, operation: Operation, variables: Mapping[str, Any]
    ) -> tuple[Plan, list[Arguments]]:
        values = operation.values(self._schema, variables)
        plan = self._plan(Request(operation, operation.switched(values), values))
        if isinstance(plan, str):
            raise Unplanned(plan)
        return plan, [each.arguments(values, *self._conversion) for each in plan.readings]

    def _learn(self, operation: Operation) -> tuple[Plan, list[texts.Fill]] | None:
        """What is made of places, if it is true of other texts."""
        names = operation.texts or ()
        plan, arguments = self._converted(operation, {name: texts.Place(name) for name in names})
        fills = [texts.filling(each) for each in arguments]
        others = {name: f"{name}." for name in names}
        _, converted = self._converted(operation, others)
        return (plan, fills) if [fill(others) for fill in fills] == converted else None

    def _compiled(self, request: Request) -> Plan | str:
        """The plan, or why there is none."""
        document, node = request.operation.document, request.operation.node
        selections = Selections(self._schema, document, node, request.values)
        try:
            plan = Plan(selections)
        except Unplanned as why:
            return str(why)
        return plan if plan.readings else "nothing to read"
