"""The limits of one operation, on a small schema of pages in pages."""

import asyncio
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, get_introspection_query
from strawberry.types import ExecutionResult

from domain.errors import Code, Refusal
from schema import limits


@strawberry.type
class Row:
    """A row that has rows."""

    @strawberry.field
    def number(self) -> int:
        return 1

    @strawberry.field
    def row(self) -> "Row":
        return Row()

    @strawberry.field
    def rows(self, first: int | None = None, last: int | None = None) -> list["Row"]:
        return [Row()] * min(first or last or 0, 2)

    @strawberry.field
    def fifty(self, first: int = 50) -> list["Row"]:
        return [Row()] * min(first, 2)


@strawberry.type
class Query(Row):
    """The same at the root."""


SCHEMA = strawberry.Schema(Query, extensions=limits.EXTENSIONS)
LIMIT = {"code": "LIMIT_EXCEEDED"}


def run(
    query: str, variables: dict[str, Any] | None = None, name: str | None = None
) -> ExecutionResult:
    return asyncio.run(SCHEMA.execute(query, variables, operation_name=name))


def refusal(query: str, variables: dict[str, Any] | None = None) -> tuple[str, ...]:
    """Name, limit and value of the only error, which is a limit's."""
    result = run(query, variables)
    assert result.data is None
    (error,) = result.errors or []
    assert error.extensions == LIMIT
    assert isinstance(error.original_error, Refusal)
    assert error.original_error.code is Code.LIMIT_EXCEEDED
    return tuple(error.original_error.facts.values())


def nested(field: str, depth: int) -> str:
    return f"{{ {field} " * (depth - 1) + "{ number }" + "}" * (depth - 1)


def test_a_refusal_names_the_limit_and_the_value() -> None:
    (error,) = run(nested("row", 13)).errors or []
    assert isinstance(error, GraphQLError)
    assert error.formatted == {
        "message": "The request is too large: depth may be at most 12, not 13; ask for less.",
        "extensions": LIMIT,
    }


@pytest.mark.parametrize(
    ("within", "beyond", "refused"),
    [
        (nested("row", 12), nested("row", 13), ("depth", "12", "13")),
        (
            "{" + " ".join(f"a{n}: number" for n in range(20)) + "}",
            "{" + " ".join(f"a{n}: number" for n in range(21)) + "}",
            ("root fields", "20", "21"),
        ),
        (
            "{ row {" + " ".join(f"a{n}: number" for n in range(30)) + "}}",
            "{ row {" + " ".join(f"a{n}: number" for n in range(31)) + "}}",
            ("aliases", "30", "31"),
        ),
        (
            "{ row {" + " number" * 499 + "}}",
            "{ row {" + " number" * 500 + "}}",
            ("fields", "500", "501"),
        ),
        (
            "{" + " ... {" * 49 + "number" + "}" * 50,
            "{" + " ... {" * 50 + "number" + "}" * 51,
            ("nesting", "50", "51 or more"),
        ),
        (
            "{ rows(first: 100) { rows(first: 99) { number } } }",
            "{ rows(first: 100) { rows(first: 100) { number } } }",
            ("rows", "10000", "10100"),
        ),
    ],
)
def test_each_limit_lets_pass_what_it_names_and_no_more(
    within: str, beyond: str, refused: tuple[str, ...]
) -> None:
    assert run(within).errors is None
    assert refusal(beyond) == refused


def test_tokens_are_counted_before_anything_is_parsed() -> None:
    assert refusal("{ number" + " , { [" * 20 + " x" * 2_000) == ("tokens", "2000", "2001 or more")
    assert refusal("{" * 60) == ("nesting", "50", "51 or more")
    values = "{ rows(first: " + "[" * 100_000 + ") { number } }"
    assert refusal(values) == ("nesting", "50", "51 or more")


def test_comments_and_commas_are_no_tokens() -> None:
    assert run("#" + "x" * 10_000 + "\n{ number" + "," * 10_000 + "}").data == {"number": 1}


