"""The sums that are kept are what counting finds, in every snapshot, whatever happens at once."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.configuration import checkpoint_changes
from domain.configuration.checkpoint_changes import CheckpointInput
from domain.deciding import decisions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision
from domain.enrolling import enrolment
from domain.enrolling.student_inputs import StudentEdit, StudentInput
from domain.errors import Refusal
from domain.ids import Noun, PublicId
from models import Act, Channel, Clearance, ClearanceStatus, Cohort, Student, Tally
from tests.locks import wait_for_locks
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, World

DRIFT = """
WITH kept AS (
  SELECT scheme_id, department_id, coalesce(checkpoint_id, 0) AS place,
    coalesce(status, '') AS told, sum(number) AS number
  FROM tallies GROUP BY 1, 2, 3, 4 HAVING sum(number) <> 0),
active AS (SELECT * FROM students WHERE status = 'ACTIVE'),
counted AS (
  SELECT scheme_id, department_id, 0::bigint AS place, '' AS told, count(*) AS number
  FROM active GROUP BY 1, 2
  UNION ALL
  SELECT scheme_id, department_id, checkpoint_id, clearances.status, count(*)
  FROM active JOIN clearances ON student_id = id GROUP BY 1, 2, 3, 4)
(SELECT * FROM kept EXCEPT SELECT * FROM counted)
UNION ALL
(SELECT * FROM counted EXCEPT SELECT * FROM kept)
"""
# Whoever was changed has a line of their last change.
UNTOLD = """
SELECT student_id, max(decided_at) FROM clearances WHERE decided_at IS NOT NULL GROUP BY student_id
EXCEPT SELECT unnest(student_ids), at FROM changed_students
"""
JOINS = {"hashjoin", "mergejoin", "nestloop"}
Deed = Callable[[World, random.Random], None]


def drift(session: Session) -> list[tuple[object, ...]]:
    """Where a sum and a count differ, in one snapshot, and who was changed without a line."""
    return [tuple(row) for each in (DRIFT, UNTOLD) for row in session.execute(sa.text(each))]


def some(world: World, chance: random.Random, most: int) -> list[int]:
    return chance.sample(sorted(world.students.values()), chance.randint(1, most))


def decide(world: World, chance: random.Random) -> None:
    act, where = chance.choice(list(Act)), chance.choice([AFFAIRS, LIBRARY])
    wanted = [Decision(each, act) for each in some(world, chance, 40)]
    origin = Origin(world.operator("admin"), Channel.BATCH)
    with world.database.write() as session:
        decisions.apply(session, world.checkpoints[where], wanted, origin)


def move(world: World, chance: random.Random) -> None:
    department = PublicId(world.department(chance.choice([MARX, GEOLOGY])))
    [student] = some(world, chance, 1)
    with world.database.write() as session:
        public_id = ids.encode(Noun.STUDENT, student)
        edit = StudentEdit(department=department)
        enrolment.update(session, world.operator("admin"), public_id, edit, ())


def come_and_go(world: World, chance: random.Random) -> None:
    [student] = some(world, chance, 1)
    act = chance.choice([enrolment.archive, enrolment.restore])
    with world.database.write() as session:
        act(session, world.operator("admin"), ids.encode(Noun.STUDENT, student))


def enrol(world: World, chance: random.Random) -> None:
    number = f"N{chance.getrandbits(48):012x}".upper()
    department = PublicId(world.department(chance.choice([MARX, GEOLOGY])))
    new = StudentInput("新生", Cohort.UNDERGRADUATE, department, number=number)
    with world.database.write() as session:
        enrolment.create(session, world.operator("admin"), PublicId(world.scheme), new)


def set_up(world: World, chance: random.Random) -> None:
    admin, title = world.operator("admin"), f"环节 {chance.getrandbits(32)}"
    with world.database.write() as session:
        scheme = PublicId(world.scheme)
        made = checkpoint_changes.create(session, admin, scheme, CheckpointInput(title))
    with world.database.write() as session:
        checkpoint_changes.delete(session, admin, ids.encode(Noun.CHECKPOINT, made.id))


def by_hand(world: World, chance: random.Random) -> None:
    """A statement of somebody who holds nothing, and holds it for a moment or thinks again."""
    status = chance.choice(["PENDING", "PASSED", "REFUSED"])
    department = world.departments[chance.choice([MARX, GEOLOGY])]
    [student] = some(world, chance, 1)
    clearances = sa.update(Clearance).where(Clearance.student_id == student)
    students = sa.update(Student).where(Student.id == student)
    with world.database.write() as session:
        if chance.random() < 0.5:
            session.execute(clearances.values(status=status, not_required_by=None))
        else:
            session.execute(students.values(department_id=department))
        session.execute(sa.text("SELECT pg_sleep(0.002)"))
        if chance.random() < 0.2:
            session.rollback()


DEEDS: tuple[Deed, ...] = (decide, decide, move, come_and_go, enrol, set_up, by_hand, by_hand)


@pytest.mark.parametrize("seed", range(3))
def test_no_sum_ever_drifts_from_the_count(world: World, seed: int) -> None:
    world.add_students(60)
    is_over = threading.Event()

    def person(place: int) -> int:
        chance, done = random.Random(seed * 10 + place), 0  # noqa: S311 -- a test's chance
        while not is_over.is_set():
            try:
                chance.choice(DEEDS)(world, chance)
            except (Refusal, sa.exc.OperationalError):
                # What is not allowed now, or a deadlock of who locks by hand: nothing happened.
                continue
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        people = [pool.submit(person, place) for place in range(4)]
        try:
            found = [look(world) for _ in range(60)]
        finally:
            is_over.set()
        assert sum(each.result() for each in people) > 20
    assert found == [[]] * 60
    assert look(world) == []


def look(world: World) -> list[tuple[object, ...]]:
    with world.database.open_snapshot() as session:
        before = drift(session)
        session.execute(sa.text("SELECT pg_sleep(0.02)"))
        return before + drift(session)


def test_lines_are_folded_as_they_come(world: World) -> None:
    kinds = len(world.checkpoints) * len(ClearanceStatus) * 2 + 2
    for _ in range(3):
        put_and_take_back(world, 64)
        assert lines(world) <= kinds + 256 + 2


def test_nobody_waits_for_whoever_folds(world: World) -> None:
    with world.database.write() as session:
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('lixiao.tallies'))"))
        put_and_take_back(world, 140)
        assert lines(world) >= 560
    put_and_take_back(world, 64)
    assert lines(world) < 300


def put_and_take_back(world: World, times: int) -> None:
    """Each time four lines; in the end everybody stands where they stood."""
    for _ in range(times):
        world.put("2020010101", LIBRARY, ClearanceStatus.PASSED)
        world.put("2020010101", LIBRARY, ClearanceStatus.PENDING)
    with world.database.write() as session:
        assert drift(session) == []


def lines(world: World) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Tally)).one()


@pytest.mark.parametrize("join", sorted(JOINS))
def test_changes_that_wait_for_a_move_are_told_where_the_student_is_by_then(
    world: World, join: str
) -> None:
    """Whatever the plan by which the server looks for the students."""
    with world.database.write() as session:
        moved = sa.update(Student).where(Student.id == world.students["2020010101"])
        session.execute(moved.values(department_id=world.departments[GEOLOGY]))
        with ThreadPoolExecutor(1) as pool:
            by_other = pool.submit(pass_all_by_hand, world, join)
            wait_for_locks(session, 1)
            session.commit()
            by_other.result()
    with world.database.write() as session:
        assert drift(session) == []


def pass_all_by_hand(world: World, join: str) -> None:
    with world.database.write() as session:
        for other in JOINS - {join}:
            session.execute(sa.text(f"SET LOCAL enable_{other} = off"))
        session.execute(sa.update(Clearance).values(status="PASSED"))
