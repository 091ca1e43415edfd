"""Jobs as people see them: pages of jobs and rows, who sees which, what cancelling does."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain import ids
from domain.ids import Noun
from domain.importing import imports
from domain.importing.imports import ImportRequest
from models import ClearanceStatus
from tasks.app import app
from tests import workbooks
from tests.client import Client
from tests.desk import cancelled_midway
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

HEADER = ("学号", "姓名", "办理结果")
CANCEL = """
mutation($job: ID!) { cancelJob(job: $job) {
  ... on Job { id status }
  ... on Refused { code message facts { name value } }
} }
"""
JOBS = """
query($kind: JobKind, $first: Int, $after: String, $last: Int, $before: String) {
  jobs(kind: $kind, first: $first, after: $after, last: $last, before: $before) {
    nodes { id kind operator { login } }
    pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
    totalCount
  }
}
"""
ROWS = """
query($id: ID!, $outcome: Outcome, $code: Code, $first: Int, $after: String) { job(id: $id) {
  rows(outcome: $outcome, code: $code, first: $first, after: $after) {
    nodes { rowNumber outcome code }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
} }
"""


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def content(tmp_path: Path, *rows: tuple[str, str, str]) -> bytes:
    return workbooks.xlsx(tmp_path / "a.xlsx", [HEADER, *rows]).read_bytes()


@pytest.fixture
def file(tmp_path: Path) -> bytes:
    return content(tmp_path, ("2020010101", "张思", "通过"))


def queued(world: World, login: str, file: str) -> str:
    """A job whose message was lost: no worker takes it."""
    request = ImportRequest(
        ids.PublicId(file), [ids.PublicId(world.checkpoint(LIBRARY))], again=True
    )
    operator = world.operator(login)
    with world.database.write() as session:
        return ids.encode(Noun.JOB, imports.start(session, operator, request, "zh").id)


def test_one_sees_ones_own_jobs_and_an_administrator_those_of_all(
    sign_in: Callable[[str], Client], world: World, file: bytes
) -> None:
    clients = {login: sign_in(login) for login in ("library", "admin", "affairs")}
    of = {
        login: queued(world, login, clients[login].upload(file)) for login in ("library", "admin")
    }

    def seen(login: str) -> Any:
        return [(n["id"], n["operator"]["login"]) for n in jobs(clients[login], first=9)["nodes"]]

    assert seen("library") == [(of["library"], "library")]
    assert seen("admin") == [(of["admin"], "admin"), (of["library"], "library")]
    assert seen("affairs") == []
    one = "query($id: ID!) { job(id: $id) { id } node(id: $id) { id } }"
    assert clients["affairs"].query(one, id=of["library"]) == {"job": None, "node": None}
    assert clients["library"].query(one, id=of["admin"]) == {"job": None, "node": None}
    assert clients["admin"].query(one, id=of["library"])["job"] == {"id": of["library"]}


def jobs(client: Client, **variables: Any) -> Any:
    return client.query(JOBS, **variables)["jobs"]


def test_the_list_of_jobs_comes_in_pages_the_newest_first_and_by_kind(
    library: Client, world: World, file: bytes
) -> None:
    upload = library.upload(file)
    made = [queued(world, "library", upload) for _ in range(5)][::-1]

    first = jobs(library, first=2, kind="IMPORT")
    second = jobs(library, first=2, after=first["pageInfo"]["endCursor"])
    back = jobs(library, last=2, before=second["pageInfo"]["startCursor"])

    def found(page: Any) -> list[str]:
        return [node["id"] for node in page["nodes"]]

    assert (found(first), found(second), found(back)) == (made[:2], made[2:4], made[:2])
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (5, True)
    assert jobs(library, first=2, kind="EXPORT")["totalCount"] == 0


@pytest.mark.usefixtures("worker")
def test_the_rows_of_a_job_come_in_pages_narrowed_by_outcome_and_code(
    library: Client, world: World, tmp_path: Path
) -> None:
    good = [(number, "", "通过") for number in world.students]
    bad = [(f"X{n}", "", "通过") for n in range(5)]
    job = library.run_import(
        content(tmp_path, *good, *bad, ("2020010101", "", "?")), world.checkpoint(LIBRARY)
    )["id"]

    def rows(**variables: Any) -> Any:
        return library.query(ROWS, id=job, **variables)["job"]["rows"]

    def numbers(page: Any) -> list[int]:
        return [node["rowNumber"] for node in page["nodes"]]

    assert numbers(rows(first=100)) == list(range(2, 14))
    assert numbers(rows(first=100, outcome="APPLIED")) == [2, 3, 4, 5, 6, 7]
    assert numbers(rows(first=100, code="RESULT_UNKNOWN")) == [13]
    assert numbers(rows(first=100, outcome="APPLIED", code="RESULT_UNKNOWN")) == []
    page = rows(first=4, outcome="FAILED")
    assert (numbers(page), page["totalCount"]) == ([8, 9, 10, 11], 6)
    rest = rows(first=4, outcome="FAILED", after=page["pageInfo"]["endCursor"])
    assert (numbers(rest), rest["pageInfo"]["hasNextPage"]) == ([12, 13], False)


@pytest.mark.usefixtures("worker")
def test_the_facts_of_a_problem_are_told_by_name(
    library: Client, world: World, tmp_path: Path
) -> None:
    told = """query($id: ID!) { job(id: $id) {
      problem { facts { name value } }
      rows(first: 1) { nodes { problems { facts { name value } } } }
    } }"""
    checkpoint = world.checkpoint(LIBRARY)
    wrong = content(tmp_path, ("2020010101", "李四", "通过"))
    row = library.run_import(wrong, checkpoint)["id"]
    failed = library.run_import(b"x", checkpoint)["id"]

    assert library.query(told, id=failed)["job"]["problem"] == {
        "facts": [{"name": "file", "value": "导入.xlsx"}]
    }
    assert library.query(told, id=row)["job"] == {
        "problem": None,
        "rows": {"nodes": [{"problems": [{"facts": [
            {"name": "value", "value": "李四"}, {"name": "expected", "value": "张思"},
        ]}]}]},
    }  # fmt: skip


@pytest.mark.usefixtures("worker")
def test_a_cancelled_queued_job_ends_at_once_and_never_runs(
    library: Client, world: World, file: bytes
) -> None:
    upload = library.upload(file)
    job = queued(world, "library", upload)

    assert library.query(CANCEL, job=job)["cancelJob"] == {"id": job, "status": "CANCELLED"}
    # The message comes after all, and another job behind it.
    app.send_task("imports.run", (ids.decode(job, Noun.JOB),))
    later = library.import_file(upload, world.checkpoint(LIBRARY), dryRun=True)["id"]
    assert library.finished(later)["status"] == "FINISHED"

    ended = library.finished(job)
    assert (ended["status"], ended["rows"]["nodes"], ended["files"]) == ("CANCELLED", [], [])
    assert world.entries() == []


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("end", ["CANCELLED", "FINISHED", "FAILED"])
def test_a_job_that_has_ended_cannot_be_cancelled(
    library: Client, world: World, file: bytes, end: str
) -> None:
    checkpoint = world.checkpoint(LIBRARY)
    if end == "CANCELLED":
        job = queued(world, "library", library.upload(file))
        library.query(CANCEL, job=job)
    else:
        job = library.run_import(file if end == "FINISHED" else b"x", checkpoint)["id"]

    word = {"CANCELLED": "已取消", "FINISHED": "已完成", "FAILED": "已失败"}[end]
    assert library.query(CANCEL, job=job)["cancelJob"] == {
        "code": "JOB_NOT_CANCELLABLE",
        "message": f"任务已结束（{word}），不能取消。",
        "facts": [{"name": "status", "value": end}],
    }


def test_somebody_elses_job_cannot_be_cancelled(
    sign_in: Callable[[str], Client], library: Client, world: World, file: bytes
) -> None:
    job = queued(world, "library", library.upload(file))

    for public_id in (job, world.checkpoint(LIBRARY), "nonsense"):
        answer = sign_in("affairs").query(CANCEL, job=public_id)["cancelJob"]
        assert (answer["code"], answer["message"]) == (
            "NOT_FOUND", "找不到任务，或它不在您的权限范围内。",
        )  # fmt: skip
    assert library.query("query($id: ID!) { job(id: $id) { status } }", id=job) == {
        "job": {"status": "QUEUED"}
    }
    assert sign_in("admin").query(CANCEL, job=job)["cancelJob"]["status"] == "CANCELLED"


@pytest.mark.usefixtures("worker")
def test_a_cancelled_running_job_keeps_what_was_done_and_leaves_the_rest_unprocessed(
    sign_in: Callable[[str], Client], world: World, tmp_path: Path
) -> None:
    numbers = world.add_students(10_050)
    client = sign_in("supervisor")
    rows = content(tmp_path, *((number, "", "未通过") for number in numbers))
    checkpoint = world.checkpoint(SUPERVISOR)
    ended = cancelled_midway(
        client, world, numbers, lambda: client.start_import(rows, checkpoint)["id"]
    )

    names = ("status", "total", "applied", "unchanged", "failed", "unprocessed", "processed")
    assert [ended[name] for name in names] == ["CANCELLED", 10_050, 5_050, 0, 0, 5_000, 10_050]
    rest = client.query(ROWS, id=ended["id"], outcome="UNPROCESSED", first=1)["job"]["rows"]
    assert (rest["totalCount"], rest["nodes"]) == (
        5_000, [{"rowNumber": 5_002, "outcome": "UNPROCESSED", "code": None}],
    )  # fmt: skip
    [file] = ended["files"]
    book = openpyxl.load_workbook(BytesIO(client.download(file["url"])))
    told = [row[-4:-2] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert (file["kind"], len(told), told[0]) == ("ANNOTATED", 10_051, ("原行号", "导入结果"))
    assert told[5_000:5_002] == [("5001", "已导入"), ("5002", "未处理")]
    assert len(world.entries()) == 5_050
    assert world.state(numbers[4_999], SUPERVISOR) == (ClearanceStatus.REFUSED, "", 2)
    assert world.state(numbers[5_000], SUPERVISOR) == (ClearanceStatus.PENDING, "", 1)
    assert world.state(numbers[10_000], SUPERVISOR) == (ClearanceStatus.REFUSED, "", 2)


def test_a_row_of_a_job_out_of_sight_is_out_of_sight(
    sign_in: Callable[[str], Client], library: Client, world: World, file: bytes, worker: None
) -> None:
    job = library.run_import(file, world.checkpoint(LIBRARY))["id"]
    row = ids.encode(Noun.JOB_ROW, ids.decode(job, Noun.JOB), 2)
    one = "query($id: ID!) { node(id: $id) { id ... on JobRow { key } } }"

    assert library.query(one, id=row)["node"] == {"id": row, "key": "2020010101"}
    assert sign_in("affairs").query(one, id=row)["node"] is None
    assert sign_in("admin").query(one, id=row)["node"] == {"id": row, "key": "2020010101"}
    assert world.state("2020010101", AFFAIRS) == ("PENDING", "", 1)
