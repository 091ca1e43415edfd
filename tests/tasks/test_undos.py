"""One act takes back what a batch or an import did, as far as it still stands."""

import io
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from domain import jobs, undos
from models import Clearance, Grant, Role, SchemeStatus
from tests import workbooks
from tests.client import Client
from tests.conftest import counting_statements
from tests.desk import DECIDE, UNDO, batch, outcomes, repaired, sums, undone
from tests.domain import import_steps
from tests.locks import wait_for_locks
from tests.workbooks import Value
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

pytestmark = pytest.mark.usefixtures("worker")

HEADER = ("学号", "姓名", "办理结果", "备注")
LINKS = """query($id: ID!) { job(id: $id) { kind undoes { id } undoneBy { id dryRun } } }"""


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


@pytest.fixture
def admin(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("admin")


def book(tmp_path: Path, *rows: Sequence[Value]) -> bytes:
    return workbooks.xlsx(tmp_path / "a.xlsx", [HEADER, *rows]).read_bytes()


def decide(client: Client, world: World, number: str, act: str, version: int, remark: str) -> Any:
    return client.query(
        DECIDE, student=world.student(number), checkpoint=world.checkpoint(LIBRARY), act=act,
        version=version, remark=remark,
    )["decide"]  # fmt: skip


def operator_of(world: World, number: str) -> int | None:
    with world.database.write() as session:
        key = (world.students[number], world.checkpoints[LIBRARY])
        return session.get_one(Clearance, key).operator_id


@pytest.fixture
def imported(library: Client, admin: Client, world: World, tmp_path: Path) -> Any:
    """One was refused by the administrator before; another changed by hand after the import."""
    decide(admin, world, "2020010101", "REFUSE", 1, "欠书")
    rows = [("2020010101", "张思", "通过", "已还"), ("2020010102", "李思", "通过", None),
            ("2020010103", "周思", "未通过", "欠书")]  # fmt: skip
    job = library.run_import(book(tmp_path, *rows), world.checkpoint(LIBRARY))
    assert sums(job) == {"applied": 3}
    decide(admin, world, "2020010102", "REFUSE", 2, "又借了书")
    return job


def test_each_clearance_still_as_the_import_left_it_gets_its_status_remark_and_operator_back(
    library: Client, world: World, imported: Any
) -> None:
    undo = undone(library, imported["id"])

    assert (undo["kind"], undo["status"], undo["total"]) == ("UNDO", "FINISHED", 3)
    assert outcomes(undo) == [
        (2, "APPLIED", None), (3, "FAILED", "CHANGED_SINCE"), (4, "APPLIED", None),
    ]  # fmt: skip
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 4)
    assert operator_of(world, "2020010101") == world.people["admin"]
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "又借了书", 3)
    assert world.state("2020010103", LIBRARY) == ("PENDING", "", 3)
    assert operator_of(world, "2020010103") is None
    told = undo["rows"]["nodes"][1]["problems"][0]["message"]
    assert told.startswith("该学生此后又由 admin 老师 于 20")
    assert told.endswith(" 变更为“未通过”，未撤回。如需更改，请单个办理。")
    made = [entry for entry in world.entries() if entry.channel == "UNDO"]
    assert [(entry.row_number, entry.restores, entry.operator_id) for entry in made] == [
        (2, 2, world.people["library"]), (4, 1, world.people["library"]),
    ]  # fmt: skip
    assert library.query(LINKS, id=imported["id"])["job"] == {
        "kind": "IMPORT", "undoes": None, "undoneBy": {"id": undo["id"], "dryRun": False},
    }  # fmt: skip
    assert library.query(LINKS, id=undo["id"])["job"]["undoes"] == {"id": imported["id"]}


def test_a_dry_run_tells_the_same_and_changes_nothing(
    library: Client, world: World, imported: Any
) -> None:
    before = [(entry.version, entry.student_id) for entry in world.entries()]
    rehearsal = undone(library, imported["id"], dryRun=True)
    assert [(entry.version, entry.student_id) for entry in world.entries()] == before
    assert library.query(LINKS, id=imported["id"])["job"]["undoneBy"] is None
    assert outcomes(undone(library, imported["id"])) == outcomes(rehearsal)


