"""What a plan is for, when there is none, and who may see by it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from models import Grant, Operator, Student
from schema.plans import plan
from tests.client import Client
from tests.schema.configuring import SignIn
from tests.world import MARX, World

Statements = Callable[[], AbstractContextManager[list[str]]]
PAGE = """query($where: StudentFilter!, $first: Int!) { students(where: $where, first: $first) {
  nodes { number department { name } clearances { status checkpoint { title } } } } }"""
MATRIX = """query($where: StudentFilter!) { matrix(where: $where) {
  checkpoints { title } students(first: 100) { nodes { student { number } statuses } } } }"""
NUMBERS = "query($where: StudentFilter!) { students(where: $where, first: 9) { nodes { number } } }"
OF_MARX = ["2020010101", "2020010102", "2020010103", "2020010104"]
OF_GEOLOGY = ["2020020101", "2020020102"]


def answered(by: str, reason: str = "") -> float:
    """How many queries were answered so since the server started."""
    labels = {"by": by, "reason": reason}
    return REGISTRY.get_sample_value("lixiao_queries_total", labels) or 0.0


def numbers(client: Client, world: World) -> list[str]:
    """The students that somebody sees."""
    found = client.query(NUMBERS, where={"scheme": world.scheme})["students"]["nodes"]
    return [each["number"] for each in found]


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """Known already, so that what follows is planned from its first statement on."""
    client = sign_in("admin")
    assert numbers(client, world) == [*OF_MARX, *OF_GEOLOGY]
    return client


@pytest.mark.parametrize("first", [1, 6])
def test_a_list_with_all_below_it_is_one_statement(
    first: int, world: World, admin: Client, statements: Statements
) -> None:
    with statements() as seen:
        found = admin.query(PAGE, where={"scheme": world.scheme}, first=first)
    assert (len(found["students"]["nodes"]), len(seen)) == (first, 1)


def test_the_columns_of_a_matrix_are_a_second_statement(
    world: World, admin: Client, statements: Statements
) -> None:
    with statements() as seen:
        admin.query(MATRIX, where={"scheme": world.scheme})
    assert len(seen) == 2


def test_only_what_is_selected_is_read(world: World, admin: Client, statements: Statements) -> None:
    with statements() as seen:
        admin.query(NUMBERS, where={"scheme": world.scheme})
    assert "students.number" in seen[0]
    assert not [name for name in ("id_number", "dormitory", "clearances") if name in seen[0]]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ viewer { login } }", "Query.viewer"),
        ("{ __schema { queryType { name } } }", "introspection"),
        ("{ __typename }", "nothing to read"),
        ("{ nothing }", "not valid"),
        ("{", "refused"),
        ("mutation { signOut { __typename } }", "not a query"),
    ],
)
def test_what_has_no_plan_is_counted_with_its_reason(
    document: str, reason: str, admin: Client
) -> None:
    before = answered("graphql-core", reason), answered("plan")
    admin.execute(document)
    assert (answered("graphql-core", reason), answered("plan")) == (before[0] + 1, before[1])


def test_a_field_below_a_list_that_no_plan_has_is_named(world: World, admin: Client) -> None:
    before = answered("graphql-core", "Student.handOuts")
    document = NUMBERS.replace("number", "number handOuts { id }")
    found = admin.query(document, where={"scheme": world.scheme})["students"]["nodes"]
    assert [each["handOuts"] for each in found] == [[]] * 6
    assert answered("graphql-core", "Student.handOuts") == before + 1


def test_the_numbers_are_told_over_http(address: str, admin: Client) -> None:
    told = admin.http.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    assert 'lixiao_queries_total{by="plan",reason=""}' in told.text


def test_a_session_that_ended_reads_nothing_more(world: World, admin: Client) -> None:
    admin.query("mutation { signOut { __typename } }")
    document, where = NUMBERS, {"scheme": world.scheme}
    assert admin.refused(document, where=where) == "UNAUTHENTICATED"


def test_another_grant_is_seen_by_the_next_query(world: World, sign_in: SignIn) -> None:
    client = sign_in("department")
    assert numbers(client, world) == OF_MARX
    with world.database.write() as session:
        grant = sa.select(Grant).where(Grant.operator_id == world.people["department"])
        session.scalars(grant).one().department_id = None
    assert numbers(client, world) == [*OF_MARX, *OF_GEOLOGY]
    with world.database.write() as session:
        session.scalars(grant).one().department_id = world.departments[MARX]
    assert numbers(client, world) == OF_MARX


def test_who_is_disabled_reads_nothing_more(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    assert len(numbers(client, world)) == 6
    with world.database.write() as session:
        session.get_one(Operator, world.people["library"]).is_disabled = True
    refused = client.refused(NUMBERS, where={"scheme": world.scheme})
    assert refused == "UNAUTHENTICATED"


def test_the_sessions_of_one_operator_share_a_statement_and_end_each_alone(
    world: World, sign_in: SignIn
) -> None:
    here, there = sign_in("library"), sign_in("library")
    assert numbers(here, world) == [*OF_MARX, *OF_GEOLOGY]
    before = plan.kept.cache_info().currsize
    assert numbers(there, world) == [*OF_MARX, *OF_GEOLOGY]
    assert plan.kept.cache_info().currsize == before
    there.query("mutation { signOut { __typename } }")
    assert there.refused(NUMBERS, where={"scheme": world.scheme}) == "UNAUTHENTICATED"
    assert numbers(here, world) == [*OF_MARX, *OF_GEOLOGY]


def test_each_sees_their_own_scope_by_the_same_plan(world: World, sign_in: SignIn) -> None:
    assert numbers(sign_in("affairs"), world) == OF_MARX
    assert numbers(sign_in("affairs-geology"), world) == OF_GEOLOGY


def test_what_changed_since_is_read(world: World, admin: Client) -> None:
    with world.database.write() as session:
        session.get_one(Student, world.students[OF_MARX[0]]).number = "2020010199"
    assert numbers(admin, world) == [*OF_MARX[1:], "2020010199", *OF_GEOLOGY]


def test_a_lost_connection_is_no_error(world: World, admin: Client) -> None:
    assert numbers(admin, world) == [*OF_MARX, *OF_GEOLOGY]
    with world.database.write() as session:
        ended = session.scalars(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                " AND query LIKE '%json_build_array(operators.id%'"
            )
        )
        lost = ended.all()
        assert {*lost} == {True}
    # Whether the reader hears of its end before the query or by it, is a matter of a moment.
    assert numbers(admin, world) == [*OF_MARX, *OF_GEOLOGY]
    before = answered("plan", "")
    assert numbers(admin, world) == [*OF_MARX, *OF_GEOLOGY]
    assert answered("plan", "") == before + 1


ONE = """query($scheme: ID!, $number: String!) {
  student(scheme: $scheme, key: {number: $number}) { number } }"""
AMONG = """query($scheme: ID!, $one: String!, $other: String!) {
  students(where: {scheme: $scheme, numbers: [$one, "x", $other]}, first: 9) {
    nodes { number } } }"""


def test_a_document_learned_once_is_asked_with_other_texts(world: World, admin: Client) -> None:
    before = answered("plan")
    for number in (*OF_MARX, *OF_GEOLOGY):
        found = admin.query(ONE, scheme=world.scheme, number=number)["student"]
        assert found == {"number": number}
    for one, other in (OF_MARX[:2], OF_GEOLOGY[:2]):
        nodes = admin.query(AMONG, scheme=world.scheme, one=one, other=other)["students"]["nodes"]
        assert [each["number"] for each in nodes] == [one, other]
    assert answered("plan") == before + len((*OF_MARX, *OF_GEOLOGY)) + 2


@pytest.mark.parametrize("number", [None, 7, ["2020010101"], {}])
def test_what_is_no_text_is_refused_after_texts_as_before(
    number: object, world: World, admin: Client
) -> None:
    admin.query(ONE, scheme=world.scheme, number=OF_MARX[0])
    [error] = admin.execute(ONE, scheme=world.scheme, number=number)["errors"]
    assert "$number" in error["message"]
    [error] = admin.execute(ONE, scheme=world.scheme)["errors"]
    assert "$number" in error["message"]


def test_too_many_rows_are_refused_as_without_a_plan(world: World, admin: Client) -> None:
    below = "clearances { checkpoint { title } student { clearances { id } } }"
    document = NUMBERS.replace("number", below).replace("first: 9", "first: 100")
    answer = admin.execute(document, where={"scheme": world.scheme})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["LIMIT_EXCEEDED"]


def test_long_filters_are_not_kept(world: World, admin: Client) -> None:
    many: dict[str, Any] = {"scheme": world.scheme, "numbers": [*OF_MARX, *map(str, range(1_000))]}
    before = plan.kept.cache_info().currsize
    found = admin.query(NUMBERS, where=many)["students"]["nodes"]
    assert [each["number"] for each in found] == OF_MARX
    assert plan.kept.cache_info().currsize == before
