"""Sessions over HTTP: sign in, sign out, and what is open to everybody."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest
import sqlalchemy as sa

import models
from domain.staffing import accounts
from models import Grant, Operator, Role, SignInFailures
from tests.client import Client
from tests.world import World

SIGN_IN = """
mutation($login: String!, $password: String!) { signIn(login: $login, password: $password) {
  ... on SignedIn { token expiresAt viewer { login name grants { role scheme { id } } } }
  ... on Refused { code message path facts { name value } }
} }
"""
SIGN_OUT = """
mutation { signOut { ... on Viewer { login } ... on Refused { code message path facts { name } } } }
"""
VIEWER = "{ viewer { login } }"
PASSWORD = "正确的密码-2026"
FAILED = {
    "code": "SIGN_IN_FAILED",
    "message": "账号或密码不正确，请检查后重试。",
    "path": [],
    "facts": [],
}
# What answers everybody: null, or a session.
OPEN = {"viewer", "me", "signIn", "signInStudent"}
CONTRACT = Path(__file__).parents[2] / "schema" / "schema.graphql"


@pytest.fixture
def zhang(world: World) -> int:
    """The id of an operator with a password."""
    with world.database.write() as session:
        grant = Grant(role=Role.CHECKPOINT_OPERATOR, scheme_id=world.scheme_id)
        return accounts.create(session, "Zhang", "张老师", PASSWORD, [grant]).id


@pytest.fixture
def enter(address: str, world: World) -> Iterator[Callable[[str | None], Client]]:
    """A client with any token."""
    clients: list[Client] = []

    def make(token: str | None) -> Client:
        clients.append(Client(address, token))
        return clients[-1]

    yield make
    for client in clients:
        client.http.close()


def try_in(client: Client, login: str = "zhang", password: str = PASSWORD) -> Any:
    return client.query(SIGN_IN, login=login, password=password)["signIn"]


def change(world: World, statement: sa.Update) -> None:
    with world.database.write() as session:
        session.execute(statement)


def test_the_token_of_a_sign_in_works(
    zhang: int, world: World, anonymous: Client, enter: Callable[[str], Client]
) -> None:
    answer = try_in(anonymous)
    left = dt.datetime.fromisoformat(answer["expiresAt"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=11, minutes=59) < left <= dt.timedelta(hours=12)
    grants = [{"role": "CHECKPOINT_OPERATOR", "scheme": {"id": world.scheme}}]
    assert answer["viewer"] == {"login": "zhang", "name": "张老师", "grants": grants}
    assert enter(answer["token"]).query(VIEWER) == {"viewer": {"login": "zhang"}}


def test_letter_case_and_spaces_around_a_login_do_not_matter(zhang: int, anonymous: Client) -> None:
    assert try_in(anonymous, " ZHANG ")["viewer"]["login"] == "zhang"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("zhang", "wrong password"),
        ("zhang", ""),
        ("zhang", PASSWORD + " "),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("affairs", ""),  # has no password at all
        ("x" * 10_000, "y" * 10_000),
    ],
)
def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(
    login: str, password: str, zhang: int, anonymous: Client
) -> None:
    assert try_in(anonymous, login, password) == FAILED


def test_a_disabled_operator_is_out_at_once(
    zhang: int, world: World, anonymous: Client, enter: Callable[[str], Client]
) -> None:
    client = enter(try_in(anonymous)["token"])
    change(world, sa.update(Operator).where(Operator.id == zhang).values(is_disabled=True))
    assert client.query(VIEWER) == {"viewer": None}
    assert try_in(anonymous) == FAILED


def test_a_session_ends_by_itself(
    zhang: int, world: World, anonymous: Client, enter: Callable[[str], Client]
) -> None:
    client = enter(try_in(anonymous)["token"])
    change(world, sa.update(models.Session).values(expires_at=sa.func.now()))
    assert client.query(VIEWER) == {"viewer": None}
    assert client.refused("{ schemes { id } }") == "UNAUTHENTICATED"


def test_signing_out_ends_this_session_and_no_other(
    zhang: int, anonymous: Client, enter: Callable[[str], Client]
) -> None:
    first, second = (enter(try_in(anonymous)["token"]) for _ in range(2))
    assert first.query(SIGN_OUT) == {"signOut": {"login": "zhang"}}
    assert first.query(VIEWER) == {"viewer": None}
    assert first.query(SIGN_OUT)["signOut"]["code"] == "UNAUTHENTICATED"
    assert second.query(VIEWER) == {"viewer": {"login": "zhang"}}


def test_only_hashes_of_token_and_password_are_kept(
    zhang: int, world: World, anonymous: Client
) -> None:
    token = try_in(anonymous)["token"]
    with world.database.write() as session:
        kept = session.scalars(sa.select(models.Session.token_hash)).one()
        password = session.scalars(sa.select(Operator.password_hash).filter_by(id=zhang)).one()
    assert kept == hashlib.sha256(token.encode()).digest()
    assert password is not None
    assert password.startswith("$argon2id$")


def fail(client: Client, login: str, times: int) -> list[str]:
    return [try_in(client, login, "wrong")["code"] for _ in range(times)]


@pytest.mark.parametrize("login", ["zhang", "nobody"])
def test_after_five_failures_a_login_waits_known_or_not(
    login: str, zhang: int, world: World, anonymous: Client
) -> None:
    assert fail(anonymous, login, 5) == ["SIGN_IN_FAILED"] * 5
    refused = try_in(anonymous, f" {login.upper()}")
    [fact] = refused["facts"]
    assert (refused["code"], fact["name"]) == ("RATE_LIMITED", "seconds")
    assert 50 <= int(fact["value"]) <= 60
    assert refused["message"] == f"尝试次数过多，请在 {fact['value']} 秒后再试。"
    assert try_in(anonymous, "somebody else", "wrong") == FAILED


def had_failed(world: World, **ago: int) -> None:
    """Five failures, so long ago."""
    last_at = dt.datetime.now(dt.UTC) - dt.timedelta(**ago)
    with world.database.write() as session:
        session.add(SignInFailures(login="zhang", failures=5, last_at=last_at))


def test_after_the_pause_a_login_is_free_and_success_clears_the_count(
    zhang: int, world: World, anonymous: Client
) -> None:
    had_failed(world, seconds=61)
    assert try_in(anonymous)["viewer"]["login"] == "zhang"
    assert fail(anonymous, "zhang", 2) == ["SIGN_IN_FAILED"] * 2


def test_a_failure_after_the_pause_pauses_again(
    zhang: int, world: World, anonymous: Client
) -> None:
    had_failed(world, seconds=61)
    assert fail(anonymous, "zhang", 2) == ["SIGN_IN_FAILED", "RATE_LIMITED"]


def test_failures_of_more_than_an_hour_ago_are_forgotten(
    zhang: int, world: World, anonymous: Client
) -> None:
    had_failed(world, hours=2)
    assert fail(anonymous, "zhang", 2) == ["SIGN_IN_FAILED"] * 2


@pytest.mark.parametrize("authorization", ["Bearer x", "Bearer", "Basic eDp5", "x", "Bearer a b"])
def test_a_token_that_is_none_is_nobodys(authorization: str, anonymous: Client) -> None:
    anonymous.http.headers["authorization"] = authorization
    assert anonymous.query(VIEWER) == {"viewer": None}
    assert anonymous.refused("{ schemes { id } }") == "UNAUTHENTICATED"


def test_without_a_token_the_shape_of_the_api_is_open(anonymous: Client) -> None:
    assert anonymous.query("{ __typename }") == {"__typename": "Query"}
    assert anonymous.query(VIEWER) == {"viewer": None}
    shape = anonymous.query(graphql.get_introspection_query())
    assert graphql.build_client_schema(shape).query_type is not None


def fields(root: str) -> list[Any]:
    kind = graphql.build_schema(CONTRACT.read_text()).type_map[root]
    assert isinstance(kind, graphql.GraphQLObjectType)
    return [(name, field) for name, field in kind.fields.items()]


SCALARS = {
    "ID": '"x"',
    "String": '"x"',
    "Int": "1",
    "Boolean": "false",
    "Date": '"2026-06-01"',
    "DateTime": '"2026-06-01T00:00:00Z"',
}


def value(kind: Any) -> str:
    """The shortest value of a type."""
    kind = graphql.get_nullable_type(kind)
    if graphql.is_list_type(kind):
        return f"[{value(kind.of_type)}]"
    if graphql.is_enum_type(kind):
        return str(next(iter(kind.values)))
    if graphql.is_input_object_type(kind):
        needed = [
            name for name, each in kind.fields.items() if graphql.is_required_input_field(each)
        ]
        chosen = needed or (list(kind.fields)[:1] if kind.is_one_of else [])
        return f"{{{', '.join(f'{name}: {value(kind.fields[name].type)}' for name in chosen)}}}"
    return SCALARS[kind.name]


def call(name: str, field: Any) -> str:
    """The shortest call: required arguments only, no value has to exist."""
    given = [
        f"{argument}: {value(each.type)}"
        for argument, each in field.args.items()
        if graphql.is_required_argument(each)
    ]
    if "first" in field.args:
        given.append("first: 1")
    inside = (
        " { __typename }" if graphql.is_composite_type(graphql.get_named_type(field.type)) else ""
    )
    return f"{name}({', '.join(given)}){inside}".replace("()", "")


def test_without_a_token_no_other_query_is_open(anonymous: Client) -> None:
    calls = {name: call(name, field) for name, field in fields("Query") if name not in OPEN}
    codes = {name: anonymous.refused(f"{{ {text} }}") for name, text in calls.items()}
    assert codes == dict.fromkeys(calls, "UNAUTHENTICATED")


def test_without_a_token_no_other_mutation_is_open(anonymous: Client) -> None:
    code = "... on Refused { code message }"
    for name, field in fields("Mutation"):
        if name in OPEN:
            continue
        text = call(name, field).replace("__typename", code)
        assert anonymous.query(f"mutation {{ {text} }}")[name] == {
            "code": "UNAUTHENTICATED",
            "message": "尚未登录或登录已过期，请重新登录。",
        }
