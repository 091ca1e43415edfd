"""A roster job without a server: started, worked on, killed at any step, and what it leaves."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from domain import files, ids, jobs
from domain.enrolling import rosters
from domain.enrolling.roster_batches import RosterRequest
from domain.ids import Noun
from domain.reading import sheets
from models import (
    Cohort,
    Department,
    Entry,
    FileKind,
    Job,
    JobRow,
    MissingStudent,
    Student,
    StudentChange,
)
from tasks import rosters as roster_task
from tasks import staged
from tasks.app import Worker
from tests.people import promote
from tests.tasks.roster_files import table
from tests.world import GEOLOGY, LIBRARY, MARX, World

DAY = dt.timedelta(days=1)
CONTENT = table(
    ("学号", "身份证号", "姓名", "院系", "是否户口迁移"),
    ("2020010101", "110101199601010001", "张四", GEOLOGY, "否"),
    ("N1", "E1", "新一", MARX, "否"),
    ("N2", "E2", "新二", MARX, "是"),
    ("2020010102", "", "李思", MARX, ""),
    ("N1", "E1", "新一", MARX, "否"),
    ("2020010103", "", "周四", MARX, ""),
    ("N3", "E3", "新三", "新学院", ""),
)


class Died(Exception):  # noqa: N818 -- what happens to a worker
    """The worker is gone, and its transaction with it."""


def prepare(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three rows, an administrator who may do all, and a rule at the library."""
    monkeypatch.setattr(sheets, "BATCH_ROWS", 3)
    promote(world, "head")
    world.set_checkpoint(LIBRARY, applicability={"not_for": {"household_transfer": False}})


def start(world: World, content: bytes = CONTENT, **options: Any) -> Job:
    """A roster that waits for a worker."""
    operator = world.operator("head")
    new = files.NewFile(operator.id, FileKind.UPLOAD, "名册.csv", DAY)
    with world.database.write() as session:
        upload = files.store(session, new, BytesIO(content))
        request = RosterRequest(
            ids.encode(Noun.FILE, upload.id),
            ids.encode(Noun.SCHEME, world.scheme_id),
            Cohort.DOUBLE_CERTIFICATE_GRADUATE,
            create_departments=True,
            archive_missing=3,
        )
        return rosters.start(session, operator, replace(request, **options), "zh")


def claim(world: World, job: Job) -> Job:
    """As the next worker, whoever had it before."""
    with world.database.write() as session:
        session.execute(sa.update(Job).where(Job.id == job.id).values(lease_until=None))
        claimed = jobs.claim(session, job.id)
    assert claimed
    return claimed


def work(world: World, job: Job, steps: staged.Steps[Any] = roster_task.STEPS) -> None:
    """One worker from claim to end, or to its death."""
    here = Worker(world.database, zoneinfo.ZoneInfo("Asia/Shanghai"), DAY)
    staged.run(here, claim(world, job), steps)


def dying(at: int) -> staged.Steps[Any]:
    """The steps of a worker that dies at the end of this one, before it is committed."""
    passed = iter(range(at))

    def mortal(step: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any) -> Any:
            answer = step(*args)
            if next(passed, None) is None:
                raise Died
            return answer

        return act

    steps = roster_task.STEPS
    reading = steps.reading
    return replace(
        steps,
        reading=replace(reading, stage=mortal(reading.stage), finish=mortal(reading.finish)),
        apply=staged.in_batches(mortal(rosters.apply)),
        settle=mortal(steps.settle),
    )


def result(world: World, job: Job) -> list[Any]:
    """All that a roster leaves, by names that do not depend on ids."""
    number = sa.func.coalesce(Student.number, "")
    fields = (StudentChange.field, StudentChange.old, StudentChange.new, StudentChange.row_number)
    row = (JobRow.row_number, JobRow.outcome, JobRow.code, JobRow.changes, JobRow.problems)
    counted = (Job.status, Job.applied, Job.unchanged, Job.failed, Job.unprocessed, Job.tally)
    statements = (
        sa.select(*counted).where(Job.id == job.id),
        sa.select(*row).where(JobRow.job_id == job.id).order_by(JobRow.row_number),
        sa.select(number, Student.name, Student.status, Student.id_number).order_by(Student.number),
        sa.select(number, *fields).join(Student, Student.id == StudentChange.student_id)
        .order_by(number, StudentChange.field),
        sa.select(number, Entry.row_number, Entry.new_status, Entry.channel)
        .join(Student, Student.id == Entry.student_id).order_by(number),
        sa.select(sa.func.count()).select_from(MissingStudent),
        sa.select(sa.func.count()).select_from(Department),
    )  # fmt: skip
    with world.database.write() as session:
        return [session.execute(statement).all() for statement in statements]
