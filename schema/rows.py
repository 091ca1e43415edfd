"""How many rows an operation may answer, counted before it runs."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.execution.values import VariableValues

from domain.days import LONGEST
from domain.reading import synonyms

PAGES = {"first", "last"}
# What a list without pages is taken to hold: a scheme has about that many checkpoints.
LISTED = 20
# A university has that many majors and classes in a scheme; two such lists fit in one operation.
GROUPED = 200
LENGTHS = {"countsBy": GROUPED, "synonyms": synonyms.MOST}


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by name."""
    return {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }


class Rows:
    """How many rows a valid operation may answer: lists in lists are multiplied."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = fragments_of(document)
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> int:
        """The rows below a selection set of this type."""
        rows = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                rows += self._of_field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                within = self._schema.get_type(condition.name.value) if condition else parent
                rows += self.of(node.selection_set, within)
            elif isinstance(node, FragmentSpreadNode):
                rows += self._of_fragment(node.name.value)
        return rows

    def _of_fragment(self, name: str) -> int:
        if name not in self._known:
            fragment = self._fragments[name]
            within = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = self.of(fragment.selection_set, within)
        return self._known[name]

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType | None) -> int:
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None or node.selection_set is None:
            return 0  # A scalar, or introspection, which has no pages.
        inner = self.of(node.selection_set, get_named_type(field.type))
        if PAGES & field.args.keys():
            return self._page(node, field) * (1 + inner)
        is_counted = "pageInfo" in getattr(parent, "fields", {})
        if is_list_type(get_nullable_type(field.type)) and not is_counted:
            return self._length(node, field) * (1 + inner)
        return inner

    def _length(self, node: FieldNode, field: GraphQLField) -> int:
        """How many elements a list without pages is taken to hold."""
        if node.name.value == "countsByDay":
            # There each checkpoint has a list of days: taken the other way round it is as much.
            return self._days(node, field)
        return LENGTHS.get(node.name.value, LISTED)

    def _days(self, node: FieldNode, field: GraphQLField) -> int:
        """From the first day to the last, as the resolver will get them, and as it allows them."""
        arguments = self._arguments(node, field)
        if not {"from", "until"} <= arguments.keys():
            return 0
        length: int = (arguments["until"] - arguments["from"]).days + 1
        return max(0, min(length, LONGEST))

    def _page(self, node: FieldNode, field: GraphQLField) -> int:
        """The larger of `first` and `last`, as the resolver will get them."""
        arguments = self._arguments(node, field)
        return max(arguments.get(name) or 0 for name in PAGES)

    def _arguments(self, node: FieldNode, field: GraphQLField) -> dict[str, Any]:
        """None where execution refuses the field for them."""
        try:
            return get_argument_values(field, node, self._variables)
        except GraphQLError:
            return {}
