"""Grants over HTTP: given and taken, once, where they make sense, and never the last one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Department, Grant, Operator, Role, Scheme, SchemeStatus
from tests.client import Client
from tests.people import promote, public, together
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
GRANT = """id role maySeeIdNumbers operator { login } scheme { name } checkpoint { title }
  department { name }"""
REFUSED = "... on Refused { code message path facts { name value } }"
ADD = f"""mutation($operator: ID!, $input: NewGrant!) {{
  addGrant(operator: $operator, input: $input) {{ ... on Grant {{ {GRANT} }} {REFUSED} }} }}"""
REMOVE = f"""mutation($grant: ID!) {{ removeGrant(grant: $grant) {{
  ... on Operator {{ login grants {{ role checkpoint {{ title }} }} }} {REFUSED} }} }}"""
DECIDERS = """query($scheme: ID!) { deciders(scheme: $scheme) {
  checkpoint { title }
  grants { role operator { login isDisabled } department { name } }
  uncovered { name } } }"""


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """An administrator of the one scheme."""
    return sign_in("admin")


def add(client: Client, world: World, login: str, role: str, **scope: Any) -> Any:
    """Grant something in the world's scheme, unless another is given."""
    wanted = {"role": role, "scheme": world.scheme} | scope
    return client.query(ADD, operator=public(world, login), input=wanted)["addGrant"]


def held(world: World, login: str) -> list[Grant]:
    with world.database.write() as session:
        mine = sa.select(Grant).where(Grant.operator_id == world.people[login]).order_by(Grant.id)
        return list(session.scalars(mine))


def grant_id(world: World, login: str) -> str:
    [grant] = held(world, login)
    return ids.encode(Noun.GRANT, grant.id)


def all_grants(world: World) -> list[tuple[object, ...]]:
    with world.database.write() as session:
        return [tuple(row) for row in session.execute(sa.select(Grant.__table__).order_by("id"))]


def test_a_grant_counts_at_once_and_is_answered(
    world: World, admin: Client, sign_in: SignIn
) -> None:
    scope = {"checkpoint": world.checkpoint(AFFAIRS), "department": world.department(GEOLOGY)}
    made = add(admin, world, "library", "CHECKPOINT_OPERATOR", **scope)
    assert made == {
        "id": ids.encode(Noun.GRANT, held(world, "library")[1].id),
        "role": "CHECKPOINT_OPERATOR",
        "maySeeIdNumbers": False,
        "operator": {"login": "library"},
        "scheme": {"name": "2020级研究生6月份"},
        "checkpoint": {"title": AFFAIRS},
        "department": {"name": GEOLOGY},
    }
    seen = sign_in("library").query("{ viewer { grants { checkpoint { title } } } }")
    assert seen == {
        "viewer": {
            "grants": [{"checkpoint": {"title": LIBRARY}}, {"checkpoint": {"title": AFFAIRS}}]
        }
    }


def test_a_grant_that_is_taken_away_counts_no_more(
    world: World, admin: Client, sign_in: SignIn
) -> None:
    client = sign_in("library")
    told = admin.query(REMOVE, grant=grant_id(world, "library"))["removeGrant"]
    assert told == {"login": "library", "grants": []}
    assert client.query("{ viewer { grants { id } } schemes { id } }") == {
        "viewer": {"grants": []},
        "schemes": [],
    }


def test_the_same_grant_is_given_once_with_or_without_id_numbers(
    world: World, admin: Client
) -> None:
    before = all_grants(world)
    scope = {"checkpoint": world.checkpoint(LIBRARY)}
    for shows in (False, True):
        refused = add(
            admin, world, "library", "CHECKPOINT_OPERATOR", maySeeIdNumbers=shows, **scope
        )
        assert (refused["code"], refused["message"]) == (
            "ALREADY_EXISTS",
            "授权“library 离校点操作员”已存在，无需重复授予。",
        )
    assert all_grants(world) == before


def test_of_two_who_give_the_same_grant_at_once_one_comes_second(
    world: World, address: str
) -> None:
    tokens = [world.token("admin") for _ in range(2)]

    def give(place: int) -> str:
        with Client(address, tokens[place]) as client:
            return str(add(client, world, "library", "DEPARTMENT_OPERATOR").get("code", "given"))

    assert sorted(together(give, 2)) == ["ALREADY_EXISTS", "given"]
    assert len(held(world, "library")) == 2


@pytest.mark.parametrize(
    ("role", "scope", "path", "expected"),
    [
        ("ADMINISTRATOR", ("checkpoint",), "checkpoint", "only for CHECKPOINT_OPERATOR"),
        ("DEPARTMENT_OPERATOR", ("checkpoint",), "checkpoint", "only for CHECKPOINT_OPERATOR"),
        ("ADMINISTRATOR", ("department",), "department", "not for ADMINISTRATOR"),
    ],
)
def test_a_scope_that_makes_no_sense_for_a_role_is_refused(
    world: World, admin: Client, role: str, scope: tuple[str, ...], path: str, expected: str
) -> None:
    given = {"checkpoint": world.checkpoint(LIBRARY), "department": world.department(MARX)}
    refused = add(admin, world, "library", role, **{name: given[name] for name in scope})
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", path])
    assert {"name": "expected", "value": expected} in refused["facts"]
    assert len(held(world, "library")) == 1