def test_the_workbook_tells_what_was_taken_back(library: Client, imported: Any) -> None:
    [file] = undone(library, imported["id"])["files"]
    sheet = openpyxl.load_workbook(io.BytesIO(library.download(file["url"]))).worksheets[0]
    lines = [row[:6] for row in sheet.iter_rows(values_only=True)]
    assert (file["kind"], file["name"]) == ("ANNOTATED", "撤回结果.xlsx")
    assert lines == [
        ("学号", "姓名", "离校环节", "原行号", "撤回结果", "错误代码"),
        ("2020010101", "张思", LIBRARY, "2", "已撤回", None),
        ("2020010102", "李思", LIBRARY, "3", "失败", "CHANGED_SINCE"),
        ("2020010103", "周思", LIBRARY, "4", "已撤回", None),
    ]


def test_an_undo_is_undone_and_the_import_can_then_be_undone_again(
    library: Client, world: World, imported: Any
) -> None:
    first = undone(library, imported["id"])
    redo = undone(library, first["id"])
    assert outcomes(redo) == [(2, "APPLIED", None), (4, "APPLIED", None)]
    assert world.state("2020010101", LIBRARY) == ("PASSED", "已还", 5)
    assert operator_of(world, "2020010101") == world.people["library"]
    assert world.state("2020010103", LIBRARY) == ("REFUSED", "欠书", 4)

    again = undone(library, imported["id"])
    assert sums(again) == {"applied": 2, "failed": 1}
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 6)
    assert operator_of(world, "2020010101") == world.people["admin"]


def test_a_second_undo_finds_nothing_left(library: Client, world: World, imported: Any) -> None:
    undone(library, imported["id"])
    again = undone(library, imported["id"])
    assert outcomes(again) == [
        (2, "UNCHANGED", "ALREADY_UNDONE"), (3, "FAILED", "CHANGED_SINCE"),
        (4, "UNCHANGED", "ALREADY_UNDONE"),
    ]  # fmt: skip


def test_a_batch_is_undone_even_where_nobody_could_be_passed_now(
    sign_in: Callable[[str], Client], world: World
) -> None:
    """The reset of what was passed comes back, though its prerequisite is open by now."""
    client = sign_in("admin")
    batch(client, world.checkpoint(SUPERVISOR), "PASS", ["2020010101"])
    batch(client, world.checkpoint(AFFAIRS), "PASS", ["2020010101"])
    reset = batch(client, world.checkpoint(AFFAIRS), "RESET", ["2020010101"])
    batch(client, world.checkpoint(SUPERVISOR), "RESET", ["2020010101"])
    assert sums(undone(client, reset)) == {"applied": 1}
    assert world.state("2020010101", AFFAIRS) == ("PASSED", "", 4)


def test_a_repair_is_taken_back_with_its_import(
    library: Client, world: World, tmp_path: Path
) -> None:
    rows = [("2020010101", "张思", "通过"), ("2020010102", "李思", "已办理")]
    job = library.run_import(book(tmp_path, *rows), world.checkpoint(LIBRARY))
    repaired(library, job["id"], (3, "C", "通过"))
    assert sums(undone(library, job["id"])) == {"applied": 2}
    assert world.state("2020010102", LIBRARY) == ("PENDING", "", 3)


def test_the_same_file_is_imported_anew_after_its_undo(
    library: Client, world: World, imported: Any, tmp_path: Path
) -> None:
    undone(library, imported["id"])
    again = library.run_import((tmp_path / "a.xlsx").read_bytes(), world.checkpoint(LIBRARY))
    assert again["id"] != imported["id"]
    assert sums(again) == {"applied": 3}


def test_past_states_and_statistics_follow(library: Client, world: World, imported: Any) -> None:
    undone(library, imported["id"])
    past = """query($id: ID!, $moment: DateTime!) { node(id: $id) { ... on Student {
      clearancesAt(moment: $moment) { checkpoint { title } status version remark
        operator { login } } } } }"""
    found = library.query(past, id=world.student("2020010101"), moment="2100-01-01T00:00:00Z")
    assert found["node"]["clearancesAt"][2] == {
        "checkpoint": {"title": LIBRARY}, "status": "REFUSED", "version": 4, "remark": "欠书",
        "operator": {"login": "admin"},
    }  # fmt: skip
    found = library.query(past, id=world.student("2020010103"), moment="2100-01-01T00:00:00Z")
    assert found["node"]["clearancesAt"][2]["operator"] is None
    counts = """query($where: StudentFilter!) { counts(where: $where) {
      checkpoint { title } due passed pending refused } }"""
    assert library.query(counts, where={"scheme": world.scheme})["counts"][2] == {
        "checkpoint": {"title": LIBRARY}, "due": 6, "passed": 0, "pending": 4, "refused": 2,
    }  # fmt: skip


