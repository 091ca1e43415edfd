"""SQLAlchemy and openpyxl at their best: selected columns, and the writer that keeps no cells.

Lixiao's own tables: the first students by number, and a column for each of the first checkpoints.
`python -m benchmarks.peers.openpyxl_export ROWS CHECKPOINTS FILE`, with DATABASE_URL.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from openpyxl import Workbook

from models import Checkpoint, Clearance, Department, Student

AT_ONCE = 2_000
_COLUMNS = {
    "学号": Student.number,
    "考生号": Student.candidate_number,
    "身份证号": Student.id_number,
    "姓名": Student.name,
    "性别": Student.gender,
    "年级": Student.entry_year,
    "学生范围": Student.cohort,
    "院系": Department.name,
    "专业": Student.major,
    "班级": Student.class_name,
    "学生类别": Student.category,
    "培养层次": Student.training_level,
    "是否户口迁移": Student.household_transfer,
    "住宿信息": Student.dormitory,
}
_WORDS = {"PENDING": "未办理", "PASSED": "已通过", "REFUSED": "未通过", "NOT_REQUIRED": "无需办理"}


def main(rows: int, checkpoints: int, target: str) -> None:
    """Write it and tell what that took."""
    engine = sa.create_engine(os.environ["DATABASE_URL"])
    began = time.perf_counter()
    with engine.connect() as connection:
        statement = sa.select(Checkpoint.id, Checkpoint.title).order_by(Checkpoint.position)
        columns = connection.execute(statement.limit(checkpoints)).all()
        book = Workbook(write_only=True)
        sheet = book.create_sheet("学生列表")
        sheet.append([*_COLUMNS, *(each.title for each in columns)])
        for line in _lines(connection, rows, [each.id for each in columns]):
            sheet.append(line)
        book.save(target)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"done": rows, "seconds": seconds, "peak_bytes": peak}))


def _lines(
    connection: sa.Connection, rows: int, checkpoint_ids: Sequence[int]
) -> Iterator[list[object]]:
    students = connection.execute(
        sa.select(Student.id, *_COLUMNS.values())
        .join(Department, Department.id == Student.department_id)
        .order_by(Student.number)
        .limit(rows),
        execution_options={"yield_per": AT_ONCE},
    )
    for some in students.partitions():
        of = _statuses(connection, [each.id for each in some], checkpoint_ids)
        for student_id, *cells in some:
            yield [*cells, *(_WORDS[of[student_id, at]] for at in checkpoint_ids)]


def _statuses(
    connection: sa.Connection, student_ids: Sequence[int], checkpoint_ids: Sequence[int]
) -> dict[tuple[int, int], str]:
    found = connection.execute(
        sa.select(Clearance.student_id, Clearance.checkpoint_id, Clearance.status).where(
            Clearance.student_id.in_(student_ids), Clearance.checkpoint_id.in_(checkpoint_ids)
        )
    )
    return {(student_id, checkpoint_id): status for student_id, checkpoint_id, status in found}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
