"""Sheet rows as they are kept."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import files, ids, job_batches, jobs
from domain.deciding.judgement import Verdict
from domain.ids import Noun
from domain.importing import imports, staging
from domain.importing.imports import ImportRequest
from domain.reading import parts, sheets
from domain.reading.parts import Sheet
from domain.workbook.read import Row
from models import FileKind, Job, JobKind, JobPhase, JobRow, MatchBy, Outcome
from tests.world import LIBRARY, World

ODD = ("NUL\x00\x00.", "\\u0000", "\\\\u0000", "\\\x00", '"\\', "𠮷\n\t", "{}", "NULL", "\\N")
READ = sa.text("""
    SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'job_rows'
""")
KEPT = ("NUL.", "\\u0000", "\\\\u0000", "\\", '"\\', "𠮷\n\t", "{}", "NULL", "\\N")


def test_cells_are_kept_as_they_were_but_for_what_the_database_cannot_hold(world: World) -> None:
    operator = world.operator("library")
    header = Row(1, ("学号", "姓名", "办理结果", *(f"其他{place}" for place in range(len(ODD)))))
    sheet = Sheet(
        "Sheet1",
        sheets.find_layout([header], parts.headers([LIBRARY])),
        [Row(2, ("2020010101", "张思", "通过", *ODD)), Row(3, ("2020010102", "李思", "", *ODD))],
    )
    source = imports.Source("import.xlsx", (LIBRARY,), MatchBy.AUTO)
    new = files.NewFile(operator.id, FileKind.UPLOAD, "import.xlsx", dt.timedelta(days=1))
    with world.database.write() as session:
        upload = files.store(session, new, BytesIO(b"-"))
        request = ImportRequest(
            ids.encode(Noun.FILE, upload.id),
            [ids.encode(Noun.CHECKPOINT, world.checkpoints[LIBRARY])],
        )
        job = imports.start(session, operator, request, "zh")
    with world.database.write() as session:
        jobs.claim(session, job.id)
        imports.stage(session, job.id, 1, imports.understood(sheet, source), source)
    with world.database.write() as session:
        rows = session.scalars(sa.select(JobRow).order_by(JobRow.row_number)).all()
    assert [row.cells for row in rows] == [
        ["2020010101", "张思", "通过", *KEPT],
        ["2020010102", "李思", "", *KEPT],
    ]
    assert [(row.outcome, row.code, row.student_id) for row in rows] == [
        (None, None, world.students["2020010101"]),
        ("UNCHANGED", "NO_RESULT", world.students["2020010102"]),
    ]


def test_a_large_file_after_small_ones_is_searched_for_duplicates_at_once(world: World) -> None:
    """By the statistics of the small ones each of its rows would be compared with each."""
    with world.database.write() as session:
        _staged(session, world, rows=10)
        session.execute(sa.text("ANALYZE job_rows"))
        large = _staged(session, world, rows=12_000)
        session.execute(sa.update(JobRow).values(student_id=JobRow.student_id / 2))
    with world.database.write() as session:
        session.execute(sa.text("SET LOCAL statement_timeout = '10s'"))
        staging.finish(session, session.get_one(Job, large))
    with world.database.write() as session:
        assert session.get_one(Job, large).phase is JobPhase.DECIDING


def test_a_batch_of_a_large_file_reads_no_row_behind_it(world: World) -> None:
    """By the statistics of what ended none of its rows waits, and all would be read and sorted."""
    with world.database.write() as session:
        _staged(session, world, rows=20_000)
        session.execute(sa.update(JobRow).values(outcome=Outcome.APPLIED))
        session.execute(sa.text("ANALYZE job_rows"))
        large = _staged(session, world, rows=20_000)
    with world.database.write() as session:
        staging.finish(session, session.get_one(Job, large))
    with world.database.write() as session:
        before = session.scalars(READ).one()
        batch = job_batches.following(session, large)
        read = session.scalars(READ).one() - before
    assert batch is not None
    assert [row.row_number for row in batch.rows] == list(range(1, 5_001))
    assert read == 5_000


def test_a_batch_that_is_not_all_that_waits_in_its_range_is_not_written(world: World) -> None:
    with world.database.write() as session:
        job_id = _staged(session, world, rows=3)
        batch = job_batches.following(session, job_id)
    assert batch is not None
    parted = replace(batch, rows=[batch.rows[0], batch.rows[2]])
    applied = [Verdict(Outcome.APPLIED)] * 2
    with pytest.raises(RuntimeError, match="3 rows"), world.database.write() as session:
        job_batches.write(session, session.get_one(Job, job_id), parted, applied)
    with world.database.write() as session:
        assert job_batches.following(session, job_id) == batch


def test_a_batch_that_was_lost_beside_the_next_one_waits_among_what_was_decided(
    world: World,
) -> None:
    with world.database.write() as session:
        job_id = _staged(session, world, rows=10_050)
        lost = job_batches.following(session, job_id)
        other = job_batches.following(session, job_id, lost)
        last = job_batches.following(session, job_id, other)
        assert lost
        assert other
        applied = [Verdict(Outcome.APPLIED)] * len(other.rows)
        job_batches.write(session, session.get_one(Job, job_id), other, applied)
    with world.database.write() as session:
        assert job_batches.following(session, job_id) == lost
        assert job_batches.following(session, job_id, lost) == last
        assert job_batches.following(session, job_id, last) is None


def _staged(session: Session, world: World, rows: int) -> int:
    """A job whose rows name as many students."""
    job = Job(
        kind=JobKind.IMPORT,
        operator_id=world.people["library"],
        scheme_id=world.scheme_id,
        checkpoint_id=world.checkpoints[LIBRARY],
        staged=rows,
    )
    session.add(job)
    session.flush()
    places = sa.func.generate_series(1, rows).column_valued("place")
    values = sa.select(sa.literal(job.id), places, sa.text("'[]'::jsonb, '', '', place, 'PASS'"))
    columns = ["job_id", "row_number", "cells", "key", "name", "student_id", "act"]
    session.execute(sa.insert(JobRow).from_select(columns, values, include_defaults=False))
    return job.id
