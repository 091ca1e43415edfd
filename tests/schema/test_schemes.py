"""Schemes over HTTP: set up, opened, closed, put away."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain.ids import Noun
from models import (
    Checkpoint,
    Clearance,
    Prerequisite,
    Role,
    Scheme,
    SchemeStatus,
)
from tests.client import Client
from tests.schema.configuring import SignIn, change, facts, row_id, unknown
from tests.world import AFFAIRS, LIBRARY, MARX, World

Statements = Callable[[], AbstractContextManager[list[str]]]
NAME = "2021级研究生6月份"
SCHEMES = "query($statuses: [SchemeStatus!]) { schemes(statuses: $statuses) { name status } }"


def names(world: World) -> list[str]:
    with world.database.write() as session:
        return list(session.scalars(sa.select(Scheme.name).order_by(Scheme.id)))


def status(world: World) -> str:
    with world.database.write() as session:
        return session.get_one(Scheme, world.scheme_id).status.value


def test_a_new_scheme_is_an_empty_draft(world: World, head: Client) -> None:
    made = change(head, "createScheme", name=f"  {NAME}\n")
    assert made == {"id": made["id"], "name": NAME, "status": "DRAFT", "checkpoints": []}
    with world.database.write() as session:
        scheme = session.get_one(Scheme, row_id(made["id"]))
        assert (scheme.name, scheme.status) == (NAME, SchemeStatus.DRAFT)


@pytest.mark.parametrize(
    ("field", "name", "code"),
    [
        ("createScheme", "2020级研究生6月份", "ALREADY_EXISTS"),
        ("createScheme", " 2020级研究生6月份 ", "ALREADY_EXISTS"),
        ("createScheme", "2020级\u200b研究生6月份\a", "ALREADY_EXISTS"),
        ("createScheme", " \n", "INVALID_INPUT"),
        ("createScheme", "\u200b \ufeff", "INVALID_INPUT"),
        ("createScheme", "x" * 101, "INVALID_INPUT"),
        ("renameScheme", "另一个", "ALREADY_EXISTS"),
        ("renameScheme", "", "INVALID_INPUT"),
        ("cloneScheme", "另一个", "ALREADY_EXISTS"),
        ("cloneScheme", "", "INVALID_INPUT"),
    ],
)
def test_a_name_is_one_line_of_its_own(
    field: str, name: str, code: str, world: World, head: Client
) -> None:
    change(head, "createScheme", name="另一个")
    more = {} if field == "createScheme" else {"scheme": world.scheme}
    refused = change(head, field, name=name, **more)
    assert refused["code"] == code
    kept = "".join(each for each in name.strip() if each.isprintable()).strip()
    expected = {
        "ALREADY_EXISTS": {"noun": "Scheme", "value": kept},
        "INVALID_INPUT": {"name": "name", "value": kept[:20], "expected": "1-100 characters"},
    }
    assert facts(refused) == expected[code]
    assert names(world) == ["2020级研究生6月份", "另一个"]


def test_the_refusal_of_a_name_says_which_and_what_to_do(head: Client) -> None:
    refused = change(head, "createScheme", name="2020级研究生6月份")
    said = "离校方案“2020级研究生6月份”已存在，请换一个，或直接修改已有的。"
    assert refused["message"] == said


def test_a_scheme_may_keep_its_own_name(world: World, head: Client) -> None:
    renamed = change(head, "renameScheme", scheme=world.scheme, name="2020级研究生6月份")
    assert renamed["name"] == "2020级研究生6月份"
    assert change(head, "renameScheme", scheme=world.scheme, name="a  b")["name"] == "a b"
    assert names(world) == ["a b"]


ALLOWED = {
    ("DRAFT", "OPEN"),
    ("DRAFT", "ARCHIVED"),
    ("OPEN", "CLOSED"),
    ("CLOSED", "OPEN"),
    ("CLOSED", "ARCHIVED"),
    ("ARCHIVED", "CLOSED"),
}
FIELDS = {"OPEN": "openScheme", "CLOSED": "closeScheme", "ARCHIVED": "archiveScheme"}


@pytest.mark.parametrize("wanted", FIELDS)
@pytest.mark.parametrize("had", [each.value for each in SchemeStatus])
def test_each_way_from_one_status_to_another(
    had: str, wanted: str, world: World, sign_in: SignIn
) -> None:
    world.set_scheme(status=SchemeStatus(had))
    answer = change(sign_in("admin"), FIELDS[wanted], scheme=world.scheme)
    if (had, wanted) in ALLOWED:
        assert (answer["id"], answer["status"], status(world)) == (world.scheme, wanted, wanted)
        return
    assert answer["code"] == "TRANSITION_NOT_ALLOWED"
    possible = " ".join(each for each in ("OPEN", "CLOSED", "ARCHIVED") if (had, each) in ALLOWED)
    told = {"scheme": "2020级研究生6月份", "status": had, "wanted": wanted, "possible": possible}
    assert facts(answer) == told
    assert status(world) == had


def test_the_refusal_of_a_status_is_told_in_words(world: World, sign_in: SignIn) -> None:
    refused = change(sign_in("admin"), "openScheme", scheme=world.scheme)
    assert refused["message"] == (
        "离校方案“2020级研究生6月份”为“开放”，不能直接转为“开放”；可转为：已关闭。"
    )


def test_only_an_administrator_of_all_begins_and_clones(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    answers = [
        change(client, "createScheme", name=NAME),
        change(client, "cloneScheme", name=NAME, scheme=world.scheme),
    ]
    assert [(each["code"], facts(each)) for each in answers] == [
        ("FORBIDDEN", {"right": "ADMINISTER_ALL"})
    ] * 2
    assert names(world) == ["2020级研究生6月份"]


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("renameScheme", {"scheme": "@scheme", "name": NAME}),
    ("createCheckpoint", {"scheme": "@scheme", "input": {"title": "校医院"}}),
    ("updateCheckpoint", {"checkpoint": "@checkpoint", "input": {"place": "一楼"}}),
    ("setCheckpointWindow", {"checkpoint": "@checkpoint", "opensAt": "2026-06-01T00:00:00Z"}),
    ("setPrerequisites", {"checkpoint": "@checkpoint", "prerequisites": ["@other"]}),
    ("orderCheckpoints", {"scheme": "@scheme", "checkpoints": []}),
    ("deleteCheckpoint", {"checkpoint": "@checkpoint"}),
    ("setApplicability", {"checkpoint": "@checkpoint", "applicability": None}),
]
TURNS: list[tuple[str, dict[str, Any]]] = [
    (field, {"scheme": "@scheme"}) for field in FIELDS.values()
]


def named(world: World, variables: dict[str, Any]) -> dict[str, Any]:
    meant = {
        "@scheme": world.scheme,
        "@checkpoint": world.checkpoint(LIBRARY),
        "@other": world.checkpoint(AFFAIRS),
    }
    listed = {"prerequisites": [meant["@other"]]} if "prerequisites" in variables else {}
    plain = {name: meant.get(str(value), value) for name, value in variables.items()}
    return plain | listed


def everything(world: World) -> dict[str, list[str]]:
    """The rows of each table that a configuration is in."""
    with world.database.write() as session:
        return {
            table.__tablename__: sorted(map(str, session.execute(sa.select(table.__table__))))
            for table in (Scheme, Checkpoint, Prerequisite, Clearance)
        }


@pytest.mark.parametrize("had", ["CLOSED", "ARCHIVED"])
@pytest.mark.parametrize(("field", "variables"), CHANGES)
def test_a_closed_scheme_is_read_only_for_every_change(
    field: str, variables: dict[str, Any], had: str, world: World, sign_in: SignIn
) -> None:
    world.set_scheme(status=SchemeStatus(had))
    before = everything(world)
    refused = change(sign_in("admin"), field, **named(world, variables))
    assert refused["code"] == "SCHEME_READ_ONLY"
    assert facts(refused) == {"scheme": "2020级研究生6月份", "status": had}
    assert everything(world) == before


@pytest.mark.parametrize(("field", "variables"), [*CHANGES, *TURNS])
def test_whoever_only_decides_there_changes_nothing(
    field: str, variables: dict[str, Any], world: World, sign_in: SignIn
) -> None:
    # An administrator of one department does not administer the scheme.
    world.hire("of-marx", Role.ADMINISTRATOR, department=MARX)
    before = everything(world)
    for login in ("library", "department", "of-marx"):
        refused = change(sign_in(login), field, **named(world, variables))
        assert (refused["code"], facts(refused)) == ("FORBIDDEN", {"right": "ADMINISTER"})
    assert everything(world) == before


@pytest.mark.parametrize(("field", "variables"), [*CHANGES, *TURNS])
def test_what_is_out_of_sight_or_unknown_is_not_found(
    field: str, variables: dict[str, Any], world: World, head: Client, sign_in: SignIn
) -> None:
    other = change(head, "createScheme", name=NAME)["id"]
    there = change(head, "createCheckpoint", scheme=other, input={"title": "图书馆"})["id"]
    noun = Noun.SCHEME if "scheme" in variables else Noun.CHECKPOINT
    targets = {Noun.SCHEME: other, Noun.CHECKPOINT: there}
    before = everything(world)
    asked = named(world, variables)
    for client, target in ((sign_in("admin"), targets[noun]), (head, unknown(noun)), (head, "%")):
        refused = change(client, field, **(asked | {noun.lower(): target}))
        assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": noun.value})
    assert everything(world) == before


def test_the_list_leaves_out_the_archived_unless_they_are_asked_for(
    world: World, head: Client
) -> None:
    for name in ("草稿", "旧的"):
        change(head, "createScheme", name=name)
    with world.database.write() as session:
        archived = sa.update(Scheme).where(Scheme.name == "旧的")
        session.execute(archived.values(status=SchemeStatus.ARCHIVED))

    def listed(statuses: list[str] | None) -> list[str]:
        return [each["name"] for each in head.query(SCHEMES, statuses=statuses)["schemes"]]

    assert listed(None) == ["草稿", "2020级研究生6月份"]
    assert listed(["ARCHIVED", "DRAFT"]) == ["旧的", "草稿"]
    assert listed(["OPEN"]) == ["2020级研究生6月份"]
    assert listed([]) == []
    assert listed(["OPEN"] * 100_000) == ["2020级研究生6月份"]


def test_schemes_with_all_that_belongs_to_them_cost_the_same_sql_however_many(
    world: World, head: Client, statements: Statements
) -> None:
    document = """{ schemes { name checkpoints { title applicability {
      only { departments { name } } } } } }"""
    rule = {"only": {"departments": [world.department(MARX)]}}
    change(head, "setApplicability", checkpoint=world.checkpoint(LIBRARY), applicability=rule)

    def cost() -> tuple[int, int]:
        with statements() as seen:
            found = head.query(document)["schemes"]
        return len(seen), len(found)

    for place in range(2):
        change(head, "cloneScheme", scheme=world.scheme, name=f"{place}")
    few = cost()
    for place in range(2, 30):
        change(head, "cloneScheme", scheme=world.scheme, name=f"{place}")
    assert cost() == (few[0], 31)
    assert few[1] == 3
