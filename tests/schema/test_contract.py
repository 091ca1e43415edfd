"""The printed contract: up to date, described to the last argument, failures as named unions."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest

from domain.errors import Code

PRINTED = (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text(encoding="utf-8")
SCHEMA = graphql.build_schema(PRINTED)
TYPES = [
    kind
    for name, kind in SCHEMA.type_map.items()
    if not name.startswith("__") and name not in graphql.specified_scalar_types
]


def parts(kind: Any) -> Iterator[tuple[str, str | None]]:
    """A type, its fields and their arguments, each with its description."""
    yield kind.name, kind.description
    for name, field in getattr(kind, "fields", {}).items():
        yield f"{kind.name}.{name}", field.description
        for argument, each in getattr(field, "args", {}).items():
            yield f"{kind.name}.{name}({argument})", each.description


def test_the_printed_contract_is_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("schema", run_name="__main__")
    assert capsys.readouterr().out == PRINTED


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_everything_is_described(kind: graphql.GraphQLNamedType) -> None:
    roots = {"Query", "Mutation"}
    assert [name for name, text in parts(kind) if not text and name not in roots] == []


def mutations() -> list[Any]:
    assert SCHEMA.mutation_type
    return [(name, field) for name, field in SCHEMA.mutation_type.fields.items()]


@pytest.mark.parametrize(("name", "field"), mutations(), ids=lambda value: str(value)[:30])
def test_a_mutation_answers_a_named_union_of_what_it_did_and_a_refusal(
    name: str, field: graphql.GraphQLField
) -> None:
    assert isinstance(field.type, graphql.GraphQLNonNull)
    union = field.type.of_type
    assert isinstance(union, graphql.GraphQLUnionType)
    *things, refused = (member.name for member in union.types)
    assert (refused, union.name.endswith("Result")) == ("Refused", True)
    # Of a session, an operator's or a student's.
    assert things in ([things[0]], ["Viewer", "Me"])
    assert "Refused" not in things


def test_a_refusal_has_code_message_path_and_facts() -> None:
    refused = SCHEMA.type_map["Refused"]
    assert isinstance(refused, graphql.GraphQLObjectType)
    assert {name: str(field.type) for name, field in refused.fields.items()} == {
        "code": "Code!",
        "message": "String!",
        "path": "[String!]!",
        "facts": "[Fact!]!",
    }


def test_every_code_is_part_of_the_contract() -> None:
    kind = SCHEMA.type_map["Code"]
    assert isinstance(kind, graphql.GraphQLEnumType)
    assert list(kind.values) == [code.value for code in Code]


def test_every_type_with_an_id_is_a_node() -> None:
    with_id = {
        kind.name
        for kind in TYPES
        if isinstance(kind, graphql.GraphQLObjectType) and "id" in kind.fields
    }
    node = SCHEMA.type_map["Node"]
    assert isinstance(node, graphql.GraphQLInterfaceType)
    assert with_id == {kind.name for kind in SCHEMA.get_possible_types(node)}


def test_every_page_is_cut_from_one_end_or_the_other() -> None:
    lists = {
        f"{kind.name}.{name}": {"first", "after", "last", "before"} <= set(field.args)
        for kind in TYPES
        if isinstance(kind, graphql.GraphQLObjectType)
        for name, field in kind.fields.items()
        if str(field.type).endswith("Connection!")
    }
    assert lists.keys() >= {"Job.rows", "Query.jobs", "Query.students"}
    assert [name for name, is_cut in lists.items() if not is_cut] == []
