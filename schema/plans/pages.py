"""How the parts of a connection are made of one page."""

from collections.abc import Callable
from typing import Any, NamedTuple

from graphql import GraphQLObjectType

import resolvers.paging
from domain.paging import Page
from domain.sources import Row, Source
from schema.plans import makers
from schema.plans.makers import Maker, Unplanned, Values
from schema.plans.selections import Field, Selected, Selections, field_of, is_typename


class Answered(NamedTuple):
    """What was read for a field of the root."""

    values: Values
    page: Page[Row] = Page.empty()
    length: int | None = None


Made = Callable[[Answered], Any]


def is_connection(kind: GraphQLObjectType) -> bool:
    """Whether its rows come in pages."""
    return {"edges", "pageInfo"} <= set(kind.fields)


def connection(field: Field, selections: Selections, source: Source) -> Made:
    """The object around a page."""
    kind = field.object_type
    below = selections.below(kind, field.selected)
    parts = {key: _part(kind, below[key], selections, source) for key in below}
    return lambda answered: {key: part(answered) for key, part in parts.items()}


def _part(
    kind: GraphQLObjectType, selected: Selected, selections: Selections, source: Source
) -> Made:
    if is_typename(selected):
        return lambda _: kind.name
    field = field_of(kind, selected)
    if field.resolver is resolvers.paging.total_count:
        source.is_counted = True
        return lambda answered: answered.length
    makers_of = {"nodes": _nodes, "edges": _edges, "page_info": _page_info}
    if field.attribute not in makers_of:
        raise Unplanned(field.name)
    return makers_of[field.attribute](field, selections, source)


def _nodes(field: Field, selections: Selections, source: Source) -> Made:
    objects = selections.objects(field.object_type, field.selected, source)
    return lambda answered: objects(answered.values)


def _edges(field: Field, selections: Selections, source: Source) -> Made:
    """The cursors stand behind all other columns."""
    below = selections.below(field.object_type, field.selected)
    fields = {
        key: _of_edge(field.object_type, selected, selections, source)
        for key, selected in below.items()
    }
    objects = makers.objects(fields, -1)
    return lambda answered: objects([*answered.values, answered.page.cursors])


def _of_edge(
    kind: GraphQLObjectType, selected: Selected, selections: Selections, source: Source
) -> Maker:
    if is_typename(selected):
        return makers.constant(kind.name, -1)
    field = field_of(kind, selected)
    if field.attribute == "cursor":
        return makers.column(-1)
    return selections.objects(field.object_type, selected, source)


def _page_info(field: Field, selections: Selections, _source: Source) -> Made:
    kind = field.object_type
    attributes: dict[str, str | None] = {
        key: None if is_typename(selected) else field_of(kind, selected).attribute
        for key, selected in selections.below(kind, field.selected).items()
    }

    def make(answered: Answered) -> dict[str, Any]:
        info = resolvers.paging.page_info(answered.page)
        return {key: getattr(info, name) if name else kind.name for key, name in attributes.items()}

    return make
