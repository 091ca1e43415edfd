"""20,000 students, a row for each in a workbook, and what must become of every row."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from domain.lists import student_filters
from domain.reports import counts
from domain.workbook import write
from models import Act, ClearanceStatus, Cohort, FileKind, Outcome
from tests.world import LIBRARY, MARX, World

ROWS = 20_000
HEADER = ("学号", "姓名", "办理结果", "备注")
REMARK = "欠书一本"
APPLIED, UNCHANGED, FAILED = Outcome.APPLIED, Outcome.UNCHANGED, Outcome.FAILED


@dataclass(frozen=True)
class Expected:
    """A row of the workbook, and its outcome."""

    cells: tuple[str, str, str, str]
    outcome: Outcome
    code: str | None = None
    act: Act | None = None


def add_students(world: World) -> None:
    """All at once; every twentieth has been passed already."""
    statements = (
        """INSERT INTO students (scheme_id, cohort, department_id, number, name)
           SELECT :scheme, :cohort, (SELECT id FROM departments WHERE name = :department),
                  'S' || lpad(place::text, 7, '0'), '学生' || place
           FROM generate_series(1, :rows) AS place""",
        """INSERT INTO clearances (student_id, checkpoint_id)
           SELECT students.id, checkpoints.id FROM students, checkpoints
           WHERE students.number LIKE 'S%'""",
        """UPDATE clearances SET status = 'PASSED' FROM students
           WHERE student_id = students.id AND checkpoint_id = :checkpoint
           AND number LIKE 'S%' AND right(number, 4)::int % 20 = 5""",
        "ANALYZE students, clearances",
    )
    values = {
        "scheme": world.scheme_id,
        "cohort": Cohort.DOUBLE_CERTIFICATE_GRADUATE.value,
        "department": MARX,
        "rows": ROWS,
        "checkpoint": world.checkpoints[LIBRARY],
    }
    with world.database.write() as session:
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            session.execute(sa.text(statement), used)


def expected(place: int) -> Expected:
    """The row at this place, counted from 1."""
    number, name = f"S{place:07d}", f"学生{place}"
    if place % 40 == 9:
        return Expected(expected(place - 1).cells, UNCHANGED, "DUPLICATE_ROW")
    if place % 200 in {100, 101}:
        result = "通过" if place % 2 == 0 else "不通过"
        first = place - place % 2
        cells = (f"S{first:07d}", f"学生{first}", result, "")
        return Expected(cells, FAILED, "DUPLICATE_CONFLICT")
    if place % 10 == 3:
        return Expected((number, name, "不通过", REMARK), APPLIED, act=Act.REFUSE)
    plain = Expected((number, name, "通过", ""), APPLIED, act=Act.PASS)
    special = {
        5: Expected(plain.cells, UNCHANGED, act=Act.PASS),
        6: Expected((number, name, "", ""), UNCHANGED, "NO_RESULT"),
        7: Expected((number, name, "已办理", ""), FAILED, "RESULT_UNKNOWN"),
        12: Expected((number, "别人", "通过", ""), FAILED, "NAME_MISMATCH"),
    }
    return special.get(place % 20, plain)


def workbook(path: Path) -> bytes:
    """The bytes of the workbook."""
    rows = (expected(place).cells for place in range(1, ROWS + 1))
    write.write_table(path, "Sheet1", HEADER, rows)
    return path.read_bytes()


def check(world: World, job_id: int) -> None:
    """Outcomes = rows, entries = changes, counts = clearances; the two workbooks are there."""
    wanted = {place + 1: expected(place) for place in range(1, ROWS + 1)}
    _check_rows(world, job_id, wanted)
    _check_entries(world, job_id, wanted)
    _check_clearances(world, wanted)
    assert _rows(world, "SELECT kind, count(*) FROM files GROUP BY kind ORDER BY kind") == [
        (FileKind.ANNOTATED.value, 1),
        (FileKind.FAILED_ROWS.value, 1),
        (FileKind.UPLOAD.value, 1),
    ]


def _check_rows(world: World, job_id: int, wanted: dict[int, Expected]) -> None:
    [job] = _rows(
        world,
        "SELECT status, total, staged, applied, unchanged, failed, unprocessed FROM jobs"
        " WHERE id = :job",
        job=job_id,
    )
    tally = Counter(row.outcome for row in wanted.values())
    outcomes = (tally[APPLIED], tally[UNCHANGED], tally[FAILED])
    assert job == ("FINISHED", ROWS, ROWS, *outcomes, 0)
    found = _rows(
        world, "SELECT row_number, outcome, code FROM job_rows WHERE job_id = :job", job=job_id
    )
    assert len(found) == ROWS
    assert {row: (outcome, code) for row, outcome, code in found} == {
        number: (row.outcome.value, row.code) for number, row in wanted.items()
    }


def _check_entries(world: World, job_id: int, wanted: dict[int, Expected]) -> None:
    """One for each row that was applied, to version 2."""
    status_of = {Act.PASS: "PASSED", Act.REFUSE: "REFUSED", None: ""}
    found = _rows(
        world,
        "SELECT row_number, number, version, job_id, channel, old_status, new_status, new_remark"
        " FROM entries JOIN students ON students.id = student_id ORDER BY row_number",
    )
    assert found == [
        (
            *(number, row.cells[0], 2, job_id, "IMPORT"),
            *("PENDING", status_of[row.act], row.cells[3]),
        )
        for number, row in wanted.items()
        if row.outcome is APPLIED
    ]


def _check_clearances(world: World, wanted: dict[int, Expected]) -> None:
    """Each is what its last entry says, and the counters count them."""
    assert not _rows(
        world,
        """SELECT clearances.student_id FROM clearances
           LEFT JOIN entries USING (student_id, checkpoint_id)
           WHERE clearances.version <> COALESCE(entries.version, 1)
              OR clearances.status <> COALESCE(entries.new_status, clearances.status)
              OR clearances.remark <> COALESCE(entries.new_remark, '')""",
    )
    acts = Counter(row.act for row in wanted.values() if row.outcome is APPLIED)
    passed_before = ROWS // 20
    passed, refused = acts[Act.PASS] + passed_before, acts[Act.REFUSE]
    with world.database.write() as session:
        [_, _, counted] = counts.by_checkpoint(
            session,
            world.operator("admin"),
            student_filters.StudentFilter(ids.encode(Noun.SCHEME, world.scheme_id)),
        )
    assert (counted.passed, counted.refused, counted.due) == (passed, refused, ROWS + 6)
    by_status = _rows(
        world,
        "SELECT status, count(*) FROM clearances WHERE checkpoint_id = :id GROUP BY 1 ORDER BY 1",
        id=world.checkpoints[LIBRARY],
    )
    assert by_status == [
        (ClearanceStatus.PASSED.value, passed),
        (ClearanceStatus.PENDING.value, ROWS + 6 - passed - refused),
        (ClearanceStatus.REFUSED.value, refused),
    ]


def _rows(world: World, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with world.database.write() as session:
        return [tuple(row) for row in session.execute(sa.text(statement), values)]
