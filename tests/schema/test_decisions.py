"""Deciding one student over HTTP."""

import concurrent.futures
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from models import Channel, Entry, Grant, Role, Student, StudentStatus
from tests.cases import CASES, NUMBER, PASSED, Case, put
from tests.client import Client
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

SignIn = Callable[[str], Client]
DECIDE = """
mutation($student: ID!, $checkpoint: ID!, $act: Act!, $version: Int!, $remark: String) {
  decide(student: $student, checkpoint: $checkpoint, act: $act, expectedVersion: $version,
         remark: $remark) {
    ... on Clearance {
      id status remark version decidedAt notRequiredBy
      student { number } checkpoint { title }
      lastEntry { version at channel rowNumber oldStatus newStatus oldRemark newRemark
                  operator { login name } job { id } }
    }
    ... on Refused { code message path facts { name value } }
  }
}
"""


def decide(client: Client, world: World, act: str, version: int = 1, **other: str) -> Any:
    """The answer for NUMBER at AFFAIRS, unless another student, checkpoint or remark is given."""
    asked = {
        "student": world.student(NUMBER),
        "checkpoint": world.checkpoint(AFFAIRS),
        "act": act,
        "version": version,
    }
    return client.query(DECIDE, **(asked | other))["decide"]


def facts(refused: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in refused["facts"]}


