"""The history is the truth: every clearance can be rebuilt from its entries."""

import contextlib
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, operators, waivers
from domain.configuration import rules, schemes
from domain.deciding import decisions, requirements
from domain.deciding.applicability import Applicability, Conditions
from domain.deciding.judgement import Decision
from domain.deciding.requirements import Cause
from domain.errors import Refusal
from domain.ids import Noun
from domain.signed_in import SignedIn
from models import (
    Act,
    Channel,
    Checkpoint,
    Clearance,
    Cohort,
    Entry,
    NotRequiredBy,
    Outcome,
    Student,
    Waiver,
    WaiverStatus,
)
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

# Status, why not required, remark, version, by whom, when.
State = tuple[str, NotRequiredBy | None, str, int, object, object]
FRESH: State = ("PENDING", None, "", 1, None, None)
# Why a clearance is not required follows from how it came to be so.
REASONS = {
    Channel.WAIVER: NotRequiredBy.WAIVER,
    Channel.RULE: NotRequiredBy.RULE,
    Channel.ROSTER: NotRequiredBy.RULE,
}
REMARKS = ("", "", "缺表", "已交", "已交，缺章")
# pytest-randomly seeds it and prints the seed.
one, several = random.choice, random.choices
TITLES = (SUPERVISOR, AFFAIRS, LIBRARY)
DECIDING = {SUPERVISOR: "supervisor", AFFAIRS: "affairs", LIBRARY: "library"}
RULES = (
    Applicability(),
    Applicability(only=Conditions(cohorts=[])),
    Applicability(only=Conditions(cohorts=[Cohort.DOUBLE_CERTIFICATE_GRADUATE])),
    Applicability(not_for=Conditions(household_transfer=True)),
    Applicability(only=Conditions(household_transfer=True, entry_years=[2020])),
)


def decide_at_random(world: World, times: int) -> list[Outcome]:
    """Batches of any size at any checkpoint, with students who stand in a batch twice."""
    return [outcome for _ in range(times) for outcome in decide(world)]


def decide(world: World) -> list[Outcome]:
    title = one(TITLES)
    wanted = [
        Decision(student_id, one(list(Act)), one(REMARKS))
        for student_id in several(list(world.students.values()), k=one(range(1, 10)))
    ]
    origin = decisions.Origin(somebody(world, title), one([Channel.SINGLE, Channel.IMPORT]))
    with world.database.write() as session:
        verdicts = decisions.apply(session, world.checkpoints[title], wanted, origin)
    return [verdict.outcome for verdict in verdicts]


def somebody(world: World, title: str) -> SignedIn:
    return world.operator(one([DECIDING[title], "admin"]))


def ask(world: World) -> None:
    title = one(TITLES)
    operator, reason = somebody(world, title), one(["因病休学", "出国"])
    student, checkpoint = world.student(one(list(world.students))), world.checkpoint(title)
    with contextlib.suppress(Refusal), world.database.write() as session:
        waivers.request(session, operator, ids.PublicId(student), ids.PublicId(checkpoint), reason)


def confirm(world: World) -> None:
    act_on_waiver(world, waivers.confirm, WaiverStatus.REQUESTED)


def withdraw(world: World) -> None:
    act_on_waiver(world, waivers.withdraw, one([WaiverStatus.REQUESTED, WaiverStatus.CONFIRMED]))


def act_on_waiver(world: World, act: Callable[..., Waiver], status: WaiverStatus) -> None:
    """One that has come this far, by a person who may be the same as before."""
    operator = somebody(world, one(TITLES))
    with contextlib.suppress(Refusal), world.database.write() as session:
        found = session.scalars(sa.select(Waiver.id).where(Waiver.status == status)).all()
        if found:
            act(session, operator, ids.encode(Noun.WAIVER, one(found)))


def change_a_rule(world: World, rule: Applicability | None = None) -> None:
    with world.database.write() as session:
        admin = operators.load(session, world.people["admin"])
        checkpoint = ids.PublicId(world.checkpoint(one(TITLES)))
        rules.change(session, admin, checkpoint, rule or one(RULES))


