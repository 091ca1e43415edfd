"""How refusals and faults are told: Refused as data, coded errors of queries, masked faults."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry import Info
from strawberry.extensions import SchemaExtension
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from domain.errors import Code, Refusal
from domain.messages import Reader
from resolvers import context
from tasks import logs


@strawberry.type(description="A named value that a message is made of.")
class Fact:
    """One fact."""

    name: str = strawberry.field(description="E.g. checkpoints.")
    value: str = strawberry.field(description="E.g. 图书馆; times are ISO 8601 in UTC.")


@strawberry.type(description="The expected failure of a mutation; nothing was changed.")
class Refused:
    """A Refusal as data."""

    code: Code = strawberry.field(description="Stable; branch on this.")
    message: str = strawberry.field(
        description="What is wrong, with which value, what to do; by Accept-Language, else Chinese."
    )
    path: list[str] = strawberry.field(description="The input it is about; empty: the whole.")
    facts: list[Fact] = strawberry.field(description="What the message is made of.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Made by the handler below."""
        return isinstance(value, cls)


class RefusalHandler(strawberry.ExceptionHandler[Refusal, Refused]):
    """Turns a Refusal that flies out of a mutation into the union's Refused."""

    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> Refused:  # noqa: ARG002 -- the protocol's arguments
        refusal = _in_names_of_the_api(exception)
        return Refused(
            code=refusal.code,
            message=context.of(info).reader.message(refusal.code, refusal.facts),
            path=list(refusal.path),
            facts=[Fact(name=name, value=value) for name, value in refusal.facts.items()],
        )


class TellErrors(SchemaExtension):
    """A Refusal in a query keeps its code; a fault is logged once and masked, with an id."""

    def on_operation(self) -> Iterator[None]:
        reader = self.execution_context.context.reader
        try:
            yield
        except GraphQLError as error:
            # A document over the limits is refused before there is a result.
            raise _told(error, reader) from error
        result = self.execution_context.result
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [_told(error, reader) for error in errors]  # type: ignore[union-attr]  # has errors


def _told(error: GraphQLError, reader: Reader) -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, Refusal):
        return _coded(error, reader, _in_names_of_the_api(cause))
    # Without a path it is about the request itself, such as a variable that is no DateTime.
    if cause is None or error.path is None or isinstance(cause, GraphQLError):
        return error
    return _coded(error, reader, logs.fault(cause, path=error.path))


def _coded(error: GraphQLError, reader: Reader, refusal: Refusal) -> GraphQLError:
    return GraphQLError(
        reader.message(refusal.code, refusal.facts),
        nodes=error.nodes,
        path=error.path,
        extensions={"code": refusal.code.value, "facts": refusal.facts},
    )


def _in_names_of_the_api(refusal: Refusal) -> Refusal:
    """Inputs as the contract spells them, where the domain has its own names."""
    facts = dict(refusal.facts)
    if "name" in facts:
        facts["name"] = to_camel_case(facts["name"])
    return Refusal(refusal.code, facts, path=tuple(map(to_camel_case, refusal.path)))
