"""The template of a checkpoint: what to fill in, pre-filled with one's pending students."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from domain.signed_in import Departments, SignedIn
from domain.workbook.template import write_template
from models import Checkpoint, Clearance, ClearanceStatus, Student

_HINTS = (
    "请在“办理结果”列选择“通过”或“未通过”；留空的行不作改动。",
    "未通过时请在“备注”中写明原因（最多 500 字）。",
    "请勿改动表头；学号可为文本或数字，前后空格不影响匹配。可增删行，可重复导入，结果逐行反馈。",
)
_KEYS = ("学号", "考生号", "身份证号")
_CHOICES = ("通过", "未通过")


def write(session: Session, operator: SignedIn, checkpoint: Checkpoint, path: Path) -> None:
    """Write the template; FORBIDDEN for those who decide nothing at the checkpoint."""
    departments = operators.require_deciding(operator, checkpoint.scheme_id, checkpoint.id)
    pending = _pending(session, checkpoint, departments)
    keys = _keys(pending)
    header = (*keys, "姓名", "办理结果", "备注")
    rows = (
        (*(number, candidate, "")[: len(keys)], name, "", "") for number, candidate, name in pending
    )
    hints = (f"办理要求：{checkpoint.requirement or '无'}", *_HINTS)
    write_template(
        path, checkpoint.title, hints, header, rows, (header.index("办理结果"), _CHOICES)
    )


def _keys(pending: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """As many key columns as it takes; ID numbers are not shown, so theirs is to be filled in."""
    if any(not number and not candidate for number, candidate, _ in pending):
        return _KEYS
    return _KEYS[:2] if any(not number for number, _, _ in pending) else _KEYS[:1]


def _pending(
    session: Session, checkpoint: Checkpoint, departments: Departments
) -> list[tuple[str, str, str]]:
    """Number, candidate number and name of each."""
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
    return [(row[0], row[1], row[2]) for row in rows]