def change_students(world: World, **given: bool) -> None:
    """As a roster does: other data, then the rules for those who were changed."""
    chosen = {student_id: row for row, student_id in enumerate(world.students.values(), 2)}
    changed = dict(random.sample(sorted(chosen.items()), k=one(range(1, 4))))
    data = {"household_transfer": one([True, False, None]), "entry_year": one([2020, 2021, None])}
    with world.database.write() as session:
        admin = operators.load(session, world.people["admin"])
        schemes.hold(session, admin, world.scheme_id)
        session.execute(sa.update(Student).where(Student.id.in_(changed)).values(**(data | given)))
        cause = Cause(admin, Channel.ROSTER, rows=changed)
        for checkpoint in checkpoints(session):
            requirements.apply_at(session, checkpoint, cause, list(changed))


def checkpoints(session: Session) -> list[Checkpoint]:
    return list(session.scalars(sa.select(Checkpoint).order_by(Checkpoint.position)))


def rebuilt(world: World) -> dict[tuple[int, int], State]:
    """Every clearance from a fresh one on, entry by entry; each begins where the last one ended."""
    states = {
        (student, checkpoint): FRESH
        for student in world.students.values()
        for checkpoint in world.checkpoints.values()
    }
    with world.database.write() as session:
        entries = session.scalars(sa.select(Entry).order_by(Entry.version)).all()
    for entry in entries:
        key = (entry.student_id, entry.checkpoint_id)
        status, _, remark, version, _, _ = states[key]
        assert (status, remark, version) == (entry.old_status, entry.old_remark, entry.version - 1)
        states[key] = state_after(entry)
    return states


def state_after(entry: Entry) -> State:
    is_required = entry.new_status.value != "NOT_REQUIRED"
    reason = None if is_required else REASONS[entry.channel]
    told = (entry.new_status.value, reason, entry.new_remark, entry.version)
    return (*told, entry.operator_id, entry.at)


def stored(world: World) -> dict[tuple[int, int], State]:
    with world.database.write() as session:
        return {
            (row.student_id, row.checkpoint_id): (
                row.status.value,
                row.not_required_by,
                row.remark,
                row.version,
                row.operator_id,
                row.decided_at,
            )
            for row in session.scalars(sa.select(Clearance))
        }


@pytest.mark.parametrize("run", range(3))
def test_every_clearance_can_be_rebuilt_from_the_entries_alone(run: int, world: World) -> None:
    outcomes = decide_at_random(world, 40)
    assert rebuilt(world) == stored(world)
    applied = sum(outcome is Outcome.APPLIED for outcome in outcomes)
    assert len(world.entries()) == applied > 40


def test_a_dry_run_judges_as_the_real_one_and_leaves_nothing(world: World) -> None:
    decide_at_random(world, 10)
    before = stored(world), len(world.entries())
    wanted = [Decision(each, Act.REFUSE, "欠书") for each in world.students.values()]
    origin = decisions.Origin(world.operator("library"), Channel.IMPORT)
    with world.database.write() as session:
        tried = decisions.apply(
            session, world.checkpoints[LIBRARY], wanted, decisions.without_writing(origin)
        )
    assert (stored(world), len(world.entries())) == before
    with world.database.write() as session:
        done = decisions.apply(session, world.checkpoints[LIBRARY], wanted, origin)
    assert done == tried


@pytest.mark.parametrize("run", range(3))
def test_the_same_with_waivers_rules_and_rosters_in_between(run: int, world: World) -> None:
    change_a_rule(world, Applicability(not_for=Conditions(household_transfer=True)))
    change_students(world, household_transfer=True)
    deeds = (decide, ask, ask, confirm, confirm, withdraw, change_a_rule, change_students)
    # By chance alone a waiver would now and then be missing.
    for deed in (*[ask] * 8, *[confirm] * 8, *several(deeds, k=120)):
        deed(world)
    assert rebuilt(world) == stored(world)
    channels = {entry.channel for entry in world.entries()}
    assert channels >= {Channel.WAIVER, Channel.RULE, Channel.ROSTER}
