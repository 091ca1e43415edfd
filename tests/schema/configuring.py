"""Setting up schemes over HTTP: the mutations, and who may do everything."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.configuration import schemes
from domain.ids import Noun
from models import Grant, Role
from tests.client import Client
from tests.world import World

SignIn = Callable[[str], Client]
Work = Callable[[Session], object]
REFUSED = "... on Refused { code message path facts { name value } }"
CONDITIONS = """{ cohorts trainingLevels categories householdTransfer hasDormitory dormitoryPrefixes
    departments { name } entryYears }"""
RULE = f"applicability {{ only {CONDITIONS} notFor {CONDITIONS} }}"
SCHEME = f"""{{ ... on Scheme {{ id name status checkpoints {{ position title }} }} {REFUSED} }}"""
CHECKPOINT = f"""{{ ... on Checkpoint {{ id position title requirement place contact hours opensAt
    closesAt prerequisites {{ title }} {RULE} }} {REFUSED} }}"""
CHANGE = f"""{{ ... on ApplicabilityChange {{ toNotRequired toPending
    checkpoint {{ title {RULE} }} }} {REFUSED} }}"""
DEPARTMENT = f"{{ ... on Department {{ id name }} {REFUSED} }}"
# field -> its arguments with their types, and what is selected
MUTATIONS: dict[str, tuple[dict[str, str], str]] = {
    "createScheme": ({"name": "String!"}, SCHEME),
    "cloneScheme": ({"scheme": "ID!", "name": "String!"}, SCHEME),
    "renameScheme": ({"scheme": "ID!", "name": "String!"}, SCHEME),
    "openScheme": ({"scheme": "ID!"}, SCHEME),
    "closeScheme": ({"scheme": "ID!"}, SCHEME),
    "archiveScheme": ({"scheme": "ID!"}, SCHEME),
    "createCheckpoint": ({"scheme": "ID!", "input": "CheckpointInput!"}, CHECKPOINT),
    "updateCheckpoint": ({"checkpoint": "ID!", "input": "CheckpointEdit!"}, CHECKPOINT),
    "setCheckpointWindow": (
        {"checkpoint": "ID!", "opensAt": "DateTime", "closesAt": "DateTime"},
        CHECKPOINT,
    ),
    "setPrerequisites": ({"checkpoint": "ID!", "prerequisites": "[ID!]!"}, CHECKPOINT),
    "orderCheckpoints": ({"scheme": "ID!", "checkpoints": "[ID!]!"}, SCHEME),
    "deleteCheckpoint": ({"checkpoint": "ID!"}, SCHEME),
    "setApplicability": ({"checkpoint": "ID!", "applicability": "ApplicabilityInput"}, CHANGE),
    "createDepartment": ({"name": "String!"}, DEPARTMENT),
    "deleteDepartment": ({"department": "ID!"}, DEPARTMENT),
    "renameDepartment": ({"department": "ID!", "name": "String!"}, DEPARTMENT),
}


def change(client: Client, field: str, **variables: Any) -> Any:
    """The answer of a mutation."""
    return client.query(document(field), **variables)[field]


def document(field: str) -> str:
    """A mutation with a variable for each of its arguments."""
    arguments, selection = MUTATIONS[field]
    declared = ", ".join(f"${name}: {kind}" for name, kind in arguments.items())
    given = ", ".join(f"{name}: ${name}" for name in arguments)
    return f"mutation({declared}) {{ {field}({given}) {selection} }}"


def facts(refused: Mapping[str, Any]) -> dict[str, str]:
    """What the message of a refusal is made of, by name."""
    return {fact["name"]: fact["value"] for fact in refused["facts"]}


def hire_head(world: World, login: str = "head") -> None:
    """An administrator of all schemes."""
    world.hire(login, Role.ADMINISTRATOR)
    with world.database.write() as session:
        everywhere = sa.update(Grant).where(Grant.operator_id == world.people[login])
        session.execute(everywhere.values(scheme_id=None))


def row_id(public_id: str) -> int:
    """The primary key behind an id."""
    parsed = ids.parse(public_id)
    assert parsed
    return parsed[1][0]


def unknown(noun: Noun) -> str:
    """An id of nothing."""
    return ids.encode(noun, 2**40)


@contextlib.contextmanager
def held(world: World, act: Work, waiting: int = 1) -> Iterator[None]:
    """A transaction that has done this; it commits at the end, when so many wait for it."""
    with world.database.write() as session:
        act(session)
        session.flush()
        yield
        _await(session, waiting)


def await_waiting(world: World, count: int) -> None:
    """Until so many connections wait for a lock."""
    with world.database.write() as session:
        _await(session, count)


def _await(session: Session, count: int) -> None:
    deadline = time.monotonic() + 10
    locks = sa.text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    while (session.scalar(locks) or 0) < count:
        assert time.monotonic() < deadline, "nobody waits for the lock"
        time.sleep(0.01)


def at_once(world: World, pool: ThreadPoolExecutor, *requests: Callable[[], Any]) -> list[Any]:
    """The answers to requests that all waited for the scheme."""

    def lock(session: Session) -> object:
        return schemes.lock(session, world.scheme_id)

    with held(world, lock, waiting=len(requests)):
        asked: list[Future[Any]] = [pool.submit(each) for each in requests]
    return [each.result() for each in asked]
