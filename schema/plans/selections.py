"""From the selection of a document to what its rows are read for, and to how the answer is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from sqlalchemy.dialects import postgresql
from strawberry.types.field import StrawberryField

from domain.sources import Related, Source
from resolvers.kinds import ColumnOf, Computed, Itself, Kind
from resolvers.readings import READINGS
from schema.plans import makers
from schema.plans.makers import Maker, Unplanned
from schema.rows import fragments_of

Selected = list[FieldDetails]
# What a column holds if its value is that of the field as it is.
STORED: Mapping[str, type[sa.types.TypeEngine[Any]]] = {
    "String": sa.Text,
    "Int": sa.Integer,
    "Boolean": sa.Boolean,
    "DateTime": sa.DateTime,
    "Date": sa.Date,
}


@dataclass(frozen=True)
class Field:
    """A selected field, as GraphQL and as Strawberry know it."""

    parent: GraphQLObjectType
    selected: Selected
    definition: GraphQLField
    of_strawberry: StrawberryField

    @property
    def name(self) -> str:
        """With its type, as a reason tells it."""
        return f"{self.parent.name}.{self.selected[0].node.name.value}"

    @property
    def resolver(self) -> Callable[..., Any] | None:
        """None for an attribute of the row."""
        found = self.of_strawberry.base_resolver
        resolver: Any = found.wrapped_func if found else None
        return cast("Callable[..., Any] | None", resolver)

    @property
    def attribute(self) -> str:
        """What it is called in Python."""
        return self.of_strawberry.python_name

    @property
    def kind(self) -> Kind | None:
        """How it is read; Unplanned if it has a resolver that is not listed."""
        if self.resolver is None:
            return None
        if self.resolver not in READINGS:
            raise Unplanned(self.name)
        return READINGS[self.resolver]

    @property
    def is_list(self) -> bool:
        """Whether it answers many."""
        return is_list_type(get_nullable_type(self.definition.type))

    @property
    def object_type(self) -> GraphQLObjectType:
        """The type of its objects; an interface or a union is nobody's row."""
        named = get_named_type(self.definition.type)
        if not isinstance(named, GraphQLObjectType):
            raise Unplanned(self.name)
        return named


class Selections:
    """The selections of one operation; graphql-core takes in its fragments and directives."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        fragments = fragments_of(document).items()
        self._schema = schema
        self._fragments = {name: FragmentDetails(fragment) for name, fragment in fragments}
        self._variables = variables
        self._operation = operation

    @property
    def query(self) -> GraphQLObjectType:
        """The type of the root."""
        return cast("GraphQLObjectType", self._schema.query_type)

    def root(self) -> dict[str, Selected]:
        """The fields of the operation, by their names in the answer."""
        return collect_fields(
            self._schema, self._fragments, self._variables, self.query, self._operation
        ).grouped_field_set

    def below(self, parent: GraphQLObjectType, selected: Selected) -> dict[str, Selected]:
        """The fields below a field of this type."""
        return collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, parent, selected
        ).grouped_field_set

    def objects(self, parent: GraphQLObjectType, selected: Selected, source: Source) -> Maker:
        """The objects of rows."""
        below = self.below(parent, selected)
        fields = {key: self._made(parent, below[key], source) for key in below}
        return makers.objects(fields, source.any_place)

    def _made(self, parent: GraphQLObjectType, selected: Selected, source: Source) -> Maker:
        if is_typename(selected):
            return makers.constant(parent.name, source.any_place)
        field = field_of(parent, selected)
        make = self._field(field, source)
        is_required = is_non_null_type(field.definition.type)
        return makers.required(make, field.name) if is_required else make

    def _field(self, field: Field, source: Source) -> Maker:
        kind = field.kind
        if kind is None:
            return _stored(field, source, field.attribute)
        if isinstance(kind, Computed) and field.resolver:
            places = {name: source.place(name) for name in kind.columns}
            return makers.computed(field.resolver, places)
        if isinstance(kind, Itself):
            return self.objects(field.object_type, field.selected, source)
        if isinstance(kind, ColumnOf):
            branch = source.branch(kind.related, of_many=False)
            return makers.within(branch, _stored(field, branch.source, kind.name))
        if isinstance(kind, Related):
            return self._related(field, source, kind)
        raise Unplanned(field.name)

    def _related(self, field: Field, source: Source, related: Related) -> Maker:
        branch = source.branch(related, of_many=field.is_list)
        make = self.objects(field.object_type, field.selected, branch.source)
        if not field.is_list:
            make = makers.present(make, branch.source.place(related.identity))
        elif branch.source.has_lists:
            raise Unplanned(f"a list in a list: {field.name}")
        else:
            make = makers.lists(make)
        return makers.within(branch, make)


def is_typename(selected: Selected) -> bool:
    """Every object tells the name of its type."""
    return selected[0].node.name.value == "__typename"


def field_of(parent: GraphQLObjectType, selected: Selected) -> Field:
    """A field by its name; one that Strawberry does not know is one of introspection."""
    definition = parent.fields.get(selected[0].node.name.value)
    known = definition and definition.extensions.get("strawberry-definition")
    if not isinstance(known, StrawberryField) or definition is None:
        raise Unplanned("introspection")
    return Field(parent, selected, definition, known)


def _stored(field: Field, source: Source, name: str) -> Maker:
    column = source.columns.get(name)
    if column is None or not _holds(column.type, field):
        raise Unplanned(field.name)
    return makers.column(source.place(name))


def _holds(kind: sa.types.TypeEngine[Any], field: Field) -> bool:
    """Whether the column has the values of the field as GraphQL tells them."""
    if isinstance(kind, postgresql.ARRAY) != field.is_list:
        return False
    held = kind.item_type if isinstance(kind, postgresql.ARRAY) else kind
    named = get_named_type(field.definition.type)
    if isinstance(held, sa.Enum) or isinstance(named, GraphQLEnumType):
        return isinstance(held, sa.Enum) and set(held.enums) == set(getattr(named, "values", ()))
    wanted = STORED.get(named.name)
    return wanted is not None and isinstance(held, wanted) and not isinstance(held, sa.BigInteger)
