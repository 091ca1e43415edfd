"""Random valid documents over the schema: aliases, fragments, directives, variables, merged fields.

Each is told in two ways: as it is, and with a field of introspection beside its own, which no plan
has, so that graphql-core answers it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from schema import api

QUERY: GraphQLObjectType = api._schema.query_type  # type: ignore[assignment]  # noqa: SLF001 -- there is one; Strawberry hides it
BESIDE = "__schema { queryType { name } }"
# The fields of the root that plans have, and one in ten of the others.
PLANNED = ("students", "student", "clearances", "matrix", "entries", "schemes")
OTHERS = ("counts", "viewer")
# Below the root no plan has these; they are selected seldom.
RARE = frozenset(
    [
        "applicability",
        "certificate",
        "departments",
        "entitlement",
        "entitlements",
        "handOuts",
        "clearance",
        "job",
        "lastEntry",
        "prerequisites",
        "waiver",
    ]
)
DEEPEST = 5


@dataclass(frozen=True)
class Names:
    """What arguments can name, by the type of the argument; drawn anew for each."""

    draw: Mapping[str, Callable[[Random], Any]]


@dataclass
class Document:
    """One operation, growing."""

    random: Random
    names: Names
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0
    root: str = ""

    @property
    def text(self) -> str:
        """As it is."""
        return self._whole(self.root)

    @property
    def beside(self) -> str:
        """With a field that no plan has."""
        return self._whole(f"{self.root} {BESIDE}")

    def _whole(self, root: str) -> str:
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return " ".join([f"query{declared} {{ {root} }}", *self.fragments])

    def grow(self) -> "Document":
        """The fields of the root: mostly one that plans have."""
        wanted = PLANNED if self.random.random() < 0.9 else OTHERS
        names = [self.random.choice(wanted)]
        if self.random.random() < 0.2:
            names.append(self.random.choice(PLANNED))
        fields = [
            f"r{place}: {self._field(QUERY, name, 0, may_rename=False)}"
            for place, name in enumerate(names)
        ]
        if self.random.random() < 0.2:
            fields.append("__typename")
        self.root = " ".join(fields)
        return self

    def _selection(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        names = [
            name
            for name in parent.fields
            # That differs from one request to the next.
            if name != "asOf" and self._may_select(name, parent.fields[name], depth)
        ]
        if not names:
            return "__typename"
        chosen = self.random.sample(names, self.random.randint(1, min(5, len(names))))
        parts = [self._wrapped(parent, self._field(parent, name, depth), depth) for name in chosen]
        if self.random.random() < 0.3:
            parts.append(self._named("__typename"))
        if self.random.random() < 0.2 and "id" in parent.fields:
            parts.append("... on Node { id }")
        # The same field once more: its selections are merged.
        again = self.random.choice(chosen)
        if self.random.random() < 0.2 and not parent.fields[again].args:
            parts.append(self._field(parent, again, depth, may_rename=False))
        return " ".join(parts)

    def _may_select(self, name: str, definition: GraphQLField, depth: int) -> bool:
        if is_leaf_type(get_named_type(definition.type)):
            return not any(map(is_required_argument, definition.args.values()))
        if not isinstance(get_named_type(definition.type), GraphQLObjectType):
            return False
        is_rare = bool(definition.args) or name in RARE
        return depth < DEEPEST and self.random.random() < (0.02 if is_rare else 0.7)

    def _field(
        self,
        parent: GraphQLObjectType | GraphQLInterfaceType,
        name: str,
        depth: int,
        *,
        may_rename: bool = True,
    ) -> str:
        definition = parent.fields[name]
        told = self._named(name) if may_rename else name
        told += self._arguments(definition) + self._directive()
        kind = get_named_type(definition.type)
        if isinstance(kind, GraphQLObjectType):
            told += f" {{ {self._selection(kind, depth + 1)} }}"
        return told

    def _named(self, name: str) -> str:
        if self.random.random() < 0.8:
            return name
        self.aliases += 1
        return f"a{self.aliases}: {name}"

    def _wrapped(
        self, parent: GraphQLObjectType | GraphQLInterfaceType, inner: str, depth: int
    ) -> str:
        chance = self.random.random()
        if depth == 0 or chance < 0.8:
            return inner
        if chance < 0.87:
            return f"... on {parent.name}{self._directive()} {{ {inner} }}"
        if chance < 0.94:
            return f"...{self._directive()} {{ {inner} }}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {parent.name} {{ {inner} }}")
        return f"...{name}{self._directive()}"

    def _directive(self) -> str:
        if self.random.random() < 0.9:
            return ""
        name = self.random.choice(("skip", "include"))
        value = self.random.random() < (0.2 if name == "skip" else 0.8)
        told = (
            self._variable("Boolean!", value) if self.random.random() < 0.5 else str(value).lower()
        )
        return f" @{name}(if: {told})"

    def _arguments(self, definition: GraphQLField) -> str:
        given = []
        for name, argument in definition.args.items():
            drawn = self._drawn(
                name, str(argument.type), is_required=is_required_argument(argument)
            )
            if drawn is not None:
                given.append(f"{name}: {self._variable(str(argument.type), drawn)}")
        return f"({', '.join(given)})" if given else ""

    def _drawn(self, name: str, kind: str, *, is_required: bool) -> Any:
        draw = self.names.draw.get(name) or self.names.draw.get(kind.rstrip("!"))
        may_skip = not is_required and name != "first" and self.random.random() < 0.7
        return None if draw is None or may_skip else draw(self.random)

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {kind}")
        self.variables[name] = value
        return f"${name}"
