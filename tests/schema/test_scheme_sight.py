"""A scheme that is named must be there and in sight, also for who administers all of them."""

from typing import Any

import pytest

from domain import ids
from domain.ids import Noun
from tests.client import Client
from tests.people import promote
from tests.schema.configuring import SignIn
from tests.world import World

NOWHERE = ids.encode(Noun.SCHEME, 2**40)
LISTS = (
    "students(where: {scheme: $scheme}, first: 1) { nodes { id } }",
    "matrix(where: {scheme: $scheme}) { checkpoints { id } }",
    "clearances(where: {scheme: $scheme}, first: 1) { nodes { id } }",
    "counts(where: {scheme: $scheme}) { due }",
    "countsBy(where: {scheme: $scheme}, by: CLASS) { students }",
    'countsByDay(where: {scheme: $scheme}, from: "2026-06-01", until: "2026-06-02")'
    " { days { due } }",
    "countsByOperator(where: {scheme: $scheme}) { students }",
    "entries(where: {scheme: $scheme}, first: 1) { totalCount }",
    "waivers(scheme: $scheme, first: 1) { totalCount }",
    "jobs(scheme: $scheme, first: 1) { totalCount }",
    "archivedStudents(scheme: $scheme, first: 1) { totalCount }",
    "studentChanges(scheme: $scheme, first: 1) { totalCount }",
    "operators(scheme: $scheme, first: 1) { totalCount }",
    "deciders(scheme: $scheme) { checkpoint { id } }",
)
EXPORTS = (
    "startExport(where: {scheme: $scheme})",
    "startClearancesExport(where: {scheme: $scheme})",
    "startCountsExport(where: {scheme: $scheme}, by: CHECKPOINT)",
    "startHistoryExport(where: {scheme: $scheme})",
    "startDecidersExport(scheme: $scheme)",
)


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    promote(world, "head")
    return sign_in("head")


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_of_no_scheme_is_not_found(head: Client, listed: str) -> None:
    document = f"query($scheme: ID!) {{ {listed} }}"
    assert head.refused(document, scheme=NOWHERE) == "NOT_FOUND"


@pytest.mark.parametrize("started", EXPORTS)
def test_an_export_of_no_scheme_is_not_found(head: Client, started: str) -> None:
    document = f"mutation($scheme: ID!) {{ it: {started} {{ ... on Refused {{ code }} }} }}"
    assert head.query(document, scheme=NOWHERE) == {"it": {"code": "NOT_FOUND"}}


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        ("waivers(scheme: $scheme, first: 1, checkpoint: $named)", Noun.CHECKPOINT),
        ("waivers(scheme: $scheme, first: 1, student: $named)", Noun.STUDENT),
        ("studentChanges(scheme: $scheme, first: 1, student: $named)", Noun.STUDENT),
        ("studentChanges(scheme: $scheme, first: 1, job: $named)", Noun.JOB),
        ("entries(where: {scheme: $scheme, checkpoint: $named}, first: 1)", Noun.CHECKPOINT),
        ("entries(where: {scheme: $scheme, student: $named}, first: 1)", Noun.STUDENT),
        ("entries(where: {scheme: $scheme, job: $named}, first: 1)", Noun.JOB),
    ],
)
def test_what_a_list_is_narrowed_by_must_be_there(
    world: World, head: Client, listed: str, named: Noun
) -> None:
    document = f"query($scheme: ID!, $named: ID!) {{ {listed} {{ totalCount }} }}"
    asked: dict[str, Any] = {"scheme": world.scheme, "named": ids.encode(named, 2**40)}
    assert head.refused(document, **asked) == "NOT_FOUND"
