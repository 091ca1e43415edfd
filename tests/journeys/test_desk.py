"""An afternoon at the desk: a wrong file, a line that breaks, a button pressed twice, and no click
too many."""

import threading

import sqlalchemy as sa

from models import Student
from tests import workbooks
from tests.client import Client
from tests.desk import DECIDE, UNDO, outcomes, repaired, resumed, retried, sums, undone
from tests.journeys.house import House, wait_until
from tests.tasks.test_jobs import wait_for_locks
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

HEADER = ("学号", "姓名", "办理结果", "备注")
CANCEL = "mutation($job: ID!) { cancelJob(job: $job) { ... on Job { status } } }"


def counted(client: Client, world: World, title: str) -> tuple[int, int, int, int]:
    """应办理, 已通过, 未办理, 未通过."""
    document = """query($where: StudentFilter!) { counts(where: $where) {
      checkpoint { title } due passed pending refused } }"""
    found = client.query(document, where={"scheme": world.scheme})["counts"]
    [own] = [each for each in found if each["checkpoint"]["title"] == title]
    assert own["due"] == own["passed"] + own["pending"] + own["refused"]
    return own["due"], own["passed"], own["pending"], own["refused"]


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
        checkpoint = world.checkpoint(LIBRARY)
        rows = [HEADER, ("2020010101", "张思", "通过", ""), ("2020010102", "李思", "已还清", ""),
                ("2020010103", "王思", "通过", ""), ("2020010104", "周思", "通过", "")]  # fmt: skip
        content = workbooks.content(rows)

        # First as it would be, then for good; the same file once more is the same job.
        rehearsal = library.run_import(content, checkpoint, dryRun=True)
        job = library.run_import(content, checkpoint)
        assert outcomes(job) == outcomes(rehearsal)
        assert sums(job) == {"applied": 2, "failed": 2}
        assert library.start_import(content, checkpoint)["id"] == job["id"]
        assert counted(library, world, LIBRARY) == (6, 2, 4, 0)

        # A word that nobody knows, and a name that was somebody else's.
        after = repaired(library, job["id"], (3, "C", "通过"), (4, "B", "周思"))
        assert sums(after) == {"applied": 4}
        assert counted(library, world, LIBRARY) == (6, 4, 2, 0)

        # It was last year's list: all back, but for whom somebody has looked at since.
        admin.query(
            DECIDE, student=world.student("2020010101"), checkpoint=checkpoint, act="REFUSE",
            version=2, remark="又借了书",
        )  # fmt: skip
        assert sums(undone(library, job["id"], dryRun=True)) == {"applied": 3, "failed": 1}
        undo = undone(library, job["id"])
        assert outcomes(undo)[0] == (2, "FAILED", "CHANGED_SINCE")
        assert counted(library, world, LIBRARY) == (6, 0, 5, 1)

        # It was this year's after all.
        assert sums(undone(library, undo["id"])) == {"applied": 3}
        assert counted(library, world, LIBRARY) == (6, 3, 2, 1)
        assert library.query(UNDO, job=rehearsal["id"])["undoJob"]["code"] == "JOB_NOT_UNDOABLE"

        # A large list is cancelled half-way, and goes on exactly there.
        numbers = world.add_students(10_050)
        large = workbooks.content([HEADER, *((number, "", "未通过", "") for number in numbers)])
        with world.database.write() as session:
            held = sa.select(Student.id).where(Student.number == numbers[7_000])
            session.execute(held.with_for_update(key_share=True))
            running = supervisor.start_import(large, world.checkpoint(SUPERVISOR))["id"]
            wait_for_locks(session, 1)
            wish = threading.Thread(
                target=supervisor.query, args=(CANCEL,), kwargs={"job": running}
            )
            wish.start()
            wait_for_locks(session, 2)
        wish.join()
        stopped = supervisor.finished(running)
        assert (stopped["status"], sums(stopped)) == (
            "CANCELLED", {"applied": 10_000, "unprocessed": 50},
        )  # fmt: skip
        assert sums(resumed(supervisor, running)) == {"applied": 10_050}

        # What a prerequisite kept back is tried again once that is passed.
        early = admin.run_import(
            workbooks.content([HEADER, ("2020010101", "张思", "通过", "")]),
            world.checkpoint(AFFAIRS),
        )
        assert outcomes(early) == [(2, "FAILED", "PREREQUISITE_PENDING")]
        admin.query(
            DECIDE, student=world.student("2020010101"), checkpoint=world.checkpoint(SUPERVISOR),
            act="PASS", version=1, remark="",
        )  # fmt: skip
        assert outcomes(retried(admin, early["id"])) == [(2, "APPLIED", None)]
        wait_until(lambda: house.waiting() == 0, 10)