def content(entry: Entry) -> tuple[object, ...]:
    return (
        entry.version,
        entry.old_status.value,
        entry.new_status.value,
        entry.old_remark,
        entry.new_remark,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_of_the_table(case: Case, world: World, sign_in: SignIn) -> None:
    case.arrange(world)
    answer = decide(sign_in("affairs"), world, case.act, case.expects, remark=case.remark)
    assert answer.get("code") == case.code
    assert world.state(NUMBER, AFFAIRS) == case.after
    if case.code is None:
        assert (answer["status"], answer["remark"], answer["version"]) == case.after
    status, had, _ = case.before
    new_status, remark, version = case.after
    change = (version, status, new_status, had, remark)
    assert [content(entry) for entry in world.entries()] == ([change] if case.to else [])


def test_a_decision_answers_the_clearance_and_leaves_an_entry(
    world: World, sign_in: SignIn
) -> None:
    world.put(NUMBER, SUPERVISOR, PASSED)
    earlier = dt.datetime.now(dt.UTC)
    answer = decide(sign_in("affairs"), world, "REFUSE", remark=" 缺登记表\n")
    decided_at = dt.datetime.fromisoformat(answer["decidedAt"])
    assert earlier < decided_at < dt.datetime.now(dt.UTC)
    assert answer == {
        "id": world.clearance(NUMBER, AFFAIRS),
        "status": "REFUSED",
        "remark": "缺登记表",
        "version": 2,
        "decidedAt": answer["decidedAt"],
        "notRequiredBy": None,
        "student": {"number": NUMBER},
        "checkpoint": {"title": AFFAIRS},
        "lastEntry": {
            "version": 2,
            "at": answer["decidedAt"],
            "channel": "SINGLE",
            "rowNumber": None,
            "oldStatus": "PENDING",
            "newStatus": "REFUSED",
            "oldRemark": "",
            "newRemark": "缺登记表",
            "operator": {"login": "affairs", "name": "affairs 老师"},
            "job": None,
        },
    }
    [entry] = world.entries()
    assert content(entry) == (2, "PENDING", "REFUSED", "", "缺登记表")
    assert (entry.student_id, entry.checkpoint_id, entry.operator_id, entry.channel) == (
        world.students[NUMBER],
        world.checkpoints[AFFAIRS],
        world.people["affairs"],
        Channel.SINGLE,
    )
    assert (entry.at, entry.job_id, entry.row_number) == (decided_at, None, None)


def test_decisions_follow_each_other_version_by_version(world: World, sign_in: SignIn) -> None:
    client = sign_in("library")
    library = world.checkpoint(LIBRARY)
    acts = [("PASS", ""), ("PASS", "已还"), ("REFUSE", "欠一本"), ("RESET", ""), ("PASS", "")]
    for version, (act, remark) in enumerate(acts, 1):
        answer = decide(client, world, act, version, checkpoint=library, remark=remark)
        assert answer["version"] == version + 1
    assert [content(entry) for entry in world.entries()] == [
        (2, "PENDING", "PASSED", "", ""),
        (3, "PASSED", "PASSED", "", "已还"),
        (4, "PASSED", "REFUSED", "已还", "欠一本"),
        (5, "REFUSED", "PENDING", "欠一本", ""),
        (6, "PENDING", "PASSED", "", ""),
    ]


def test_what_changes_nothing_leaves_time_and_operator_of_the_decision(
    world: World, sign_in: SignIn
) -> None:
    library = world.checkpoint(LIBRARY)
    first = decide(sign_in("library"), world, "PASS", checkpoint=library, remark="已还")
    again = decide(sign_in("admin"), world, "PASS", 2, checkpoint=library)
    assert again == first
    assert len(world.entries()) == 1


def test_a_stale_version_says_who_decided_what_and_when(world: World, sign_in: SignIn) -> None:
    library = world.checkpoint(LIBRARY)
    first = decide(sign_in("library"), world, "REFUSE", checkpoint=library, remark="欠书")
    refused = decide(sign_in("admin"), world, "PASS", 1, checkpoint=library)
    at = dt.datetime.fromisoformat(first["decidedAt"])
    told = at.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%d %H:%M:%S")
    assert refused == {
        "code": "STALE_STATE",
        "message": f"该学生已由 library 老师 于 {told} 办理为“未通过”，请刷新后再办理。",
        "path": [],
        "facts": [
            {"name": "status", "value": "REFUSED"},
            {"name": "version", "value": "2"},
            {"name": "operator", "value": "library 老师"},
            {"name": "time", "value": at.isoformat()},
            {"name": "remark", "value": "欠书"},
        ],
    }
    assert world.state(NUMBER, LIBRARY) == ("REFUSED", "欠书", 2)
    assert len(world.entries()) == 1


def test_an_open_prerequisite_is_named(world: World, sign_in: SignIn) -> None:
    refused = decide(sign_in("affairs"), world, "PASS")
    assert refused["code"] == "PREREQUISITE_PENDING"
    assert refused["message"] == "前置环节尚未通过：导师审核。请先办理前置环节。"
    assert facts(refused) == {"checkpoints": SUPERVISOR}


@pytest.mark.parametrize(
    ("login", "code", "noun"),
    [
        ("affairs", "FORBIDDEN", None),  # another checkpoint of a student in sight
        ("department", "FORBIDDEN", None),  # decides nowhere
        ("affairs-geology", "NOT_FOUND", "Student"),
    ],
)
def test_nobody_decides_beyond_the_grants(
    login: str, code: str, noun: str | None, world: World, sign_in: SignIn
) -> None:
    library = world.checkpoint(LIBRARY)
    refused = decide(sign_in(login), world, "PASS", checkpoint=library)
    assert refused["code"] == code
    assert facts(refused).get("noun") == noun
    assert world.state(NUMBER, LIBRARY) == ("PENDING", "", 1)
    assert world.entries() == []


def test_what_is_out_of_sight_cannot_be_told_from_what_does_not_exist(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("affairs")
    with world.database.write() as session:
        other = other_scheme(session)
    answers = [
        decide(client, world, "PASS", 1, **{noun: public_id})
        for noun, public_ids in {
            "student": [
                world.student("2020020101"),
                ids.encode(ids.Noun.STUDENT, 999_999),
                ids.encode(ids.Noun.STUDENT, 2**63 - 1),
                world.checkpoint(AFFAIRS),
                "garbage",
                "",
            ],
            "checkpoint": [
                ids.encode(ids.Noun.CHECKPOINT, other),
                ids.encode(ids.Noun.CHECKPOINT, 999_999),
                world.student(NUMBER),
                "garbage",
            ],
        }.items()
        for public_id in public_ids
    ]
    assert [(answer["code"], answer["message"]) for answer in answers] == (
        [("NOT_FOUND", "找不到毕业生，或它不在您的权限范围内。")] * 6
        + [("NOT_FOUND", "找不到离校环节，或它不在您的权限范围内。")] * 4
    )
    assert world.entries() == []


def other_scheme(session: Session) -> int:
    """The id of a checkpoint in a scheme of its own."""
    _, checkpoints = roster.create_scheme(session, "2021级研究生6月份", [NewCheckpoint(LIBRARY)])
    return checkpoints[LIBRARY].id


def test_a_student_is_not_decided_at_a_checkpoint_of_another_scheme(
    world: World, sign_in: SignIn
) -> None:
    world.hire("everywhere", Role.ADMINISTRATOR)
    with world.database.write() as session:
        other = other_scheme(session)
        session.execute(
            sa.update(Grant)
            .where(Grant.operator_id == world.people["everywhere"])
            .values(scheme_id=None)
        )
    checkpoint = ids.encode(ids.Noun.CHECKPOINT, other)
    refused = decide(sign_in("everywhere"), world, "PASS", checkpoint=checkpoint)
    assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": "Student"})
    assert world.entries() == []


def test_an_archived_student_is_no_longer_decided(world: World, sign_in: SignIn) -> None:
    with world.database.write() as session:
        student = session.get_one(Student, world.students[NUMBER])
        student.status = StudentStatus.ARCHIVED
    refused = decide(sign_in("library"), world, "PASS", checkpoint=world.checkpoint(LIBRARY))
    assert (refused["code"], facts(refused)) == ("NOT_FOUND", {"noun": "Student"})
    assert world.state(NUMBER, LIBRARY) == ("PENDING", "", 1)


def test_resetting_a_prerequisite_leaves_later_checkpoints_as_they_are(
    world: World, sign_in: SignIn
) -> None:
    put(world, NUMBER, SUPERVISOR, PASSED)
    put(world, NUMBER, AFFAIRS, PASSED)
    supervisor = world.checkpoint(SUPERVISOR)
    answer = decide(sign_in("supervisor"), world, "RESET", checkpoint=supervisor)
    assert answer["status"] == "PENDING"
    assert world.state(NUMBER, AFFAIRS) == ("PASSED", "", 1)


def test_of_two_decisions_on_one_version_exactly_one_is_applied(
    world: World, sign_in: SignIn
) -> None:
    clients = [sign_in("library"), sign_in("admin")]
    library = world.checkpoint(LIBRARY)
    start = threading.Barrier(2)

    def race(client: Client, act: str, student: str) -> Any:
        start.wait()
        return decide(client, world, act, checkpoint=library, student=student)

    for number in world.students:
        who = [world.student(number)] * 2
        with concurrent.futures.ThreadPoolExecutor() as threads:
            answers = list(threads.map(race, clients, ("PASS", "REFUSE"), who))
        assert sorted(answer.get("code", "") for answer in answers) == ["", "STALE_STATE"]
        [won] = [answer["status"] for answer in answers if "code" not in answer]
        assert world.state(number, LIBRARY) == (won, "", 2)
    assert len(world.entries()) == len(world.students)
