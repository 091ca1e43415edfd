"""Relay's Node: everything with an id."""

import strawberry

from domain.ids import PublicId


@strawberry.interface(description="Something with an opaque, stable id, found again by `node`.")
class Node:
    """The interface of all types with an id."""

    id: PublicId = strawberry.field(description="Opaque and stable; do not take it apart.")
