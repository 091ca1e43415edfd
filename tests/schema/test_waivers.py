"""Waivers over HTTP: one asks, another confirms, either takes it back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import ClearanceStatus, SchemeStatus, Waiver
from tests.client import Client
from tests.schema.test_decisions import content, decide, facts
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
NUMBER = "2020010101"
REASON = "因病休学，图书已由家长归还"
WAIVER = """
  ... on Waiver {
    id status reason student { number } checkpoint { title }
    clearance { status notRequiredBy remark version waiver { status } }
    requestedBy { login } requestedAt confirmedBy { login } confirmedAt
    withdrawnBy { login } withdrawnAt
  }
  ... on Refused { code message path facts { name value } }
"""
REQUEST = f"""mutation($student: ID!, $checkpoint: ID!, $reason: String!) {{
  requestWaiver(student: $student, checkpoint: $checkpoint, reason: $reason) {{ {WAIVER} }} }}"""
CONFIRM = f"mutation($waiver: ID!) {{ confirmWaiver(waiver: $waiver) {{ {WAIVER} }} }}"
WITHDRAW = f"mutation($waiver: ID!) {{ withdrawWaiver(waiver: $waiver) {{ {WAIVER} }} }}"


def request(client: Client, world: World, **other: str) -> Any:
    """The answer for NUMBER at LIBRARY, unless something else is given."""
    place = {"student": world.student(NUMBER), "checkpoint": world.checkpoint(LIBRARY)}
    return client.query(REQUEST, **(place | {"reason": REASON} | other))["requestWaiver"]


def confirm(client: Client, waiver: str) -> Any:
    return client.query(CONFIRM, waiver=waiver)["confirmWaiver"]


def withdraw(client: Client, waiver: str) -> Any:
    return client.query(WITHDRAW, waiver=waiver)["withdrawWaiver"]


def statuses(world: World) -> list[str]:
    """Of every waiver, the oldest first."""
    with world.database.write() as session:
        return [each.value for each in session.scalars(sa.select(Waiver.status).order_by("id"))]


def test_a_request_changes_nothing_but_says_that_it_was_made(world: World, sign_in: SignIn) -> None:
    answer = request(sign_in("library"), world, reason=f"  {REASON}\n")
    assert answer.pop("id")
    assert answer.pop("requestedAt")
    assert answer == {
        "status": "REQUESTED",
        "reason": REASON,
        "student": {"number": NUMBER},
        "checkpoint": {"title": LIBRARY},
        "clearance": {
            "status": "PENDING",
            "notRequiredBy": None,
            "remark": "",
            "version": 1,
            "waiver": {"status": "REQUESTED"},
        },
        "requestedBy": {"login": "library"},
        "confirmedBy": None,
        "confirmedAt": None,
        "withdrawnBy": None,
        "withdrawnAt": None,
    }
    assert (world.state(NUMBER, LIBRARY), world.entries()) == (("PENDING", "", 1), [])


def test_a_second_person_confirms_and_nothing_is_due_any_more(
    world: World, sign_in: SignIn
) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.REFUSED, remark="欠书")
    asked = request(sign_in("library"), world)
    answer = confirm(sign_in("admin"), asked["id"])
    assert (answer["status"], answer["id"]) == ("CONFIRMED", asked["id"])
    assert (answer["requestedBy"], answer["confirmedBy"]) == (
        {"login": "library"},
        {"login": "admin"},
    )
    assert answer["clearance"] == {
        "status": "NOT_REQUIRED",
        "notRequiredBy": "WAIVER",
        "remark": REASON,
        "version": 2,
        "waiver": {"status": "CONFIRMED"},
    }
    [entry] = world.entries()
    assert content(entry) == (2, "REFUSED", "NOT_REQUIRED", "欠书", REASON)
    assert (entry.channel, entry.operator_id) == ("WAIVER", world.people["admin"])
    library = {"checkpoint": world.checkpoint(LIBRARY)}
    for act in ("PASS", "REFUSE", "RESET"):
        assert decide(sign_in("library"), world, act, 2, **library)["code"] == "NOT_REQUIRED"


def test_who_asked_does_not_confirm(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    asked = request(client, world)
    answer = confirm(client, asked["id"])
    assert (answer["code"], answer["message"]) == (
        "SECOND_PERSON_NEEDED",
        "免办须由另一人确认，申请人不能自己确认。",
    )
    assert (statuses(world), world.state(NUMBER, LIBRARY)) == (["REQUESTED"], ("PENDING", "", 1))


def test_the_table_itself_needs_two_people(world: World, sign_in: SignIn) -> None:
    request(sign_in("library"), world)
    with (
        pytest.raises(sa.exc.IntegrityError, match="two_people"),
        world.database.write() as session,
    ):
        session.execute(sa.update(Waiver).values(confirmed_by=Waiver.requested_by))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ClearanceStatus.PENDING, None),
        (ClearanceStatus.REFUSED, None),
        (ClearanceStatus.PASSED, "WAIVER_NOT_POSSIBLE"),
        (ClearanceStatus.NOT_REQUIRED, "NOT_REQUIRED"),
    ],
)
def test_only_what_is_pending_or_refused_can_be_waived(
    status: ClearanceStatus, code: str | None, world: World, sign_in: SignIn
) -> None:
    rule = {"not_required_by": "RULE"} if status is ClearanceStatus.NOT_REQUIRED else {}
    world.put(NUMBER, LIBRARY, status, **rule)
    assert request(sign_in("library"), world).get("code") == code
    assert statuses(world) == ([] if code else ["REQUESTED"])


@pytest.mark.parametrize(
    ("login", "place", "reason", "refused"),
    [
        ("library", (NUMBER, AFFAIRS), REASON, ("FORBIDDEN", [])),
        ("department", (NUMBER, LIBRARY), REASON, ("FORBIDDEN", [])),
        ("affairs", (NUMBER, SUPERVISOR), REASON, ("FORBIDDEN", [])),
        ("affairs", ("2020020101", AFFAIRS), REASON, ("NOT_FOUND", [])),
        ("library", (NUMBER, LIBRARY), " \n", ("INVALID_INPUT", ["reason"])),
        ("library", (NUMBER, LIBRARY), "长" * 201, ("INVALID_INPUT", ["reason"])),
    ],
)
def test_a_request_without_the_right_or_a_reason_is_refused(
    login: str,
    place: tuple[str, str],
    reason: str,
    refused: tuple[str, list[str]],
    world: World,
    sign_in: SignIn,
) -> None:
    asked = {"student": world.student(place[0]), "checkpoint": world.checkpoint(place[1])}
    answer = request(sign_in(login), world, **asked, reason=reason)
    assert (answer["code"], answer["path"]) == refused
    assert statuses(world) == []


def test_a_reason_of_200_characters_is_taken(world: World, sign_in: SignIn) -> None:
    asked = request(sign_in("library"), world, reason="长" * 200)
    assert confirm(sign_in("admin"), asked["id"])["clearance"]["remark"] == "长" * 200


def test_there_is_one_that_is_not_over(world: World, sign_in: SignIn) -> None:
    asked = request(sign_in("library"), world)
    again = request(sign_in("admin"), world)
    assert (again["code"], facts(again)) == (
        "ALREADY_EXISTS",
        {"noun": "Waiver", "value": f"张思 · {LIBRARY}"},
    )
    assert again["message"] == f"免办“张思 · {LIBRARY}”已存在，尚未结束，请先确认或撤回它。"
    confirm(sign_in("admin"), asked["id"])
    assert request(sign_in("admin"), world)["code"] == "NOT_REQUIRED"
    withdraw(sign_in("admin"), asked["id"])
    assert request(sign_in("admin"), world)["status"] == "REQUESTED"
    assert statuses(world) == ["WITHDRAWN", "REQUESTED"]


@pytest.mark.parametrize("act", [confirm, withdraw])
@pytest.mark.parametrize(
    ("login", "code"),
    [("affairs", "FORBIDDEN"), ("department", "FORBIDDEN"), ("affairs-geology", "NOT_FOUND")],
)
def test_neither_confirms_nor_withdraws_who_has_no_right_there(
    login: str, code: str, act: Callable[[Client, str], Any], world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)
    assert act(sign_in(login), asked["id"])["code"] == code
    assert statuses(world) == ["REQUESTED"]


def test_what_was_passed_meanwhile_is_not_confirmed_until_it_is_taken_back(
    world: World, sign_in: SignIn
) -> None:
    asked = request(sign_in("library"), world)
    library = {"checkpoint": world.checkpoint(LIBRARY)}
    decide(sign_in("library"), world, "PASS", 1, **library)
    answer = confirm(sign_in("admin"), asked["id"])
    assert (answer["code"], facts(answer)) == ("WAIVER_NOT_POSSIBLE", {"status": "PASSED"})
    assert answer["message"] == "该学生的办理情况为“已通过”，不能免办；如需免办，请先撤销该办理。"
    assert (statuses(world), world.state(NUMBER, LIBRARY)) == (["REQUESTED"], ("PASSED", "", 2))
    decide(sign_in("library"), world, "REFUSE", 2, remark="误办", **library)
    confirm(sign_in("admin"), asked["id"])
    assert world.state(NUMBER, LIBRARY) == ("NOT_REQUIRED", REASON, 4)


@pytest.mark.parametrize("status", sorted(set(SchemeStatus) - {SchemeStatus.OPEN}))
def test_nothing_is_waived_or_taken_back_unless_the_scheme_is_open(
    status: SchemeStatus, world: World, sign_in: SignIn
) -> None:
    clients = sign_in("library"), sign_in("admin")
    waiver = request(clients[0], world)["id"]
    world.set_scheme(status=status)
    other = {"student": world.student("2020010102")}
    answers = [
        request(clients[0], world, **other),
        confirm(clients[1], waiver),
        withdraw(clients[0], waiver),
    ]
    assert [answer["code"] for answer in answers] == ["SCHEME_NOT_OPEN"] * 3
    assert (statuses(world), world.entries()) == (["REQUESTED"], [])


def test_an_act_costs_no_more_than_so_many_statements(
    world: World, sign_in: SignIn, statements: Statements
) -> None:
    library, admin = sign_in("library"), sign_in("admin")
    place = f'student: "{world.student(NUMBER)}", checkpoint: "{world.checkpoint(LIBRARY)}"'

    def cost(client: Client, call: str) -> tuple[int, str]:
        with statements() as seen:
            [made] = client.query(f"mutation {{ {call} {{ ... on Waiver {{ id }} }} }}").values()
        return len(seen), made["id"]

    asked, waiver = cost(library, f'requestWaiver({place}, reason: "{REASON}")')
    confirmed, _ = cost(admin, f'confirmWaiver(waiver: "{waiver}")')
    withdrawn, _ = cost(admin, f'withdrawWaiver(waiver: "{waiver}")')
    assert asked <= 15
    assert confirmed <= 17
    assert withdrawn <= 22