def test_what_one_may_not_decide_any_more_stays(
    sign_in: Callable[[str], Client], world: World
) -> None:
    world.hire("both", Role.CHECKPOINT_OPERATOR, LIBRARY)
    client = sign_in("both")
    job = batch(client, world.checkpoint(LIBRARY), "PASS", ["2020010101", "2020020101"])
    with world.database.write() as session:
        session.execute(
            sa.update(Grant)
            .where(Grant.operator_id == world.people["both"])
            .values(department_id=world.departments[MARX])
        )
    assert outcomes(undone(client, job)) == [(1, "APPLIED", None), (2, "FAILED", "NOT_FOUND")]
    assert world.state("2020020101", LIBRARY) == ("PASSED", "", 2)
    assert GEOLOGY in world.departments


def test_in_a_closed_scheme_nothing_is_taken_back(
    library: Client, world: World, imported: Any
) -> None:
    world.set_scheme(status=SchemeStatus.CLOSED)
    assert {code for _, _, code in outcomes(undone(library, imported["id"]))} == {"SCHEME_NOT_OPEN"}
    assert world.state("2020010101", LIBRARY) == ("PASSED", "已还", 3)


def test_what_did_nothing_to_take_back_is_refused(
    library: Client, sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    content = book(tmp_path, ("2020010101", "张思", "通过"))
    rehearsal = library.run_import(content, world.checkpoint(LIBRARY), dryRun=True)["id"]
    assert library.query(UNDO, job=rehearsal)["undoJob"] == {
        "code": "JOB_NOT_UNDOABLE",
        "message": "任务（批量导入，已完成）不能撤回："
        "只有已结束、非试运行的批量办理、导入、系统对接或撤回可以撤回。",
        "path": [],
        "facts": [{"name": "kind", "value": "IMPORT"}, {"name": "status", "value": "FINISHED"}],
    }
    assert sign_in("affairs").query(UNDO, job=rehearsal)["undoJob"]["code"] == "NOT_FOUND"


def test_two_undos_at_once_take_each_clearance_back_once(
    library: Client, admin: Client, world: World, imported: Any
) -> None:
    started: list[Any] = []
    with world.database.write() as session:
        session.execute(sa.text("SELECT id FROM jobs FOR UPDATE"))
        threads = [
            threading.Thread(
                target=lambda each=each: started.append(
                    each.query(UNDO, job=imported["id"])["undoJob"]["id"]
                )
            )
            for each in (library, admin)
        ]
        for thread in threads:
            thread.start()
        wait_for_locks(session, 2)
    for thread in threads:
        thread.join()
    ended = [admin.finished(job) for job in started]
    assert sorted(job["applied"] for job in ended) == [0, 2]
    assert len([entry for entry in world.entries() if entry.channel == "UNDO"]) == 2


def test_thousands_are_taken_back_with_as_many_statements_as_a_few(
    sign_in: Callable[[str], Client], world: World
) -> None:
    counted = []
    numbers = world.add_students(4_000)
    client = sign_in("supervisor")
    for some in (numbers[:3], numbers[3:]):
        where = {"checkpoint": world.checkpoint(SUPERVISOR), "act": "PASS"}
        job = batch(client, where["checkpoint"], "PASS", some)
        operator = world.operator("supervisor")
        with world.database.write() as session:
            undo = undos.start(session, operator, job, "zh")
            jobs.claim(session, undo.id)
        with world.database.write() as session, counting_statements() as seen:
            undos.stage(session, undo.id, 1)
            assert import_steps.of_waiting(undos.apply)(session, undo.id, 1)
            counted.append(len(seen))
    assert counted[0] == counted[1] <= 25
    assert world.state(numbers[-1], SUPERVISOR) == ("PENDING", "", 3)
