"""An afternoon at the desk: a wrong file, a line that breaks, a button pressed twice, and no click
too many."""

from tests import workbooks
from tests.client import Client
from tests.desk import (
    DECIDE,
    UNDO,
    cancelled_midway,
    outcomes,
    repaired,
    resumed,
    retried,
    sums,
    undone,
)
from tests.journeys.house import House, wait_until
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

HEADER = ("学号", "姓名", "办理结果", "备注")
LIST = workbooks.content(
    [
        HEADER,
        ("2020010101", "张思", "通过", ""),
        ("2020010102", "李思", "已还清", ""),
        ("2020010103", "王思", "通过", ""),
        ("2020010104", "周思", "通过", ""),
    ]
)


def counted(client: Client, world: World, title: str) -> tuple[int, int, int, int]:
    """应办理, 已通过, 未办理, 未通过."""
    document = """query($where: StudentFilter!) { counts(where: $where) {
      checkpoint { title } due passed pending refused } }"""
    found = client.query(document, where={"scheme": world.scheme})["counts"]
    [own] = [each for each in found if each["checkpoint"]["title"] == title]
    assert own["due"] == own["passed"] + own["pending"] + own["refused"]
    return own["due"], own["passed"], own["pending"], own["refused"]


def mended(client: Client, world: World) -> str:
    """A list that is rehearsed, imported, sent again, and repaired where a word and a name were
    wrong; the id of its job."""
    checkpoint = world.checkpoint(LIBRARY)
    rehearsal = client.run_import(LIST, checkpoint, dryRun=True)
    job = client.run_import(LIST, checkpoint)
    assert outcomes(job) == outcomes(rehearsal)
    assert sums(job) == {"applied": 2, "failed": 2}
    assert client.start_import(LIST, checkpoint)["id"] == job["id"]
    assert counted(client, world, LIBRARY) == (6, 2, 4, 0)
    after = repaired(client, job["id"], (3, "C", "通过"), (4, "B", "周思"))
    assert sums(after) == {"applied": 4}
    assert counted(client, world, LIBRARY) == (6, 4, 2, 0)
    assert client.query(UNDO, job=rehearsal["id"])["undoJob"]["code"] == "JOB_NOT_UNDOABLE"
    return str(job["id"])


def taken_back_and_again(client: Client, world: World, job: str) -> None:
    """It was last year's list, and then this year's after all; one student was changed since."""
    assert sums(undone(client, job, dryRun=True)) == {"applied": 3, "failed": 1}
    undo = undone(client, job)
    assert outcomes(undo)[0] == (2, "FAILED", "CHANGED_SINCE")
    assert counted(client, world, LIBRARY) == (6, 0, 5, 1)
    assert sums(undone(client, undo["id"])) == {"applied": 3}
    assert counted(client, world, LIBRARY) == (6, 3, 2, 1)


def stopped_and_gone_on(client: Client, world: World) -> None:
    """A large list is cancelled half-way, and goes on exactly there."""
    numbers = world.add_students(10_050)
    large = workbooks.content([HEADER, *((number, "", "未通过", "") for number in numbers)])
    checkpoint = world.checkpoint(SUPERVISOR)
    stopped = cancelled_midway(
        client, world, numbers, lambda: client.start_import(large, checkpoint)["id"]
    )
    assert (stopped["status"], sums(stopped)) == (
        "CANCELLED", {"applied": 5_050, "unprocessed": 5_000},
    )  # fmt: skip
    assert sums(resumed(client, stopped["id"])) == {"applied": 10_050}


def tried_again(client: Client, world: World) -> None:
    """What a prerequisite kept back, once that is passed."""
    early = client.run_import(
        workbooks.content([HEADER, ("2020010101", "张思", "通过", "")]), world.checkpoint(AFFAIRS)
    )
    assert outcomes(early) == [(2, "FAILED", "PREREQUISITE_PENDING")]
    decide(client, world, SUPERVISOR, "PASS", 1)
    assert outcomes(retried(client, early["id"])) == [(2, "APPLIED", None)]


def decide(client: Client, world: World, title: str, act: str, version: int) -> None:
    """The first student, by hand."""
    client.query(
        DECIDE,
        student=world.student("2020010101"),
        checkpoint=world.checkpoint(title),
        act=act,
        version=version,
        remark="",
    )


def test_what_goes_wrong_at_the_desk_is_put_right_without_clicking_students(
    house: House, world: World
) -> None:
    house.start_worker()
    house.start_beat()
    address = house.start_web()
    with (
        Client(address, world.token("library")) as library,
        Client(address, world.token("supervisor")) as supervisor,
        Client(address, world.token("admin")) as admin,
    ):
        job = mended(library, world)
        decide(admin, world, LIBRARY, "REFUSE", 2)
        taken_back_and_again(library, world, job)
        stopped_and_gone_on(supervisor, world)
        tried_again(admin, world)
        wait_until(lambda: house.waiting() == 0, 10)
