"""Grants over HTTP, as somebody asks for them who may not: nobody gives what they do not hold."""

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Grant, Role
from tests.client import Client
from tests.people import promote, public
from tests.schema.test_grants import (
    DECIDERS,
    REMOVE,
    SignIn,
    add,
    all_grants,
    grant_id,
    held,
    second_scheme,
)
from tests.world import GEOLOGY, LIBRARY, MARX, World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """An administrator of the one scheme."""
    return sign_in("admin")


def test_a_schemes_administrator_cannot_reach_beyond_the_scheme(
    world: World, head: Client, admin: Client
) -> None:
    other = second_scheme(world)
    before = all_grants(world)
    [everything] = held(world, "head")
    attacks = [
        add(admin, world, "admin", "ADMINISTRATOR", scheme=None),
        add(admin, world, "admin", "CHECKPOINT_OPERATOR", scheme=None),
        add(admin, world, "admin", "ADMINISTRATOR", scheme=other),
        admin.query(REMOVE, grant=ids.encode(Noun.GRANT, everything.id))["removeGrant"],
    ]
    assert [each["code"] for each in attacks] == [
        "FORBIDDEN",
        "FORBIDDEN",
        "NOT_FOUND",
        "FORBIDDEN",
    ]
    assert all_grants(world) == before


def test_a_grant_of_another_scheme_cannot_be_seen_or_taken(
    world: World, head: Client, admin: Client
) -> None:
    made = add(head, world, "library", "DEPARTMENT_OPERATOR", scheme=second_scheme(world))
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert head.query(node, id=made["id"]) == {"node": {"id": made["id"]}}
    assert admin.query(node, id=made["id"]) == {"node": None}
    assert admin.query(REMOVE, grant=made["id"])["removeGrant"]["code"] == "NOT_FOUND"
    query = """query($id: ID!) { node(id: $id) { ... on Operator { grants { role } } } }"""
    library = public(world, "library")
    seen = [client.query(query, id=library)["node"]["grants"] for client in (head, admin)]
    roles = [[each["role"] for each in grants] for grants in seen]
    assert roles == [["CHECKPOINT_OPERATOR", "DEPARTMENT_OPERATOR"], ["CHECKPOINT_OPERATOR"]]


@pytest.mark.parametrize("login", ["affairs", "library", "department"])
def test_who_administers_nothing_gives_and_takes_nothing(
    world: World, sign_in: SignIn, login: str
) -> None:
    before = all_grants(world)
    client = sign_in(login)
    wanted = {"checkpoint": world.checkpoint(LIBRARY)}
    assert add(client, world, login, "CHECKPOINT_OPERATOR", **wanted)["code"] == "FORBIDDEN"
    assert add(client, world, login, "ADMINISTRATOR")["code"] == "FORBIDDEN"
    assert add(client, world, login, "ADMINISTRATOR", scheme=None)["code"] == "FORBIDDEN"
    own = client.query(REMOVE, grant=grant_id(world, login))["removeGrant"]
    others = client.query(REMOVE, grant=grant_id(world, "admin"))["removeGrant"]
    assert (own["code"], others["code"]) == ("FORBIDDEN", "NOT_FOUND")
    assert client.refused(DECIDERS, scheme=world.scheme) == "FORBIDDEN"
    assert all_grants(world) == before


def test_nobody_shows_id_numbers_that_they_do_not_see(
    world: World, head: Client, admin: Client
) -> None:
    shown = {"maySeeIdNumbers": True}
    assert add(admin, world, "library", "DEPARTMENT_OPERATOR", **shown)["maySeeIdNumbers"] is True
    with world.database.write() as session:
        session.execute(
            sa.update(Grant)
            .where(Grant.operator_id == world.people["admin"])
            .values(may_see_id_numbers=False)
        )
    refused = add(admin, world, "affairs", "DEPARTMENT_OPERATOR", **shown)
    assert (refused["code"], refused["message"]) == (
        "FORBIDDEN",
        "您没有“查看完整证件号码”的权限，请联系系统管理员。",
    )
    with world.database.write() as session:
        session.add(
            Grant(
                operator_id=world.people["admin"],
                role=Role.DEPARTMENT_OPERATOR,
                scheme_id=world.scheme_id,
                department_id=world.departments[MARX],
                may_see_id_numbers=True,
            )
        )
    told = [
        add(admin, world, "affairs", "DEPARTMENT_OPERATOR", **shown, department=department)
        for department in (None, world.department(GEOLOGY), world.department(MARX))
    ]
    assert [each.get("code") for each in told] == ["FORBIDDEN", "FORBIDDEN", None]
    assert add(head, world, "affairs", "DEPARTMENT_OPERATOR", **shown, scheme=None)["id"]
