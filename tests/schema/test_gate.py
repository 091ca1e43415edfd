"""The gate: of a hand-out and whatever opens a clearance, the second one sees the first.

Each pair meets twice: one transaction has acted and is not committed, the other one waits for it.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.configuration import checkpoint_changes, rules
from domain.configuration.checkpoint_changes import CheckpointInput
from domain.deciding import decisions
from domain.deciding.applicability import Applicability, Conditions
from domain.deciding.judgement import Decision
from domain.enrolling import enrolment
from domain.enrolling.student_inputs import StudentEdit
from domain.handing import hand_outs
from domain.handing.hand_outs import Origin
from domain.handing.judgement import Handing, Item
from domain.ids import PublicId
from models import (
    Act,
    Channel,
    ClearanceStatus,
    Cohort,
    HandOut,
    HandOutKind,
    Receiver,
)
from tests.client import Client
from tests.schema.configuring import REFUSED, SignIn, Work, change, facts, held
from tests.schema.handing import NUMBER, OTHER, certificate, clear, give, received
from tests.schema.test_checkpoints import create
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, LIBRARY, World

SINGLES = Applicability(only=Conditions(cohorts=[Cohort.SINGLE_CERTIFICATE_GRADUATE]))
SINGLES_INPUT: dict[str, Any] = {"only": {"cohorts": ["SINGLE_CERTIFICATE_GRADUATE"]}}
EVERYBODY: dict[str, Any] = {}


def handing(world: World, number: str | None = None, student: str = NUMBER) -> Work:
    """The department hands out: the materials, or a degree certificate with a number."""
    origin = Origin(world.operator("department"))
    item = Item(HandOutKind.DEGREE_CERTIFICATE, number) if number else None
    items = (item or Item(HandOutKind.GRADUATION_MATERIALS),)
    wanted = Handing(world.students[student], items, Receiver.IN_PERSON)

    def act(session: Session) -> object:
        [verdict] = hand_outs.apply(session, world.scheme_id, [wanted], origin)
        assert verdict.code is None
        return verdict

    return act


def deciding(world: World, act: Act) -> Work:
    origin = decisions.Origin(world.operator("affairs"), Channel.SINGLE)
    decision = Decision(world.students[NUMBER], act)
    where = world.checkpoints[AFFAIRS]
    return lambda session: decisions.apply_one(session, where, decision, origin)


def count(world: World) -> int:
    with world.database.write() as session:
        alive = sa.select(sa.func.count()).select_from(HandOut).where(HandOut.revoked_at.is_(None))
        return session.scalars(alive).one()


def require_incomplete(answer: Any, checkpoints: str) -> None:
    assert (answer["code"], facts(answer)) == ("CLEARANCE_INCOMPLETE", {"checkpoints": checkpoints})


@pytest.mark.parametrize("act", [Act.RESET, Act.REFUSE])
def test_a_hand_out_that_waited_for_a_decision_sees_it(
    world: World, department: Client, pool: ThreadPoolExecutor, act: Act
) -> None:
    with held(world, deciding(world, act)):
        asked = pool.submit(give, department, world)
    require_incomplete(asked.result(), AFFAIRS)
    assert count(world) == 0


@pytest.mark.parametrize("act", [Act.RESET, Act.REFUSE])
def test_a_decision_that_waited_for_a_hand_out_sees_it(
    world: World, department: Client, sign_in: SignIn, pool: ThreadPoolExecutor, act: Act
) -> None:
    affairs = sign_in("affairs")
    with held(world, handing(world)):
        asked = pool.submit(decide, affairs, world, act)
    refused = asked.result()
    assert (refused["code"], facts(refused)) == ("HANDED_OUT", {"kinds": "GRADUATION_MATERIALS"})
    assert world.state(NUMBER, AFFAIRS) == ("PASSED", "", 1)


def let_off(world: World) -> None:
    """Only singles are asked at the library, where NUMBER is none of them."""
    world.put(NUMBER, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by="RULE")
    world.set_checkpoint(LIBRARY, applicability={"only": {"cohorts": [SINGLES_COHORT]}})


SINGLES_COHORT = Cohort.SINGLE_CERTIFICATE_GRADUATE.value


def library(world: World) -> PublicId:
    return PublicId(world.checkpoint(LIBRARY))


def test_a_hand_out_that_waited_for_a_rule_sees_whom_it_turned(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    let_off(world)
    operator = world.operator("admin")
    everybody = Applicability()
    with held(world, lambda session: rules.change(session, operator, library(world), everybody)):
        asked = pool.submit(give, department, world)
    require_incomplete(asked.result(), LIBRARY)
    assert count(world) == 0


def test_a_rule_that_waited_for_a_hand_out_asks_nothing_more_of_who_received(
    world: World, department: Client, admin: Client, pool: ThreadPoolExecutor
) -> None:
    let_off(world)
    world.put(OTHER, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by="RULE")
    with held(world, handing(world)):
        asked = pool.submit(
            change, admin, "setApplicability", checkpoint=library(world), applicability=EVERYBODY
        )
    assert asked.result()["toPending"] == 1
    assert world.state(NUMBER, LIBRARY)[0] == "NOT_REQUIRED"
    assert world.state(OTHER, LIBRARY)[0] == "PENDING"


def turning_single(world: World) -> Work:
    operator = world.operator("admin")
    edit = StudentEdit(cohort=Cohort.SINGLE_CERTIFICATE_GRADUATE)
    student = PublicId(world.student(NUMBER))
    return lambda session: enrolment.update(session, operator, student, edit, ())


UPDATE = f"""mutation($student: ID!) {{
  updateStudent(student: $student, input: {{cohort: SINGLE_CERTIFICATE_GRADUATE}}) {{
    ... on Student {{ cohort }} {REFUSED} }} }}"""


def test_a_hand_out_that_waited_for_the_roster_sees_where_it_is_due_now(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    let_off(world)
    with held(world, turning_single(world)):
        asked = pool.submit(give, department, world)
    require_incomplete(asked.result(), LIBRARY)
    assert count(world) == 0


def test_the_roster_that_waited_for_a_hand_out_asks_nothing_more_of_who_received(
    world: World, department: Client, admin: Client, pool: ThreadPoolExecutor
) -> None:
    let_off(world)
    with held(world, handing(world)):
        asked = pool.submit(admin.query, UPDATE, student=world.student(NUMBER))
    assert asked.result()["updateStudent"] == {"cohort": "SINGLE_CERTIFICATE_GRADUATE"}
    assert world.state(NUMBER, LIBRARY)[0] == "NOT_REQUIRED"


def test_a_hand_out_that_waited_for_a_new_checkpoint_sees_it(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    operator, scheme = world.operator("admin"), PublicId(world.scheme)

    def add(session: Session) -> object:
        return checkpoint_changes.create(session, operator, scheme, CheckpointInput("宿舍"))

    with held(world, add):
        asked = pool.submit(give, department, world)
    require_incomplete(asked.result(), "宿舍")
    assert count(world) == 0


def test_a_new_checkpoint_that_waited_for_a_hand_out_is_not_for_who_received(
    world: World, department: Client, admin: Client, pool: ThreadPoolExecutor
) -> None:
    with held(world, handing(world)):
        asked = pool.submit(create, admin, world)
    title = asked.result()["title"]
    world.checkpoints[title] = _checkpoint_id(world, title)
    assert world.state(NUMBER, title) == ("NOT_REQUIRED", "", 2)
    assert world.state(OTHER, title) == ("PENDING", "", 1)
    assert [(entry.student_id, entry.channel, entry.new_status) for entry in world.entries()] == [
        (world.students[NUMBER], Channel.RULE, ClearanceStatus.NOT_REQUIRED)
    ]


def _checkpoint_id(world: World, title: str) -> int:
    with world.database.write() as session:
        found = sa.text("SELECT id FROM checkpoints WHERE title = :title")
        return int(session.execute(found, {"title": title}).scalar_one())


def test_with_the_last_hand_out_revoked_the_rules_hold_again(
    world: World, department: Client, admin: Client
) -> None:
    give(department, world)
    give(department, world, certificate("D1"))
    title = create(admin, world)["title"]
    world.checkpoints[title] = _checkpoint_id(world, title)
    revoke = 'mutation($id: ID!) { revokeHandOut(handOut: $id, reason: "误发") { __typename } }'
    first, last = (each["id"] for each in received(department, world)["handOuts"])
    department.query(revoke, id=first)
    assert world.state(NUMBER, title) == ("NOT_REQUIRED", "", 2)
    department.query(revoke, id=last)
    assert world.state(NUMBER, title) == ("PENDING", "", 3)
    require_incomplete(give(department, world), title)


def test_two_who_hand_out_the_same_at_once_give_it_once(
    world: World, department: Client, admin: Client, pool: ThreadPoolExecutor
) -> None:
    with held(world, handing(world, "D1")):
        asked = pool.submit(give, admin, world, certificate("D2"))
    refused = asked.result()
    assert (refused["code"], facts(refused)["number"]) == ("ALREADY_HANDED_OUT", "D1")
    assert count(world) == 1


def test_two_who_give_one_number_to_two_students_at_once_give_it_once(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    clear(world, OTHER)
    with held(world, handing(world, "D1")):
        asked = pool.submit(give, department, world, certificate("D1"), number=OTHER)
    assert asked.result()["code"] == "CERTIFICATE_NUMBER_TAKEN"
    assert count(world) == 1


def test_a_scheme_that_is_closed_meanwhile_hands_nothing_out(
    world: World, department: Client, pool: ThreadPoolExecutor
) -> None:
    def close(session: Session) -> None:
        session.execute(sa.text("UPDATE schemes SET status = 'CLOSED'"))

    with held(world, close):
        asked = pool.submit(give, department, world)
    assert asked.result()["code"] == "SCHEME_NOT_OPEN"
    assert count(world) == 0
