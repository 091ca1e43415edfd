"""Waivers beside decisions, rules and each other, in two transactions that overlap."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, waivers
from domain.configuration import rules
from domain.deciding import decisions
from domain.deciding.applicability import Applicability, Conditions
from domain.deciding.judgement import Decision
from domain.errors import Refusal
from domain.ids import Noun
from models import Act, Channel, Clearance, Role, Scheme, SchemeStatus, Waiver
from tests.world import LIBRARY, World

NUMBER, REASON = "2020010101", "因病休学"
NOBODY, EVERYBODY = Applicability(only=Conditions(cohorts=[])), Applicability()
Deed = Callable[[Session], object]
WAIVED = ("NOT_REQUIRED", "WAIVER", 2)


@pytest.fixture
def library(world: World) -> World:
    """The world with a colleague at the library."""
    world.hire("colleague", Role.CHECKPOINT_OPERATOR, LIBRARY)
    return world


def outcome(session: Session, deed: Deed) -> str:
    """`done`, or the code of its refusal."""
    try:
        deed(session)
    except Refusal as refusal:
        return refusal.code.value
    return "done"


def alone(world: World, deed: Deed) -> str:
    """In a transaction of its own."""
    with world.database.write() as session:
        return outcome(session, deed)


def overlapping(world: World, first: Deed, second: Deed) -> tuple[str, str]:
    """The second begins when the first has done everything but commit, and waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as session:
            done = outcome(session, first)
            waiting = pool.submit(alone, world, second)
            await_a_waiter(session)
        return done, waiting.result()


def await_a_waiter(session: Session) -> None:
    deadline = time.monotonic() + 10
    while not session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        assert time.monotonic() < deadline, "nobody waits for the lock"
        time.sleep(0.01)


def request(world: World, login: str) -> Deed:
    operator = world.operator(login)
    student = ids.encode(Noun.STUDENT, world.students[NUMBER])
    checkpoint = ids.encode(Noun.CHECKPOINT, world.checkpoints[LIBRARY])
    return lambda session: waivers.request(session, operator, student, checkpoint, REASON)


def on_waiver(world: World, login: str, act: Callable[..., Waiver]) -> Deed:
    """Confirm or withdraw the newest waiver."""
    operator = world.operator(login)
    with world.database.write() as session:
        newest = session.scalars(sa.select(sa.func.max(Waiver.id))).one() or 0
    return lambda session: act(session, operator, ids.encode(Noun.WAIVER, newest))


def decide(world: World, act: Act) -> Deed:
    origin = decisions.Origin(world.operator("library"), Channel.SINGLE)
    decision = Decision(world.students[NUMBER], act, "已还")
    return lambda session: decisions.apply_one(
        session, world.checkpoints[LIBRARY], decision, origin
    )


def set_rule(world: World, rule: Applicability) -> Deed:
    operator = world.operator("admin")
    checkpoint = ids.encode(Noun.CHECKPOINT, world.checkpoints[LIBRARY])
    return lambda session: rules.change(session, operator, checkpoint, rule)


def close(world: World) -> Deed:
    status = sa.update(Scheme).where(Scheme.id == world.scheme_id)
    return lambda session: session.execute(status.values(status=SchemeStatus.CLOSED))


DEEDS: dict[str, Callable[[World], Deed]] = {
    "request": lambda world: request(world, "library"),
    "request too": lambda world: request(world, "colleague"),
    "confirm": lambda world: on_waiver(world, "admin", waivers.confirm),
    "confirm too": lambda world: on_waiver(world, "colleague", waivers.confirm),
    "withdraw": lambda world: on_waiver(world, "library", waivers.withdraw),
    "withdraw too": lambda world: on_waiver(world, "colleague", waivers.withdraw),
    "pass": lambda world: decide(world, Act.PASS),
    "refuse": lambda world: decide(world, Act.REFUSE),
    "let nobody in": lambda world: set_rule(world, NOBODY),
    "let everybody in": lambda world: set_rule(world, EVERYBODY),
    "close": close,
}