def test_a_scope_that_makes_no_sense_is_told_in_the_offices_words(
    world: World, admin: Client
) -> None:
    refused = add(admin, world, "library", "ADMINISTRATOR", department=world.department(MARX))
    assert refused["message"] == "“department”的值“系统管理员”无效：系统管理员不能限于院系。"


def test_a_checkpoint_is_one_of_the_grants_scheme(world: World, head: Client) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    everywhere = add(
        head, world, "library", "CHECKPOINT_OPERATOR", scheme=None, checkpoint=checkpoint
    )
    other = second_scheme(world)
    elsewhere = add(
        head, world, "library", "CHECKPOINT_OPERATOR", scheme=other, checkpoint=checkpoint
    )
    for refused in (everywhere, elsewhere):
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "checkpoint"])
        assert {"name": "expected", "value": "a checkpoint of the scheme"} in refused["facts"]


def second_scheme(world: World) -> str:
    with world.database.write() as session:
        scheme = Scheme(name="2021级本科生6月份", status=SchemeStatus.DRAFT)
        session.add(scheme)
        session.flush()
        return ids.encode(Noun.SCHEME, scheme.id)


def test_grants_are_given_in_a_scheme_of_any_status_but_archived(
    world: World, admin: Client
) -> None:
    told = {}
    for place, status in enumerate(SchemeStatus):
        world.set_scheme(status=status)
        world.hire(f"more-{place}", Role.DEPARTMENT_OPERATOR, None, GEOLOGY)
        told[status] = add(admin, world, f"more-{place}", "CHECKPOINT_OPERATOR").get("code")
    assert told == {"DRAFT": None, "OPEN": None, "CLOSED": None, "ARCHIVED": "SCHEME_READ_ONLY"}
    # To take a right away is possible to the end.
    removed = admin.query(REMOVE, grant=grant_id(world, "library"))["removeGrant"]
    assert removed == {"login": "library", "grants": []}


def test_a_department_without_students_is_granted_too(world: World, admin: Client) -> None:
    with world.database.write() as session:
        session.add(department := Department(name="新学院"))
        session.flush()
    made = add(
        admin,
        world,
        "library",
        "DEPARTMENT_OPERATOR",
        department=ids.encode(Noun.DEPARTMENT, department.id),
    )
    assert made["department"] == {"name": "新学院"}


def test_unknown_things_are_not_found(world: World, admin: Client) -> None:
    nothing = 2**40
    for scope in (
        {"scheme": ids.encode(Noun.SCHEME, nothing)},
        {"scheme": "x"},
        {"checkpoint": ids.encode(Noun.CHECKPOINT, nothing)},
        {"department": ids.encode(Noun.DEPARTMENT, nothing)},
    ):
        assert add(admin, world, "library", "CHECKPOINT_OPERATOR", **scope)["code"] == "NOT_FOUND"
    wanted = {"role": "CHECKPOINT_OPERATOR", "scheme": world.scheme}
    for operator in (ids.encode(Noun.OPERATOR, nothing), "x"):
        refused = admin.query(ADD, operator=operator, input=wanted)["addGrant"]
        assert refused["message"] == "找不到操作员，或它不在您的权限范围内。"
    for grant in (ids.encode(Noun.GRANT, nothing), "x"):
        refused = admin.query(REMOVE, grant=grant)["removeGrant"]
        assert refused["message"] == "找不到授权，或它不在您的权限范围内。"


def test_the_last_administrator_of_everything_stays(
    world: World, head: Client, sign_in: SignIn
) -> None:
    [own] = held(world, "head")
    mine = ids.encode(Noun.GRANT, own.id)
    assert head.query(REMOVE, grant=mine)["removeGrant"]["code"] == "LAST_ADMINISTRATOR"
    promote(world, "second")
    with world.database.write() as session:
        session.get_one(Operator, world.people["second"]).is_disabled = True
    # A disabled one could not help, and may lose the grant.
    assert head.query(REMOVE, grant=mine)["removeGrant"]["code"] == "LAST_ADMINISTRATOR"
    assert head.query(REMOVE, grant=grant_id(world, "second"))["removeGrant"]["login"] == "second"
    add(head, world, "library", "ADMINISTRATOR", scheme=None)
    assert head.query(REMOVE, grant=mine)["removeGrant"] == {"login": "head", "grants": []}
    assert head.query(REMOVE, grant=mine)["removeGrant"]["code"] == "NOT_FOUND"


def test_of_two_administrators_who_remove_each_other_one_is_left(
    world: World, address: str, head: Client
) -> None:
    promote(world, "second")
    tokens = [world.token("head"), world.token("second")]
    targets = [grant_id(world, "second"), grant_id(world, "head")]

    def remove(place: int) -> str:
        with Client(address, tokens[place]) as client:
            answer = client.query(REMOVE, grant=targets[place])["removeGrant"]
            return str(answer.get("code", "removed"))

    told = sorted(together(remove, 2))
    # Who comes second has no right any more, and does not even see the other's grant.
    assert told == ["NOT_FOUND", "removed"]
    assert len(held(world, "head") + held(world, "second")) == 1
