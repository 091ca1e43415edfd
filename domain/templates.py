"""The template of a checkpoint: what to fill in, pre-filled with one's pending students."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from domain.workbook.template import write_template
from models import Checkpoint, Clearance, ClearanceStatus, Student

_HINTS = (
    "请在“办理结果”列选择“通过”或“未通过”；留空的行不作改动。",
    "未通过时请在“备注”中写明原因（最多 500 字）。",
    "请勿改动表头；学号可为文本或数字，前后空格不影响匹配。可增删行，可重复导入，结果逐行反馈。",
)
_CHOICES = ("通过", "未通过")


def write(
    session: Session, operator: operators.SignedIn, checkpoint: Checkpoint, path: Path
) -> None:
    """Write the template; FORBIDDEN for those who decide nothing at the checkpoint."""
    departments = operators.require_deciding(operator, checkpoint.scheme_id, checkpoint.id)
    pending = list(_pending(session, checkpoint, departments))
    has_others = any(not number for number, _, _ in pending)
    keys = ("学号", "考生号") if has_others else ("学号",)
    header = (*keys, "姓名", "办理结果", "备注")
    rows = (
        ((number, candidate) if has_others else (number,)) + (name, "", "")
        for number, candidate, name in pending
    )
    hints = (f"办理要求：{checkpoint.requirement or '无'}", *_HINTS)
    write_template(
        path, checkpoint.title, hints, header, rows, (header.index("办理结果"), _CHOICES)
    )


def _pending(
    session: Session, checkpoint: Checkpoint, departments: operators.Departments
) -> Iterator[tuple[str, str, str]]:
    number = sa.func.coalesce(Student.number, "")
    rows = session.execute(
        sa.select(number, sa.func.coalesce(Student.candidate_number, ""), Student.name)
        .join(Clearance, Clearance.student_id == Student.id)
        .where(
            Clearance.checkpoint_id == checkpoint.id,
            Clearance.status == ClearanceStatus.PENDING,
            operators.is_active(),
            departments.clause(Student.department_id),
        )
        .order_by(number, Student.id)
    )
    for row in rows:
        yield row[0], row[1], row[2]