def do(world: World, *names: str) -> None:
    """One after the other; each is done."""
    for name in names:
        assert alone(world, DEEDS[name](world)) == "done"


def stand(world: World) -> tuple[str, str | None, int]:
    """Status, why not required, version."""
    with world.database.write() as session:
        row = session.get_one(Clearance, (world.students[NUMBER], world.checkpoints[LIBRARY]))
        return row.status.value, row.not_required_by, row.version


@pytest.mark.parametrize(
    ("before", "first", "second", "outcomes", "after"),
    [
        ((), "request", "request too", ("done", "ALREADY_EXISTS"), ("PENDING", None, 1)),
        (("request",), "confirm", "confirm too", ("done", "WAIVER_ENDED"), WAIVED),
        (("request",), "confirm", "withdraw", ("done", "done"), ("PENDING", None, 3)),
        (("request",), "withdraw", "confirm", ("done", "WAIVER_ENDED"), ("PENDING", None, 1)),
        (("request",), "withdraw", "withdraw too", ("done", "WAIVER_ENDED"), ("PENDING", None, 1)),
        (("request",), "confirm", "pass", ("done", "NOT_REQUIRED"), WAIVED),
        (("request",), "confirm", "refuse", ("done", "NOT_REQUIRED"), WAIVED),
        (("request",), "pass", "confirm", ("done", "WAIVER_NOT_POSSIBLE"), ("PASSED", None, 2)),
        (("request",), "refuse", "confirm", ("done", "done"), ("NOT_REQUIRED", "WAIVER", 3)),
        (("request",), "confirm", "let nobody in", ("done", "done"), WAIVED),
        (("request",), "let nobody in", "confirm", ("done", "WAIVER_NOT_POSSIBLE"),
         ("NOT_REQUIRED", "RULE", 2)),
        (("request",), "close", "confirm", ("done", "SCHEME_NOT_OPEN"), ("PENDING", None, 1)),
        (("request", "confirm"), "withdraw", "withdraw too", ("done", "WAIVER_ENDED"),
         ("PENDING", None, 3)),
        (("request", "confirm"), "withdraw", "let nobody in", ("done", "done"),
         ("NOT_REQUIRED", "RULE", 4)),
        (("request", "confirm"), "let nobody in", "withdraw", ("done", "done"),
         ("NOT_REQUIRED", "RULE", 4)),
        (("request", "confirm"), "withdraw", "pass", ("done", "done"), ("PASSED", None, 4)),
        (("request", "confirm"), "withdraw", "request", ("done", "done"), ("PENDING", None, 3)),
        (("request", "confirm"), "close", "withdraw", ("done", "SCHEME_NOT_OPEN"), WAIVED),
    ],
)  # fmt: skip
def test_of_two_at_once_the_second_finds_what_the_first_left(
    before: tuple[str, ...],
    first: str,
    second: str,
    outcomes: tuple[str, str],
    after: tuple[str, str | None, int],
    library: World,
) -> None:
    do(library, *before)
    deeds = DEEDS[first](library), DEEDS[second](library)
    assert overlapping(library, *deeds) == outcomes
    assert stand(library) == after
    student_id = library.students[NUMBER]
    told = [entry.version for entry in library.entries() if entry.student_id == student_id]
    assert sorted(told) == list(range(2, after[2] + 1))


@pytest.mark.parametrize("rules", [("let nobody in",), ("let nobody in", "let everybody in")])
def test_a_rule_never_touches_what_is_waived(rules: tuple[str, ...], library: World) -> None:
    do(library, "request", "confirm", *rules)
    assert stand(library) == WAIVED


def test_what_the_rule_did_and_undid_meanwhile_does_not_keep_a_request_from_being_confirmed(
    library: World,
) -> None:
    do(library, "request", "let nobody in", "let everybody in", "confirm")
    assert stand(library) == ("NOT_REQUIRED", "WAIVER", 4)
