"""Sheet rows as they are kept."""

import datetime as dt
from io import BytesIO

import sqlalchemy as sa

from domain import cells, files, ids, imports, jobs
from domain.ids import Noun
from domain.imports import ImportRequest, Sheet
from domain.workbook.read import Row
from models import FileKind, JobRow, MatchBy
from tests.world import LIBRARY, World

ODD = ("NUL\x00\x00.", "\\u0000", "\\\\u0000", "\\\x00", '"\\', "𠮷\n\t", "{}", "NULL", "\\N")
KEPT = ("NUL.", "\\u0000", "\\\\u0000", "\\", '"\\', "𠮷\n\t", "{}", "NULL", "\\N")


def test_cells_are_kept_as_they_were_but_for_what_the_database_cannot_hold(world: World) -> None:
    operator = world.operator("library")
    header = Row(1, ("学号", "姓名", "办理结果", *(f"其他{place}" for place in range(len(ODD)))))
    sheet = Sheet(
        "Sheet1",
        cells.find_layout([header], LIBRARY, MatchBy.AUTO),
        [Row(2, ("2020010101", "张思", "通过", *ODD)), Row(3, ("2020010102", "李思", "", *ODD))],
    )
    new = files.NewFile(operator.id, FileKind.UPLOAD, "import.xlsx", dt.timedelta(days=1))
    with world.database.write() as session:
        upload = files.store(session, new, BytesIO(b"-"))
        request = ImportRequest(
            ids.encode(Noun.FILE, upload.id),
            ids.encode(Noun.CHECKPOINT, world.checkpoints[LIBRARY]),
        )
        job = imports.start(session, operator, request, "zh")
    with world.database.write() as session:
        jobs.claim(session, job.id)
        imports.stage(session, job.id, 1, sheet)
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
