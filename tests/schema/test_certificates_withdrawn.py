"""A certificate holds until anything is open: withdrawn at once, and never brought back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.certifying import certificates
from domain.configuration import checkpoint_changes, rules
from domain.configuration.checkpoint_changes import CheckpointInput
from domain.deciding.applicability import Applicability
from domain.ids import PublicId
from models import Act, ClearanceStatus, Student, StudentStatus
from tests.client import Client
from tests.desk import batch, undone
from tests.schema.certifying import is_valid, issue, newest, pass_everywhere
from tests.schema.configuring import SignIn, Work, change, facts, held
from tests.schema.handing import NUMBER
from tests.schema.test_checkpoints import create
from tests.schema.test_decisions import decide
from tests.schema.test_gate import deciding, let_off
from tests.schema.test_waivers import confirm, request, withdraw
from tests.world import AFFAIRS, LIBRARY, World

DORMITORY = "宿舍"
# Makes NUMBER clear in some way; then, once there is a certificate, opens a checkpoint.
Way = Callable[[World, SignIn], Iterator[str]]


def reset(world: World, sign_in: SignIn) -> Iterator[str]:
    yield AFFAIRS
    assert decide(sign_in("affairs"), world, "RESET")["status"] == "PENDING"


def refusal(world: World, sign_in: SignIn) -> Iterator[str]:
    yield AFFAIRS
    assert decide(sign_in("affairs"), world, "REFUSE")["status"] == "REFUSED"


def rule(world: World, sign_in: SignIn) -> Iterator[str]:
    let_off(world)
    yield LIBRARY
    asked = {"checkpoint": world.checkpoint(LIBRARY), "applicability": {}}
    assert change(sign_in("admin"), "setApplicability", **asked)["toPending"] == 1


def new_checkpoint(world: World, sign_in: SignIn) -> Iterator[str]:
    yield DORMITORY
    assert create(sign_in("admin"), world, DORMITORY)["title"] == DORMITORY


def waiver_taken_back(world: World, sign_in: SignIn) -> Iterator[str]:
    world.put(NUMBER, LIBRARY, ClearanceStatus.PENDING)
    waiver = request(sign_in("library"), world)["id"]
    assert confirm(sign_in("admin"), waiver)["status"] == "CONFIRMED"
    yield LIBRARY
    assert withdraw(sign_in("admin"), waiver)["status"] == "WITHDRAWN"


def undo(world: World, sign_in: SignIn) -> Iterator[str]:
    world.put(NUMBER, LIBRARY, ClearanceStatus.PENDING)
    library = sign_in("library")
    job = batch(library, world.checkpoint(LIBRARY), "PASS", [NUMBER])
    yield LIBRARY
    assert undone(library, job)["applied"] == 1


@pytest.mark.parametrize("way", [reset, refusal, rule, new_checkpoint, waiver_taken_back, undo])
def test_whatever_opens_a_checkpoint_withdraws_it_for_good(
    world: World, department: Client, sign_in: SignIn, worker: None, way: Way
) -> None:
    opening = way(world, sign_in)
    title = next(opening)
    first = issue(department, world)
    assert is_valid(department, first)
    next(opening, None)

    assert not is_valid(department, first)
    shown = newest(department, world)
    assert (shown["id"], shown["isValid"]) == (first["id"], False)
    assert shown["withdrawnAt"] > shown["issuedAt"]
    refused = issue(department, world)
    assert refused["code"] == "CLEARANCE_INCOMPLETE"
    assert facts(refused) == {"checkpoints": title}

    pass_everywhere(world)
    assert newest(department, world) == shown
    assert not is_valid(department, first)
    second = issue(department, world)
    assert second["verifyUrl"] != first["verifyUrl"]
    assert (is_valid(department, first), is_valid(department, second)) == (False, True)


def test_of_an_archived_student_it_is_not_valid(world: World, department: Client) -> None:
    certificate = issue(department, world)
    for status, expected in ((StudentStatus.ARCHIVED, False), (StudentStatus.ACTIVE, True)):
        with world.database.write() as session:
            of_number = sa.update(Student).where(Student.number == NUMBER)
            session.execute(of_number.values(status=status))
        assert is_valid(department, certificate) is expected


def ruling(world: World) -> Work:
    let_off(world)
    operator, library = world.operator("admin"), PublicId(world.checkpoint(LIBRARY))
    return lambda session: rules.change(session, operator, library, Applicability())


def adding(world: World) -> Work:
    operator, scheme = world.operator("admin"), PublicId(world.scheme)
    new = CheckpointInput(DORMITORY)
    return lambda session: checkpoint_changes.create(session, operator, scheme, new)


def resetting(world: World) -> Work:
    return deciding(world, Act.RESET)


def refusing(world: World) -> Work:
    return deciding(world, Act.REFUSE)


ACTS = [(resetting, AFFAIRS), (refusing, AFFAIRS), (ruling, LIBRARY), (adding, DORMITORY)]


@pytest.mark.parametrize(("act", "title"), ACTS)
def test_who_issues_while_a_checkpoint_is_opened_is_told_so(
    world: World,
    department: Client,
    pool: ThreadPoolExecutor,
    act: Callable[[World], Work],
    title: str,
) -> None:
    with held(world, act(world)):
        asked = pool.submit(issue, department, world)
    refused = asked.result()
    assert (refused["code"], facts(refused)) == ("CLEARANCE_INCOMPLETE", {"checkpoints": title})
    assert newest(department, world) is None


@pytest.mark.parametrize(("act", "title"), ACTS)
def test_what_opens_a_checkpoint_while_one_is_issued_withdraws_it(
    world: World,
    department: Client,
    pool: ThreadPoolExecutor,
    act: Callable[[World], Work],
    title: str,
) -> None:
    student, opening = world.students[NUMBER], act(world)

    def open_it() -> None:
        with world.database.write() as session:
            opening(session)

    def issue_it(session: Session) -> object:
        return certificates.issue(session, student, None)

    with held(world, issue_it):
        asked = pool.submit(open_it)
    asked.result()
    shown = newest(department, world)
    assert (shown["isValid"], is_valid(department, shown)) == (False, False)
    assert facts(issue(department, world)) == {"checkpoints": title}
