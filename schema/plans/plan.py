"""The plan of an operation: what is read for each field of its root, and the answer made of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_argument_values
from graphql.execution.values import VariableValues
from strawberry.types.arguments import convert_arguments

from domain import paging, sources
from domain.paging import Listing, Order, Window
from domain.sources import Query, Row, Source, Told
from domain.staffing.acquaintance import Acquaintance
from resolvers.kinds import Asked, Parent, Root
from schema import limits
from schema.plans import pages
from schema.plans.makers import Unplanned
from schema.plans.operations import Operation
from schema.plans.pages import Answered, Made
from schema.plans.selections import Field, Selected, Selections, field_of, is_typename

# Each is some thousand characters long.
STATEMENTS = 1_024
# Of arguments; with longer ones hardly anybody asks twice.
LONGEST_SHAPE = 2_000
# A part of the answer, made of what was read for all fields of the root.
Part = Callable[[Sequence[Answered]], Any]


@dataclass(frozen=True)
class Statement:
    """SQL, and which page of a list it reads."""

    told: Told
    order: Order | None = None
    window: Window | None = None


class Reading:
    """One field of the root, below fields that have nothing but arguments."""

    def __init__(self, fields: Sequence[Field], root: Root, selections: Selections) -> None:
        self.source = Source(root.columns)
        self.make = _made(fields[-1], selections, self.source)
        self._root = root
        self._arguments = [
            (each.definition, each.selected[0].node, each.of_strawberry.arguments)
            for each in fields
        ]

    def arguments(self, variables: VariableValues, registry: Any, config: Any) -> dict[str, Any]:
        """As the resolver would get them."""
        arguments: dict[str, Any] = {}
        for definition, node, known in self._arguments:
            given = get_argument_values(definition, node, variables)
            arguments |= convert_arguments(given, known, registry, config)
        return arguments

    def asked(self, arguments: Mapping[str, Any]) -> Asked:
        """What these arguments ask for."""
        return self._root.ask(**arguments)

    def statement(self, asked: Asked, known: Acquaintance) -> Statement:
        """What an operator sees of it."""
        rows = asked.rows(known.operator)
        if isinstance(rows, Listing):
            page = sources.page(self.source, rows, known.operator)
            return Statement(sources.told(page), rows.order, rows.window)
        found = sources.rows(self.source, rows, asked.order, known.operator)
        return Statement(sources.told(found))

    def answered(self, statement: Statement, rows: Sequence[Row]) -> Answered:
        """The columns of what was found. That nothing was may have a reason, and graphql-core has
        to tell it."""
        if not rows:
            raise Unplanned("nothing found")
        order, window = statement.order, statement.window
        if order is None or window is None:
            return Answered(_columns(rows))
        end = self.source.width
        keys = end + self.source.is_counted
        page = paging.page_of(order, [(row, *row[keys:]) for row in rows], window)
        return Answered(_columns(page.rows), page, rows[0][end] if keys > end else None)


class Plan:
    """How one operation is answered without resolving its fields."""

    def __init__(self, selections: Selections) -> None:
        self.readings: list[Reading] = []
        self._selections = selections
        self._make = self._object(selections.query, selections.root(), ())

    def answer(self, statements: Sequence[Statement], found: Sequence[Sequence[Row]]) -> Any:
        """The data, from the rows of each reading."""
        each = zip(self.readings, statements, found, strict=True)
        return self._make([reading.answered(made, rows) for reading, made, rows in each])

    def _object(
        self, parent: GraphQLObjectType, below: Mapping[str, Selected], above: tuple[Field, ...]
    ) -> Part:
        parts = {key: self._part(parent, selected, above) for key, selected in below.items()}
        return lambda answered: {key: part(answered) for key, part in parts.items()}

    def _part(
        self, parent: GraphQLObjectType, selected: Selected, above: tuple[Field, ...]
    ) -> Part:
        if is_typename(selected):
            return lambda _: parent.name
        found = field_of(parent, selected)
        if isinstance(found.kind, Parent):
            below = self._selections.below(found.object_type, selected)
            return self._object(found.object_type, below, (*above, found))
        if not isinstance(found.kind, Root):
            raise Unplanned(found.name)
        reading = Reading((*above, found), found.kind, self._selections)
        place = len(self.readings)
        self.readings.append(reading)
        return lambda answered: reading.make(answered[place])


def _made(found: Field, selections: Selections, source: Source) -> Made:
    if pages.is_connection(found.object_type):
        return pages.connection(found, selections, source)
    objects = selections.objects(found.object_type, found.selected, source)
    if found.is_list:
        return lambda answered: objects(answered.values)
    return lambda answered: objects(answered.values)[0]


def _columns(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))


@dataclass(frozen=True)
class Call:
    """A request for a planned operation; the statements of those that are equal are the same."""

    plan: Plan
    known: Acquaintance
    asked: tuple[Asked, ...]
    schema: GraphQLSchema = field(compare=False)
    operation: Operation = field(compare=False)
    variables: Mapping[str, Any] = field(compare=False)

    def statements(self) -> tuple[Statement, ...]:
        """One for each reading, for good unless it is long."""
        is_long = any(len(str(each.shape)) > LONGEST_SHAPE for each in self.asked)
        return _built(self) if is_long else kept(self)

    def queries(self, statements: Sequence[Statement]) -> list[Query]:
        """With what differs between those that are equal."""
        pairs = zip(statements, self.asked, strict=True)
        return [self._query(each.told, asked) for each, asked in pairs]

    def _query(self, told: Told, asked: Asked) -> Query:
        values = {**told.values, **asked.values, **self.known.values}
        return told.text, [values[name] for name in told.names]


def _built(call: Call) -> tuple[Statement, ...]:
    document, node = call.operation.document, call.operation.node
    variables = call.operation.values(call.schema, call.variables)
    if limits.rows(call.schema, document, node, variables) > limits.ROWS:
        raise Unplanned("too many rows")
    each = zip(call.plan.readings, call.asked, strict=True)
    return tuple(reading.statement(asked, call.known) for reading, asked in each)


kept = lru_cache(STATEMENTS)(_built)
