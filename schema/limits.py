"""What one request may cost: its size is bounded before it is validated, its rows before it runs.

Parsed and validated documents are kept by their text, so a known one costs neither again.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    get_variable_values,
    parse,
)
from graphql.execution.values import VariableValues
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from domain.errors import Code, Refusal
from domain.sentences import SENTENCES
from schema.rows import Rows, fragments_of

DOCUMENTS = 128
TOKENS = 2_000
ROWS = 10_000
BRACKETS = {
    **dict.fromkeys((TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L), 1),
    **dict.fromkeys((TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R), -1),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is, with its fragments written out."""

    nesting: int = 0
    depth: int = 0
    introspection_depth: int = 0
    root_fields: int = 0
    fields: int = 0
    aliases: int = 0


# GraphiQL's introspection query is 15 deep. `fields` also bounds validation itself, which grows
# with the square of the fields that stand side by side.
LARGEST = Size(nesting=50, depth=12, introspection_depth=16, root_fields=20, fields=500, aliases=30)


class Limits(SchemaExtension):
    """Parses, validates and bounds one operation."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = parsed(context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        schema = context.schema._schema  # noqa: SLF001 -- Strawberry offers no public way to it
        invalid = validated(schema, context.query or "", context.validation_rules)
        context.pre_execution_errors = list(invalid or self._refused(schema))
        yield

    def _refused(self, schema: GraphQLSchema) -> Iterator[GraphQLError]:
        context = self.execution_context
        document, variables = parsed(context.query or ""), context.variables or {}
        sent = context._provided_operation_name  # noqa: SLF001 -- `operation_name` hides whether one was sent
        operations = _operations(document)
        if sent is None and len(operations) > 1:
            # Strawberry would run the first one; GraphQL calls it an error.
            yield GraphQLError("Must provide operation name if query contains multiple operations.")
            return
        if _nests_deeper(variables, LARGEST.nesting):
            yield _at_least("nesting of variables", LARGEST.nesting)
            return
        chosen = next(each for each in operations if sent is None or _name(each) == sent)
        asked = _rows(schema, document, chosen, variables)
        if asked > ROWS:
            yield exceeded("rows", ROWS, asked)


EXTENSIONS: list[type[SchemaExtension]] = [Limits]


def exceeded(name: str, limit: int, value: object) -> GraphQLError:
    """The error of a limit; the Refusal in it lets it be told in the reader's language."""
    facts: dict[str, object] = {"name": name, "limit": limit, "value": value}
    return GraphQLError(
        SENTENCES[Code.LIMIT_EXCEEDED][1].format_map(facts),
        original_error=Refusal(Code.LIMIT_EXCEEDED, facts),
        extensions={"code": Code.LIMIT_EXCEEDED.value},
    )


@lru_cache(DOCUMENTS)
def parsed(query: str) -> DocumentNode:
    """The document of a query; raises the GraphQLError of its syntax or of a limit."""
    _scan(query)
    document = parse(query)
    measure = _Measure(document)
    for operation in _operations(document):
        _check(measure.of(operation.selection_set, level=1))
    for fragment in measure.fragments:
        measure.of_fragment(fragment, level=1)
    return document


def _rows(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, object],
) -> int:
    values = get_variable_values(schema, operation.variable_definitions or (), variables)
    if isinstance(values, list):
        return 0  # Execution refuses the operation with these very errors.
    return rows(schema, document, operation, values)


def rows(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    values: VariableValues,
) -> int:
    """How many rows an operation may answer with these variables."""
    root = schema.get_root_type(operation.operation)
    return Rows(schema, document, values).of(operation.selection_set, root)


@lru_cache(DOCUMENTS)
def validated(
    schema: GraphQLSchema, query: str, rules: tuple[type[ASTValidationRule], ...]
) -> tuple[GraphQLError, ...]:
    """What is wrong with a query. Kept by its text: hashing a document walks all of it."""
    return tuple(validate_document(schema, parsed(query), rules))


def _scan(query: str) -> None:
    """Tokens and brackets are counted first, since the parser is recursive."""
    lexer, nesting = Lexer(Source(query)), 0
    for _ in range(TOKENS + 1):
        token = lexer.advance()
        if token.kind is TokenKind.EOF:
            return
        nesting += BRACKETS.get(token.kind, 0)
        if nesting > LARGEST.nesting:
            raise _at_least("nesting", LARGEST.nesting)
    raise _at_least("tokens", TOKENS)


def _check(size: Size) -> None:
    for field in dataclasses.fields(Size):
        value, limit = getattr(size, field.name), getattr(LARGEST, field.name)
        if value > limit:
            raise exceeded(field.name.replace("_", " "), limit, value)


def _at_least(name: str, limit: int) -> GraphQLError:
    """For what is not counted to its end."""
    return exceeded(name, limit, f"{limit + 1} or more")


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


def _name(operation: OperationDefinitionNode) -> str | None:
    return operation.name.value if operation.name else None


def _nests_deeper(value: object, limit: int) -> bool:
    """Level by level, so that no depth can exhaust the stack."""
    level = [value]
    for _ in range(limit + 1):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


class _Measure:
    """The sizes of a document's selections; each fragment is measured once."""

    def __init__(self, document: DocumentNode) -> None:
        self.fragments = fragments_of(document)
        self._sizes: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode, level: int) -> Size:
        """The sum of a selection set. Refused at once where it nests too deep for recursion."""
        if level > LARGEST.nesting:
            raise _at_least("nesting", LARGEST.nesting)
        size = Size()
        for node in selections.selections:
            if isinstance(node, FieldNode):
                size = _sum(size, self._of_field(node, level))
            elif isinstance(node, InlineFragmentNode):
                size = _sum(size, self.of(node.selection_set, level + 1))
            elif isinstance(node, FragmentSpreadNode):
                size = _sum(size, self.of_fragment(node.name.value, level + 1))
        return dataclasses.replace(size, nesting=size.nesting + 1)

    def of_fragment(self, name: str, level: int) -> Size:
        """An unknown fragment and a circle count as empty; validation refuses them."""
        if name not in self._sizes and name in self.fragments:
            self._sizes[name] = Size()
            self._sizes[name] = self.of(self.fragments[name].selection_set, level)
        return self._sizes.get(name, Size())

    def _of_field(self, node: FieldNode, level: int) -> Size:
        inner = self.of(node.selection_set, level + 1) if node.selection_set else Size()
        below = max(inner.depth, inner.introspection_depth)
        introspects = node.name.value in {"__schema", "__type"}
        return Size(
            nesting=inner.nesting,
            depth=1 if introspects else inner.depth + 1,
            introspection_depth=below + 1 if introspects else inner.introspection_depth,
            root_fields=1,
            fields=inner.fields + 1,
            aliases=inner.aliases + (node.alias is not None),
        )


def _sum(one: Size, other: Size) -> Size:
    return Size(
        nesting=max(one.nesting, other.nesting),
        depth=max(one.depth, other.depth),
        introspection_depth=max(one.introspection_depth, other.introspection_depth),
        root_fields=one.root_fields + other.root_fields,
        fields=one.fields + other.fields,
        aliases=one.aliases + other.aliases,
    )
