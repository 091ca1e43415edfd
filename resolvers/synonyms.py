"""What the words of files mean, and who gave them that meaning."""

from collections.abc import Sequence
from typing import Annotated

from strawberry import Info, Parent, argument

import models
from domain.reading import synonyms
from domain.reading.synonyms import Meaning, Word
from domain.reading.vocabulary import HeaderMeaning, ResultMeaning
from models import SynonymKind
from resolvers import context

Written = Annotated[
    str,
    argument(
        description="As it stands in a file, 1-50 characters; spaces, full width, letter case and a"
        " * or : at its ends do not matter."
    ),
]


async def listed(
    info: Info,
    kind: Annotated[
        SynonymKind | None, argument(description="Only words that stand there.")
    ] = None,
) -> Sequence[Word]:
    """By what they mean."""
    return await context.of(info).read(synonyms.listed, kind)


async def put(
    info: Info,
    word: Written,
    meaning: Annotated[Meaning, argument(description="What it means from now on.")],
) -> Word:
    """Over what it meant before."""
    return await context.of(info).write(synonyms.put, word, meaning)


async def remove(
    info: Info,
    kind: Annotated[SynonymKind, argument(description="Where the word stands.")],
    word: Written,
) -> Word:
    """Back to what comes along."""
    return await context.of(info).write(synonyms.remove, kind, word)


def kind(root: Parent[Word]) -> SynonymKind:
    """Where the word stands."""
    return root.meaning.kind


def result(root: Parent[Word]) -> ResultMeaning | None:
    """None for a header."""
    return root.meaning.result


def header(root: Parent[Word]) -> HeaderMeaning | None:
    """None for a result."""
    return root.meaning.header


def is_own(root: Parent[Word]) -> bool:
    """Whether an administrator gave it this meaning."""
    return root.own is not None


async def set_by(root: Parent[Word], info: Info) -> models.Operator | None:
    """None for what comes along."""
    if root.own is None:
        return None
    return await context.of(info).loaders.operator.load(root.own.operator_id)
