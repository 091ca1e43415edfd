"""Operations by the text of their document, and what of a request decides what they select."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    get_variable_values,
    specified_rules,
    visit,
)
from graphql.execution.values import VariableValues

from schema import limits
from schema.plans import texts
from schema.plans.makers import Unplanned


@dataclass(frozen=True, eq=False)
class Operation:
    """A valid query operation."""

    document: DocumentNode
    node: OperationDefinitionNode
    # The variables that @skip and @include ask for.
    switches: frozenset[str]
    # All variables, if they are nothing but texts.
    texts: frozenset[str] | None

    def takes_as_texts(self, variables: Mapping[str, Any]) -> bool:
        """Whether these are valid as they are."""
        are_texts = all(type(each) is str for each in variables.values())
        return are_texts and self.texts == frozenset(variables)

    def values(self, schema: GraphQLSchema, variables: Mapping[str, Any]) -> VariableValues:
        """The variables as the resolvers will get them."""
        definitions = self.node.variable_definitions or ()
        values = get_variable_values(schema, definitions, dict(variables))
        if isinstance(values, list):
            raise Unplanned("variables")
        return values

    def switched(self, values: VariableValues) -> frozenset[str]:
        """Which of the switches are on."""
        return frozenset(name for name in self.switches if values.coerced.get(name))


@lru_cache(limits.DOCUMENTS)
def operation_of(schema: GraphQLSchema, query: str, name: str | None) -> Operation:
    """The operation that a request names; raises the GraphQLError of a text that is none."""
    document = limits.parsed(query)
    node = get_operation_ast(document, name)
    if node is None or node.operation is not OperationType.QUERY:
        raise Unplanned("not a query")
    if limits.validated(schema, query, tuple(specified_rules)):
        raise Unplanned("not valid")
    switches = _Switches()
    visit(document, switches)
    return Operation(document, node, frozenset(switches.names), texts.names_of(node))


class _Switches(Visitor):
    """Collects the variables of directives."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        """A valid one has Booleans only."""
        values = (each.value for each in node.arguments or ())
        self.names |= {each.name.value for each in values if isinstance(each, VariableNode)}
