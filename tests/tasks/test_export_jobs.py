"""What a job tells of the export it is: about what, and whether with full ID numbers."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import Grant, Job, JobKind
from tests.client import Client
from tests.schema.test_batches import decide_many
from tests.scope.conftest import Paused
from tests.scope.conftest import paused as paused  # noqa: PLC0414 -- a fixture of another folder
from tests.tasks import export_files
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
JOBS = "query { jobs(first: 20) { nodes { kind exported fullIdNumbers } } }"
FULL = ["完整身份证号", "是"]


def asked(world: World) -> dict[str, dict[str, Any]]:
    where = {"where": {"scheme": world.scheme}}
    return {
        "startExport": where,
        "startClearancesExport": where | {"checkpoint": world.checkpoint(LIBRARY)},
        "startCountsExport": where | {"by": "CHECKPOINT"},
        "startHistoryExport": where,
        "startDecidersExport": {"scheme": world.scheme},
    }


def told(job: Any) -> list[Any]:
    return [job[name] for name in ("kind", "exported", "fullIdNumbers")]


def test_an_export_tells_what_it_is_about_and_no_other_job_does(
    sign_in: SignIn, world: World
) -> None:
    client = sign_in("admin")
    decide_many(client, world, {"numbers": ["2020010101"]})
    started = [export_files.start(client, field, **each) for field, each in asked(world).items()]
    lines = [
        ["EXPORT", "MATRIX", False],
        ["EXPORT", "CLEARANCES", False],
        ["EXPORT", "COUNTS", None],
        ["EXPORT", "HISTORY", None],
        ["EXPORT", "DECIDERS", None],
    ]
    assert [told(each) for each in started] == lines
    found = client.query(JOBS)["jobs"]["nodes"]
    assert [told(each) for each in found] == [*lines[::-1], ["BATCH", None, None]]


def test_an_export_with_full_id_numbers_says_so(sign_in: SignIn, world: World) -> None:
    client = sign_in("admin")
    for field in ("startExport", "startClearancesExport"):
        started = export_files.start(client, field, fullIdNumbers=True, **asked(world)[field])
        assert started["fullIdNumbers"] is True


def test_an_export_from_before_there_were_several_was_of_students(
    sign_in: SignIn, world: World
) -> None:
    with world.database.write() as session:
        old = {"where": {"scheme": world.scheme}, "columns": None}
        who = {"operator_id": world.people["admin"], "scheme_id": world.scheme_id}
        session.add(Job(kind=JobKind.EXPORT, options=old, **who))
    [job] = sign_in("admin").query(JOBS)["jobs"]["nodes"]
    assert told(job) == ["EXPORT", "MATRIX", False]


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("field", ["startExport", "startClearancesExport"])
def test_the_second_sheet_says_so_too_if_there_are_any(
    field: str, sign_in: SignIn, world: World
) -> None:
    client = sign_in("admin")
    for values, is_told in (
        ({"fullIdNumbers": True}, True),
        ({"fullIdNumbers": True, "columns": ["NAME", "ID_NUMBER"]}, True),
        ({"fullIdNumbers": True, "columns": ["NAME", "NUMBER"]}, False),
        ({"fullIdNumbers": False}, False),
    ):
        content = export_files.made(client, field, **asked(world)[field], **values)
        assert (export_files.xlsx(content, 1)[2] == FULL) is is_told


def test_whoever_lost_the_right_meanwhile_gets_masked_numbers_and_no_such_line(
    sign_in: SignIn, world: World, paused: Paused, worker: None
) -> None:
    client = sign_in("admin")
    with paused():
        job = export_files.start(
            client, "startExport", fullIdNumbers=True, **asked(world)["startExport"]
        )["id"]
        with world.database.write() as session:
            mine = Grant.operator_id == world.people["admin"]
            session.execute(sa.update(Grant).where(mine).values(may_see_id_numbers=False))
    content = export_files.content(client, job)
    assert export_files.xlsx(content)[1][2] == "110101********0001"
    assert FULL not in export_files.xlsx(content, 1)