def test_fragments_are_counted_where_they_are_used() -> None:
    parts = [f"fragment f{n} on Row {{ row {{ ...f{n + 1} }} }}" for n in range(12)]
    deep = "{ row { ...f0 } } " + " ".join(parts) + " fragment f12 on Row { number }"
    assert refusal(deep) == ("depth", "12", "14")
    parts = [f"fragment f{n} on Row {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40)]
    wide = "{ row { ...f0 } } " + " ".join(parts) + " fragment f40 on Row { number }"
    assert refusal(wide) == ("fields", "500", str(2**40 + 1))
    parts = [f"fragment f{n} on Row {{ ...f{n + 1} }}" for n in range(200)]
    chain = "{ row { ...f0 } } " + " ".join(parts) + " fragment f200 on Row { number }"
    assert refusal(chain) == ("nesting", "50", "51 or more")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "{ row { ...a } } fragment a on Row { ...b } fragment b on Row { ...a }",
            "Cannot spread fragment 'a' within itself via 'b'.",
        ),
        ("{ row { ...a } }", "Unknown fragment 'a'."),
    ],
)
def test_fragments_in_a_circle_and_unknown_ones_are_left_to_validation(
    query: str, message: str
) -> None:
    assert [error.message for error in run(query).errors or []] == [message]


@pytest.mark.parametrize(
    ("query", "variables", "rows"),
    [
        ("query($n: Int) { rows(last: $n) { rows(first: 100) { number } } }", {"n": 100}, "10100"),
        (
            "query($n: Int = 100) { rows(first: $n) { rows(first: $n) { number } } }",
            {},
            "10100",
        ),
        ("{ rows(first: 100) { row { fifty { rows(last: 2) { number } } } } }", {}, "15100"),
        ("{ rows(first: 20000) { number } }", {}, "20000"),
        (
            "{ a: rows(first: 100) { ...r } b: rows(first: 100) { ... on Row { ...r } } }"
            " fragment r on Row { rows(first: 60) { number } }",
            {},
            "12200",
        ),
    ],
)
def test_pages_in_pages_are_multiplied(query: str, variables: dict[str, Any], rows: str) -> None:
    assert refusal(query, variables) == ("rows", "10000", rows)


def test_a_variable_that_does_not_fit_keeps_its_own_error() -> None:
    result = run("query($n: Int) { rows(first: $n) { number } }", {"n": "many"})
    assert [error.message for error in result.errors or []] == [
        "Variable '$n' has invalid value: Int cannot represent non-integer value: 'many'"
    ]


def test_the_operation_that_runs_is_the_one_whose_rows_are_counted() -> None:
    query = (
        "query small { rows(first: 1) { number } }"
        " query large { rows(first: 100) { rows(first: 100) { number } } }"
    )
    assert run(query, name="small").errors is None
    (error,) = run(query, name="large").errors or []
    assert error.extensions == LIMIT


def test_introspection_passes_whole() -> None:
    for query in (
        get_introspection_query(),
        get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        ),
    ):
        assert run(query).errors is None


def test_introspection_that_repeats_itself_is_refused() -> None:
    deep = "{ __schema { types { " + "fields { type { " * 8 + "name" + "}" * 19
    assert refusal(deep) == ("introspection depth", "16", "19")
    lists = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert [error.message for error in run(lists).errors or []] == [
        "Maximum introspection depth exceeded"
    ]


def test_a_known_query_is_neither_parsed_nor_validated_again() -> None:
    query = "{ row { row { number } } }"
    run(query)
    parsed, validated = limits.parsed.cache_info(), limits.validated.cache_info()
    run(query)
    assert limits.parsed.cache_info().misses == parsed.misses
    assert limits.validated.cache_info().misses == validated.misses
    assert limits.validated.cache_info().hits == validated.hits + 1
    assert limits.validated.cache_info().maxsize == limits.parsed.cache_info().maxsize == 128
