"""Handing out over HTTP: one student, many at once, revoking, who may and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import ClearanceStatus, Cohort, HandOut, Student
from tests.client import Client
from tests.schema.configuring import facts
from tests.schema.handing import (
    DEGREE,
    GRADUATION,
    HAND_OUT,
    MATERIALS,
    NUMBER,
    OTHER,
    REVOKE,
    certificate,
    clear,
    give,
    received,
)
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
GEOLOGIST = "2020020101"


@pytest.fixture
def department(world: World, sign_in: SignIn) -> Client:
    return sign_in("department")


def written(world: World) -> list[tuple[str, str | None]]:
    """Kind and number of everything that was handed out and holds."""
    statement = sa.select(HandOut.kind, HandOut.certificate_number)
    alive = statement.where(HandOut.revoked_at.is_(None)).order_by(HandOut.id)
    with world.database.write() as session:
        return [(kind.value, number) for kind, number in session.execute(alive)]


def test_a_student_who_is_clear_receives_what_is_theirs(world: World, department: Client) -> None:
    clear(world)
    answer = give(
        department,
        world,
        certificate("10491 1202601000001", GRADUATION),
        certificate("1049142026000001ｘ"),
        {"kind": MATERIALS},
        receiver="PROXY",
        proxyName="李四",
        proxyIdNumber="110101199001011234",
        remark="委托书已收",
    )
    same = {
        "receiver": "PROXY",
        "proxyName": "李四",
        "proxyIdNumber": "110101********1234",
        "remark": "委托书已收",
        "operator": {"login": "department"},
        "revokedAt": None,
        "revokedBy": None,
        "revokeReason": None,
    }
    given = [
        {key: value for key, value in each.items() if key != "id"}
        for each in answer["student"]["handOuts"]
    ]
    assert given == [
        {"kind": MATERIALS, "certificateNumber": None, **same},
        {"kind": DEGREE, "certificateNumber": "1049142026000001X", **same},
        {"kind": GRADUATION, "certificateNumber": "104911202601000001", **same},
    ]
    assert answer["student"]["entitlement"] == {
        "kinds": [GRADUATION, DEGREE, MATERIALS],
        "mayReceive": [],
        "reason": None,
        "operator": None,
    }


def test_what_is_open_is_named_and_nothing_is_given(world: World, department: Client) -> None:
    clear(world)
    world.put(NUMBER, LIBRARY, ClearanceStatus.REFUSED)
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PENDING)
    refused = give(department, world)
    assert (refused["code"], facts(refused)) == (
        "CLEARANCE_INCOMPLETE",
        {"checkpoints": f"{AFFAIRS}、{LIBRARY}"},
    )
    assert refused["message"] == "该学生尚有环节未办结：学工审核、图书馆。请先办结这些环节。"
    assert written(world) == []
    assert received(department, world)["entitlement"]["mayReceive"] == []


def test_who_is_not_required_is_clear_too(world: World, department: Client) -> None:
    clear(world)
    world.put(NUMBER, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by="RULE")
    assert received(department, world)["entitlement"]["mayReceive"] == [
        GRADUATION,
        DEGREE,
        MATERIALS,
    ]
    give(department, world)
    assert written(world) == [(MATERIALS, None)]


def test_the_same_again_changes_nothing_and_another_number_is_refused(
    world: World, department: Client
) -> None:
    clear(world)
    give(department, world, certificate("D1"))
    give(department, world, certificate(" d1 "), {"kind": MATERIALS})
    assert written(world) == [(DEGREE, "D1"), (MATERIALS, None)]
    refused = give(department, world, certificate("D2"))
    told = facts(refused)
    assert (refused["code"], told["number"], told["operator"]) == (
        "ALREADY_HANDED_OUT",
        "D1",
        "department 老师",
    )
    assert len(written(world)) == 2


def test_a_number_is_given_to_one_student_only(world: World, department: Client) -> None:
    clear(world, NUMBER, OTHER)
    give(department, world, certificate("D1"))
    refused = give(department, world, certificate("d1"), number=OTHER)
    assert (refused["code"], facts(refused)) == (
        "CERTIFICATE_NUMBER_TAKEN",
        {"kind": DEGREE, "value": "D1"},
    )
    assert "“D1”" in refused["message"]
    give(department, world, certificate("D1", GRADUATION), number=OTHER)
    assert written(world) == [(DEGREE, "D1"), (GRADUATION, "D1")]


def test_a_single_certificate_graduate_receives_no_graduation_certificate(
    world: World, department: Client
) -> None:
    clear(world)
    single = Cohort.SINGLE_CERTIFICATE_GRADUATE
    with world.database.write() as session:
        session.execute(sa.update(Student).values(cohort=single))
    refused = give(department, world, certificate("G1", GRADUATION))
    assert (refused["code"], refused["message"]) == (
        "NOT_ENTITLED",
        "该学生不应领取毕业证（应领取：学位证、毕业材料）。如有变动，请系统管理员先修改应领项目。",
    )
    give(department, world, certificate("D1"), {"kind": MATERIALS})
    assert written(world) == [(DEGREE, "D1"), (MATERIALS, None)]


@pytest.mark.parametrize(
    ("login", "number", "code"),
    [
        ("department", GEOLOGIST, "NOT_FOUND"),
        ("affairs", NUMBER, "FORBIDDEN"),
        ("library", NUMBER, "FORBIDDEN"),
        ("affairs-geology", NUMBER, "NOT_FOUND"),
    ],
)
def test_only_the_department_hands_out_and_only_to_its_own(
    world: World, sign_in: SignIn, login: str, number: str, code: str
) -> None:
    clear(world, NUMBER, GEOLOGIST)
    assert give(sign_in(login), world, number=number)["code"] == code
    assert written(world) == []


def test_an_administrator_hands_out_everywhere(world: World, sign_in: SignIn) -> None:
    clear(world, GEOLOGIST)
    give(sign_in("admin"), world, number=GEOLOGIST)
    assert written(world) == [(MATERIALS, None)]


@pytest.mark.parametrize(
    ("items", "other", "path"),
    [
        ([], {}, ["input", "items"]),
        ([{"kind": MATERIALS}] * 2, {}, ["input", "items"]),
        ([{"kind": DEGREE}], {}, ["input", "items", "0", "certificateNumber"]),
        ([certificate("D" * 51)], {}, ["input", "items", "0", "certificateNumber"]),
        ([certificate("M1", MATERIALS)], {}, ["input", "items", "0", "certificateNumber"]),
        ([{"kind": MATERIALS}], {"receiver": "PROXY"}, ["input", "proxyName"]),
        (
            [{"kind": MATERIALS}],
            {"receiver": "PROXY", "proxyName": "李四"},
            ["input", "proxyIdNumber"],
        ),
        ([{"kind": MATERIALS}], {"proxyName": "李四"}, ["input", "proxyName"]),
        (
            [{"kind": MATERIALS}],
            {"receiver": "PROXY", "proxyName": "李四", "proxyIdNumber": "110101********1234"},
            ["input", "proxyIdNumber"],
        ),
        ([{"kind": MATERIALS}], {"remark": "长" * 501}, ["input", "remark"]),
        (
            [{"kind": MATERIALS}],
            {"handedOutAt": "2999-01-01T00:00:00Z"},
            ["input", "handedOutAt"],
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    world: World, department: Client, items: list[Any], other: dict[str, Any], path: list[str]
) -> None:
    clear(world)
    given = {"items": items, **other}
    refused = department.query(HAND_OUT, student=world.student(NUMBER), input=given)["handOut"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", path)
    assert "19900101" not in str(refused)
    assert written(world) == []


def test_a_hand_out_of_last_week_keeps_its_time(world: World, department: Client) -> None:
    clear(world)
    give(department, world, handedOutAt="2026-06-20T09:00:00+08:00")
    with world.database.write() as session:
        assert session.scalars(sa.select(HandOut.handed_out_at)).one().isoformat() == (
            "2026-06-20T01:00:00+00:00"
        )


def test_what_was_handed_out_bars_reset_and_refuse(
    world: World, sign_in: SignIn, department: Client
) -> None:
    clear(world)
    give(department, world, certificate("D1"), {"kind": MATERIALS})
    for act in ("RESET", "REFUSE"):
        refused = decide(sign_in("affairs"), world, act)
        assert (refused["code"], refused["message"]) == (
            "HANDED_OUT",
            "该学生已领取学位证、毕业材料，不能撤销办理或改为不通过。如确需更改，请先由院系撤销发放。",
        )
    assert decide(sign_in("affairs"), world, "PASS", remark="补记")["status"] == "PASSED"
    assert world.state(NUMBER, AFFAIRS) == ("PASSED", "补记", 2)


def test_a_revoked_one_stays_as_history_and_is_issued_again(
    world: World, sign_in: SignIn, department: Client
) -> None:
    clear(world)
    given = give(department, world, certificate("D1"))["student"]["handOuts"]
    revoked = department.query(REVOKE, handOut=given[0]["id"])["revokeHandOut"]
    assert revoked == {
        "kind": DEGREE,
        "certificateNumber": "D1",
        "revokedBy": {"login": "department"},
        "revokeReason": "证书印错",
    }
    again = department.query(REVOKE, handOut=given[0]["id"])["revokeHandOut"]
    assert again["code"] == "HAND_OUT_REVOKED"
    assert decide(sign_in("affairs"), world, "RESET")["status"] == "PENDING"
    assert give(department, world, certificate("D2"))["code"] == "CLEARANCE_INCOMPLETE"
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PASSED)
    answer = give(department, world, certificate("D2"))
    told = [
        (each["certificateNumber"], each["revokeReason"]) for each in answer["student"]["handOuts"]
    ]
    assert told == [("D2", None), ("D1", "证书印错")]


@pytest.mark.parametrize(
    ("login", "code"), [("affairs", "FORBIDDEN"), ("affairs-geology", "NOT_FOUND")]
)
def test_others_do_not_revoke(
    world: World, sign_in: SignIn, department: Client, login: str, code: str
) -> None:
    clear(world)
    given = give(department, world)["student"]["handOuts"][0]["id"]
    assert sign_in(login).query(REVOKE, handOut=given)["revokeHandOut"]["code"] == code
    assert written(world) == [(MATERIALS, None)]


def test_nothing_is_handed_out_or_revoked_in_a_closed_scheme(
    world: World, department: Client
) -> None:
    clear(world, NUMBER, OTHER)
    given = give(department, world)["student"]["handOuts"][0]["id"]
    world.set_scheme(status="CLOSED")
    assert give(department, world, number=OTHER)["code"] == "SCHEME_NOT_OPEN"
    assert department.query(REVOKE, handOut=given)["revokeHandOut"]["code"] == "SCHEME_NOT_OPEN"
    assert written(world) == [(MATERIALS, None)]
