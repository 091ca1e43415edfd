"""A job that stopped goes on where it stopped, and what failed is tried again, alone."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids, reopening
from domain.ids import Noun
from domain.importing import repairs
from domain.importing.repairs import CellEdit, RepairRequest
from models import ClearanceStatus, Job, JobPhase, JobStatus
from tasks.app import app
from tests import workbooks
from tests.client import Client
from tests.desk import (
    BATCH,
    CANCEL,
    RESUME,
    RETRY,
    cancelled_midway,
    outcomes,
    repair,
    resumed,
    retried,
    sums,
)
from tests.locks import wait_for_locks
from tests.workbooks import Value
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")

HEADER = ("学号", "姓名", "办理结果")


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def book(tmp_path: Path, *rows: Sequence[Value]) -> bytes:
    return workbooks.xlsx(tmp_path / "a.xlsx", [HEADER, *rows]).read_bytes()


def set_job(world: World, job: str, **values: Any) -> None:
    with world.database.write() as session:
        job_id = ids.decode(job, Noun.JOB)
        session.execute(sa.update(Job).where(Job.id == job_id).values(**values))


@pytest.fixture
def cancelled(sign_in: Callable[[str], Client], world: World, tmp_path: Path) -> Any:
    """5,050 of 10,050 rows are decided: the wish to cancel came during the second batch."""
    numbers = world.add_students(10_050)
    client = sign_in("supervisor")
    rows = book(tmp_path, *((number, "", "未通过") for number in numbers))
    ended = cancelled_midway(
        client,
        world,
        numbers,
        lambda: client.start_import(rows, world.checkpoint(SUPERVISOR))["id"],
    )
    assert (ended["status"], sums(ended)) == ("CANCELLED", {"applied": 5_050, "unprocessed": 5_000})
    return ended


def test_a_cancelled_import_goes_on_exactly_where_it_stopped(
    sign_in: Callable[[str], Client], world: World, cancelled: Any
) -> None:
    before = {(entry.student_id, entry.row_number) for entry in world.entries()}
    client = sign_in("supervisor")
    after = resumed(client, cancelled["id"])

    assert (after["id"], after["status"]) == (cancelled["id"], "FINISHED")
    assert sums(after) == {"applied": 10_050}
    entries = world.entries()
    assert len(entries) == 10_050
    added = [
        entry.row_number for entry in entries if (entry.student_id, entry.row_number) not in before
    ]
    assert sorted(row or 0 for row in added) == list(range(5_002, 10_002))
    assert client.query(RESUME, job=after["id"])["resumeJob"]["code"] == "JOB_NOT_RESUMABLE"


def test_what_the_workbook_left_out_is_in_it_after_going_on(
    sign_in: Callable[[str], Client], cancelled: Any
) -> None:
    client = sign_in("supervisor")
    after = resumed(client, cancelled["id"])
    [file] = after["files"]
    assert (file["kind"], file["id"] == cancelled["files"][0]["id"]) == ("ANNOTATED", False)


def test_a_job_that_was_cancelled_while_it_waited_can_begin_after_all(
    library: Client, world: World, tmp_path: Path
) -> None:
    content = book(tmp_path, ("2020010101", "张思", "通过"))
    job = library.run_import(content, world.checkpoint(LIBRARY), dryRun=True)["id"]
    set_job(world, job, status=JobStatus.CANCELLED, dry_run=False, staged=0, unchanged=0, applied=0,
            total=None, cursor=0, header=sa.null())  # fmt: skip
    with world.database.write() as session:
        session.execute(sa.text("DELETE FROM job_rows"))

    assert sums(resumed(library, job)) == {"applied": 1}
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)


def test_a_job_that_a_fault_ended_goes_on_and_one_that_its_file_ended_does_not(
    library: Client, world: World, tmp_path: Path
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    good = library.run_import(book(tmp_path, ("2020010101", "张思", "通过")), checkpoint)["id"]
    fault = {"code": "INTERNAL", "facts": {"id": "0123456789abcdef"}}
    set_job(world, good, status=JobStatus.FAILED, left_at=JobPhase.WRITING, problem=fault)
    assert resumed(library, good)["status"] == "FINISHED"

    bad = library.run_import(b"x", checkpoint)["id"]
    assert library.query(RESUME, job=bad)["resumeJob"] == {
        "code": "JOB_NOT_RESUMABLE",
        "message": "任务（批量导入，已失败）不能继续：只有被取消或因系统错误中断、且文件仍在的任务"
        "可以继续。请重新提交。",
        "path": [],
        "facts": [{"name": "kind", "value": "IMPORT"}, {"name": "status", "value": "FAILED"}],
    }


def test_an_import_whose_file_has_gone_cannot_begin_again(
    library: Client, world: World, tmp_path: Path
) -> None:
    content = book(tmp_path, ("2020010101", "张思", "通过"))
    job = library.run_import(content, world.checkpoint(LIBRARY))["id"]
    set_job(world, job, status=JobStatus.CANCELLED, left_at=JobPhase.STAGING)
    with world.database.write() as session:
        session.execute(sa.text("UPDATE files SET expires_at = now() WHERE kind = 'UPLOAD'"))
    assert library.query(RESUME, job=job)["resumeJob"]["code"] == "JOB_NOT_RESUMABLE"


def test_only_what_failed_is_judged_again(
    library: Client, sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    world.put_all(SUPERVISOR, ClearanceStatus.PASSED)
    world.put("2020010102", SUPERVISOR, ClearanceStatus.PENDING)
    client = sign_in("affairs")
    rows = (("2020010101", "张思", "通过"), ("2020010102", "李思", "通过"),
            ("2020010103", "别人", "通过"))  # fmt: skip
    job = client.run_import(book(tmp_path, *rows), world.checkpoint(AFFAIRS))
    assert outcomes(job) == [
        (2, "APPLIED", None), (3, "FAILED", "PREREQUISITE_PENDING"), (4, "FAILED", "NAME_MISMATCH"),
    ]  # fmt: skip
    world.put("2020010101", AFFAIRS, ClearanceStatus.PENDING, version=3)
    world.put("2020010102", SUPERVISOR, ClearanceStatus.PASSED)

    after = retried(client, job["id"])
    assert outcomes(after) == [
        (2, "APPLIED", None), (3, "APPLIED", None), (4, "FAILED", "NAME_MISMATCH"),
    ]  # fmt: skip
    assert world.state("2020010101", AFFAIRS) == ("PENDING", "", 3)
    assert world.state("2020010102", AFFAIRS) == ("PASSED", "", 2)


def test_a_batch_is_retried_as_a_batch(sign_in: Callable[[str], Client], world: World) -> None:
    client = sign_in("affairs")
    numbers = ["2020010101", "2020010102", "2020019999"]
    world.put("2020010101", SUPERVISOR, ClearanceStatus.PASSED)
    asked = {"checkpoint": world.checkpoint(AFFAIRS), "act": "PASS", "select": {"numbers": numbers}}
    job = client.query(BATCH, input=asked)["decideMany"]
    assert (job["applied"], job["failed"]) == (1, 2)
    world.put("2020010102", SUPERVISOR, ClearanceStatus.PASSED)

    after = retried(client, job["id"])
    assert outcomes(after) == [
        (1, "APPLIED", None), (2, "APPLIED", None), (3, "FAILED", "STUDENT_NOT_FOUND"),
    ]  # fmt: skip
    assert {entry.channel for entry in world.entries()} == {"BATCH"}
    answer = client.query(RETRY, job=job["id"])["retryJob"]
    assert (answer["code"], answer["message"]) == (
        "JOB_NOT_RETRYABLE", "任务（批量办理，已完成）没有可以重试的失败行。",
    )  # fmt: skip


def test_all_or_nothing_is_not_retried_row_by_row(
    sign_in: Callable[[str], Client], world: World
) -> None:
    client = sign_in("affairs")
    asked = {"checkpoint": world.checkpoint(AFFAIRS), "act": "PASS", "mode": "ALL_OR_NOTHING",
             "select": {"numbers": ["2020010101"]}}  # fmt: skip
    job = client.query(BATCH, input=asked)["decideMany"]["id"]
    assert client.query(RETRY, job=job)["retryJob"]["code"] == "JOB_NOT_RETRYABLE"


def test_what_is_cancelled_before_it_goes_on_is_left_alone_and_the_workbook_says_so(
    library: Client, world: World, tmp_path: Path
) -> None:
    job = library.run_import(
        book(tmp_path, ("2020010101", "李四", "通过")), world.checkpoint(LIBRARY)
    )
    operator = world.operator("library")
    with world.database.write() as session:
        reopening.retry(session, operator, job["id"])
    assert library.query(CANCEL, job=job["id"])["cancelJob"] == {"status": "QUEUED"}
    app.send_task("imports.run", (ids.decode(job["id"], Noun.JOB),))

    after = library.finished(job["id"])
    assert (after["status"], sums(after)) == ("CANCELLED", {"unprocessed": 1})
    assert [file["kind"] for file in after["files"]] == ["ANNOTATED"]
    assert sums(resumed(library, job["id"])) == {"failed": 1}


def test_a_repair_that_was_cancelled_twice_over_is_looked_up_when_its_job_goes_on(
    library: Client, world: World, tmp_path: Path
) -> None:
    """The job was cancelled while it decided, and again while a repaired row was looked up."""
    rows = [("2020010199", "张思", "通过"), ("2020010102", "李思", "通过")]
    job = library.run_import(book(tmp_path, *rows), world.checkpoint(LIBRARY))["id"]
    set_job(world, job, status=JobStatus.CANCELLED, left_at=JobPhase.DECIDING)
    operator = world.operator("library")
    edit = CellEdit(2, "A", "2020010101")
    with world.database.write() as session:
        repairs.repair(session, operator, RepairRequest(ids.PublicId(job), [edit]))
    library.query(CANCEL, job=job)
    app.send_task("imports.run", (ids.decode(job, Noun.JOB),))
    assert sums(library.finished(job)) == {"applied": 1, "unprocessed": 1}

    after = resumed(library, job)
    assert (after["status"], outcomes(after)) == (
        "FINISHED", [(2, "APPLIED", None), (3, "APPLIED", None)],
    )  # fmt: skip
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)


def test_a_job_whose_file_was_not_read_to_its_end_is_resumed_before_its_rows_are_judged_again(
    library: Client, world: World, tmp_path: Path
) -> None:
    """A row still to come may contradict the one that is judged again."""
    content = book(tmp_path, ("2020010101", "李四", "通过"))
    job = library.run_import(content, world.checkpoint(LIBRARY))["id"]
    set_job(world, job, status=JobStatus.CANCELLED, left_at=JobPhase.STAGING)
    assert library.query(RETRY, job=job)["retryJob"]["code"] == "JOB_NOT_RETRYABLE"
    assert repair(library, job, (2, "B", "张思"))["code"] == "JOB_NOT_REPAIRABLE"


def test_two_retries_at_once_run_once(library: Client, world: World, tmp_path: Path) -> None:
    job = library.run_import(
        book(tmp_path, ("2020010101", "李四", "通过")), world.checkpoint(LIBRARY)
    )
    answers: list[Any] = []
    with world.database.write() as session:
        session.execute(sa.text("SELECT id FROM jobs FOR UPDATE"))
        threads = [
            threading.Thread(target=lambda: answers.append(library.query(RETRY, job=job["id"])))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        wait_for_locks(session, 2)
    for thread in threads:
        thread.join()
    codes = sorted(str(answer["retryJob"].get("code")) for answer in answers)
    assert codes == ["JOB_NOT_RETRYABLE", "None"]
    assert sums(library.finished(job["id"])) == {"failed": 1}
