"""How a mutation is declared that a client may repeat: with a key, it is done once."""

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry import Info
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from domain.idempotency import Asked
from resolvers import context

_NAME = "idempotency_key"
_DESCRIPTION = (
    "A random text of yours for this one act, e.g. a UUID; 8-200 visible characters. For 24 hours"
    " the same request with the same key does nothing more and gets the first answer, its row as it"
    " is by then, or the same refusal; with other arguments it is IDEMPOTENCY_KEY_REUSED. Null:"
    " done each time."
)


class OnceUnderKey(FieldExtension):
    """Takes the key out of the arguments and hands it to the request's context."""

    def apply(self, field: StrawberryField) -> None:
        """One argument more."""
        key = StrawberryArgument(
            python_name=_NAME,
            graphql_name=None,
            type_annotation=StrawberryAnnotation(str | None),
            description=_DESCRIPTION,
            default=None,
        )
        field.arguments = [*field.arguments, key]

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any
    ) -> Any:
        """The arguments of the resolver are the body."""
        key = kwargs.pop(_NAME)
        if key is None:
            return await next_(source, info, **kwargs)
        with context.of(info).under_key(Asked(info.field_name, key, kwargs)):
            return await next_(source, info, **kwargs)


def mutation(
    *, resolver: Callable[..., Awaitable[object]], graphql_type: Any, description: str
) -> Any:
    """Every mutation is declared so but sign-in, sign-out and what answers a secret."""
    return strawberry.mutation(
        resolver=resolver,
        graphql_type=graphql_type,
        description=description,
        extensions=[OnceUnderKey()],
    )
