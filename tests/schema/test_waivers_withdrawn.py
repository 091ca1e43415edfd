"""Waivers taken back over HTTP: by whom, and what the clearance is then."""

from collections.abc import Callable

import sqlalchemy as sa

from models import Grant, Role
from tests.client import Client
from tests.schema.test_decisions import content, facts
from tests.schema.test_waivers import NUMBER, REASON, confirm, request, statuses, withdraw
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]


def let_nobody_in(world: World) -> None:
    """A rule by which the library applies to no cohort."""
    world.set_checkpoint(LIBRARY, applicability={"only": {"cohorts": []}})


def test_a_request_is_taken_back_by_who_made_it_without_the_right_too(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("library")
    asked = request(client, world)
    with world.database.write() as session:
        session.execute(
            sa.update(Grant)
            .where(Grant.operator_id == world.people["library"])
            .values(role=Role.DEPARTMENT_OPERATOR)
        )
    answer = withdraw(client, asked["id"])
    assert (answer["status"], answer["withdrawnBy"]) == ("WITHDRAWN", {"login": "library"})
    assert answer["clearance"]["waiver"] is None
    assert (world.state(NUMBER, LIBRARY), world.entries()) == (("PENDING", "", 1), [])


def test_a_confirmed_one_is_not_taken_back_by_who_asked_and_has_no_right_any_more(
    world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)
    confirm(sign_in("admin"), asked["id"])
    with world.database.write() as session:
        session.execute(
            sa.update(Grant)
            .where(Grant.operator_id == world.people["library"])
            .values(role=Role.DEPARTMENT_OPERATOR)
        )
    assert withdraw(sign_in("library"), asked["id"])["code"] == "FORBIDDEN"
    assert (statuses(world), len(world.entries())) == (["CONFIRMED"], 1)


def test_a_confirmed_one_taken_back_leaves_the_clearance_pending_without_a_remark(
    world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)
    confirm(sign_in("admin"), asked["id"])
    answer = withdraw(sign_in("library"), asked["id"])
    assert (answer["status"], answer["confirmedBy"], answer["withdrawnBy"]) == (
        "WITHDRAWN",
        {"login": "admin"},
        {"login": "library"},
    )
    assert answer["clearance"] == {
        "status": "PENDING",
        "notRequiredBy": None,
        "remark": "",
        "version": 3,
        "waiver": None,
    }
    _, back = sorted(world.entries(), key=lambda entry: entry.version)
    assert content(back) == (3, "NOT_REQUIRED", "PENDING", REASON, "")
    assert (back.channel, back.operator_id) == ("WAIVER", world.people["library"])


def test_a_confirmed_one_taken_back_leaves_the_clearance_to_the_rule(
    world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)
    confirm(sign_in("admin"), asked["id"])
    let_nobody_in(world)
    clearance = withdraw(sign_in("admin"), asked["id"])["clearance"]
    assert (clearance["status"], clearance["notRequiredBy"], clearance["version"]) == (
        "NOT_REQUIRED",
        "RULE",
        4,
    )
    entries = sorted(world.entries(), key=lambda entry: entry.version)
    assert [(each.channel.value, content(each)) for each in entries] == [
        ("WAIVER", (2, "PENDING", "NOT_REQUIRED", "", REASON)),
        ("WAIVER", (3, "NOT_REQUIRED", "PENDING", REASON, "")),
        ("RULE", (4, "PENDING", "NOT_REQUIRED", "", "")),
    ]


def test_what_is_over_or_confirmed_is_neither_confirmed_nor_withdrawn_again(
    world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)["id"]
    client = sign_in("admin")
    confirm(client, asked)
    answer = confirm(client, asked)
    assert (answer["code"], facts(answer)) == ("WAIVER_ENDED", {"status": "CONFIRMED"})
    assert answer["message"] == "该免办为“已确认”，不能再作此操作。如仍需免办，请重新申请。"
    withdraw(client, asked)
    for act in (confirm, withdraw):
        answer = act(client, asked)
        assert (answer["code"], facts(answer)) == ("WAIVER_ENDED", {"status": "WITHDRAWN"})
    assert len(world.entries()) == 2
