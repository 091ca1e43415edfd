"""Other jobs that stop and go on: rosters, exports, undos, and what was done at several places."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import ClearanceStatus, Job, JobPhase, JobStatus
from tests import workbooks
from tests.client import Client
from tests.desk import RESUME, batch, outcomes, repaired, resumed, retried, sums, undone
from tests.scope.conftest import Paused, paused
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

__all__ = ["paused"]
pytestmark = pytest.mark.usefixtures("worker")

CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"
EXPORT = "mutation($where: StudentFilter!) { startExport(where: $where) { ... on Job { id } } }"
ROSTER = """mutation($file: ID!, $scheme: ID!, $sheet: String) { startRosterImport(file: $file,
  scheme: $scheme, cohort: UNDERGRADUATE, sheet: $sheet) {
  ... on Job { id } ... on Refused { code message } } }"""
SEVERAL = """mutation($file: ID!, $checkpoints: [ID!]) { startImport(file: $file,
  checkpoints: $checkpoints) { ... on Job { id } } }"""
HEADER = ("学号", "姓名", "院系")


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def roster(*rows: Sequence[workbooks.Value]) -> bytes:
    return workbooks.content([HEADER, *rows])


def test_an_export_that_was_cancelled_begins_anew(
    admin: Client, world: World, paused: Paused
) -> None:
    with paused():
        job = admin.query(EXPORT, where={"scheme": world.scheme})["startExport"]["id"]
        assert admin.query(CANCEL, job=job)["cancelJob"] == {"status": "CANCELLED"}
    after = resumed(admin, job)
    assert (after["status"], after["total"], len(after["files"])) == ("FINISHED", 6, 1)


def test_a_roster_goes_on_where_it_stopped(admin: Client, world: World) -> None:
    """As if it had been cancelled after its rows were read."""
    file = admin.upload(roster(("2020030101", "新生", "马克思主义学院")))
    job = admin.query(ROSTER, file=file, scheme=world.scheme)["startRosterImport"]["id"]
    assert sums(admin.finished(job)) == {"applied": 1}
    with world.database.write() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == ids.decode(job, Noun.JOB))
            .values(status=JobStatus.CANCELLED, left_at=JobPhase.APPLYING)
        )
    after = resumed(admin, job)
    assert (after["status"], sums(after), after["total"]) == ("FINISHED", {"applied": 1}, 1)


def test_a_roster_is_read_from_the_sheet_that_is_named(
    admin: Client, world: World, tmp_path: Path
) -> None:
    sheets = {
        "一班": [HEADER, ("2020030101", "新生", "马克思主义学院")],
        "二班": [HEADER, ("2020030102", "新人", "马克思主义学院")],
    }
    file = admin.upload(workbooks.sheets_xlsx(tmp_path / "a.xlsx", sheets).read_bytes())
    jobs = [
        admin.finished(
            admin.query(ROSTER, file=file, scheme=world.scheme, sheet=sheet)["startRosterImport"][
                "id"
            ]
        )
        for sheet in (None, "二班")
    ]
    assert jobs[0]["problem"]["code"] == "SHEET_AMBIGUOUS"
    assert [(row["key"], row["outcome"]) for row in jobs[1]["rows"]["nodes"]] == [
        ("2020030102", "APPLIED")
    ]


def test_a_file_of_operators_does_not_go_on_since_its_passwords_are_gone(
    admin: Client, world: World
) -> None:
    with world.database.write() as session:
        job = Job(
            kind="OPERATORS",
            status=JobStatus.CANCELLED,
            operator_id=world.people["admin"],
            scheme_id=world.scheme_id,
        )
        session.add(job)
        session.flush()
        public_id = ids.encode(Noun.JOB, job.id)
    assert admin.query(RESUME, job=public_id)["resumeJob"]["code"] == "JOB_NOT_RESUMABLE"


def several(client: Client, world: World) -> Any:
    rows = [("学号", SUPERVISOR, AFFAIRS), ("2020010101", "通过", "通过"),
            ("2020010102", "通过", "没填")]  # fmt: skip
    checkpoints = [world.checkpoint(title) for title in (AFFAIRS, SUPERVISOR)]
    file = client.upload(workbooks.content(rows))
    answer = client.query(SEVERAL, file=file, checkpoints=checkpoints)["startImport"]
    return client.finished(answer["id"])


def test_what_was_done_at_several_checkpoints_is_taken_back_at_each(
    admin: Client, world: World
) -> None:
    job = several(admin, world)
    assert sums(job) == {"applied": 3, "failed": 1}
    assert sums(repaired(admin, job["id"], (3, "C", "未通过"))) == {"applied": 4}
    undo = undone(admin, job["id"])
    assert outcomes(undo) == [(2, "APPLIED", None)] * 2 + [(3, "APPLIED", None)] * 2
    titles = """query($id: ID!) { job(id: $id) { checkpoints { title }
      rows(first: 9) { nodes { checkpoint { title } cells } } } }"""
    told = admin.query(titles, id=undo["id"])["job"]
    assert [each["title"] for each in told["checkpoints"]] == [SUPERVISOR, AFFAIRS]
    assert [row["cells"][2] for row in told["rows"]["nodes"]] == [SUPERVISOR, AFFAIRS] * 2
    assert [row["checkpoint"]["title"] for row in told["rows"]["nodes"]] == [
        SUPERVISOR, AFFAIRS,
    ] * 2  # fmt: skip
    assert world.state("2020010101", AFFAIRS) == ("PENDING", "", 3)
    assert sums(undone(admin, undo["id"])) == {"applied": 4}
    assert world.state("2020010102", AFFAIRS) == ("REFUSED", "", 4)


def test_what_an_undo_left_is_tried_again_when_it_stands_as_before(
    admin: Client, world: World
) -> None:
    job = batch(admin, world.checkpoint(LIBRARY), "PASS", ["2020010101", "2020010102"])
    later = batch(admin, world.checkpoint(LIBRARY), "REFUSE", ["2020010102"])
    undo = undone(admin, job)
    assert outcomes(undo) == [(1, "APPLIED", None), (2, "FAILED", "CHANGED_SINCE")]
    assert sums(undone(admin, later)) == {"applied": 1}
    assert outcomes(retried(admin, undo["id"])) == [(1, "APPLIED", None), (2, "APPLIED", None)]
    assert world.state("2020010102", LIBRARY) == (ClearanceStatus.PENDING, "", 5)
