"""What a filter names: a checkpoint of its scheme, a job in sight; else NOT_FOUND, never nobody."""

from collections.abc import Callable

import pytest

from domain import ids
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from models import Grant, Job, JobKind, Role
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
ASKED = """query($where: StudentFilter!) { %s }"""
LISTS = (
    "students(where: $where, first: 1) { nodes { id } }",
    "students(where: $where, first: 1) { totalCount }",
    "matrix(where: $where) { students(first: 1) { nodes { statuses } } }",
    "clearances(where: $where, first: 1) { nodes { id } }",
    "counts(where: $where) { due }",
)


@pytest.mark.parametrize("condition", ["statusAt", "onlyMissing", "decidedBy"])
@pytest.mark.parametrize("of", ["unknown", "another scheme", "garbage", "another noun"])
def test_what_a_condition_names_must_be_in_sight(
    condition: str, of: str, world: World, sign_in: SignIn
) -> None:
    noun = ids.Noun.JOB if condition == "decidedBy" else ids.Noun.CHECKPOINT
    named = {
        "unknown": ids.encode(noun, 2**40),
        "another scheme": _elsewhere(world, noun),
        "garbage": "garbage",
        "another noun": world.student("2020010101"),
    }[of]
    value = [{"checkpoint": named, "statuses": ["PENDING"]}] if condition == "statusAt" else named
    where = {"scheme": world.scheme, condition: value}
    client = sign_in("admin")
    for listed in LISTS:
        assert client.refused(ASKED % listed, where=where) == "NOT_FOUND"


def _elsewhere(world: World, noun: ids.Noun) -> str:
    """A checkpoint or a job of another scheme, which the administrator sees too."""
    admin = world.people["admin"]
    with world.database.write() as session:
        session.add(Grant(operator_id=admin, role=Role.ADMINISTRATOR))
        scheme, steps = roster.create_scheme(session, "别的方案", [NewCheckpoint(LIBRARY)])
        job = Job(kind=JobKind.BATCH, operator_id=admin, scheme_id=scheme.id)
        session.add(job)
        session.flush()
        return ids.encode(noun, job.id if noun is ids.Noun.JOB else steps[LIBRARY].id)


def test_a_job_of_somebody_else_is_not_found(world: World, sign_in: SignIn) -> None:
    select = {"numbers": ["2020010101"]}
    checkpoint = world.checkpoint(AFFAIRS)
    job = decide_many(sign_in("affairs"), world, select, "REFUSE", checkpoint=checkpoint)
    where = {"scheme": world.scheme, "decidedBy": job["id"]}
    for login in ("affairs", "admin"):
        assert sign_in(login).query(ASKED % LISTS[1], where=where) == {
            "students": {"totalCount": 1}
        }
    for login in ("library", "affairs-geology", "department"):
        for listed in LISTS:
            assert sign_in(login).refused(ASKED % listed, where=where) == "NOT_FOUND"
