"""The list of jobs, narrowed: by kind, status, scheme and operator, inside one's sight."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.exports import jobs as exports
from domain.exports.matrix import MatrixRequest
from domain.ids import Noun, PublicId
from domain.lists.student_filters import StudentFilter
from models import Job, JobKind, JobStatus
from tests.client import Client
from tests.world import World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
JOBS = """
query($kind: JobKind, $kinds: [JobKind!], $statuses: [JobStatus!], $scheme: ID, $operator: ID,
      $first: Int = 100) {
  jobs(kind: $kind, kinds: $kinds, statuses: $statuses, scheme: $scheme, operator: $operator,
       first: $first) {
    totalCount nodes { id files { id } operator { login } scheme { name } }
  }
}
"""


@pytest.fixture
def made(world: World) -> dict[str, str]:
    """Jobs by name: two of the library, one of affairs."""
    plans = {
        "export": ("library", JobKind.EXPORT, JobStatus.FINISHED),
        "import": ("library", JobKind.IMPORT, JobStatus.QUEUED),
        "batch": ("affairs", JobKind.BATCH, JobStatus.FINISHED),
    }
    return {name: _make(world, *plan) for name, plan in plans.items()}


def _make(world: World, login: str, kind: JobKind, status: JobStatus) -> str:
    where = StudentFilter(PublicId(world.scheme))
    operator = world.operator(login)
    with world.database.write() as session:
        job = exports.start(session, operator, MatrixRequest(where))
        session.execute(sa.update(Job).where(Job.id == job.id).values(kind=kind, status=status))
        return ids.encode(Noun.JOB, job.id)


def found(client: Client, made: dict[str, str], **narrowed: Any) -> list[str]:
    """The names of the jobs in a list."""
    names = {public_id: name for name, public_id in made.items()}
    jobs = client.query(JOBS, **narrowed)["jobs"]
    assert jobs["totalCount"] == len(jobs["nodes"])
    return [names[job["id"]] for job in jobs["nodes"]]


def test_every_condition_must_hold_and_a_list_means_any(
    sign_in: SignIn, world: World, made: dict[str, str]
) -> None:
    admin = sign_in("admin")
    library = ids.encode(Noun.OPERATOR, world.people["library"])
    for narrowed, names in (
        ({}, ["batch", "import", "export"]),
        ({"kinds": ["EXPORT", "BATCH"]}, ["batch", "export"]),
        ({"statuses": ["QUEUED", "RUNNING"]}, ["import"]),
        ({"kinds": ["EXPORT", "IMPORT"], "statuses": ["FINISHED"]}, ["export"]),
        ({"operator": library}, ["import", "export"]),
        ({"operator": library, "kind": "EXPORT"}, ["export"]),
        ({"scheme": world.scheme, "kinds": ["BATCH"]}, ["batch"]),
        ({"kind": "EXPORT", "kinds": ["BATCH"]}, []),
        ({"kind": "EXPORT", "kinds": ["BATCH", "EXPORT"]}, ["export"]),
        ({"kinds": []}, []),
        ({"statuses": []}, []),
    ):
        assert found(admin, made, **narrowed) == names, narrowed


def test_others_jobs_stay_out_of_sight_however_they_are_asked_for(
    sign_in: SignIn, world: World, made: dict[str, str]
) -> None:
    library = ids.encode(Noun.OPERATOR, world.people["library"])
    affairs = sign_in("affairs")
    assert found(affairs, made) == ["batch"]
    assert found(affairs, made, operator=library) == []
    assert found(affairs, made, operator=library, kinds=["EXPORT"], scheme=world.scheme) == []
    assert found(sign_in("library"), made, operator=library) == ["import", "export"]


def test_what_is_no_id_is_not_found(sign_in: SignIn, world: World) -> None:
    for name in ("scheme", "operator"):
        for wrong in ("nonsense", world.student("2020010101")):
            assert sign_in("admin").refused(JOBS, **{name: wrong}) == "NOT_FOUND"


def test_a_narrowed_list_of_100_jobs_costs_as_many_statements_as_one_of_3(
    sign_in: SignIn, world: World, statements: Statements
) -> None:
    for _ in range(100):
        _make(world, "library", JobKind.EXPORT, JobStatus.FINISHED)
    admin, costs = sign_in("admin"), []
    for first in (3, 100):
        with statements() as seen:
            jobs = admin.query(JOBS, kinds=["EXPORT"], scheme=world.scheme, first=first)["jobs"]
        assert (len(jobs["nodes"]), jobs["totalCount"]) == (first, 100)
        costs.append(len(seen))
    assert costs[0] == costs[1]
