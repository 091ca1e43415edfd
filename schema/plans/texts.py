"""Requests that differ in nothing but texts: what their arguments mean is learned once.

To coerce and convert them was a fifth of the process's time for a small query.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from graphql import NamedTypeNode, NonNullTypeNode, OperationDefinitionNode, TypeNode

Texts = Mapping[str, Any]
Fill = Callable[[Texts], Any]


class Place(str):
    """Stands for the text of the variable of this name."""

    __slots__ = ()


def names_of(node: OperationDefinitionNode) -> frozenset[str] | None:
    """The variables of an operation; None if one of them may be anything but a text."""
    definitions = node.variable_definitions or ()
    if not all(_is_text(each.type) for each in definitions):
        return None
    return frozenset(each.variable.name.value for each in definitions)


def _is_text(node: TypeNode) -> bool:
    named = node.type if isinstance(node, NonNullTypeNode) else None
    return isinstance(named, NamedTypeNode) and named.name.value in {"ID", "String"}


def filling(value: Any) -> Fill:
    """Makes the value anew, with texts in their places."""
    return _filling(value) or (lambda _: value)


def _filling(value: Any) -> Fill | None:
    if isinstance(value, Place):
        name = str(value)
        return lambda texts: texts[name]
    if isinstance(value, dict):
        return _filling_of_parts(dict, value)
    if is_dataclass(value):
        parts = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        return _filling_of_parts(type(value), parts)
    return None


def _filling_of_parts(make: Callable[..., Any], parts: Mapping[str, Any]) -> Fill | None:
    found = {name: _filling(part) for name, part in parts.items()}
    fills = {name: fill for name, fill in found.items() if fill}
    if not fills:
        return None
    return lambda texts: make(**{**parts, **{name: fill(texts) for name, fill in fills.items()}})
