"""Synonyms: what the words of files mean."""

from typing import Annotated, Any

import strawberry

import models
from domain.reading import synonyms as domain_synonyms
from domain.reading.vocabulary import HeaderMeaning, ResultMeaning
from resolvers import synonyms
from schema.errors import Refused
from schema.inputs import name_input
from schema.operator import Operator

Meaning = name_input(
    domain_synonyms.Meaning,
    "What a word of files means, by where it stands.",
    called="SynonymMeaning",
    one_of=True,
    result="In a cell of 办理结果.",
    header="In the header of a column.",
)


@strawberry.type(
    description="A word of files and what it means; own ones win over those that come along."
)
class Synonym:
    """GraphQL face of domain.reading.synonyms.Word."""

    kind = strawberry.field(
        resolver=synonyms.kind, graphql_type=models.SynonymKind, description="Where it stands."
    )
    word: str = strawberry.field(description="E.g. 已办理.")
    result = strawberry.field(
        resolver=synonyms.result,
        graphql_type=ResultMeaning | None,
        description="What it says in a cell of 办理结果; null for a header.",
    )
    header = strawberry.field(
        resolver=synonyms.header,
        graphql_type=HeaderMeaning | None,
        description="What stands under it as a header; null for a result.",
    )
    is_own = strawberry.field(
        resolver=synonyms.is_own,
        graphql_type=bool,
        description="Whether an administrator gave it this meaning; else it came along.",
    )
    set_by = strawberry.field(
        resolver=synonyms.set_by,
        graphql_type=Operator | None,
        description="The administrator; null for what came along.",
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Words of the domain."""
        return isinstance(value, domain_synonyms.Word)


SynonymResult = Annotated[
    Synonym | Refused,
    strawberry.union("SynonymResult", description="The word with its meaning now, or why not."),
]
